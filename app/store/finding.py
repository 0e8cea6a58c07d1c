"""Pages of calls of which few may fit a filter: near the page's beginning first, then wherever they are.

Along the start a page is soon full where many calls fit; where few do, all calls would be read for it. So at first as
many calls are looked at as takes a few milliseconds. What was found there tells how many fit: if few do, the calls are
gathered by an index of what is asked for, which has their start, too: none is read but those of the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeGuard

from sqlalchemy import BigInteger, ColumnElement, Select, and_, func, literal, literal_column, select

from app.domain.filters import CallFilter, CallOrder, CallOrderField, Filter, NumberMatch, Order, SortDirection
from app.domain.pages import Position, Window
from app.domain.scope import Scope
from app.store.labelled import LABELS
from app.store.lookups import NUMBERS, beside_start
from app.store.pace import Pace, is_of_digits, pace_of
from app.store.said import Place, Said
from app.store.search import needs_of
from app.store.slots import Slot, milliseconds
from app.store.tables import calls
from app.store.way import ALONG, ANY, FAR_ALONG, GATHERED, Bound, Bounds, Way, larger, smaller

# How far is looked at least and, where that is not enough, next.
_NEAR = (1_000, 2_500, 5_000, 7_500, 10_000, 15_000, 25_000, 40_000)
_ENDLESS = 1 << 62
# Where more than so many first looks would be needed for a page, people who have common words between them are few.
_SELDOM = 5
# By these calls can be gathered.
_GATHERED = frozenset(
    {
        *LABELS,
        *("label", "broadcast", "reviews", "search", "weekdays", "time_of_day", "involved_agent_ids", "has_recording"),
        *("ended_at", "modified_at", "provider_synced_at", "synced_at", "provider_call_ids", "providers"),
        *("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds"),
        *("agent_codes", "agent_names", "provider_agent_ids", "agent_numbers", "agent_tags"),
        *(
            "org_unit_ids",
            "org_unit_provider_ids",
            "org_unit_external_ids",
            "org_unit",
            "countries",
            "provider_statuses",
        ),
    }
)
# By one of these as well; but a single value of theirs is read along an index of its own.
_SINGLE = frozenset({"direction", "outcome", "kind", "agent_ids", "contact_ids", "source_ids"})
FIRST, LAST = literal(-(1 << 62), BigInteger), literal(1 << 62, BigInteger)


def may_be_few(filter: Filter | None, order: Order) -> bool:
    """Whether a page is to be looked for in these two steps: whoever asks for anything else as well finds it as ever."""
    if not isinstance(filter, CallFilter):
        return False
    given = beside_start(filter)
    return bool(given) and is_by_start(order) and all(_gathers(filter, name) for name in given)


def has_words(filter: Filter | None) -> TypeGuard[CallFilter]:
    """Whether a filter has words or digits to search for."""
    return isinstance(filter, CallFilter) and bool(filter.search and needs_of(filter.search))


def _gathers(filter: CallFilter, name: str) -> bool:
    value = getattr(filter, name)
    if name in NUMBERS:
        assert isinstance(value, NumberMatch)
        return value.equals is None and value.in_ is None and value.shown_as is None
    if name in _SINGLE:
        return len(value) > 1
    return name in _GATHERED and value is not False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A statement by which a page may be found."""

    name: str
    way: Way = ANY
    # How many calls are looked at; all, where that is not said.
    near: int | None = None
    # How many days on are gathered; all, where that is not said.
    days: int | None = None
    # Whether it comes after another one.
    again: bool = True
    # Whether only an index is read of calls that do not fit (see pace).
    of_index: bool = False

    def knowing(self, said: Said | None) -> "Attempt":
        """The same where it is known who has the words of a search."""
        return replace(self, name=f"{self.name} of {said.name}", way=replace(self.way, said=said)) if said else self


