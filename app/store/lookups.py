"""Filters by a few values, or by what is known of a call's agent, source or unit: which ids it names, and where calls have them.

These are few, so they can be looked up first; then a page is read along the index of each, however few calls there are, and
however long ago.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, Select, select

from app.domain.filters import CallFilter, Filter, IntRange, OrgUnitMatch
from app.domain.labels import fold
from app.domain.scope import Scope
from app.store.numbers import keys_of
from app.store.owners import owners_with
from app.store.said import Place, terms_of
from app.store.search import needs_of
from app.store.tables import agent_tags, agents, calls, org_units, sources
from app.store.visibility import LEVELS

Ids = Select[tuple[str]]
# The most that a page is read along the indexes of.
MOST = 64
# The same of whole numbers in a range: with more of them, many calls have one, and are met along the start.
_MOST_NUMBERS = 8
# Fields about the agent: which column of agents, and how a value is compared.
_OF_AGENT: dict[str, tuple[Column[Any], Callable[[str], str]]] = {
    "agent_codes": (agents.c.code, str),
    "agent_names": (agents.c.name_key, fold),
    "provider_agent_ids": (agents.c.provider_agent_id, str),
}
_OF_UNIT = ("org_unit_provider_ids", "org_unit_external_ids", "org_unit")
# Fields that have values of a column themselves.
VALUES: dict[str, Column[Any]] = {
    "direction": calls.c.direction,
    "outcome": calls.c.outcome,
    "kind": calls.c.kind,
    "agent_ids": calls.c.agent_id,
    "contact_ids": calls.c.contact_id,
    "source_ids": calls.c.source_id,
}
# Those that say how a number is to match, and the column.
NUMBERS: dict[str, Column[Any]] = {
    "phone_number": calls.c.phone_number,
    "caller_number": calls.c.caller_number,
    "dialed_number": calls.c.dialed_number,
    "destination_number": calls.c.destination_number,
}
# The agents of a call and of its legs, which have the call's start as well.
INVOLVED = "involved_agent_ids"
# A search, of which agents are looked up who have a word.
SEARCH = "search"
# Fields that bound whole numbers, of which a range may have a few.
LENGTHS: dict[str, Column[Any]] = {
    "duration_seconds": calls.c.duration_seconds,
    "talk_seconds": calls.c.talk_seconds,
    "ring_seconds": calls.c.ring_seconds,
    "wait_seconds": calls.c.wait_seconds,
    "hold_seconds": calls.c.hold_seconds,
}
_OF_VALUES = VALUES | LENGTHS | {INVOLVED: calls.c.agent_id}
LOOKED_UP = ("providers", *_OF_AGENT, "agent_numbers", "agent_tags", *_OF_UNIT)


def only_lookup(filter: Filter | None) -> str | None:
    """The field that is looked up, where it is all that is asked for beside the start."""
    if not isinstance(filter, CallFilter):
        return None
    return name if (name := only(filter)) in LOOKED_UP else None


def only_word(filter: Filter | None) -> str | None:
    """The field of a search, where one word is all that is asked for beside the start: agents may be all who have it."""
    if not isinstance(filter, CallFilter) or only(filter) != SEARCH:
        return None
    return SEARCH if len(terms_of(needs_of(filter.search or ""))) == 1 else None


def by_values(filter: Filter | None) -> str | None:
    """The field by whose few values a page may be read along an index, given or looked up; one of the others here."""
    return only_values(filter) or only_lookup(filter) or only_word(filter)


def only_values(filter: Filter | None) -> str | None:
    """The field that may have a few values of a column, where these are all that is asked for beside the start."""
    if not isinstance(filter, CallFilter):
        return None
    name = only(filter)
    if name in LENGTHS:
        return name if _is_closed(getattr(filter, name)) else None
    if name == INVOLVED:
        return name if len(getattr(filter, name)) <= MOST else None
    return name if name in VALUES and 1 < len(getattr(filter, name)) <= MOST else None


def _is_closed(range: IntRange) -> bool:
    return not (range.gt is None and range.gte is None) and not (range.lt is None and range.lte is None)


def only(filter: CallFilter) -> str:
    """The one field that is given beside the start; nothing where there are more."""
    asked = beside_start(filter)
    return asked[0] if len(asked) == 1 else ""


def beside_start(filter: CallFilter) -> list[str]:
    """The fields that are given beside the start, and the zone it is told in."""
    given = [field.name for field in fields(filter) if getattr(filter, field.name) is not None]
    return [name for name in given if name not in ("started_at", "period", "timezone")]


def given_of(filter: CallFilter, name: str) -> list[Any]:
    """What such a field is given, a value or a statement's place for each: the values, or the bounds of a range."""
    given = getattr(filter, name)
    if isinstance(given, IntRange):
        return [getattr(given, field.name) for field in fields(given)]
    return [getattr(value, "value", value) for value in given]


