"""The connection to a store: short transactions, one writer at a time, and the store's troubles in our own words."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, literal, select, text, update

from app.domain.errors import InputError, StoreError
from app.store.database import Database
from app.store.tables import calls, workspaces
from app.store.trouble import BusyError, RefusedError, TooSlowError
from tests.builders import a_call
from tests.conftest import House, _named
from tests.sync.records import take
from tests.threads import threads_ended

VALUE = workspaces.c.connected_above_seconds


@asynccontextmanager
async def opened(url: str, **options: Any) -> AsyncIterator[Database]:
    async with threads_ended():
        found = Database(url, **options)
        try:
            yield found
        finally:
            await found.close()


async def told(question: Awaitable[Any]) -> StoreError:
    """The store's trouble as it is told."""
    with pytest.raises(StoreError) as caught:
        await question
    return caught.value


async def value_of(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(VALUE))).scalar_one())


async def add_one(database: Database) -> None:
    """Reads, then writes what it read and one more: the update that is lost where two do it at once."""
    async with database.write() as connection:
        found = (await connection.execute(select(VALUE))).scalar_one()
        await asyncio.sleep(0)
        await connection.execute(update(workspaces).values(connected_above_seconds=found + 1))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite store in a folder of its own."""
    path = tmp_path / "own" / "store.sqlite"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


async def test_write_is_kept_whole_or_not_at_all(database: Database) -> None:
    before = await value_of(database)
    await add_one(database)
    assert await value_of(database) == before + 1

    async def stop_halfway() -> None:
        async with database.write() as connection:
            await connection.execute(update(workspaces).values(connected_above_seconds=99))
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await stop_halfway()
    assert await value_of(database) == before + 1


async def test_reader_sees_one_state_of_the_store_for_as_long_as_it_reads(database: Database) -> None:
    async with database.read() as connection:
        before = (await connection.execute(select(VALUE))).scalar_one()
        await add_one(database)
        assert (await connection.execute(select(VALUE))).scalar_one() == before
    assert await value_of(database) == before + 1


async def test_eight_writers_of_one_sqlite_file_lose_nothing(sqlite_url: str) -> None:
    async def write_often() -> None:
        async with opened(sqlite_url) as database:
            for _ in range(10):
                await add_one(database)

    async with opened(sqlite_url) as database:
        before = await value_of(database)
        await asyncio.gather(*[write_often() for _ in range(8)])
        assert await value_of(database) == before + 80


async def test_sqlite_is_set_up_for_many_readers_beside_one_writer(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database, database.read() as connection:
        found = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000, "synchronous": 1}


async def test_reading_goes_on_while_another_writes(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(update(workspaces).values(connected_above_seconds=99))
        assert await value_of(database) == 2


async def test_second_writer_is_told_that_the_store_is_busy(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        await database.ping()
        async with opened(sqlite_url) as other:

            @event.listens_for(other.engine.sync_engine, "connect")
            def wait_briefly(connection: Any, _: object) -> None:
                connection.execute("PRAGMA busy_timeout=20")

            async with database.write():
                error = await told(add_one(other))
            assert isinstance(error, BusyError)
            assert str(error) == "The store is busy with another writer for more than 5 seconds. Try again."
            await add_one(other)


async def test_request_waits_two_seconds_for_a_connection_at_most(sqlite_url: str) -> None:
    async with opened(sqlite_url, pool_size=1) as database, database.read():
        error = await told(database.ping())
    assert isinstance(error, BusyError)
    assert (str(error), error.code) == ("The store is busy for more than 2 seconds. Try again.", "STORE_BUSY")


async def test_postgresql_ends_a_statement_after_eight_seconds(postgresql: str) -> None:
    async def take_long() -> None:
        async with database.read() as connection:
            shown = await connection.execute(text("SELECT current_setting('statement_timeout')"))
            assert shown.scalar_one() == "8s"
            await connection.execute(text("SET LOCAL statement_timeout = 20"))
            await connection.execute(text("SELECT pg_sleep(1)"))

    async with opened(postgresql) as database:
        error = await told(take_long())
    assert isinstance(error, TooSlowError)
    assert str(error) == "The store took more than 8 seconds. Ask for less, or a shorter range."
    assert error.code == "STORE_TOO_SLOW"


async def test_nothing_of_a_session_is_relied_on_behind_pgbouncer(postgresql: str) -> None:
    async with opened(postgresql, behind_pgbouncer=True) as database, database.read() as connection:
        for number in range(3):
            assert (await connection.execute(select(literal(number)))).scalar_one() == number
        kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement NOT LIKE '%pg_prepared_statements%'"
        assert (await connection.execute(text(kept))).scalar_one() == 0
        assert (await connection.execute(text("SHOW statement_timeout"))).scalar_one() == "0"


async def test_broken_connection_is_told_and_the_next_one_works(postgresql: str) -> None:
    async def break_it() -> None:
        async with database.read() as connection, database.read() as other:
            process = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
            await asyncio.sleep(0.05)
            await connection.execute(text("SELECT 1"))

    async with opened(postgresql) as database:
        assert "store" in str(await told(break_it()))
        await database.ping()


async def test_value_that_no_store_can_hold_is_refused(database: Database) -> None:
    async def look_for(column: Any, value: Any) -> None:
        async with database.read() as connection:
            await connection.execute(select(calls.c.id).where(column == value))

    for column, value in ((calls.c.started_at, 2**63), (calls.c.id, "\ud800")):
        error = await told(look_for(column, value))
        assert isinstance(error, RefusedError)
        assert error.code == "VALUE_REFUSED"
        assert str(error).startswith("No record can have such a value: ")
        assert "<class" not in str(error)


async def test_question_of_more_values_than_a_statement_may_have_is_too_large(database: Database) -> None:
    many = [str(number) for number in range(251_000)]
    with pytest.raises(InputError, match=r"^The filter is too large: \w.*\. Ask for less") as caught:
        async with database.read() as connection:
            await connection.execute(select(calls.c.id).where(calls.c.id.in_(many)))
    assert caught.value.code == "FILTER_TOO_LARGE"


async def test_question_that_is_too_complex_is_too_large(database: Database) -> None:
    deep = "abs(" * 20_000 + "1" + ")" * 20_000
    with pytest.raises(InputError, match="The filter is too large: ") as caught:
        async with database.read() as connection:
            await connection.execute(text(f"SELECT {deep}"))
    assert caught.value.code == "FILTER_TOO_LARGE"


async def test_nul_in_a_text_is_refused_where_the_engine_knows_none(postgresql: str) -> None:
    async def look() -> None:
        async with database.read() as connection:
            await connection.execute(select(literal("a\0b")))

    async with opened(postgresql) as database:
        assert isinstance(await told(look()), RefusedError)


async def test_store_without_tables_names_the_command_that_makes_them(empty_url: str) -> None:
    async with opened(empty_url) as database:
        error = await told(value_of(database))
    assert str(error) == "The store has no tables yet. Run: switchboard migrate"
    assert error.code == "STORE_UNAVAILABLE"


async def test_mistake_in_a_statement_stays_what_it_is(database: Database) -> None:
    with pytest.raises(Exception, match="nonsense") as caught:
        async with database.read() as connection:
            await connection.execute(text("SELECT nonsense FROM workspaces"))
    assert not isinstance(caught.value, StoreError)


@pytest.mark.parametrize(
    "url", ["postgresql://me:secret@127.0.0.1:1/calls", "postgresql://me:secret@/calls?host=/nowhere"]
)
async def test_server_that_is_not_there_is_named_to_its_operator_only_and_without_its_password(url: str) -> None:
    async with opened(url) as database:
        error = await told(database.ping())
    assert str(error) == "The store cannot be reached."
    assert error.detail.startswith("The store at postgresql+asyncpg://me:***@")
    assert error.__notes__ == [error.detail]
    assert "secret" not in error.detail


async def test_server_that_does_not_let_us_in_is_told(postgresql: str) -> None:
    async with opened(_named(postgresql, "nowhere")) as database:
        error = await told(database.ping())
    assert str(error) == "The store cannot be used."
    assert 'cannot be used: database "nowhere" does not exist' in error.detail


async def test_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is no database. " * 1000)
    (tmp_path / "folder").mkdir()
    for name, said in (("text", "file is not a database"), ("folder", "unable to open database file")):
        async with opened(f"sqlite:///{tmp_path / name}") as database:
            error = await told(database.ping())
        assert str(error) == "The store cannot be used."
        path = tmp_path / name
        assert (
            error.detail
            == f"The store at {path} cannot be used: {said}. Check the path, its rights and the free space."
        )


def test_folder_of_the_file_is_made_or_told(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/new/folder/store.sqlite")
    assert (tmp_path / "new" / "folder").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{tmp_path}/file/store.sqlite")
    assert str(caught.value) == "The store's folder cannot be made."
    assert caught.value.detail == f"The store's folder {tmp_path}/file cannot be made: File exists."


async def test_file_whose_folder_went_away_is_told(sqlite_url: str, tmp_path: Path) -> None:
    async with opened(sqlite_url) as database:
        await database.ping()
        await database.close()
        shutil.rmtree(tmp_path / "own")
        assert "unable to open database file" in (await told(database.ping())).detail


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://me@db/calls", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://me:secret@db:port/calls"])  # fmt: skip
def test_address_of_no_store_is_refused(url: str) -> None:
    with pytest.raises(InputError, match=r"sqlite:///file or postgresql://…") as caught:
        Database(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+asyncpg"])
def test_any_way_to_write_postgresql_is_understood(scheme: str) -> None:
    assert Database(f"{scheme}://me@db/calls").url.drivername == "postgresql+asyncpg"


async def test_sqlite_learns_which_index_tells_most_and_postgresql_needs_no_telling(house: House) -> None:
    await take(house, *[a_call(f"c{place}", phone_number=f"316-555-{place:04}") for place in range(300)])
    await house.database.optimize()
    if house.database.is_sqlite:
        async with house.database.read() as connection:
            known = (await connection.execute(text("SELECT DISTINCT tbl FROM sqlite_stat1"))).scalars().all()
        assert "calls" in known
