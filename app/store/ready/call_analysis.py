"""The analysis of calls: who dialled, answered and talked the most, the longest call, and what that is on average."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.domain.filters import CallFilter
from app.domain.hours import DAY
from app.domain.pages import Row
from app.domain.scope import Scope
from app.store import clock
from app.store.database import Connection
from app.store.ready.figures import figures
from app.store.ready.looked_at import TALKED, looked_at
from app.store.tables import calls

# What each of the best has the most of.
_MOST = {
    "top_dialer": "outbound",
    "top_answerer": "answered_inbound",
    "top_caller": "total",
    "highest_total_talk": "talk_seconds",
}
_SUMS = (
    "total",
    "answered_inbound",
    "answered_outbound",
    "talk_seconds",
    "inbound_talk_seconds",
    "outbound_talk_seconds",
)


async def analysis(connection: Connection, scope: Scope, given: CallFilter, zone: ZoneInfo) -> Row:
    """Sums over all calls, the figures of the best agents, days of the zone with calls, and the id of the longest call.

    Of equal agents the one with the later last call is the best, of equal calls the latest.
    """
    seen = looked_at(scope, given)
    by_agent = select(calls.c.agent_id, *figures(scope)).where(*seen).group_by(calls.c.agent_id)
    rows = [dict(row) for row in (await connection.execute(by_agent)).mappings()]
    day = (clock.local_start(replace(given, timezone=zone)) // DAY).label("day")
    days = select(day).where(*looked_at(scope, given)).distinct().subquery()
    longest = (
        select(calls.c.id)
        .where(*looked_at(scope, given), TALKED > 0)
        .order_by(TALKED.desc(), calls.c.started_at.desc(), calls.c.id.desc())
        .limit(1)
    )
    agents = [row for row in rows if row["agent_id"] is not None]
    return {
        **{name: sum(row[name] for row in rows) for name in _SUMS},
        **{name: _best(agents, figure) for name, figure in _MOST.items()},
        "days": int((await connection.execute(select(func.count()).select_from(days))).scalar_one()),
        "longest_call_id": (await connection.execute(longest)).scalar_one_or_none(),
    }


def _best(agents: list[Row], figure: str) -> Row | None:
    best = max(agents, key=lambda row: (row[figure], row["last_call_at"], row["last_call_id"]), default=None)
    return best if best and best[figure] else None
