"""Whose turn it is to enforce retention: of all server processes on a store, one at a time, and once in an interval."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.access_tables import retention_runs
from app.store.database import Connection
from app.store.upsert import insert_new

_OURS = retention_runs.c


async def is_due(connection: Connection, scope: Scope, holder: str, now: datetime, every: timedelta) -> bool:
    """Whether nobody has done it within the interval, and nobody else is at it; reads only."""
    row = (
        await connection.execute(select(retention_runs).where(_OURS.workspace_id == scope.workspace_id))
    ).one_or_none()
    if row is None:
        return True
    return (row.held_by == holder or row.held_until <= to_ms(now)) and (row.done_at or 0) <= to_ms(now - every)


async def claim(
    connection: Connection, scope: Scope, holder: str, now: datetime, every: timedelta, hold: timedelta
) -> bool:
    """Takes the turn for as long as `hold`, where it is due; False where somebody else was first.

    A process that ends without warning holds it no longer than that, and one that only failed has it still.
    """
    first = {"workspace_id": scope.workspace_id, "held_by": "", "held_until": 0, "done_at": None}
    await insert_new(connection, retention_runs, [first])
    due = or_(_OURS.done_at.is_(None), _OURS.done_at <= to_ms(now - every))
    free = or_(_OURS.held_until <= to_ms(now), _OURS.held_by == holder)
    turn = (_OURS.workspace_id == scope.workspace_id) & free & due
    taken = update(retention_runs).where(turn).values(held_by=holder, held_until=to_ms(now + hold))
    return (await connection.execute(taken.returning(_OURS.workspace_id))).one_or_none() is not None


async def keep(connection: Connection, scope: Scope, holder: str, now: datetime, hold: timedelta) -> bool:
    """Holds the turn for longer; False where it was held too long, and another has it."""
    return await _change(connection, scope, holder, held_until=to_ms(now + hold))


async def release(connection: Connection, scope: Scope, holder: str, done_at: datetime | None) -> None:
    """Gives the turn up: done, or, without `done_at`, for somebody else to finish."""
    done = {} if done_at is None else {"done_at": to_ms(done_at)}
    await _change(connection, scope, holder, held_until=0, **done)


async def _change(connection: Connection, scope: Scope, holder: str, **values: int) -> bool:
    mine = (_OURS.workspace_id == scope.workspace_id) & (_OURS.held_by == holder) & (_OURS.held_until > 0)
    changed = update(retention_runs).where(mine).values(**values)
    return (await connection.execute(changed.returning(_OURS.workspace_id))).one_or_none() is not None
