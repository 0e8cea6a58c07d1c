"""Many new rows into PostgreSQL by COPY, which takes them in two thirds of the time that its INSERT needs."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import asyncpg
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.store.database import Connection
from app.store.trouble import STATEMENT_SECONDS, is_broken


async def copy(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Adds rows, their values in the order of the columns, within the connection's transaction.

    One that is there already is an error: COPY knows no ON CONFLICT.
    """
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    if not driver.is_in_transaction():  # SQLAlchemy begins with the first statement, and knows nothing of this one
        await connection.exec_driver_sql("SELECT 1")
    text = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    try:
        with _told(connection, text):
            # Of a server that is gone the driver may never tell, once it waits for room to send more.
            async with asyncio.timeout(STATEMENT_SECONDS + 1):
                await driver.copy_records_to_table(table.name, records=rows, columns=columns)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        if lost := is_broken(error) or driver.is_closed():
            driver.terminate()
            await connection.invalidate(error)
        kind = IntegrityError if isinstance(error, asyncpg.IntegrityConstraintViolationError) else DBAPIError
        raise kind(text, None, error, hide_parameters=True, connection_invalidated=lost) from error


@contextmanager
def _told(connection: Connection, text: str) -> Iterator[None]:
    """Whoever watches the store's statements is told of this one, too."""
    sync: Any = connection.sync_connection
    context = SimpleNamespace()
    for begins in sync.dispatch.before_cursor_execute:
        begins(sync, None, text, (), context, False)
    yield
    for ended in sync.dispatch.after_cursor_execute:
        ended(sync, None, text, (), context, False)
