"""SQLite's statements take one turn of the driver's thread each, and say all that the driver's own cursor would."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.store import interrupt
from app.store.interrupt import InterruptibleConnection


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[InterruptibleConnection]:
    connection = await interrupt.connect(str(tmp_path / "store.sqlite"))
    try:
        await connection.cursor().execute("CREATE TABLE one (a INTEGER PRIMARY KEY, b TEXT)")
        yield connection
    finally:
        await connection.close()


async def test_statement_and_its_rows_take_one_turn(
    connection: InterruptibleConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, own_way = list[Any](), InterruptibleConnection._execute

    async def counted(self: InterruptibleConnection, *given: Any) -> Any:
        turns.append(given)
        return await own_way(self, *given)

    monkeypatch.setattr(InterruptibleConnection, "_execute", counted)
    added = await connection.cursor().executemany("INSERT INTO one (b) VALUES (?)", [("x",), ("y",), ("z",)])
    assert added.rowcount == 3
    found = await connection.cursor().execute("SELECT a, b FROM one WHERE a > ?", (1,))
    assert await found.fetchall() == [(2, "y"), (3, "z")]
    assert [name for name, *_ in found.description or ()] == ["a", "b"]
    await found.close()
    assert len(turns) == 2


async def test_change_says_how_many_rows_it_changed_and_returns_those_it_is_asked_for(
    connection: InterruptibleConnection,
) -> None:
    added = await connection.cursor().execute("INSERT INTO one (a, b) VALUES (7, 'x') RETURNING b")
    assert (await added.fetchall(), added.lastrowid) == ([("x",)], 7)
    changed = await connection.cursor().execute("UPDATE one SET b = 'y'")
    assert (changed.rowcount, changed.description, await changed.fetchall()) == (1, None, [])


async def test_statement_that_fails_leaves_the_connection_as_it_was(connection: InterruptibleConnection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.cursor().execute("SELECT * FROM two")
    found = await connection.cursor().execute("SELECT count(*) FROM one")
    assert await found.fetchall() == [(0,)]
