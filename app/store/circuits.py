"""A source's circuit: what went wrong with it last, and until when it is left alone for that."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from app.domain.pulls import Circuit
from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.store.database import Connection
from app.store.tables import sources


async def circuit(connection: Connection, scope: Scope, source_id: str) -> Circuit:
    """The circuit of a source; one that nothing is known of is closed."""
    kept = (sources.c.failures, sources.c.open_until, sources.c.last_error, sources.c.last_error_at)
    row = (await connection.execute(select(*kept).where(*_row(scope, source_id)))).one_or_none()
    if row is None:
        return Circuit()
    until, at = (None if one is None else from_ms(one) for one in (row.open_until, row.last_error_at))
    return Circuit(row.failures, until, row.last_error, at)


async def failed(connection: Connection, scope: Scope, source_id: str, found: Circuit) -> None:
    """Keeps what went wrong."""
    values = {
        "failures": found.failures,
        "open_until": found.open_until and to_ms(found.open_until),
        "last_error": found.last_error,
        "last_error_at": found.last_error_at and to_ms(found.last_error_at),
    }
    await connection.execute(update(sources).where(*_row(scope, source_id)).values(values))


async def went_well(connection: Connection, scope: Scope, source_id: str, now: datetime) -> None:
    """Closes the circuit: everything that was due has been read. What went wrong before is no error any more."""
    values = {
        "failures": 0,
        "open_until": None,
        "last_error": None,
        "last_error_at": None,
        "last_success_at": to_ms(now),
    }
    await connection.execute(update(sources).where(*_row(scope, source_id)).values(values))


def _row(scope: Scope, source_id: str) -> tuple[ColumnElement[bool], ...]:
    return sources.c.workspace_id == scope.workspace_id, sources.c.id == source_id
