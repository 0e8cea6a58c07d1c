"""The connection to a store: SQLite embedded, or PostgreSQL; short transactions, one writer at a time on SQLite."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.domain.errors import InputError, StoreError
from app.store.trouble import POOL_WAIT_SECONDS, SQLITE_BUSY_SECONDS, STATEMENT_SECONDS, told_apart

# A request waits at most this long for each, in seconds; the client-side command limit is the last to strike.
CONNECT_SECONDS, COMMAND_SECONDS = 3, STATEMENT_SECONDS + 1

# What functions of the store take first: a connection within a transaction that its caller ends.
Connection = AsyncConnection


class Database:
    """One store. `read()` and `write()` give a connection in a transaction of its own; keep both short."""

    def __init__(self, url: str, pool_size: int = 5, behind_pgbouncer: bool = False) -> None:
        """`url` is `sqlite:///path` or `postgresql://user:password@host/name`. Connects on first use only."""
        self.url = _async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._reading = self.engine = _sqlite(self.url, pool_size)
        else:
            self.engine = _postgresql(self.url, pool_size, behind_pgbouncer)
            # PostgreSQL's own default shows each statement of a transaction another state of the store.
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading, one consistent view for as long as it is held."""
        async with told_apart(self.url, reads=True), self._reading.connect() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection for writing: all of it is kept when the block ends, and nothing of it after an error."""
        async with (
            told_apart(self.url),
            self.engine.execution_options(writes=True).connect() as connection,
            connection.begin(),
        ):
            yield connection

    async def ping(self) -> None:
        """Asks the store for a sign of life. Raises StoreError."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def optimize(self) -> None:
        """Lets SQLite look at its data anew where it has changed a lot, to choose indexes by; PostgreSQL does by itself."""
        if self.is_sqlite:
            async with self.write() as connection:
                await connection.exec_driver_sql("PRAGMA analysis_limit=1000")  # rows of each index: milliseconds
                await connection.exec_driver_sql("PRAGMA optimize=0x10002")

    async def close(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()


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


def _sqlite(url: URL, pool_size: int) -> AsyncEngine:
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            "The store's folder cannot be made.", f"The store's folder {folder} cannot be made: {error.strerror}."
        ) from error
    engine = _engine(url, pool_size, connect_args={"timeout": SQLITE_BUSY_SECONDS})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: see `begin`
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-65536",
            "wal_autocheckpoint=16000",  # 64 MB: a large import writes half as much as with the default of 4 MB
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: SyncConnection) -> None:
        # Without IMMEDIATE two read-modify-write transactions both read the old state, and one update is lost.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL, pool_size: int, behind_pgbouncer: bool) -> AsyncEngine:
    arguments: dict[str, Any] = {"timeout": CONNECT_SECONDS, "command_timeout": COMMAND_SECONDS}
    if behind_pgbouncer:  # in transaction mode neither prepared statements nor session settings survive
        arguments |= {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"_{uuid4().hex}",
        }
    else:
        arguments["server_settings"] = {
            "statement_timeout": str(STATEMENT_SECONDS * 1000),
            "application_name": "switchboard",
        }
    return _engine(url, pool_size, pool_pre_ping=True, connect_args=arguments)


def _engine(url: URL, pool_size: int, **arguments: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,  # people's numbers stay out of what an error says
        pool_timeout=POOL_WAIT_SECONDS,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        **arguments,
    )
