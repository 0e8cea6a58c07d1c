"""Reading without SQLAlchemy's work for every statement: the driver alone, for statements that were prepared before.

Who reads here steps aside at any trouble: what is slow or broken is asked again by `Database.read`, which knows how to
wait, to cancel and to say what is wrong. So nothing here retries, and nothing is told apart.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import URL

from app.store.connections import Connections
from app.store.statements import Statement
from app.store.trouble import in_our_words

Rows = Sequence[Sequence[Any]]
Send = Callable[[str, tuple[Any, ...]], Awaitable[Rows]]
Observer = Callable[[Statement], None]
# What may go wrong with a connection or a statement.
TROUBLE = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
# As long as one reading of SQLite may keep everybody else waiting, in SQLite's own steps (twenty milliseconds, or thirty,
# whatever else the machine does) and by the clock (a disk may be slow): it runs within the event loop, where handing it to
# a thread would take longer than most statements do.
_MOST_STEPS, _LONGEST_SECONDS = 400_000, 0.2
# How long a connection to PostgreSQL is waited for, and how long this way is left alone where there was none.
_CHECKOUT_SECONDS, _AWAY_SECONDS = 0.1, 1.0
# How long one is waited for that others use.
_TURN_SECONDS = 0.5
# How long PostgreSQL may be silent before it is asked for a sign of life, and how long that may take: who asks a store
# that is gone is told so within three seconds.
_SILENT_SECONDS, _SIGN_SECONDS = 0.25, 2.25
_MAPPED_BYTES = 2 * 1024 * 1024 * 1024  # as much of the file as SQLite maps at most
_LOOK_EVERY = 10_000  # steps: half a millisecond


class TooLongError(Exception):
    """A reading took longer than others may be kept waiting for."""


class Quick(Protocol):
    """A way to read; each `reading` is one view of the store."""

    def alone(self) -> Send | None:
        """What sends one statement, which is a view by itself; None where that needs a `reading`, too."""

    def reading(self, several: bool) -> Any:
        """An async context manager of what sends statements; `several` where one view is needed for more than one."""

    async def close(self) -> None:
        """Lets go of the connections."""


class _Transaction:
    """What several statements of SQLite are one view in."""

    def __init__(self, connection: sqlite3.Connection, send: Send) -> None:
        self._connection, self._send = connection, send

    async def __aenter__(self) -> Send:
        self._connection.execute("BEGIN")
        return self._send

    async def __aexit__(self, *_: object) -> None:
        self._connection.execute("ROLLBACK")


class QuickSqlite:
    """SQLite's own module, on one connection, without a thread."""

    def __init__(self, url: URL, observers: list[Observer]) -> None:
        self._path = url.database or ""
        self._observers = observers
        self._connection: sqlite3.Connection | None = None
        self._looks = 0
        self._latest = 0.0
        # A statement that was interrupted stays in use for ever in Python's memory of statements: each later run of its
        # text would have to be prepared anew.
        self._spoilt = False

    def alone(self) -> Send:
        """What sends one statement. There is nothing to end after it. Raises what `reading` does."""
        self._begin()
        return self._send

    def reading(self, several: bool) -> _Transaction:
        """One view of the store. Raises TooLongError, and sqlite3's errors. Nothing may be waited for meanwhile but it."""
        return _Transaction(self._begin(), self._send)

    def _begin(self) -> sqlite3.Connection:
        """The connection, on which time runs from here on."""
        if self._spoilt:
            self._let_go()
        self._looks, self._latest = _MOST_STEPS // _LOOK_EVERY, time.perf_counter() + _LONGEST_SECONDS
        return self._connection or self._connect()

    async def _send(self, text: str, values: tuple[Any, ...]) -> Rows:
        assert self._connection is not None
        began = time.perf_counter()
        try:
            rows: Rows = self._connection.execute(text, values).fetchall()
        except sqlite3.OperationalError as error:
            self._spoilt = True
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooLongError from error
            raise
        over = Statement(text, time.time_ns(), time.perf_counter() - began, len(rows), False)
        for observer in self._observers:
            observer(over)
        return rows

    def _connect(self) -> sqlite3.Connection:
        # Not made where it is not there; and nothing is waited for.
        file = Path(self._path).absolute().as_uri() + "?mode=rw"
        made = sqlite3.connect(file, uri=True, timeout=0, isolation_level=None, cached_statements=1024)
        try:
            for pragma in ("query_only=ON", "temp_store=MEMORY", "cache_size=-65536", f"mmap_size={_MAPPED_BYTES}"):
                made.execute(f"PRAGMA {pragma}").close()
        except BaseException:  # whatever it is, nobody else would close it
            made.close()
            raise
        made.set_progress_handler(self._is_over, _LOOK_EVERY)
        self._connection = made
        return made

    def _is_over(self) -> bool:
        self._looks -= 1
        return self._looks < 0 or time.perf_counter() >= self._latest

    async def close(self) -> None:
        """Lets go of the connection."""
        self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._spoilt = None, False