PAGE, _GATHERING = Attempt("page", again=False), Attempt("gathered", GATHERED)
# Where more calls are to be looked at, they are gathered sooner if few numbers have the digits (see newest).
_SOON = 40_000
# Of people who have two or three common words between them each call takes ten microseconds to look at; fewer have three.
_OF_PEOPLE = {
    words: (*[Attempt(f"gathered of {days} days", GATHERED, days=days) for days in (least, 40)], _GATHERING)
    for words, least in ((2, 8), (3, 12))
}
# Of hours and weekdays those close by say nothing, and a whole list of them is long. A page of nothing else is looked for
# along the nearest ones before (see hours).
_HOURS = (*[Attempt(f"gathered of {days} days", GATHERED, days=days) for days in (1, 8, 60)], _GATHERING)
_DAYS = (*[Attempt(f"gathered of {days} days", GATHERED, days=days) for days in (7, 60)], _GATHERING)


def attempts(scope: Scope, filter: Filter | None, order: Order, said: Said | None = None) -> tuple[Attempt, ...]:
    """All that may be tried for a page; the first one is. Of a rare word calls are gathered at once."""
    if not may_be_few(filter, order):
        return (PAGE,)
    if said is not None and not said.calls:
        return (Attempt(PAGE.name, replace(GATHERED, said=said), again=False),)
    gathering = _gathering(filter, said)
    if said is not None and (said.are_few or (said.is_only_of(Place.NUMBER) and is_of_digits(scope, filter))):
        return tuple(replace(one, again=one is not gathering[0]).knowing(said) for one in gathering)
    # Where words are searched for, "page" is that of a word that nobody has.
    pace = pace_of(scope, filter, said)
    name, way = "met" if has_words(filter) else PAGE.name, FAR_ALONG if said is not None and said.together else ALONG
    first = Attempt(name, way, near=pace.first, again=False, of_index=pace.of_index)
    return tuple(one.knowing(said) for one in (first, *_further(pace), *gathering))


def further(
    scope: Scope, filter: Filter | None, found: int, limit: int, said: Said | None = None
) -> tuple[Attempt, ...]:
    """What is tried, one after the other until the page is full, where not enough for it were found at first.

    The few of a thousand may be all there are, so on it is not gone without end, nor further than so many fit. And before
    all calls of a common word are gathered for the few that have another one, too, it is gone as far as it ever is.
    """
    pace = pace_of(scope, filter, said)
    needed = pace.first * limit // found if found else _ENDLESS
    many = said is not None and len(said.places) > 1 and said.are_many and not said.shared
    if many:
        needed = min(needed, pace.read)
    if needed > (_SELDOM * pace.first if said is not None and said.shared else pace.read):
        return _gathering(filter, said)
    steps = _further(pace)
    # What is found in a look differs by chance. In an index going on takes less than a look in vain, however far it is.
    margin = 3 if pace.of_index else 1.5
    on = next((one for one in steps if one.near is not None and one.near >= margin * needed), steps[-1])
    return (on, *(steps[-1:] if many and on is not steps[-1] else ()), *_gathering(filter, said))


def _further(pace: Pace) -> tuple[Attempt, ...]:
    """Looks at ever more calls: to see how far the furthest reach takes as long as to look at each index entry."""
    some = [near for near in _NEAR if pace.first < near < 2 * pace.read]
    return tuple(
        Attempt(f"further on by {near:,}", FAR_ALONG, near=near, of_index=pace.of_index)
        for near in (*some, 2 * pace.read)
    )


def is_placed(filter: Filter | None, window: Window) -> bool:
    """Whether a page begins or ends somewhere: then it is asked first whether there are calls beyond those looked at.

    Of the last calls of a list so few may fit that the page is never full, and all in the store that fit would be gathered.
    """
    ranged = isinstance(filter, CallFilter) and filter.started_at is not None
    return ranged or window.after is not None or window.before is not None


def are_sooner_gathered(scope: Scope, filter: Filter | None, tried: Sequence[Attempt]) -> bool:
    """Whether calls are gathered sooner than it is tried what would be, if few numbers have the digits that are asked for."""
    near = tried[0].near
    return near is not None and near > _SOON and is_of_digits(scope, filter)


