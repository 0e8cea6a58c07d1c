"""The connection to a store: SQLite embedded, or PostgreSQL; short transactions, one writer at a time on SQLite."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import Dialect, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.domain.errors import InputError, StoreError
from app.store.interrupt import connect
from app.store.planning import look_again
from app.store.quick import Observer, Quick, QuickPostgresql, QuickSqlite
from app.store.regexp import regexp
from app.store.statements import Statement, report_to
from app.store.trouble import POOL_WAIT_SECONDS, SQLITE_BUSY_SECONDS, STATEMENT_SECONDS, is_broken, told_apart
from app.store.turns import in_task

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-65536",
    "wal_autocheckpoint=16000",  # 64 MB: a large import writes half as much as with the default of 4 MB
)

# What functions of the store take first: a connection within a transaction that its caller ends.
Connection = AsyncConnection


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request waits for each thing, in seconds. The statement's limit is the server's own; ours strikes after it."""

    # For a usable connection, whatever it takes: a free place, a sign of life, a new connection. Who asks a store that
    # is gone is told so within three seconds.
    checkout: float = 2.4
    connect: float = 3
    pool: float = POOL_WAIT_SECONDS
    ping: float = 1
    statement: float = STATEMENT_SECONDS
    command: float = STATEMENT_SECONDS + 1
    sqlite_busy: float = SQLITE_BUSY_SECONDS


class Database:
    """One store. `read()` and `write()` give a connection in a transaction of its own; keep both short."""

    def __init__(
        self, url: str, pool_size: int = 5, behind_pgbouncer: bool = False, patience: Patience | None = None
    ) -> None:
        """`url` is `sqlite:///path` or `postgresql://user:password@host/name`. Connects on first use only."""
        self.url = _async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.pool_size = pool_size
        self._patience = patience or Patience()
        self._observers: list[Observer] = []
        # Calls that this process added, and with how many of them their table is looked at again.
        self._added, self._look_again = 0, 200
        # None where sessions are shared: prepared statements do not survive that.
        self.quick: Quick | None = None
        if self.is_sqlite:
            self.engine = _sqlite(self.url, pool_size, self._patience)
            self.quick = QuickSqlite(self.url, self._observers)
        else:
            arguments = _arguments(behind_pgbouncer, self._patience)
            self.engine = _postgresql(self.url, pool_size, arguments, self._patience)
            if not behind_pgbouncer:
                self.quick = QuickPostgresql(self.url, pool_size, arguments, self._observers)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading, one consistent view for as long as it is held.

        Its first statement is sent a second time where the connection turns out to be broken.
        """
        with told_apart(self.url, reads=True):
            async with self._opened(_Reading(self.engine)) as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection for writing: all of it is kept when the block ends, and nothing of it after an error."""
        with told_apart(self.url):
            engine = self.engine.execution_options(writes=True)
            async with self._opened(AsyncConnection(engine)) as connection, connection.begin():
                yield connection

    @asynccontextmanager
    async def _opened(self, connection: AsyncConnection) -> AsyncIterator[AsyncConnection]:
        await in_task()
        async with asyncio.timeout(self._patience.checkout):
            await connection.start()
        try:
            yield connection
        finally:
            await asyncio.shield(connection.close())  # a request that is cancelled gives its connection back, too

    @property
    def dialect(self) -> Dialect:
        """How statements are written for the store."""
        return self.engine.dialect

    async def ping(self) -> None:
        """Asks the store for a sign of life. Raises StoreError."""
        with told_apart(self.url):
            async with asyncio.timeout(self._patience.checkout), self.read() as connection:
                await connection.execute(text("SELECT 1"))

    def watch(self, observer: Callable[[Statement], None]) -> None:
        """Tells the observer of every statement from now on, once it is over."""
        report_to(self.engine.sync_engine, observer)
        self._observers.append(observer)

    @property
    def connections_in_use(self) -> int:
        """How many connections of the pool are busy."""
        pool: Any = self.engine.pool
        return int(pool.checkedout())

    async def optimize(self) -> None:
        """Lets SQLite look at its data anew where it has changed a lot, to choose indexes by; PostgreSQL does by itself."""
        if self.is_sqlite:
            async with self.write() as connection:
                await look_again(connection)

    async def grown(self, calls: int) -> None:
        """Notes that calls were added: PostgreSQL is to look at a table again that it plans for as if it were empty.

        It does so by itself, but only after a minute or more; until then rows that refer to calls (legs, labels, raw
        records) were measured to go in several times as slowly into a new store.
        """
        self._added += calls
        if self.is_sqlite or self._added < self._look_again:
            return
        self._look_again = self._added * 8
        known = text("SELECT reltuples FROM pg_class WHERE oid = CAST('calls' AS regclass)")
        with suppress(StoreError):  # the calls are saved, and it will look again
            async with self.write() as connection:
                if (await connection.execute(known)).scalar_one() < self._added / 2:
                    await connection.exec_driver_sql("ANALYZE calls")

    async def close(self) -> None:
        """Closes every connection."""
        if self.quick is not None:
            await self.quick.close()
        await self.engine.dispose()


