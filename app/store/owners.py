"""Who has a word, two words or digits: calls, agents, contacts, units and numbers; and where calls have their ids."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, literal_column, select, union_all

from app.domain.scope import Right, Scope
from app.store.finding_tables import word_pairs, words
from app.store.numbers import MIN_SUFFIX, begins, begins_longer, lines_with, numbers_with
from app.store.said import NUMBERED, Need, Place, terms_of
from app.store.weight import current_allowance

Ids = Select[tuple[str]]
# What a count weighs, in the parts that conditions are weighed by.
_PARTS = 20
# What the words of a call itself were said in, each kept apart, and the right that finding a call by them needs.
CALL_WORDS: dict[str, Right | None] = {"CALL": None, "NOTE": Right.NOTES_READ, "INSIGHT": Right.INSIGHTS_READ}
# The same of a contact: who it is, and what is known of it beside.
CONTACT_WORDS: dict[str, Right | None] = {"CONTACT": None, "PROFILE": Right.INSIGHTS_READ}
_KINDS: dict[Place, dict[str, Right | None]] = {
    Place.CALL: CALL_WORDS,
    Place.AGENT: {"AGENT": None},
    Place.CONTACT: CONTACT_WORDS,
    Place.UNIT: {"ORG_UNIT": None},
}


def owners_with(scope: Scope, place: Place, term: str) -> Ids:
    """The ids of those in a place who have a term, or the numbers that do. It has to be one of its places (see places_of)."""
    if place in NUMBERED:
        return (numbers_with if place is Place.NUMBER else lines_with)(scope, term)
    kinds = _searched(scope, place)
    kind = words.c.owner_kind == kinds[0] if len(kinds) == 1 else words.c.owner_kind.in_(kinds)
    return select(words.c.owner_id).where(words.c.workspace_id == scope.workspace_id, kind, begins(words.c.word, term))


def owners_in(scope: Scope, places: Sequence[Place], term: str) -> Ids:
    """The same of several places, for looks by the owner: written so that no engine looks once for each kind of owner."""
    kinds = [kind for place in places for kind in _searched(scope, place)]
    others = [kind for some in _KINDS.values() for kind in some if kind not in kinds]
    its = (words.c.workspace_id == scope.workspace_id, begins(words.c.word, term))
    return select(words.c.owner_id).where(*its, *([words.c.owner_kind.not_in(others)] if others else []))


def contacts_with_both(scope: Scope, one: str, other: str) -> Ids:
    """The contacts who have two terms, neither of which begins with the other: then one word cannot be both.

    Words that begin so are sorted as their beginnings are.
    """
    pairs = word_pairs.c
    mine = (pairs.workspace_id == scope.workspace_id, pairs.owner_kind.in_(_searched(scope, Place.CONTACT)))
    found = [select(pairs.contact_id).where(*mine, test) for test in _paired(*sorted((one, other)))]
    each_has = [
        exists(owners_in(scope, [Place.CONTACT], term).where(words.c.owner_id == pairs.contact_id))
        for term in (one, other)
    ]
    unpaired = select(pairs.contact_id).where(*mine, pairs.first == "", pairs.second == "", *each_has)
    return select(union_all(*found, unpaired).subquery().c.contact_id)


def agents_with_all(scope: Scope, terms: Sequence[str]) -> Ids:
    """The agents who have each of some terms."""
    first, *others = (owners_with(scope, Place.AGENT, term) for term in terms)
    return first.where(*[words.c.owner_id.in_(other.correlate(None)) for other in others])


def _paired(first: str, second: str) -> Iterator[ColumnElement[bool]]:
    """Pairs of words that begin so: those with the very word as their first lie side by side, sorted by the second."""
    yield and_(word_pairs.c.first == first, begins(word_pairs.c.second, second))
    yield and_(begins_longer(word_pairs.c.first, first), begins(word_pairs.c.second, second))


def places_of(scope: Scope, term: str) -> list[Place]:
    """Where a term may have been said: in numbers only digits, enough of them, and for a viewer who may read numbers."""
    numbered = term.isdecimal() and len(term) >= MIN_SUFFIX and scope.may(Right.NUMBERS_READ)
    return [place for place in Place if place not in NUMBERED or numbered]


def columns_in(one: FromClause) -> Mapping[Place, tuple[ColumnElement[str], ...]]:
    """The columns of calls that have the ids of a place, or its numbers."""
    return {
        Place.CALL: (one.c.id,),
        Place.AGENT: (one.c.agent_id,),
        Place.CONTACT: (one.c.contact_id,),
        Place.UNIT: (one.c.corporate_id, one.c.division_id, one.c.location_id, one.c.campaign_id),
        Place.NUMBER: (one.c.phone_number,),
        Place.LINE: (one.c.caller_number, one.c.dialed_number, one.c.destination_number),
    }


def counted(scope: Scope, needs: Sequence[Need]) -> Select[Any]:
    """How many have each term in each place, in one row; no more are counted than a place's most."""
    terms = terms_of(needs)
    current_allowance().draw(_PARTS * len(terms) * len(Place))
    each: list[ColumnElement[Any]] = [_count(scope, place, term) for term in terms for place in Place]
    return select(*each)


def _count(scope: Scope, place: Place, term: str) -> ColumnElement[int]:
    if place not in places_of(scope, term):
        return literal_column("0")
    some = owners_with(scope, place, term).limit(literal_column(str(place.most))).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _searched(scope: Scope, place: Place) -> list[str]:
    return [kind for kind, right in _KINDS[place].items() if right is None or scope.may(right)]