def _gathering(filter: Filter | None, said: Said | None) -> tuple[Attempt, ...]:
    assert isinstance(filter, CallFilter)
    if filter.weekdays is not None:
        return _DAYS
    if filter.time_of_day is not None:
        return _HOURS
    return _OF_PEOPLE[len(said.shared)] if said is not None and said.shared else (_GATHERING,)


def is_by_day(filter: Filter | None) -> bool:
    """Whether calls are gathered day by day."""
    return isinstance(filter, CallFilter) and (filter.weekdays is not None or filter.time_of_day is not None)


def is_by_start(order: Order) -> bool:
    """Whether calls are sorted by their start."""
    return isinstance(order, CallOrder) and order.field is CallOrderField.STARTED_AT


def bounds_of(filter: Filter | None, order: Order, window: Window, known: Callable[[Position], Any]) -> Bounds:
    """What a filter and a window say of the start; `known` is that at a position."""
    range = filter.started_at if isinstance(filter, CallFilter) else None
    least = [milliseconds(range.from_)] if range and range.from_ else []
    most = [_before(milliseconds(range.to))] if range and range.to else []
    further, nearer = (most, least) if order.direction is SortDirection.DESC else (least, most)
    further += [known(window.after)] if window.after is not None else []
    nearer += [known(window.before)] if window.before is not None else []
    return Bounds(*[tuple(bound(one) for one in some) for some in (least, most)])


def and_near(bounds: Bounds, last: Bound, order: Order, window: Window) -> Bounds:
    """The start of the last call that is looked at, too; where there is none, all are."""
    if is_downwards(order, window):
        return replace(bounds, least=(*bounds.least, func.coalesce(last, FIRST)))
    return replace(bounds, most=(*bounds.most, func.coalesce(last, LAST)))


def and_days(bounds: Bounds, days: int | None, scope: Scope, order: Order, window: Window) -> Bounds:
    """So many days on from where the page begins, too."""
    if days is None:
        return bounds
    one, downwards = calls.alias(), is_downwards(order, window)
    end = (func.max if downwards else func.min)(one.c.started_at)
    begun: Bound = select(end).where(one.c.workspace_id == scope.workspace_id).scalar_subquery()
    if downwards:
        return replace(bounds, least=(*bounds.least, reduce(smaller, bounds.most, begun) - _milliseconds(days)))
    return replace(bounds, most=(*bounds.most, reduce(larger, bounds.least, begun) + _milliseconds(days)))


def _milliseconds(days: int) -> Bound:
    return literal(days * 86_400_000, BigInteger)


def up_to(start: Bound, last: Bound, order: Order, window: Window) -> ColumnElement[bool]:
    """Whether a start is no further from the page's beginning than another, if there is one.

    With a bound on the other side as well, which says nothing, PostgreSQL expects few calls between the two, not a third.
    """
    if is_downwards(order, window):
        return and_(start >= func.coalesce(last, FIRST), start <= LAST)
    return and_(start <= func.coalesce(last, LAST), start >= FIRST)


def is_downwards(order: Order, window: Window) -> bool:
    """Whether a page is read from its newest call on."""
    return (order.direction is SortDirection.DESC) != window.backward


def nth(statement: Select[tuple[int]], number: int, start: Bound, order: Order, window: Window) -> Bound:
    """The start of a call that so many are before, in a statement that has the starts of all; null where there is none.

    Sorted by the start alone, for which indexes are enough that do not have the id.
    """
    one = (
        statement.order_by(None)
        .order_by(by_nearest(start, order, window))
        .limit(literal_column("1"))
        .offset(literal_column(str(number)))
    )
    return one.correlate(None).scalar_subquery()


def by_nearest(start: Bound, order: Order, window: Window) -> ColumnElement[int]:
    """Sorted by how near they are to the page's beginning."""
    return start.desc() if is_downwards(order, window) else start.asc()


def _before(end: Any) -> Any:
    """The last millisecond before an instant."""
    return end.then(lambda at: at - 1) if isinstance(end, Slot) else end - 1


def bound(value: Any) -> Bound:
    """An instant to compare with."""
    return value if isinstance(value, ColumnElement) else literal(value, BigInteger)
