"""A cursor of SQLite whose statement is run and whose rows are fetched in one turn of the driver's thread.

The driver takes five turns for that: one to open the cursor, one to run, one to fetch and two to close. Each costs more than
most statements do, and waits for whatever else the process is at.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Self

# Runs a function in the thread that has the connection, and returns what it returns.
InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


class OneTurnCursor:
    """What SQLAlchemy asks of the driver's cursor. All rows are in memory once a statement is over."""

    def __init__(self, connection: sqlite3.Connection, in_thread: InThread) -> None:
        self._connection, self._in_thread = connection, in_thread
        self._rows: list[Any] = []
        self.description: Sequence[Any] | None = None
        self.rowcount, self.arraysize = -1, 1
        self.lastrowid: int | None = None

    async def execute(self, text: str, parameters: Sequence[Any] = ()) -> Self:
        """Runs a statement."""
        return await self._run(lambda cursor: cursor.execute(text, parameters))

    async def executemany(self, text: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Runs a statement once for each of the parameters."""
        return await self._run(lambda cursor: cursor.executemany(text, parameters))

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Does nothing: it is closed with its statement."""

    async def __aenter__(self) -> Self:
        return self

    async def _run(self, statement: Callable[[sqlite3.Cursor], object]) -> Self:
        def run() -> None:
            cursor = self._connection.cursor()
            try:
                statement(cursor)
                self.description = cursor.description
                self._rows = cursor.fetchall() if cursor.description else []
                self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        await self._in_thread(run)
        return self
