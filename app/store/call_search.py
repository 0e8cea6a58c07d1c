"""Calls of which every word of a text was said: of the call itself, its agent, contact or units, or its numbers."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

from sqlalchemy import ColumnElement, and_, case, exists, false, literal_column, or_, select, union_all

from app.domain.scope import Scope
from app.store.finding_tables import words
from app.store.numbers import has_digits, numbers_with, one_of
from app.store.owners import Ids, agents_with_all, columns_in, contacts_with_both, owners_in, owners_with, places_of
from app.store.said import NUMBERED, Need, Place
from app.store.search import all_said, found_once, needs_of
from app.store.tables import calls
from app.store.way import ANY, START, Way, hidden


def calls_said(scope: Scope, text: str, way: Way = ANY) -> ColumnElement[bool]:
    """Calls of which every word of a text was said.

    They are gathered by one need, which few are likeliest to meet, or by those who meet most of several common ones; the
    others are then looked for in each.
    """
    needs = needs_of(text)
    if not (way.along or way.gathers):
        return all_said(scope, calls, needs, partial(_calls_with, way=way))
    if not needs:
        return false()
    first = _first(needs, way)
    others = [_is_met(scope, need, way) for at, need in enumerate(needs) if at not in first]
    if len(first) == 1:
        return and_(_one(scope, needs, first[0], way), *others)
    return and_((_of_people if way.gathers else _both)(scope, [needs[at] for at in first], way), *others)


def _first(needs: Sequence[Need], way: Way) -> tuple[int, ...]:
    """The needs that calls are looked for by: as was seen, or else likely the longest."""
    if way.said is None:
        return (max(range(len(needs)), key=lambda at: len(needs[at][0][0])),)
    return way.said.gathered if way.gathers else way.said.first


def _one(scope: Scope, needs: Sequence[Need], by: int, way: Way) -> ColumnElement[bool]:
    """Whether one need is met; of the calls on the way all who meet it are known, where many of these are looked at."""
    return _is_gathered(scope, needs[by], way) if way.gathers else _is_met(scope, needs[by], way, knows=way.far)


def _both(scope: Scope, two: Sequence[Need], way: Way) -> ColumnElement[bool]:
    """Whether two words that many contacts have are said of a call: few contacts have both, or one was said elsewhere."""
    terms = [need[0][0] for need in two]
    both = contacts_with_both(scope, *terms)
    places = {term: _where(scope, term, way) for term in terms}
    elsewhere = {term: [one for one in places[term] if one is not Place.CONTACT] for term in terms}
    beside = [
        and_(_met(scope, term, elsewhere[term], way), _met(scope, other, places[other], way))
        for term, other in zip(terms, reversed(terms), strict=True)
        if elsewhere[term]
    ]
    return or_(_among_known(calls.c.contact_id, both), *beside)


def _of_people(scope: Scope, some: Sequence[Need], way: Way) -> ColumnElement[bool]:
    """Whether two or three words that many contacts have are said of a call, which is found by those who have most of them.

    Unless one is said of the call itself, its contact has two of the words, or its agent all but one.
    """
    terms = [need[0][0] for need in some]
    pairs = [contacts_with_both(scope, *two) for two in combinations(terms, 2)]
    where = {place for term in terms for place in _where(scope, term, way)}
    if where == {Place.CONTACT} and len(terms) == 2:
        return and_(one_of(calls.c.contact_id, pairs[0], way), *way.bounds.held)
    one = calls.alias()  # a select for each place, of nothing but ids: SQLite would look at all calls for more of them
    its = select(one.c.id).where(one.c.workspace_id == scope.workspace_id, *way.bounds.held_by(one.c.started_at))
    found = [its.where(one_of(one.c.contact_id, _any_of(pairs), way))]
    if Place.AGENT in where:
        agents = [agents_with_all(scope, others) for others in combinations(terms, len(terms) - 1)]
        found.append(its.where(one_of(one.c.agent_id, _any_of(agents), way)))
    if Place.CALL in where:
        found += [owners_with(scope, Place.CALL, term) for term in terms]
    met = [_is_met(scope, need, way) for need in reversed(some)]  # of who has two the last is likeliest to be missing
    return and_(calls.c.id.in_(found_once(union_all(*found))), *met, *way.bounds.held_by(START))


def _any_of(ids: Sequence[Ids]) -> Ids:
    return select(union_all(*ids).subquery().c[0])


def _is_gathered(scope: Scope, need: Need, way: Way) -> ColumnElement[bool]:
    """Whether a need is met, by which calls are found: in one column, where nothing but phone numbers meets it."""
    term = need[0][0]
    if need == ((term,),) and _where(scope, term, way) == [Place.NUMBER]:
        column = calls.c.phone_number
        return column.is_not(None) & one_of(column, numbers_with(scope, term), way)
    return all_said(scope, calls, [need], partial(_calls_with, way=way))


def _is_met(scope: Scope, need: Need, way: Way, knows: bool = False) -> ColumnElement[bool]:
    """Whether a need is met by the call that is looked at; `knows` where all who meet it are better known before."""
    each = [[_met(scope, term, _where(scope, term, way), way, knows) for term in any_of] for any_of in need]
    return or_(false(), *[and_(*terms) for terms in each])


def _met(scope: Scope, term: str, places: Sequence[Place], way: Way, knows: bool = False) -> ColumnElement[bool]:
    """Whether a word was said of the call that is looked at, in some places; of no call, where nobody has it in them.

    In most places nobody has, which is seen once where it is not known.
    """
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
    """All its owners are known before calls are looked at; no call is found by them."""
    columns = columns_in(calls)
    having = {place: owners_with(scope, place, term) for place in places}
    return [
        and_(exists(its), or_(*[_among_known(column, its) for column in columns[place]]))
        for place, its in having.items()
    ]


def _among_known(column: ColumnElement[str], some: Ids) -> ColumnElement[bool]:
    """What is said to be true PostgreSQL does not join: it would look for other words first, whose look takes longer."""
    return hidden(column).in_(some).is_(True)


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
    """The calls that a term was said of, in a select for each column that tells of it: each by its own index."""
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
        having = found_once(having)
        seldom = [exists(having)]
    for column in columns:
        if place in NUMBERED:
            yield column.is_not(None) & one_of(column, having, way)
        elif place is Place.UNIT:
            yield and_(*seldom, column.is_not(None), column.in_(having))
        else:
            yield column.in_(having)
