"""Free text: words are kept folded in one table and found by their beginnings, so that any engine can use an index."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SelectBase,
    Table,
    and_,
    exists,
    false,
    literal_column,
    or_,
    select,
    union_all,
)

from app.domain.errors import InputError
from app.domain.numbers import digits_of
from app.domain.scope import Right, Scope
from app.store.numbers import MIN_SUFFIX, Numbers, begins, numbers_with, one_of
from app.store.tables import agents, calls, contact_numbers, contacts, number_suffixes, words
from app.store.way import ANY, Way

Ids = Select[tuple[str]]
# What the words of a call itself were said in, each kept apart, and the right that finding a call by them needs.
CALL_WORDS: dict[str, Right | None] = {"CALL": None, "NOTE": Right.NOTES_READ, "INSIGHT": Right.INSIGHTS_READ}
# The same of a contact: who it is, and what is known of it beside.
CONTACT_WORDS: dict[str, Right | None] = {"CONTACT": None, "PROFILE": Right.INSIGHTS_READ}
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"(?<!\w)[+(]?\d[\d\s().-]*\d(?!\w)")  # not the digits of "abc123"
_MAX_LENGTH, _MAX_WORDS = 64, 500  # of one word, and of one owner: a pasted book is not searchable to its end
MAX_TERMS = 20  # of one search: each is looked for in eleven places


def words_of(texts: Iterable[str | None]) -> set[str]:
    """The distinct folded words of some texts, as they are kept and looked for."""
    found: set[str] = set()
    for text in texts:
        for word in _WORD.findall(text.casefold()) if text else ():
            found.add(word[:_MAX_LENGTH])
            if len(found) == _MAX_WORDS:
                return found
    return found


def calls_said(scope: Scope, text: str, way: Way = ANY) -> ColumnElement[bool]:
    """Calls of which every word of a text was said: of the call itself, its agent, contact or units, or its numbers.

    They are gathered by the longest word, which few are likeliest to have; the others are then looked for in each, also the
    longer ones first.
    """
    single, numbers = _terms(text)
    single.sort(key=len, reverse=True)
    places = partial(_calls_with, way=way)
    if not (way.along or way.gathers) or (way.gathers and not single):
        return _all_said(scope, calls, text, places)
    held = []
    if way.gathers:
        held.append(_all_said(scope, calls, single.pop(0), places))
    held += [_met(scope, word, way) for word in single]
    for digits, parts in numbers:
        apart = [] if parts == [digits] else [and_(*[_met(scope, part, way) for part in parts])]
        held.append(or_(_met(scope, digits, way), *apart))
    return and_(*held) if held else false()


def numbers_said(scope: Scope, text: str) -> Numbers | None:
    """The numbers that are looked for where a text is nothing but digits of one."""
    digits = only_number(text)
    return numbers_with(scope, digits) if digits and _may_be_number(scope, digits) else None


def only_number(text: str) -> str | None:
    """The digits of a text that is nothing but a number; None of any other."""
    single, numbers = _terms(text)
    return numbers[0][0] if len(numbers) == 1 and not single else None


def agents_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Agents of whom every word of a text was said."""
    return _all_said(scope, agents, text, _agents_with)


def contacts_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Contacts of whom every word of a text was said."""
    return _all_said(scope, contacts, text, _contacts_with)


def _all_said(scope: Scope, table: Table, text: str, places: Callable[[Scope, str], list[Ids]]) -> ColumnElement[bool]:
    """Every word was said; digits that stand together are one formatted number ("316-832-5555"), or words ("2024-05-09").

    `places` says where a word may have been said: a select of ids for each, so that each can use its own index, which
    no engine does for an OR over several columns.
    """
    single, numbers = _terms(text)
    held = [places(scope, word) for word in single]
    for digits, parts in numbers:
        apart = [] if parts == [digits] else [_of_all(scope, table, [places(scope, part) for part in parts])]
        held.append(places(scope, digits) + apart)
    return and_(*[table.c.id.in_(_once(ids)) for ids in held]) if held else false()


def _terms(text: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The words of a text, and its numbers: the digits of each, and its words. Raises InputError for too many to look for."""
    numbers = list(dict.fromkeys(found.group() for found in _NUMBER.finditer(text)))
    if (terms := max(len(words_of([text])), len(numbers))) > MAX_TERMS:
        raise InputError(f"search has {terms} words; at most {MAX_TERMS} are allowed.")
    single = sorted(words_of([_NUMBER.sub(" ", text)]))
    return single, [(digits_of(number), sorted(words_of([number]))) for number in numbers]


def _of_all(scope: Scope, table: Table, held: list[list[Ids]]) -> Ids:
    """The ids that are in one select of each list."""
    one = table.alias()
    return select(one.c.id).where(one.c.workspace_id == scope.workspace_id, *[one.c.id.in_(_once(ids)) for ids in held])


def _once(ids: list[Ids]) -> Ids:
    """The ids of all selects, found once: left to itself PostgreSQL may look for them anew for each row around them."""
    return _found_once(union_all(*ids))


