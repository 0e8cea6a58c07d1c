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

from app.store.copying import copy
from app.store.database import Connection

# Values of one statement. PostgreSQL's protocol has room for 32,767 and was quickest with fewer; SQLite has room for
# 32,766, and lets the rest of the process run on for as long as a statement takes.
_MOST_VALUES = {"sqlite": 32_766, "postgresql": 8_192}
# SQLite takes fewer rows one by one, in one turn of its thread: the turns would take longer than the rows.
_FEWEST_TOGETHER = 64
# For fewer rows COPY, which takes a turn more to the server and back, is no quicker.
_WORTH_COPYING = 32
_VALUES = re.compile(r" VALUES (\((?:[^()]|\(\d+\))*\))")
_PLACE = re.compile(r"\$(\d+)")
Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An INSERT that can take an ON CONFLICT clause, in the connection's dialect."""
    return _insert(connection.dialect, table)


async def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows that are not there yet, by any unique key; leaves those that are. A row names every column."""
    if rows:
        prepared = _prepared(connection.dialect, table, ())
        await _send(connection, prepared, prepared.values(rows))


async def insert_all(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one that is there already is an error. A row names every column, what is JSON as its text."""
    if rows:
        await insert_rows(connection, table, _prepared(connection.dialect, table, None).read(rows))


async def insert_rows(connection: Connection, table: Table, values: list[tuple[Any, ...]]) -> None:
    """The same of rows that are their values, in the order of the table's columns."""
    if not values:
        return
    prepared = _prepared(connection.dialect, table, None)
    if connection.dialect.name == "postgresql" and len(values) >= _WORTH_COPYING:
        await copy(connection, table, prepared.columns, values)
    else:
        await _send(connection, prepared, values)


async def insert_in_turn(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """The same in one statement that is run for each row: what comes now and then, any number at once, needs no more."""
    if rows:
        prepared = _prepared(connection.dialect, table, None)
        await connection.exec_driver_sql(prepared.text, prepared.read(rows))


async def put_newer(connection: Connection, table: Table, key: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows, and puts them in the place of those of the same key whose `version` is not newer; `id` stays.

    A row names every column, what is JSON as its text, and no two have the same key.
    """
    if rows:
        prepared = _prepared(connection.dialect, table, key)
        await _send(connection, prepared, prepared.read(rows))


async def _send(connection: Connection, prepared: "_Prepared", values: list[tuple[Any, ...]]) -> None:
    """The statement's text is compiled once, and its values go straight to the driver, many rows in one statement.

    A call brings dozens of small rows along, and SQLAlchemy's own way takes longer for each than the database does.
    """
    engine, sent = connection.dialect.name, 0
    for some in prepared.parts(values, _MOST_VALUES[engine]):
        if engine == "sqlite" and len(some) < _FEWEST_TOGETHER:
            await connection.exec_driver_sql(prepared.text, values[sent:])
            return
        await connection.exec_driver_sql(prepared.of_rows(len(some)), tuple(chain.from_iterable(some)))
        sent += len(some)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement's text, the columns in the order of its placeholders, and the places of those that are JSON."""

    text: str
    columns: tuple[str, ...]
    json: tuple[int, ...]

    def read(self, rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them, but for JSON that is no text yet."""
        return list(map(itemgetter(*self.columns), rows))

    def values(self, rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them."""
        return [self._written(row) for row in self.read(rows)] if self.json else self.read(rows)

    def _written(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        written = list(row)
        for place in self.json:
            written[place] = msgspec.json.encode(row[place]).decode()
        return tuple(written)

    def parts(self, rows: list[tuple[Any, ...]], most: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows in lots of powers of two, so that few statements serve any number and the store knows each."""
        largest = 1 << ((most // len(self.columns)).bit_length() - 1)
        first = 0
        while left := len(rows) - first:
            size = min(1 << (left.bit_length() - 1), largest)
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
