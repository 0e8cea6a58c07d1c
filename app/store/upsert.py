"""Many rows in: INSERT … ON CONFLICT, which both engines write alike but SQLAlchemy keeps in two dialects."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import JSON, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

from app.store.database import Connection

# Values of one statement. PostgreSQL's protocol has room for 32,767.
_MOST_VALUES = 8_192
_VALUES = re.compile(r" VALUES (\((?:[^()]|\(\d+\))*\))")
_PLACE = re.compile(r"\$(\d+)")
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

    A call brings dozens of small rows along, and SQLAlchemy's own way takes longer for each than the database does. SQLite
    takes them one by one; to PostgreSQL each statement is dear, so that it takes many rows in one. What is only added (the
    access log) is few rows, and goes in one call of the driver.
    """
    if not rows:
        return
    prepared = _prepared(connection.dialect, table, key)
    values = prepared.values(rows)
    if connection.dialect.name == "sqlite" or key is None:
        await connection.exec_driver_sql(prepared.text, values)
        return
    for some in prepared.parts(values):
        await connection.exec_driver_sql(prepared.of_rows(len(some)), tuple(chain.from_iterable(some)))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement's text, the columns in the order of its placeholders, and the places of those that are JSON."""

    text: str
    columns: tuple[str, ...]
    json: tuple[int, ...]

    def values(self, rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them."""
        read = itemgetter(*self.columns)
        return [self._written(read(row)) for row in rows] if self.json else list(map(read, rows))

    def _written(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        written = list(row)
        for place in self.json:
            written[place] = msgspec.json.encode(row[place]).decode()
        return tuple(written)

    def parts(self, rows: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
        """The rows in lots of powers of two, so that few statements serve any number and the server knows each."""
        first = 0
        while left := len(rows) - first:
            size = min(1 << (left.bit_length() - 1), 1 << ((_MOST_VALUES // len(self.columns)).bit_length() - 1))
            yield rows[first : first + size]
            first += size

    def of_rows(self, count: int) -> str:
        """The statement for so many rows."""
        return _of_rows(self.text, len(self.columns), count)


def _insert(dialect: Dialect, table: Table) -> Insert:
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


@lru_cache(maxsize=256)
def _of_rows(text: str, width: int, count: int) -> str:
    """A statement with one row of placeholders, as one with several."""
    head, row, tail = _VALUES.split(text, maxsplit=1)
    rows = ", ".join(_moved(row, width * at) for at in range(count))
    return f"{head} VALUES {rows}{tail}"


def _moved(row: str, by: int) -> str:
    """A row of placeholders, with higher numbers."""
    return _PLACE.sub(lambda found: f"${int(found[1]) + by}", row)


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
    columns = tuple(compiled.positiontup or ())
    json = tuple(place for place, name in enumerate(columns) if isinstance(table.c[name].type, JSON))
    return _Prepared(str(compiled), columns, json)
