"""Whose turn it is to pull a source: one process at a time; one that ends without warning holds it no longer than its lease."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.source_tables import source_leases
from app.store.upsert import insert_new

_OURS = source_leases.c


async def is_free(connection: Connection, scope: Scope, source_id: str, holder: str, now: datetime) -> bool:
    """Whether nobody else pulls the source; reads only."""
    statement = select(_OURS.held_by, _OURS.held_until).where(*_row(scope, source_id))
    row = (await connection.execute(statement)).one_or_none()
    return row is None or row.held_by == holder or row.held_until <= to_ms(now)


async def claim(
    connection: Connection, scope: Scope, source_id: str, holder: str, now: datetime, hold: timedelta
) -> bool:
    """Takes the turn for as long as `hold`; False where another process has it."""
    first = {"workspace_id": scope.workspace_id, "source_id": source_id, "held_by": "", "held_until": 0}
    await insert_new(connection, source_leases, [first])
    free = or_(_OURS.held_until <= to_ms(now), _OURS.held_by == holder)
    taken = update(source_leases).where(*_row(scope, source_id), free)
    kept = taken.values(held_by=holder, held_until=to_ms(now + hold)).returning(_OURS.source_id)
    return (await connection.execute(kept)).one_or_none() is not None


async def keep(
    connection: Connection, scope: Scope, source_id: str, holder: str, now: datetime, hold: timedelta
) -> bool:
    """Holds the turn on; False where another process took it over, as it may from one that was asleep for too long."""
    mine = update(source_leases).where(*_row(scope, source_id), _OURS.held_by == holder)
    kept = mine.values(held_until=to_ms(now + hold)).returning(_OURS.source_id)
    return (await connection.execute(kept)).one_or_none() is not None


async def release(connection: Connection, scope: Scope, source_id: str, holder: str) -> None:
    """Gives the turn back."""
    mine = update(source_leases).where(*_row(scope, source_id), _OURS.held_by == holder)
    await connection.execute(mine.values(held_by="", held_until=0))


def _row(scope: Scope, source_id: str) -> tuple[ColumnElement[bool], ...]:
    return _OURS.workspace_id == scope.workspace_id, _OURS.source_id == source_id
