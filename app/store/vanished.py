"""Calls that a vendor tells no more: they stay, with the moment that was noticed."""

from collections.abc import Container
from datetime import datetime

from sqlalchemy import select, update

from app.domain.pulls import Window
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.tables import calls

_AT_ONCE = 500


async def mark_deleted(
    connection: Connection,
    scope: Scope,
    source_id: str,
    window: Window,
    told: Container[str],
    since: datetime,
    now: datetime,
) -> int:
    """Marks the source's calls that began in the window and were not told when all of it was read, which began at `since`.

    What came in since then by another way is too new to be missed. A call that is told again is deleted no more: see
    `calls.save`. Returns how many there were.
    """
    statement = select(calls.c.id, calls.c.provider_call_id).where(
        calls.c.workspace_id == scope.workspace_id,
        calls.c.source_id == source_id,
        calls.c.started_at >= to_ms(window.start),
        calls.c.started_at < to_ms(window.end),
        calls.c.synced_at < to_ms(since),
        calls.c.deleted_at.is_(None),
    )
    gone = [row.id for row in await connection.execute(statement) if row.provider_call_id not in told]
    for first in range(0, len(gone), _AT_ONCE):
        some = gone[first : first + _AT_ONCE]
        mine = (calls.c.workspace_id == scope.workspace_id, calls.c.id.in_(some))
        await connection.execute(update(calls).where(*mine).values(deleted_at=to_ms(now), synced_at=to_ms(now)))
    return len(gone)
