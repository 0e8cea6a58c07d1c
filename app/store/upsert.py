"""Many rows in: INSERT … ON CONFLICT, which both engines write alike but SQLAlchemy keeps in two dialects."""

from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import JSON, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

from app.store.database import Connection

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An INSERT that can take an ON CONFLICT clause, in the connection's dialect."""
    return _insert(connection.dialect, table)


async def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Inserts the rows that are not there yet, by any unique key; leaves those that are.

    The statement's text is compiled once and its values go straight to the driver: a call brings a dozen small rows
    along, and SQLAlchemy's own way takes longer for each than the database does. A row names every column.
    """
    if rows:
        text, names, json = _compiled(connection.dialect, table)
        values = [
            tuple(msgspec.json.encode(row[name]).decode() if name in json else row[name] for name in names)
            for row in rows
        ]
        await connection.exec_driver_sql(text, values)


def _insert(dialect: Dialect, table: Table) -> Insert:
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


@lru_cache(maxsize=64)
def _compiled(dialect: Dialect, table: Table) -> tuple[str, tuple[str, ...], frozenset[str]]:
    """The text, the columns in the order of its placeholders, and which of them are JSON."""
    compiled = _insert(dialect, table).on_conflict_do_nothing().compile(dialect=dialect)
    order = tuple(compiled.positiontup or ())
    json = frozenset(column.name for column in table.columns if isinstance(column.type, JSON))
    return str(compiled), order, json
