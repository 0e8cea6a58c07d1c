"""Agents' summaries: the figures of each agent's calls, with unique contacts and working hours."""

from collections.abc import Mapping
from enum import Enum

from sqlalchemy import Subquery, func, select

from app.domain.filters import CallFilter
from app.domain.ready import AgentSummaryOrderField as Field
from app.domain.scope import Scope
from app.store.filters import Predicate
from app.store.measures import outside_number
from app.store.ready.figures import figures
from app.store.ready.looked_at import looked_at
from app.store.ready.working import working
from app.store.tables import calls

SORTS: Mapping[Enum, str] = {
    Field.TOTAL: "total",
    Field.CONNECTED: "connected",
    Field.TALK_SECONDS: "talk_seconds",
    Field.MISSED: "missed",
    Field.WORKING_SECONDS: "working_seconds",
    Field.LAST_CALL_AT: "last_call_at",
}


def groups(scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
    """A row for each agent with calls."""
    agent = calls.c.agent_id
    unique = func.count(outside_number(calls).distinct()).label("unique_contacts")
    told = figures(scope)
    last = next(column for column in told if column.name == "last_call_id")
    one = select(agent, last.label("id"), unique, *told).where(*looked_at(scope, given), agent.is_not(None), *more)
    found = one.group_by(agent).subquery("figures")
    worked = working(scope, given, *more)
    joined = found.join(worked, worked.c.agent_id == found.c.agent_id)
    return select(found, worked.c.working_seconds).select_from(joined).subquery()
