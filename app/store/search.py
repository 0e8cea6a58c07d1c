"""Free text: words are kept folded in one table and found by their beginnings, so that any engine can use an index."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from sqlalchemy import (
    ColumnElement,
    SelectBase,
    Table,
    and_,
    case,
    exists,
    false,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from app.domain.errors import InputError
from app.domain.numbers import digits_of
from app.domain.scope import Scope
from app.store.finding_tables import words
from app.store.numbers import Numbers, has_digits, numbers_with, one_of
from app.store.owners import Ids, columns_in, owners_in, owners_with, places_of
from app.store.said import NUMBERED, Need, Place
from app.store.tables import agents, calls, contact_numbers, contacts
from app.store.way import ANY, Way, hidden

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"(?<!\w)[+(]?\d[\d\s().-]*\d(?!\w)")  # not the digits of "abc123"
_MAX_LENGTH, _MAX_WORDS = 64, 500  # of one word, and of one owner: a pasted book is not searchable to its end
MAX_TERMS = 20  # of one search: each is looked for in six places


def words_of(texts: Iterable[str | None]) -> set[str]:
    """The distinct folded words of some texts, as they are kept and looked for."""
    found: set[str] = set()
    for text in texts:
        for word in _WORD.findall(text.casefold()) if text else ():
            found.add(word[:_MAX_LENGTH])
            if len(found) == _MAX_WORDS:
                return found
    return found


def needs_of(text: str) -> list[Need]:
    """What of a text has to be found, each need apart, in no order. Raises InputError for too many words.

    Digits that stand together are one formatted number ("316-832-5555"), or words ("2024-05-09").
    """
    numbers = list(dict.fromkeys(found.group() for found in _NUMBER.finditer(text)))
    if (terms := max(len(words_of([text])), len(numbers))) > MAX_TERMS:
        raise InputError(f"search has {terms} words; at most {MAX_TERMS} are allowed.")
    needs: list[Need] = [((word,),) for word in sorted(words_of([_NUMBER.sub(" ", text)]))]
    for number in numbers:
        digits, parts = digits_of(number), tuple(sorted(words_of([number])))
        needs.append(((digits,),) if parts == (digits,) else ((digits,), parts))
    return needs


def calls_said(scope: Scope, text: str, way: Way = ANY) -> ColumnElement[bool]:
    """Calls of which every word of a text was said: of the call itself, its agent, contact or units, or its numbers.

    They are gathered by one need, which few are likeliest to meet; the others are then looked for in each.
    """
    needs = needs_of(text)
    if not (way.along or way.gathers):
        return _all_said(scope, calls, needs, partial(_calls_with, way=way))
    if not needs:
        return false()
    by = _rarest(needs, way)
    held = [_is_gathered(scope, needs[by], way) if way.gathers else _is_met(scope, needs, by, way)]
    others = [at for at in range(len(needs)) if at != by]
    return and_(*held, *[_is_met(scope, needs, at, way) for at in others])


def _rarest(needs: Sequence[Need], way: Way) -> int:
    """The need that fewest calls meet: as was seen, or else likely the longest."""
    return way.said.by if way.said else max(range(len(needs)), key=lambda at: len(needs[at][0][0]))


def numbers_said(scope: Scope, text: str) -> Numbers | None:
    """The numbers, some of them repeated, that are looked for where a text is nothing but digits of one."""
    digits = digits_said(scope, text)
    return numbers_with(scope, digits) if digits else None


def digits_said(scope: Scope, text: str) -> str | None:
    """The digits of a text that is nothing but a number, where numbers are looked for by them."""
    digits = only_number(text)
    return digits if digits and Place.NUMBER in places_of(scope, digits) else None


def only_number(text: str) -> str | None:
    """The digits of a text that is nothing but a number; None of any other."""
    numbers = {digits_of(found) for found in _NUMBER.findall(text)}
    return numbers.pop() if len(numbers) == 1 and not words_of([_NUMBER.sub(" ", text)]) else None


def agents_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Agents of whom every word of a text was said."""
    return _all_said(scope, agents, needs_of(text), _agents_with)


def contacts_said(scope: Scope, text: str) -> ColumnElement[bool]:
    """Contacts of whom every word of a text was said."""
    return _all_said(scope, contacts, needs_of(text), _contacts_with)


def _all_said(
    scope: Scope, table: Table, needs: Sequence[Need], places: Callable[[Scope, str], list[Ids]]
) -> ColumnElement[bool]:
    """Every need is met.

    `places` says where a term may have been said: a select of ids for each, so that each can use its own index, which
    no engine does for an OR over several columns.
    """
    held = []
    for need in needs:
        ids: list[Ids] = []
        for terms in need:
            each = [places(scope, term) for term in terms]
            ids += each[0] if len(each) == 1 else [_of_all(scope, table, each)]
        held.append(table.c.id.in_(_once(ids)) if ids else false())
    return and_(*held) if held else false()


def _of_all(scope: Scope, table: Table, held: list[list[Ids]]) -> Ids:
    """The ids that are in one select of each list."""
    one = table.alias()
    each = [one.c.id.in_(_once(ids)) if ids else false() for ids in held]
    return select(one.c.id).where(one.c.workspace_id == scope.workspace_id, *each)


def _once(ids: list[Ids]) -> Ids:
    """The ids of all selects, found once: left to itself PostgreSQL may look for them anew for each row around them."""
    return _found_once(union_all(*ids))


def _found_once(ids: SelectBase) -> Ids:
    found = ids.cte().prefix_with("MATERIALIZED")
    return select(found.c[0])


