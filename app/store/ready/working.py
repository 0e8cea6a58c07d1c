"""Working hours: per agent and local day, from the first call's start to the last call's end."""

from sqlalchemy import Subquery, case, func, select

from app.domain.filters import CallFilter
from app.domain.scope import Scope
from app.store import clock
from app.store.ready.looked_at import looked_at, seconds
from app.store.tables import calls

# Where no end is told, the duration tells it.
_ENDED = func.coalesce(calls.c.ended_at, calls.c.started_at + func.coalesce(calls.c.duration_seconds, 0) * 1000)


def working(scope: Scope, given: CallFilter) -> Subquery:
    """The working seconds of each agent, over all days of the filter's zone. No call ends before it began."""
    day = (clock.local_start(given) // clock.DAY).label("day")
    ended = case((calls.c.started_at < _ENDED, _ENDED), else_=calls.c.started_at).label("ended_at")
    seen = (*looked_at(scope, given), calls.c.agent_id.is_not(None))
    one = select(calls.c.agent_id, calls.c.started_at, day, ended).where(*seen).subquery("one")
    long = ((func.max(one.c.ended_at) - func.min(one.c.started_at)) // 1000).label("seconds")
    days = select(one.c.agent_id, long).group_by(one.c.agent_id, one.c.day).subquery("days")
    total = seconds(func.sum(days.c.seconds)).label("working_seconds")
    return select(days.c.agent_id, total).group_by(days.c.agent_id).subquery("working")
