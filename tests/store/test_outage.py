"""What a store's outage does to those who use it: clear errors in time, one more try for reads, nothing lost."""

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from app.domain.errors import StoreError, SwitchboardError
from app.store import trouble
from app.store.database import Database, Patience
from app.store.tables import workspaces
from app.store.trouble import BusyError, RefusedError, TooSlowError
from tests.threads import threads_ended

SOON = Patience(checkout=0.5, pool=0.3, ping=0.2, statement=0.5, command=0.8, sqlite_busy=0.2)
# What a busy machine may add.
SPARE = 2.0


@pytest.fixture(autouse=True)
async def threads() -> AsyncIterator[None]:
    """A connection that failed has a thread that ends by itself, which has to be before the test's event loop does."""
    async with threads_ended():
        yield


@pytest.fixture
async def patient(store_url: str) -> AsyncIterator[Callable[[Patience], Database]]:
    """Makes databases on the test's store with another patience."""
    made: list[Database] = []

    def make(patience: Patience) -> Database:
        made.append(Database(store_url, pool_size=2, patience=patience))
        return made[-1]

    yield make
    for database in made:
        await database.close()


async def one(database: Database) -> int:
    """A read."""
    async with database.read() as connection:
        return int((await connection.execute(text("SELECT 1"))).scalar_one())


async def kept(database: Database) -> int:
    """A number of the store."""
    async with database.read() as connection:
        return int((await connection.execute(select(workspaces.c.connected_above_seconds))).scalar_one())


async def change(database: Database, to: int, first: str = "SELECT 1") -> None:
    """Writes that number, after another statement."""
    async with database.write() as connection:
        await connection.execute(text(first))
        await connection.execute(update(workspaces).values(connected_above_seconds=to))


@asynccontextmanager
async def took(at_most: float, at_least: float = 0) -> AsyncIterator[None]:
    """The block takes so long."""
    began = time.monotonic()
    yield
    assert at_least <= time.monotonic() - began <= at_most + SPARE


def test_nobody_waits_longer_than_was_decided() -> None:
    patience = Patience()
    assert (patience.connect, patience.pool, patience.statement, patience.command) == (3, 2, 8, 9)
    assert patience.checkout < 3  # so that the answer is there within three seconds


