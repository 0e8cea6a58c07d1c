"""The access log is appended to by several at once, costs a request nothing, and tells what was done to it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, update
from structlog.testing import capture_logs

from app.domain.access_log import GENESIS, Access, BrokenChainError, Head
from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store import access_documents, access_log, sources
from app.store.access_log import AccessLog, UnwrittenError
from app.store.access_tables import access_log as log_rows
from app.store.access_tables import access_log_heads
from app.store.database import Connection, Database
from app.web.logs import redact
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


@pytest.mark.parametrize(
    "column", ["at", "viewer_key", "viewer_name", "document", "operation", "row_count", "path", "status"]
)
async def test_a_changed_row_is_found(database: Database, column: str) -> None:
    await fill(database, 5)
    changed = 7 if column in ("at", "row_count", "status") else "x"
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
    assert len(link.access.operation or "") == 300
    assert (await verify(database)).position == 1


async def test_a_number_in_an_operations_name_is_kept_by_nobody(database: Database) -> None:
    async with database.write() as connection:
        await access_log.append(connection, SCOPE, [access(operation="p9779810000078"), access(operation="top10")])
        links = await access_log.latest(connection, SCOPE, 2)
    assert [link.access.operation for link in links] == ["p[redacted]", "top10"]
    assert (await verify(database)).position == 2


async def documents(database: Database, *digests: str) -> dict[str, str]:
    """The kept texts by hash."""
    async with database.read() as connection:
        return {one.digest: one.text for one in await access_documents.found(connection, SCOPE, digests)}


async def test_each_document_is_written_once_with_the_notes(database: Database) -> None:
    made = []

    def text() -> str:
        made.append(1)
        return "{ a }"

    async with running(database, every=0.01) as log:
        for _ in range(3):
            log.documents.meet("d", text)
            log.note(access())
        await until(lambda: log.written == 3)
        assert await documents(database, "d", "e") == {"d": "{ a }"}
        for number in range(120):
            log.documents.meet(f"d{number}", lambda: "{ b }")
        await until(lambda: log.documents.waiting == 0)
    assert len(made) == 1
    assert len(await documents(database, *[f"d{number}" for number in range(120)])) == 120


async def test_a_document_that_another_server_wrote_stays_as_it_is(database: Database) -> None:
    for text in ("{ a }", "{ b }"):
        async with running(database, every=0.01) as log:
            log.documents.meet("d", partial(str, text))
    assert await documents(database, "d") == {"d": "{ a }"}


async def test_a_document_is_kept_short_and_storable_and_without_numbers(database: Database) -> None:
    texts = {"long": "x" * 30_000, "odd": "a\0b\ud800", "number": "{ p9779810000078: viewer { name } }"}
    async with running(database, every=0.01) as log:
        for digest, text in texts.items():
            log.documents.meet(digest, partial(str, text))
    kept = await documents(database, *texts)
    assert (len(kept["long"]), kept["odd"]) == (20_000, "a\ufffdb?")
    assert kept["number"] == "{ p[redacted]: viewer { name } }"


async def test_documents_wait_while_the_store_takes_none(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    log = AccessLog(database, SCOPE)
    log.documents.meet("d", lambda: "{ a }")
    log.note(access())
    with monkeypatch.context() as patched:
        patched.setattr("app.store.access_documents.insert_new", _refused)
        await log.flush()
    assert (log.written, log.waiting, log.documents.waiting, log.failures) == (0, 1, 1, 1)
    await log.flush()
    assert (log.written, await documents(database, "d")) == (1, {"d": "{ a }"})


async def _refused(*_: object) -> None:
    raise StoreError("The store's disk is full.")


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


class Away:
    """A store that takes nothing, until it does again."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
        self._error, self._write = error or StoreError("The store cannot be reached."), database.write
        self.gone = True
        monkeypatch.setattr(database, "write", self.write)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        if self.gone:
            raise self._error
        async with self._write() as connection:
            yield connection


async def until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


@pytest.mark.parametrize("error", [StoreError("The store cannot be reached."), ValueError("what nobody foresaw")])
async def test_notes_wait_while_the_store_takes_none(
    database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    away = Away(database, monkeypatch, error)
    async with running(database, every=0.01) as log:
        log.note(access(0))
        await until(lambda: log.failures >= 3)
        assert (log.waiting, log.written) == (1, 0)
        away.gone = False
        await until(lambda: log.waiting == 0)
        assert log.written == 1
    assert (await verify(database)).position == 1


async def test_nobody_is_answered_when_too_many_notes_wait(database: Database) -> None:
    log = AccessLog(database, SCOPE, every=0.01, most=3)
    for number in range(3):
        log.check()
        log.note(access(number))
    with pytest.raises(UnwrittenError, match="Nothing is answered while the access log cannot be written"):
        log.check()
    log.note(access(3))  # of a request that had begun before
    await log.start()
    await until(lambda: log.waiting == 0)
    log.check()
    await log.stop()
    assert (await verify(database)).position == 4


async def test_nobody_is_answered_when_notes_wait_for_too_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, moment = Away(database, monkeypatch), 1_000.0
    log = AccessLog(database, SCOPE, every=0.01, longest=60, clock=lambda: moment)
    await log.start()
    log.note(access(0))
    await until(lambda: log.failures >= 1)
    moment += 59
    log.check()
    moment += 1
    with pytest.raises(UnwrittenError):
        log.check()
    away.gone = False
    await until(lambda: log.waiting == 0)
    log.check()
    await log.stop()


async def test_a_store_that_is_back_in_time_takes_the_last_notes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Away(database, monkeypatch)
    log = AccessLog(database, SCOPE, every=3_600)
    await log.start()
    log.note(access(0))
    asyncio.get_running_loop().call_later(0.3, setattr, away, "gone", False)
    await log.stop()
    assert (await verify(database)).position == 1


async def test_what_cannot_be_written_at_the_end_is_in_the_servers_log(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    Away(database, monkeypatch)
    log = AccessLog(database, SCOPE, every=3_600)
    await log.start()
    for number in range(2):
        log.note(access(number))
    with capture_logs() as said:
        await log.stop(patience=0.3)
    lost = [redact(None, "error", line) for line in said if line["event"] == "not in the access log"]
    assert [(line["at"], line["rows"]) for line in lost] == [(to_ms(access(n).at), n) for n in range(2)]
    assert {line["document"] for line in lost} == {access().document}
    assert {line["viewer"] for line in lost} == {"t1"}
