"""What of each table a scope lets through: the tenant, and the viewer's limits, in every statement that reads."""

from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Select, Table, or_, select
from sqlalchemy.sql.util import ClauseAdapter

from app.domain.org_units import OrgUnitKind
from app.domain.scope import Scope
from app.store.tables import (
    agent_tags,
    agents,
    call_legs,
    calls,
    contact_numbers,
    contacts,
    org_units,
    sources,
)

Predicate = ColumnElement[bool]
LEVELS: dict[OrgUnitKind, Column[Any]] = {
    OrgUnitKind.CORPORATE: calls.c.corporate_id,
    OrgUnitKind.DIVISION: calls.c.division_id,
    OrgUnitKind.LOCATION: calls.c.location_id,
    OrgUnitKind.CAMPAIGN: calls.c.campaign_id,
}


def visible(scope: Scope, table: Table) -> list[Predicate]:
    """The predicates that hold on every row of a table that the viewer may see.

    What is not a call is seen through the calls that are: a contact, a source or a unit none of whose calls a limited
    viewer sees does not exist for them. Agents are seen by the limits themselves, and their sources with them.
    """
    workspace: Predicate = table.c.workspace_id == scope.workspace_id
    limit = _LIMITS.get(table.name)
    return [workspace, *limit(scope)] if limit and scope.reach.limited else [workspace]


def visible_beside(scope: Scope, one: FromClause, noun: str, parent: str, via: str) -> list[Predicate]:
    """The predicates on a row, by another name of its table, that a row of `parent` names which the viewer sees.

    A call that is seen shows what it names, by the very limits that show the call: to look for another one that does
    would take as long as to read them all. Only an agent may be of another source than the call.
    """
    limit = _LIMITS.get(noun)
    if limit is None or not scope.reach.limited:
        return []
    if parent == calls.name and via in _SHOWN:
        return []
    if parent == calls.name and via == calls.c.agent_id.name:
        return [] if scope.reach.source_ids is None else [one.c.source_id.in_(scope.reach.source_ids)]
    return [ClauseAdapter(one).traverse(predicate) for predicate in limit(scope)]


def _calls(scope: Scope) -> list[Predicate]:
    reach, held = scope.reach, list[Predicate]()
    if reach.agent_ids is not None:
        held.append(calls.c.agent_id.in_(reach.agent_ids))
    if reach.source_ids is not None:
        held.append(calls.c.source_id.in_(reach.source_ids))
    if reach.org_unit_ids is not None:
        held.append(or_(*[level.in_(reach.org_unit_ids) for level in LEVELS.values()]))
    if reach.agent_tags is not None:
        held.append(calls.c.agent_id.in_(_tagged(scope)))
    return held


def _agents(scope: Scope) -> list[Predicate]:
    reach, held = scope.reach, list[Predicate]()
    if reach.agent_ids is not None:
        held.append(agents.c.id.in_(reach.agent_ids))
    if reach.source_ids is not None:
        held.append(agents.c.source_id.in_(reach.source_ids))
    if reach.agent_tags is not None:
        held.append(agents.c.id.in_(_tagged(scope)))
    if reach.org_unit_ids is not None:
        held.append(agents.c.id.in_(_of_visible_calls(scope, calls.c.agent_id)))
    return held


def _contacts(scope: Scope) -> list[Predicate]:
    return [contacts.c.id.in_(_of_visible_calls(scope, calls.c.contact_id))]


def _contact_numbers(scope: Scope) -> list[Predicate]:
    return [contact_numbers.c.contact_id.in_(_of_visible_calls(scope, calls.c.contact_id))]


def _legs(scope: Scope) -> list[Predicate]:
    return [call_legs.c.call_id.in_(_of_visible_calls(scope, calls.c.id))]


def _sources(scope: Scope) -> list[Predicate]:
    if scope.reach.source_ids is not None:
        return [sources.c.id.in_(scope.reach.source_ids)]
    of_agents = select(agents.c.source_id).where(*visible(scope, agents)).correlate(None)
    return [or_(sources.c.id.in_(_of_visible_calls(scope, calls.c.source_id)), sources.c.id.in_(of_agents))]


def _org_units(scope: Scope) -> list[Predicate]:
    return [or_(*[org_units.c.id.in_(_of_visible_calls(scope, level)) for level in LEVELS.values()])]


_LIMITS = {
    "calls": _calls,
    "agents": _agents,
    "contacts": _contacts,
    "contact_numbers": _contact_numbers,
    "call_legs": _legs,
    "sources": _sources,
    "org_units": _org_units,
}


# What a call names by its own columns.
_SHOWN = frozenset({calls.c.contact_id.name, calls.c.source_id.name, *[level.name for level in LEVELS.values()]})


def _of_visible_calls(scope: Scope, column: ColumnElement[Any]) -> Select[Any]:
    # Of all calls, also within a statement that reads calls itself.
    return select(column).where(*visible(scope, calls), column.is_not(None)).correlate(None)


def _tagged(scope: Scope) -> Select[Any]:
    return select(agent_tags.c.agent_id).where(
        agent_tags.c.workspace_id == scope.workspace_id, agent_tags.c.key.in_(scope.reach.agent_tags or ())
    )