class QuickPostgresql:
    """asyncpg's own connections and prepared statements."""

    def __init__(self, url: URL, size: int, arguments: dict[str, Any], observers: list[Observer]) -> None:
        self._url = url
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._arguments = arguments
        self._observers = observers
        self._connections = Connections(self._connect, size)
        self._away_until = 0.0
        self._returning: asyncio.Task[None] | None = None
        self._silent: set[Any] = set()
        self._asking: asyncio.Task[None] | None = None

    async def _connect(self) -> Any:
        return await asyncpg.connect(
            self._dsn,
            statement_cache_size=1024,
            max_cacheable_statement_size=0,  # however long: one with a branch for each parent is, and slow to plan
            **self._arguments,
        )

    def alone(self) -> None:
        """Each statement needs a connection, which is given back."""

    @asynccontextmanager
    async def reading(self, several: bool) -> AsyncIterator[Send]:
        """One view of the store. Raises asyncpg's errors, OSError and TimeoutError; StoreError where it took long."""
        connection = await self._connection()
        began, whole = time.monotonic(), True
        doubt = asyncio.get_running_loop().call_later(_SILENT_SECONDS, self._doubt, connection)
        try:
            if several:
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    yield self._sender(connection)
            else:
                yield self._sender(connection)
        except asyncio.CancelledError:
            whole = False
            raise
        except TROUBLE as error:
            whole = isinstance(error, asyncpg.PostgresError)
            self._told(error, connection, time.monotonic() - began)
            raise
        finally:
            doubt.cancel()
            self._silent.discard(connection)
            self._connections.give_back(connection, whole)

    def _told(self, error: Exception, connection: Any, seconds: float) -> None:
        """Says itself what is wrong where that was waited for: nobody is to wait for the same a second time."""
        if isinstance(error, TimeoutError):
            connection.terminate()  # it would be waited for once more to be given back
        if seconds > _SILENT_SECONDS and (meant := in_our_words(error, self._url, reads=True)):
            raise meant from error

    def _doubt(self, connection: Any) -> None:
        """Tells a slow statement from a store that is gone."""
        self._silent.add(connection)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_for_a_sign())

    async def _ask_for_a_sign(self) -> None:
        """A new connection comes at once where the store is well; where none comes, the silent ones are given up."""
        try:
            sign = await asyncpg.connect(self._dsn, **self._arguments | {"timeout": _SIGN_SECONDS})
            sign.terminate()
        except OSError:  # TimeoutError is one
            self._away_until = time.monotonic() + _AWAY_SECONDS
            for connection in self._silent:
                connection.terminate()
        except TROUBLE:
            pass  # it said something
        finally:
            self._silent.clear()

    def _sender(self, connection: Any) -> Send:
        async def send(text: str, values: tuple[Any, ...]) -> Rows:
            began = time.perf_counter()
            rows: Rows = await connection.fetch(text, *values)
            for observer in self._observers:
                observer(Statement(text, time.time_ns(), time.perf_counter() - began, len(rows), failed=False))
            return rows

        return send

    async def _connection(self) -> Any:
        """A connection, if one is to be had at once: who waits for a store that is gone waits on the careful way."""
        if time.monotonic() < self._away_until:
            raise TimeoutError
        connections = self._connections
        found = connections.at_hand()
        if found is not None:
            return found
        try:
            return await connections.get(_TURN_SECONDS if connections.all_in_use else _CHECKOUT_SECONDS)
        except TROUBLE:
            if not connections.all_in_use:
                self._go_away()
            raise

    def _go_away(self) -> None:
        """Leaves this way alone for a moment; meanwhile a connection is tried for with all patience."""
        self._away_until = time.monotonic() + _AWAY_SECONDS

        async def come_back() -> None:
            with suppress(*TROUBLE):
                self._connections.give_back(await self._connections.get(self._arguments["timeout"]))
                self._away_until = 0.0

        if self._returning is None or self._returning.done():
            self._returning = asyncio.create_task(come_back())

    async def close(self) -> None:
        """Closes every connection."""
        for task in (self._returning, self._asking):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self._connections.close()