def _is_gathered(scope: Scope, need: Need, way: Way) -> ColumnElement[bool]:
    """Whether a need is met, by which calls are found: in one column, where nothing but phone numbers meets it."""
    term = need[0][0]
    if need == ((term,),) and _where(scope, term, way) == [Place.NUMBER]:
        column = calls.c.phone_number
        return column.is_not(None) & one_of(column, numbers_with(scope, term), way)
    return _all_said(scope, calls, [need], partial(_calls_with, way=way))


def _is_met(scope: Scope, needs: Sequence[Need], at: int, way: Way) -> ColumnElement[bool]:
    """Whether a need is met by the call that is looked at.

    Of those who meet the rarest all are known where many calls are looked at; few of these have to be looked at again.
    """
    knows = way.far and at == _rarest(needs, way)
    return or_(false(), *[and_(*[_met(scope, term, way, knows) for term in any_of]) for any_of in needs[at]])


def _met(scope: Scope, term: str, way: Way, knows: bool) -> ColumnElement[bool]:
    """Whether a word was said of the call that is looked at; of no call, where nobody has it in a place.

    In most places nobody has, which is seen once where it is not known.
    """
    places = _where(scope, term, way)
    few = way.said.known_of(term) if way.said else frozenset[Place]()
    numbered = [column for place in places if place in NUMBERED for column in columns_in(calls)[place]]
    named = [place for place in places if place not in NUMBERED]
    known = [place for place in named if place in few or knows]
    return or_(
        false(),
        *[has_digits(column, term) for column in numbered],
        *_hashed(scope, term, known),
        *_looked_for(scope, term, [place for place in named if place not in known]),
    )


def _hashed(scope: Scope, term: str, places: Sequence[Place]) -> list[ColumnElement[bool]]:
    """All its owners are known before calls are looked at; no call is found by them.

    What is said to be true PostgreSQL does not join: it would look for the other words first, whose look takes longer.
    """
    columns = columns_in(calls)
    having = {place: owners_with(scope, place, term) for place in places}
    return [
        and_(exists(its), or_(*[hidden(column).in_(its).is_(true()) for column in columns[place]]))
        for place, its in having.items()
    ]


def _looked_for(scope: Scope, term: str, places: Sequence[Place]) -> list[ColumnElement[bool]]:
    """Its owners are looked for call by call, with one look for all that are likely to have words."""
    columns = columns_in(calls)
    single = [place for place in places if len(columns[place]) == 1]
    any_of = [case((exists(owners_with(scope, place, term)), columns[place][0])) for place in single]
    held = [_one_is(owners_in(scope, single, term), any_of)] if single else []
    for place in places:
        if place not in single:
            its_own = _one_is(owners_in(scope, [place], term), columns[place])
            held.append(and_(exists(owners_with(scope, place, term)), its_own))
    return held


def _one_is(having: Ids, some: Sequence[ColumnElement[str]]) -> ColumnElement[bool]:
    """With an offset, or PostgreSQL would read all that have the word."""
    return exists(having.where(words.c.owner_id.in_(some)).offset(literal_column("0")).correlate(calls))


def _where(scope: Scope, term: str, way: Way) -> list[Place]:
    """Where a term is looked for: where somebody has it, if that is known."""
    return [place for place in places_of(scope, term) if way.said is None or place in way.said.of(term)]


def _calls_with(scope: Scope, term: str, way: Way) -> list[Ids]:
    one = calls.alias()  # not the table itself, which would be taken for that of the statement around it
    within = way.bounds.held_by(one.c.started_at)
    of_calls = select(one.c.id).where(one.c.workspace_id == scope.workspace_id, *within)
    found: list[Ids] = []
    for place in _where(scope, term, way):
        having = owners_with(scope, place, term)
        if place is Place.CALL:
            found.append(having)
        else:
            found += [of_calls.where(test) for test in _tests(place, columns_in(one)[place], having, way)]
    return found


def _tests(place: Place, columns: Sequence[ColumnElement[str]], having: Ids, way: Way) -> Iterator[ColumnElement[bool]]:
    """Whether a column has one of the owners, each by its own index."""
    seldom = list[ColumnElement[bool]]()
    if place is Place.UNIT and way.gathers:
        # Seldom is a unit named. PostgreSQL expects all calls of one, looks at each that has any, and starts processes to
        # share the work: what is found once, and first, it does not share.
        having = _found_once(having)
        seldom = [exists(having)]
    for column in columns:
        if place in NUMBERED:
            yield column.is_not(None) & one_of(column, having, way)
        elif place is Place.UNIT:
            yield and_(*seldom, column.is_not(None), column.in_(having))
        else:
            yield column.in_(having)


def _agents_with(scope: Scope, term: str) -> list[Ids]:
    one = agents.alias()
    numbered = select(one.c.id).where(
        one.c.workspace_id == scope.workspace_id, one.c.number.in_(numbers_with(scope, term))
    )
    return [owners_with(scope, Place.AGENT, term), *([numbered] if Place.NUMBER in places_of(scope, term) else [])]


def _contacts_with(scope: Scope, term: str) -> list[Ids]:
    numbered = select(contact_numbers.c.contact_id).where(
        contact_numbers.c.workspace_id == scope.workspace_id,
        contact_numbers.c.number.in_(numbers_with(scope, term)),
    )
    return [owners_with(scope, Place.CONTACT, term), *([numbered] if Place.NUMBER in places_of(scope, term) else [])]
