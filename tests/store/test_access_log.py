"""The access log is appended to by several at once, costs a request nothing, and tells what was done to it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from app.domain.access_log import GENESIS, Access, BrokenChainError, Head
from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.store import access_log, sources
from app.store.access_log import AccessLog
from app.store.access_tables import access_log as log_rows
from app.store.access_tables import access_log_heads
from app.store.database import Connection, Database
from tests.conftest import NOW, SCOPE


def access(number: int = 0, **said: object) -> Access:
    document = hashlib.sha256(b"{ calls { totalCount } }").hexdigest()
    given = {"viewer_key": "t1", "viewer_name": "dashboard", "document": document, "operation": "Calls"}
    at = NOW + timedelta(milliseconds=number)
    return Access(**({"at": at, "rows": number, "path": "reference", "status": 200} | given | said))  # type: ignore[arg-type]


async def fill(database: Database, count: int, scope: Scope = SCOPE) -> None:
    async with database.write() as connection:
        await access_log.append(connection, scope, [access(number) for number in range(count)])


async def verify(database: Database, scope: Scope = SCOPE) -> Head:
    async with database.read() as connection:
        return await access_log.verify(connection, scope)


async def broken_row(database: Database) -> int:
    with pytest.raises(BrokenChainError) as caught:
        await verify(database)
    return caught.value.position


async def test_an_empty_log_is_whole(database: Database) -> None:
    assert await verify(database) == Head(0, GENESIS)


async def test_what_was_noted_is_read_back_as_it_was(database: Database) -> None:
    await fill(database, 3)
    async with database.read() as connection:
        links = await access_log.latest(connection, SCOPE, 2)
    assert [(link.position, link.access) for link in links] == [(2, access(1)), (3, access(2))]


async def test_a_long_log_is_whole(database: Database) -> None:
    await fill(database, 2_500)
    assert (await verify(database)).position == 2_500


async def test_eight_processes_at_once_make_one_chain(store_url: str, database: Database) -> None:
    others = [Database(store_url) for _ in range(8)]

    async def many(one: Database) -> None:
        for _ in range(10):
            await fill(one, 3)

    await asyncio.gather(*map(many, others))
    for one in others:
        await one.close()
    assert (await verify(database)).position == 240


async def test_a_log_may_grow_while_it_is_checked(database: Database) -> None:
    async def grow() -> None:
        for _ in range(30):
            await fill(database, 5)

    growing = asyncio.create_task(grow())
    for _ in range(10):
        await verify(database)
    await growing
    assert (await verify(database)).position == 150


@pytest.mark.parametrize("column", ["at", "viewer_key", "viewer_name", "document", "operation", "row_count", "path"])
async def test_a_changed_row_is_found(database: Database, column: str) -> None:
    await fill(database, 5)
    changed = 7 if column in ("at", "row_count") else "x"
    async with database.write() as connection:
        await connection.execute(update(log_rows).where(log_rows.c.position == 3).values({column: changed}))
    assert await broken_row(database) == 3


@pytest.mark.parametrize("position", [1, 3, 5])
async def test_a_removed_row_is_found_also_at_the_end(database: Database, position: int) -> None:
    await fill(database, 5)
    async with database.write() as connection:
        await connection.execute(delete(log_rows).where(log_rows.c.position >= position))
        if position != 5:
            await _put(connection, position + 1)
    assert await broken_row(database) == position


async def _put(connection: Connection, position: int) -> None:
    """A row that nobody wrote."""
    await connection.execute(
        log_rows.insert().values(
            workspace_id=SCOPE.workspace_id,
            position=position,
            at=0,
            viewer_key="",
            viewer_name="",
            document="",
            row_count=0,
            path="",
            status=200,
            digest="0" * 64,
        )
    )


async def test_a_row_put_behind_the_end_is_found(database: Database) -> None:
    await fill(database, 5)
    async with database.write() as connection:
        await _put(connection, 6)
    assert await broken_row(database) == 6


@pytest.mark.parametrize("change", [{"position": 4}, {"digest": "f" * 64}, {"position": 9}])
async def test_a_changed_end_is_found(database: Database, change: dict[str, object]) -> None:
    await fill(database, 5)
    async with database.write() as connection:
        await connection.execute(update(access_log_heads).values(change))
    assert await broken_row(database) in (5, 6)


async def test_a_log_emptied_of_its_rows_is_found(database: Database) -> None:
    await fill(database, 5)
    async with database.write() as connection:
        await connection.execute(delete(log_rows))
    assert await broken_row(database) == 1


async def test_each_workspace_has_a_chain_of_its_own(database: Database) -> None:
    other = Scope("other")
    async with database.write() as connection:
        await sources.ensure_workspace(connection, other, "UTC", NOW)
    await fill(database, 3)
    await fill(database, 2, other)
    assert [(await verify(database, scope)).position for scope in (SCOPE, other)] == [3, 2]


async def test_what_a_stranger_named_a_thing_is_kept_short_and_storable(database: Database) -> None:
    async with database.write() as connection:
        await access_log.append(connection, SCOPE, [access(viewer_name="a\0b\ud800", operation="x" * 10_000)])
        (link,) = await access_log.latest(connection, SCOPE, 1)
    assert link.access.viewer_name == "a\ufffdb?"
    assert len(link.access.operation or "") == 200
    assert (await verify(database)).position == 1


@asynccontextmanager
async def running(database: Database, **said: float) -> AsyncIterator[AccessLog]:
    log = AccessLog(database, SCOPE, **said)  # type: ignore[arg-type]
    await log.start()
    try:
        yield log
    finally:
        await log.stop()


async def test_notes_are_written_behind_the_answers(database: Database) -> None:
    async with running(database, every=0.05) as log:
        for number in range(3):
            log.note(access(number))
        for _ in range(100):
            await asyncio.sleep(0.05)
            if (await verify(database)).position == 3:
                return
    raise AssertionError("nothing was written while it ran")


async def test_stopping_writes_what_is_left(database: Database) -> None:
    async with running(database, every=3_600) as log:
        for number in range(1_200):
            log.note(access(number))
    assert (await verify(database)).position == 1_200


async def test_notes_wait_while_the_store_is_away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    write, away = database.write, True

    @asynccontextmanager
    async def failing() -> AsyncIterator[Connection]:
        if away:
            raise StoreError("The store cannot be reached.")
        async with write() as connection:
            yield connection

    monkeypatch.setattr(database, "write", failing)
    async with running(database, every=0.01) as log:
        log.note(access(0))
        await asyncio.sleep(0.1)
        assert (await verify(database)).position == 0
        away = False
    assert (await verify(database)).position == 1


async def test_notes_beyond_the_most_are_counted_rather_than_kept(database: Database) -> None:
    async with running(database, every=3_600, most=2) as log:
        for number in range(5):
            log.note(access(number))
    async with database.read() as connection:
        *kept, last = [link.access for link in await access_log.latest(connection, SCOPE, 9)]
    assert kept == [access(0), access(1)]
    assert (last.path, last.operation, last.rows) == ("lost", "3", 2 + 3 + 4)
