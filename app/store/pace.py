"""How many calls are looked at for a page: as many as take a few milliseconds, which depends on what is looked at."""

from dataclasses import dataclass

from app.domain.filters import CallFilter, Filter
from app.domain.scope import Scope
from app.store.labelled import LABELS
from app.store.lookups import LENGTHS, NUMBERS, beside_start, only
from app.store.numbers import is_of_one_part
from app.store.said import Said
from app.store.search import digits_said, only_number, words_of

# How many are looked at first; of search, which looks in several places for each word, fewer for several words.
LOOKED_AT, SEARCHED, SEARCHED_FOR_SEVERAL = 1_000, 1_000, 300
# The same of two words that are both common (see Said.together): nothing but going on leads to those that have both, and
# those who have the rarer one are better known once than twice.
TOGETHER = 15_000
# How many may be read along the start for a page. Where more would be, no more than forty thousand of five million fit,
# of an index of which as many are looked through in twenty milliseconds.
READ = 6_000
# The same where there is no such index, and each that fits is read: those with three digits in a number are many.
READ_BESIDE = 20_000
# Both where nothing but one index is read of most: a call takes a quarter of the time. As many are read, too, as soon as
# each of two thousand numbers is looked at that have some digits; of fewer numbers calls are gathered before (see newest).
OF_INDEX, READ_OF_INDEX = 2_000, 25_000
# What hangs on a call, and has its id alone.
_BESIDE_CALLS = (*LABELS, "label", "broadcast", "reviews", "search", "involved_agent_ids")
# What the index tells that has the start first (see tables).
_TOLD = frozenset({*NUMBERS, *LENGTHS, "agent_ids", "contact_ids", "search"})


@dataclass(frozen=True, slots=True)
class Pace:
    """How many calls are looked at first, how many may be read, and whether only an index is read of those that do not fit."""

    first: int
    read: int
    of_index: bool = False


def pace_of(scope: Scope, filter: Filter | None, said: Said | None) -> Pace:
    """How many calls are looked at for a page of a filter; `said` is what is known of the words of its search."""
    of_index = isinstance(filter, CallFilter) and _is_told(scope, filter, said)
    if said is not None and said.shared:
        return Pace(SEARCHED, READ_OF_INDEX if of_index else READ_BESIDE, of_index)
    if said is not None and said.together:
        return Pace(TOGETHER, READ_OF_INDEX, of_index)
    if isinstance(filter, CallFilter) and filter.search is not None and not _is_number(filter.search, said):
        several = len(words_of([filter.search])) > 1
        return Pace(SEARCHED_FOR_SEVERAL if several else SEARCHED, READ_BESIDE, of_index)
    if of_index:
        return Pace(OF_INDEX, READ_OF_INDEX, of_index)
    return Pace(LOOKED_AT, READ if in_index(filter) else READ_BESIDE)


def in_index(filter: Filter | None) -> bool:
    """Whether calls are gathered by indexes that have their start; what hangs on a call only has its id."""
    return not any(getattr(filter, name) is not None for name in _BESIDE_CALLS)


def is_of_digits(scope: Scope, filter: Filter | None) -> bool:
    """Whether nothing but some digits of a number is asked for, by which numbers are found."""
    if not isinstance(filter, CallFilter):
        return False
    name = only(filter)
    if name in NUMBERS:
        return is_of_one_part(getattr(filter, name))
    return name == "search" and digits_said(scope, filter.search or "") is not None


def _is_told(scope: Scope, filter: CallFilter, said: Said | None) -> bool:
    """Whether one index tells of a call all that is asked for; of what a limited viewer sees it does not."""
    if scope.reach.limited or not _TOLD.issuperset(beside_start(filter)):
        return False
    return filter.search is None or (said is not None and said.are_told)


def _is_number(search: str, said: Said | None) -> bool:
    return only_number(search) is not None and (said is None or said.are_of_numbers)