class _Reading(AsyncConnection):
    """A connection that only reads, so that what broke before anything was answered may be asked once more."""

    _answered = False

    async def start(self, is_ctxmanager: bool = False) -> AsyncConnection:
        await super().start(is_ctxmanager)
        await self._see_one_state()
        return self

    async def _see_one_state(self) -> None:
        """PostgreSQL's own default shows each statement of a transaction another state of the store."""
        if self.dialect.name == "postgresql":
            await self.execution_options(isolation_level="REPEATABLE READ")

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        try:
            found = await super().execute(*arguments, **options)
        except (DBAPIError, OSError) as error:
            if self._answered or not self.invalidated or isinstance(error, TimeoutError):
                raise
            self._answered = True  # once
            await self.rollback()  # lets go of the broken connection; what comes next takes another one
            await self._see_one_state()
            found = await super().execute(*arguments, **options)
        self._answered = True
        return found


def _async_url(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        shown = re.sub("//.*@", "//***@", text)  # a password in it stays out of logs
        raise InputError(f"{shown!r} is not a database address. Use sqlite:///file or postgresql://…") from error
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
    backend = url.drivername.split("+")[0]
    if backend not in driver or (backend == "sqlite" and url.database in (None, "", ":memory:")):
        raise InputError(f"Switchboard keeps its calls in sqlite:///file or postgresql://…, not in {backend!r}.")
    return url.set(drivername=driver[backend])


def _sqlite(url: URL, pool_size: int, patience: Patience) -> AsyncEngine:
    _make_folder(Path(url.database or "").parent)
    engine = _engine(
        url, pool_size, patience, connect_args={"timeout": patience.sqlite_busy, "async_creator_fn": connect}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: see `begin`
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").close()
            connection.create_function("regexp", 2, regexp)
        except BaseException:  # a cancelled request, too
            connection.close()  # the pool forgets a connection that it could not make ready, and its thread with it
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: SyncConnection) -> None:
        # Without IMMEDIATE two read-modify-write transactions both read the old state, and one update is lost.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        detail = f"The store's folder {folder} cannot be made: {error.strerror}."
        raise StoreError("The store's folder cannot be made.", detail) from error


def _arguments(behind_pgbouncer: bool, patience: Patience) -> dict[str, Any]:
    """What the driver of PostgreSQL connects with."""
    arguments: dict[str, Any] = {"timeout": patience.connect, "command_timeout": patience.command}
    if behind_pgbouncer:  # in transaction mode neither prepared statements nor session settings survive
        return arguments | {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"_{uuid4().hex}",
        }
    # Statements of many parts look costly to PostgreSQL: it compiled them for half a second, to run them for five ms.
    settings = {"jit": "off", "statement_timeout": str(round(patience.statement * 1000))}
    settings |= {"application_name": "switchboard"}
    return arguments | {"server_settings": settings}


def _postgresql(url: URL, pool_size: int, arguments: dict[str, Any], patience: Patience) -> AsyncEngine:
    engine = _engine(url, pool_size, patience, connect_args=arguments)
    event.listen(engine.sync_engine, "connect", lambda _, record: record.info.update(new=True))
    event.listen(engine.sync_engine, "checkout", _ping_within(patience.ping))
    event.listen(engine.sync_engine, "handle_error", _let_go_of_broken)
    return engine


def _ping_within(seconds: float) -> Callable[[Any, Any, object], None]:
    """A pool's pre-ping with a limit of its own: SQLAlchemy's waits for a frozen server as long as for a statement."""

    def ping(connection: Any, record: Any, _: object) -> None:
        if record.info.pop("new", False):
            return
        try:
            connection.run_async(lambda driver: driver.execute("SELECT 1", timeout=seconds))
        except BaseException as error:
            connection.driver_connection.terminate()  # closing it politely would take another two seconds
            if isinstance(error, Exception):
                raise InvalidatePoolError from error  # the others are no better; takes a new one in its place
            raise

    return ping


def _let_go_of_broken(context: ExceptionContext) -> None:
    """Marks connections that are of no more use, so that they never go back to the pool.

    SQLAlchemy knows closed ones only. One that the server is about to close, or that did not answer in time, is as lost.
    """
    if not is_broken(context.original_exception) or context.is_pre_ping:
        return
    context.is_disconnect = True
    connection = context.connection
    if connection is not None and not connection.closed and not connection.invalidated:
        driver: Any = connection.connection.driver_connection
        driver.terminate()


def _engine(url: URL, pool_size: int, patience: Patience, **arguments: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience.pool,
        hide_parameters=True,  # values are people's numbers, and errors end in logs
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        **arguments,
    )
