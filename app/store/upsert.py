"""Many rows in: INSERT … ON CONFLICT, which both engines write alike but SQLAlchemy keeps in two dialects."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import JSON, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

from app.store.database import Connection

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An INSERT that can take an ON CONFLICT clause, in the connection's dialect."""
    return _insert(connection.dialect, table)


async def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows that are not there yet, by any unique key; leaves those that are. A row names every column."""
    await _execute(connection, table, (), rows)


async def insert_all(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one that is there already is an error. A row names every column."""
    await _execute(connection, table, None, rows)


async def put_newer(connection: Connection, table: Table, key: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows, and puts them in the place of those of the same key whose `version` is not newer; `id` stays.

    A row names every column, and no two have the same key.
    """
    await _execute(connection, table, key, rows)


async def _execute(
    connection: Connection, table: Table, key: tuple[str, ...] | None, rows: Sequence[dict[str, Any]]
) -> None:
    """The statement's text is compiled once, and its values go straight to the driver.

    A call brings dozens of small rows along, and SQLAlchemy's own way takes longer for each than the database does.
    """
    if rows:
        prepared = _prepared(connection.dialect, table, key)
        await connection.exec_driver_sql(prepared.text, prepared.values(rows))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement's text, the columns in the order of its placeholders, and those of them that are JSON."""

    text: str
    columns: tuple[str, ...]
    json: tuple[str, ...]

    def values(self, rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them."""
        values = itemgetter(*self.columns)
        return [values(self._written(row)) for row in rows] if self.json else list(map(values, rows))

    def _written(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {name: msgspec.json.encode(row[name]).decode() for name in self.json}


def _insert(dialect: Dialect, table: Table) -> Insert:
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


@lru_cache(maxsize=64)
def _prepared(dialect: Dialect, table: Table, key: tuple[str, ...] | None) -> _Prepared:
    statement = insert = _insert(dialect, table)
    if key:
        kept = {*key, "id"}
        change = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in kept}
        statement = insert.on_conflict_do_update(
            index_elements=key, set_=change, where=insert.excluded.version >= table.c.version
        )
    elif key is not None:
        statement = insert.on_conflict_do_nothing()
    compiled = statement.compile(dialect=dialect)
    json = tuple(column.name for column in table.columns if isinstance(column.type, JSON))
    return _Prepared(str(compiled), tuple(compiled.positiontup or ()), json)