def values_of(name: str, given: Sequence[Any]) -> list[Any] | None:
    """The values that a field is given, once each; None where it is a range of more than a few."""
    if name not in LENGTHS:
        return list(dict.fromkeys(given))
    gt, gte, lt, lte, ne = given
    least = max(bound for bound in (gte, None if gt is None else gt + 1) if bound is not None)
    most = min(bound for bound in (lte, None if lt is None else lt - 1) if bound is not None)
    return [value for value in range(least, most + 1) if value != ne] if most - least < _MOST_NUMBERS else None


def ids_of(scope: Scope, given: CallFilter, name: str) -> Ids:
    """The ids of the agents, sources or units that a field names."""
    if name == "providers":
        return sources_of(scope, [provider.value for provider in given.providers or ()])
    if name in _OF_UNIT:
        return _units(scope, _match(given, name))
    if name == SEARCH:
        (term,) = terms_of(needs_of(given.search or ""))
        return owners_with(scope, Place.AGENT, term)
    if name == "agent_tags":
        return tagged(scope, given.agent_tags or ())
    of_workspace = select(agents.c.id).where(agents.c.workspace_id == scope.workspace_id)
    if name == "agent_numbers":
        return of_workspace.where(agents.c.number.in_(keys_of(scope, given.agent_numbers or ())))
    column, compared = _OF_AGENT[name]
    return of_workspace.where(column.in_([compared(value) for value in getattr(given, name)]))


def columns_of(given: CallFilter, name: str) -> tuple[Column[Any], ...]:
    """The columns of calls that have such ids or values."""
    if name in _OF_VALUES:
        return (_OF_VALUES[name],)
    if name in _OF_UNIT:
        kinds = _match(given, name).kinds
        return tuple(level for kind, level in LEVELS.items() if kinds is None or kind in kinds)
    return (calls.c.source_id if name == "providers" else calls.c.agent_id,)


def sources_of(scope: Scope, providers: Sequence[str] | None = None) -> Ids:
    """The ids of the sources of these vendors; of every one, where none are given."""
    found = select(sources.c.id).where(sources.c.workspace_id == scope.workspace_id)
    return found if providers is None else found.where(sources.c.provider.in_(providers))


def tagged(scope: Scope, tags: Sequence[str]) -> Ids:
    """The ids of the agents with one of these tags."""
    return select(agent_tags.c.agent_id).where(
        agent_tags.c.workspace_id == scope.workspace_id, agent_tags.c.key.in_([fold(tag) for tag in tags])
    )


def _match(given: CallFilter, name: str) -> OrgUnitMatch:
    if name == "org_unit_provider_ids":
        return OrgUnitMatch(provider_ids=given.org_unit_provider_ids)
    if name == "org_unit_external_ids":
        return OrgUnitMatch(external_ids=given.org_unit_external_ids)
    return given.org_unit or OrgUnitMatch()


def _units(scope: Scope, match: OrgUnitMatch) -> Ids:
    found = select(org_units.c.id).where(org_units.c.workspace_id == scope.workspace_id)
    if match.provider_ids is not None:
        found = found.where(org_units.c.provider_unit_id.in_(match.provider_ids))
    if match.external_ids is not None:
        found = found.where(org_units.c.external_id.in_(match.external_ids))
    return found