def _found_once(ids: SelectBase) -> Ids:
    found = ids.cte().prefix_with("MATERIALIZED")
    return select(found.c[0])


def _met(scope: Scope, term: str, way: Way) -> ColumnElement[bool]:
    """Whether a word was said of the call that is looked at, place by place; of no call, where nobody has it in a place."""
    places: list[tuple[Ids, ColumnElement[str], Sequence[ColumnElement[str]]]] = [
        (_owners(scope, kinds, term), words.c.owner_id, columns) for kinds, columns in _places(scope, calls)
    ]
    if _may_be_number(scope, term):
        places.append((numbers_with(scope, term), number_suffixes.c.number, _numbers(calls)))
    return or_(*[_met_in(*place, way) for place in places])


def _met_in(
    having: Ids, one: ColumnElement[str], columns: Sequence[ColumnElement[str]], way: Way
) -> ColumnElement[bool]:
    """Whether one of a call's columns is among those having a word. In most places there are none, which is seen once.

    Where few calls are met it has an offset, or PostgreSQL would read all that have the word.
    """
    each = [having.where(one == column).correlate(calls) for column in columns]
    few = way.along and not way.far
    return and_(exists(having), or_(*[exists(its.offset(literal_column("0")) if few else its) for its in each]))


def _places(scope: Scope, one: FromClause) -> list[tuple[list[str], tuple[ColumnElement[str], ...]]]:
    """Where words of a call are said: the kinds of owners, and the columns that have them."""
    return [(_searched(scope, CALL_WORDS), (one.c.id,)), *_people(scope, one), (["ORG_UNIT"], _units(one))]


def _people(scope: Scope, one: FromClause) -> list[tuple[list[str], tuple[ColumnElement[str]]]]:
    return [(["AGENT"], (one.c.agent_id,)), (_searched(scope, CONTACT_WORDS), (one.c.contact_id,))]


def _units(one: FromClause) -> tuple[ColumnElement[str], ...]:
    return one.c.corporate_id, one.c.division_id, one.c.location_id, one.c.campaign_id


def _numbers(one: FromClause) -> tuple[ColumnElement[str], ...]:
    return one.c.phone_number, one.c.caller_number, one.c.dialed_number, one.c.destination_number


def _calls_with(scope: Scope, term: str, way: Way) -> list[Ids]:
    one = calls.alias()  # not the table itself, which would be taken for that of the statement around it
    tests: list[ColumnElement[bool]] = [c.in_(_owners(scope, kinds, term)) for kinds, (c,) in _people(scope, one)]
    named, seldom = _owners(scope, ["ORG_UNIT"], term), list[ColumnElement[bool]]()
    if way.gathers:
        # Seldom is a unit named. PostgreSQL expects all calls of one, looks at each that has any, and starts processes to
        # share the work: what is found once, and first, it does not share.
        named = _found_once(named)
        seldom = [exists(named)]
    tests += [and_(*seldom, unit.is_not(None), unit.in_(named)) for unit in _units(one)]
    if _may_be_number(scope, term):
        with_digits = numbers_with(scope, term)
        tests += [number.is_not(None) & one_of(number, with_digits, way) for number in _numbers(one)]
    within = way.bounds.held_by(one.c.started_at)
    of_calls = select(one.c.id).where(one.c.workspace_id == scope.workspace_id, *within)
    return [_owners(scope, _searched(scope, CALL_WORDS), term), *[of_calls.where(test) for test in tests]]


def _agents_with(scope: Scope, term: str) -> list[Ids]:
    one = agents.alias()
    numbered = select(one.c.id).where(
        one.c.workspace_id == scope.workspace_id, one.c.number.in_(numbers_with(scope, term))
    )
    return [_owners(scope, ["AGENT"], term), *([numbered] if _may_be_number(scope, term) else [])]


def _contacts_with(scope: Scope, term: str) -> list[Ids]:
    numbered = select(contact_numbers.c.contact_id).where(
        contact_numbers.c.workspace_id == scope.workspace_id,
        contact_numbers.c.number.in_(numbers_with(scope, term)),
    )
    said = _owners(scope, _searched(scope, CONTACT_WORDS), term)
    return [said, *([numbered] if _may_be_number(scope, term) else [])]


def _searched(scope: Scope, kinds: Mapping[str, Right | None]) -> list[str]:
    return [kind for kind, right in kinds.items() if right is None or scope.may(right)]


def _owners(scope: Scope, kinds: Sequence[str], term: str) -> Ids:
    kind = words.c.owner_kind == kinds[0] if len(kinds) == 1 else words.c.owner_kind.in_(kinds)
    return select(words.c.owner_id).where(words.c.workspace_id == scope.workspace_id, kind, begins(words.c.word, term))


def _may_be_number(scope: Scope, term: str) -> bool:
    return term.isdecimal() and len(term) >= MIN_SUFFIX and scope.may(Right.NUMBERS_READ)