class TestPostgreSQL:
    """What only a server can do."""

    @pytest.fixture
    def engine_name(self) -> str:
        """Only this one."""
        return "postgresql"

    async def test_a_server_that_never_answers_is_given_up(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            database = Database(f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/calls", patience=SOON)
            async with took(0.5, at_least=0.4):
                with pytest.raises(StoreError, match="did not answer in time"):
                    await one(database)
            async with took(0.5, at_least=0.4):
                with pytest.raises(StoreError, match="did not answer in time"):
                    await database.ping()
            await database.close()

    async def test_a_server_that_is_not_there_is_told_at_once_and_without_its_address(self) -> None:
        database = Database("postgresql://me:hushhush@127.0.0.1:1/calls")
        async with took(0.5):
            with pytest.raises(StoreError, match="cannot be reached") as raised:
                await database.ping()
        assert "hushhush" not in str(raised.value)
        assert "127.0.0.1" not in str(raised.value)

    async def test_who_waits_for_a_free_connection_is_told_so(self, patient: Callable[[Patience], Database]) -> None:
        database = patient(SOON)
        async with database.read(), database.read(), took(0.3, at_least=0.2):
            with pytest.raises(BusyError, match="Every connection"):
                await one(database)
        assert await one(database) == 1

    async def test_a_long_statement_is_ended_by_the_server(self, patient: Callable[[Patience], Database]) -> None:
        database = patient(SOON)
        async with took(0.5, at_least=0.4):
            with pytest.raises(TooSlowError, match="Ask for less"):
                async with database.read() as connection:
                    await connection.execute(text("SELECT pg_sleep(5)"))
        assert await one(database) == 1

    async def test_a_statement_without_an_answer_is_ended_by_us_and_its_connection_with_it(
        self, patient: Callable[[Patience], Database]
    ) -> None:
        database = patient(Patience(statement=60, command=0.5))
        async with took(0.5, at_least=0.4):
            with pytest.raises(StoreError, match="did not answer in time"):
                async with database.read() as connection:
                    await connection.execute(text("SELECT pg_sleep(5)"))
        assert database.connections_in_use == 0
        assert await one(database) == 1

    async def test_a_read_is_asked_again_where_its_connection_broke(self, database: Database) -> None:
        async with database.read() as connection:
            await _kill(database, connection)
            assert (await connection.execute(text("SELECT 42"))).scalar_one() == 42

    async def test_a_read_is_asked_again_where_its_connection_broke_meanwhile(self, database: Database) -> None:
        async with database.read() as connection:
            await connection.get_raw_connection()
            killing = asyncio.create_task(_kill(database, connection, after=0.3))
            assert (await connection.execute(text("SELECT 43 FROM pg_sleep(0.8)"))).scalar_one() == 43
            await killing

    async def test_a_read_that_has_been_answered_is_not_mixed_with_another_moment(self, database: Database) -> None:
        async def twice() -> None:
            async with database.read() as connection:
                await connection.execute(text("SELECT 1"))
                await _kill(database, connection)
                await connection.execute(text("SELECT 2"))

        with pytest.raises(StoreError, match="broke"):
            await twice()
        assert await one(database) == 1

    async def test_a_write_is_never_sent_again(self, database: Database) -> None:
        async def twice() -> None:
            async with database.write() as connection:
                await connection.execute(update(workspaces).values(connected_above_seconds=6))
                await _kill(database, connection)
                await connection.execute(update(workspaces).values(connected_above_seconds=7))

        await change(database, 5)
        with pytest.raises(StoreError, match="broke"):
            await twice()
        assert await kept(database) == 5

    async def test_idle_connections_that_broke_are_replaced_for_writes_too(self, database: Database) -> None:
        await asyncio.gather(*[one(database) for _ in range(4)])
        async with database.read() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        await asyncio.sleep(0.1)
        await asyncio.gather(*[change(database, 9) for _ in range(4)])
        assert await kept(database) == 9

    async def test_a_cancelled_read_gives_its_connection_back(self, patient: Callable[[Patience], Database]) -> None:
        database = patient(Patience(statement=60, command=60))
        for _ in range(4):
            async with took(1):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await _sleep(database, 30)
        async with asyncio.timeout(5):
            while database.connections_in_use:  # noqa: ASYNC110  # closing goes on behind the request's back
                await asyncio.sleep(0.05)
        assert await one(database) == 1

    @pytest.mark.parametrize(
        ("change_of_address", "words"),
        [({"database": "nosuch"}, "Create it, or check"), ({"username": "nobody"}, "the name and the password")],
    )
    async def test_a_wrong_address_is_told_from_an_outage(
        self, database: Database, change_of_address: dict[str, str], words: str
    ) -> None:
        wrong = Database(database.url.set(drivername="postgresql", **change_of_address).render_as_string(False))
        with pytest.raises(StoreError, match=words):
            await wrong.ping()
        await wrong.close()

    async def test_a_store_that_takes_no_changes_says_so(self, database: Database) -> None:
        with pytest.raises(StoreError, match="takes no changes"):
            await change(database, 6, first="SET TRANSACTION READ ONLY")


async def _kill(database: Database, connection: object, after: float = 0) -> None:
    """Has the server end a connection."""
    raw = await connection.get_raw_connection()  # type: ignore[attr-defined]
    pid = raw.driver_connection.get_server_pid()
    await asyncio.sleep(after)
    async with database.read() as other:
        await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    await asyncio.sleep(0.1)


async def _sleep(database: Database, seconds: float) -> None:
    async with database.read() as connection:
        await connection.execute(text(f"SELECT pg_sleep({seconds})"))


class TestSQLite:
    """What only a file can do."""

    @pytest.fixture
    def engine_name(self) -> str:
        """Only this one."""
        return "sqlite"

    async def test_a_locked_file_is_told_in_time_and_nothing_is_lost(
        self, patient: Callable[[Patience], Database]
    ) -> None:
        database = patient(SOON)
        await change(database, 5)
        with sqlite3.connect(database.url.database or "", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            async with took(0.2, at_least=0.1):
                with pytest.raises(BusyError, match="busy with another writer"):
                    await change(database, 6)
            assert await kept(database) == 5  # readers go on
            other.execute("ROLLBACK")
        other.close()
        await change(database, 7)
        assert await kept(database) == 7

    async def test_a_full_disk_is_told_and_what_was_acknowledged_stays(self, database: Database) -> None:
        acknowledged: list[str] = []
        with pytest.raises(StoreError, match="disk is full"):
            await _add_many(database, acknowledged)
        assert acknowledged
        async with database.read() as connection:
            found = (await connection.execute(select(workspaces.c.id))).scalars().all()
            whole = (await connection.execute(text("PRAGMA integrity_check"))).scalar_one()
        assert {*acknowledged, "main"} == set(found)
        assert whole == "ok"

    async def test_a_file_that_may_not_be_written_says_so(self, database: Database) -> None:
        with pytest.raises(StoreError, match="cannot be used"):
            await change(database, 6, first="PRAGMA query_only = ON")

    async def test_a_file_that_is_no_database_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "letter.sqlite").write_text("Dear Sir or Madam, " * 500)
        database = Database(f"sqlite:///{tmp_path / 'letter.sqlite'}")
        with pytest.raises(StoreError, match="not a database"):
            await database.ping()
        await database.close()

    async def test_a_place_where_nothing_can_be_written_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "folder.sqlite").mkdir()
        database = Database(f"sqlite:///{tmp_path / 'folder.sqlite'}")
        with pytest.raises(StoreError, match="cannot be used"):
            await database.ping()
        await database.close()


async def _add_many(database: Database, acknowledged: list[str]) -> None:
    """Adds rows to a store whose file may hardly grow, and notes those of which it said that they are kept."""
    for number in range(1_000):
        row = {"id": f"w{number}", "timezone": "x" * 20_000, "connected_above_seconds": 2, "created_at": 0}
        async with database.write() as connection:
            await connection.execute(text("PRAGMA max_page_count = 400"))
            await connection.execute(workspaces.insert().values(**row))
        acknowledged.append(row["id"])


async def test_a_store_without_tables_names_the_command(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(StoreError, match="switchboard migrate"):
        await kept(database)
    await database.close()


async def test_a_mistake_in_a_statement_stays_what_it_is(database: Database) -> None:
    with pytest.raises((ProgrammingError, Exception), match="SELEKT") as raised:
        async with database.read() as connection:
            await connection.execute(text("SELEKT"))
    assert not isinstance(raised.value, SwitchboardError)


async def test_a_value_that_no_column_holds_is_refused_and_not_an_outage(database: Database) -> None:
    with pytest.raises(RefusedError):
        async with database.write() as connection:
            await connection.execute(
                workspaces.insert().values(id="w", timezone="UTC", connected_above_seconds=2, created_at=2**80)
            )


async def test_errors_hold_no_values(database: Database) -> None:
    with pytest.raises(Exception, match="nosuch") as raised:
        async with database.read() as connection:
            await connection.execute(text("SELECT nosuch FROM workspaces WHERE id = :id"), {"id": "+9779810000078"})
    assert "9810000078" not in str(raised.value)


async def test_statements_are_told_of_with_their_rows_and_without_values(database: Database) -> None:
    seen = []
    database.watch(seen.append)
    async with database.read() as connection:
        await connection.execute(select(workspaces.c.id).where(workspaces.c.id == "main"))
        with pytest.raises(Exception, match="nosuch"):
            await connection.execute(text("SELECT nosuch FROM workspaces"))
    good, bad = [one for one in seen if "workspaces" in one.text]
    assert (good.rows, good.failed, bad.rows, bad.failed) == (1, False, 0, True)
    assert "main" not in good.text
    assert good.seconds > 0


@given(st.sampled_from(sorted(trouble._BY_STATE)))
def test_every_state_of_postgresql_that_we_know_says_what_to_do(state: str) -> None:
    error = trouble.PostgresError("words of the server")
    error.sqlstate = state.ljust(5, "0")
    said = trouble.in_our_words(error, make_url("postgresql://clerk:hushhush@db/calls"), reads=True)
    assert isinstance(said, StoreError)
    assert not any(word in str(said) for word in ("words of the server", "clerk", "db/calls"))
    assert "hushhush" not in said.detail
    assert str(said).endswith(".") or "switchboard migrate" in str(said)
