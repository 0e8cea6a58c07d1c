"""INSERT … ON CONFLICT, which both engines write alike but SQLAlchemy keeps in two dialects."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.store.database import Connection

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An INSERT that can take an ON CONFLICT clause, in the connection's dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Inserts the rows that are not there yet, by any unique key; leaves those that are."""
    if rows:
        await connection.execute(insert_into(connection, table).on_conflict_do_nothing(), rows)
