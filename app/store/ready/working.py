"""Working hours: per agent and local day, from the first call's start to the last call's end."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Subquery, case, func, select

from app.domain.filters import CallFilter
from app.domain.hours import DAY
from app.domain.scope import Scope
from app.store import clock
from app.store.database import Connection
from app.store.filters import Predicate
from app.store.ready.looked_at import looked_at, seconds
from app.store.tables import calls

# Where no end is told, the duration tells it. No call ends before it began.
_TOLD = func.coalesce(calls.c.ended_at, calls.c.started_at + func.coalesce(calls.c.duration_seconds, 0) * 1000)
ENDED: ColumnElement[int] = case((calls.c.started_at < _TOLD, _TOLD), else_=calls.c.started_at)


def working(scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
    """The working seconds of each agent, over all days of the filter's zone."""
    days = _days(scope, given, *more)
    total = seconds(func.sum(days.c.seconds)).label("working_seconds")
    return select(days.c.agent_id, total).group_by(days.c.agent_id).subquery("working")


async def worked(connection: Connection, scope: Scope, given: CallFilter) -> Mapping[date, int]:
    """The working seconds of all agents by day of the filter's zone."""
    days = _days(scope, given)
    statement = select(days.c.day, seconds(func.sum(days.c.seconds))).group_by(days.c.day)
    return {clock.day_of(int(day)): int(total) for day, total in await connection.execute(statement)}


def _days(scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
    day = (clock.local_start(given) // DAY).label("day")
    seen = (*looked_at(scope, given), calls.c.agent_id.is_not(None), *more)
    one = select(calls.c.agent_id, calls.c.started_at, day, ENDED.label("ended_at")).where(*seen).subquery("one")
    long = ((func.max(one.c.ended_at) - func.min(one.c.started_at)) // 1000).label("seconds")
    return select(one.c.agent_id, one.c.day, long).group_by(one.c.agent_id, one.c.day).subquery("days")
