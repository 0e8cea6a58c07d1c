"""What the server writes down: who asked which document, how many rows were read for it, and when; and nothing else."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import event

from app.domain.access_log import Link
from app.domain.errors import StoreError
from app.domain.scope import Right
from app.store import access_documents, access_log, tokens
from app.store.access_log import BATCH, UnwrittenError
from app.store.database import Connection, Database
from tests.conftest import SCOPE, House
from tests.faults.servers import switchboard
from tests.graphql import rows as made_up
from tests.store.test_access_log import access
from tests.web.serving import asking, client_of, codes, running, token_of
from tests.web.test_metrics import figures

QUERY = "query Newest { calls(first: 2) { nodes { id } } }"
DIGEST = hashlib.sha256(QUERY.encode()).hexdigest()
NEWER = {"accept": "application/graphql-response+json"}


async def written(url: str) -> list[Link]:
    """The whole log, verified."""
    database = Database(url)
    try:
        async with database.read() as connection:
            await access_log.verify(connection, SCOPE)
            return await access_log.latest(connection, SCOPE, 10_000)
    finally:
        await database.close()


async def fill(url: str, count: int = 5) -> None:
    database = Database(url)
    await made_up.fill(House(database), [made_up.row(f"c{n}", minute=n) for n in range(count)])
    await database.close()


async def test_an_operation_is_written_with_viewer_document_name_rows_and_moment(store_url: str) -> None:
    await fill(store_url)
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        async with app.state.database.read() as connection:
            (token,) = await tokens.listed(connection, SCOPE)
        assert (await client.post("/graphql", json={"query": QUERY})).status_code == 200
        secret = client.headers["authorization"].split()[1]
    (link,) = await written(store_url)
    found = link.access
    assert (found.viewer_key, found.viewer_name) == (f"token:{token.id}", token.name)
    assert (found.document, found.operation) == (DIGEST, "Newest")
    assert (found.rows, found.path, found.status) == (2, "compiled", 200)
    assert timedelta(0) <= datetime.now(UTC) - found.at < timedelta(minutes=1)
    assert secret not in str(link)


async def test_what_a_document_asked_for_is_found_by_its_hash_without_its_literals(store_url: str) -> None:
    query = 'query p9779810000078 { contact(phoneNumber: "+9779810000078") { name } calls(first: 7) { nodes { id } } }'
    async with running(store_url) as app, asking(app) as client:
        for _ in range(2):
            assert (await client.post("/graphql", json={"query": query})).status_code == 200
        assert codes(await client.post("/graphql", json={"query": "{ unknown }"}))
        database = app.state.database
        await app.state.gate.access_log.flush()
        async with database.read() as connection:
            links = await access_log.latest(connection, SCOPE, 10)
            (kept,) = await access_documents.found(connection, SCOPE, [link.access.document for link in links])
    assert {link.access.operation for link in links} == {"p[redacted]"}
    assert kept.digest == hashlib.sha256(query.encode()).hexdigest()
    said = "query p[redacted] { contact(phoneNumber: STRING) { name } calls(first: NUMBER) { nodes { id } } }"
    assert " ".join(kept.text.split()) == said


async def test_rows_that_tell_who_asks_and_what_are_none_of_the_answer(store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        await client.post("/graphql", json={"query": "{ viewer { name } }"})
    (link,) = await written(store_url)
    assert link.access.rows == 0


async def test_answers_do_not_wait_for_the_log_which_is_written_by_itself(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        write, free = app.state.database.write, asyncio.Event()
        await client.post("/graphql", json={"query": QUERY})

        @asynccontextmanager
        async def held() -> AsyncIterator[Connection]:
            await free.wait()
            async with write() as connection:
                yield connection

        monkeypatch.setattr(app.state.database, "write", held)
        await asyncio.sleep(1.1)  # in which the log begins to write, and waits
        assert (await client.post("/graphql", json={"query": QUERY})).status_code == 200
        free.set()
        for _ in range(150):
            if len(found := await written(store_url)) == 2:
                break
            await asyncio.sleep(0.02)
        assert len(found) == 2


async def test_operations_without_a_pause_are_written_once_a_second(store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        appended: list[str] = []
        event.listen(
            app.state.database.engine.sync_engine,
            "before_cursor_execute",
            lambda _, __, text, *___: appended.append(text) if text.startswith("INSERT INTO access_log ") else None,
        )
        end, asked = time.monotonic() + 1.5, 0
        while time.monotonic() < end:
            await asyncio.gather(*[client.post("/graphql", json={"query": "{ __typename }"}) for _ in range(3)])
            asked += 3
    assert len(await written(store_url)) == asked > 20
    assert len(appended) <= 3 + asked / BATCH


async def test_several_servers_on_one_store_write_one_chain(store_url: str) -> None:
    async with (
        running(store_url, anonymous=False) as one,
        running(store_url, anonymous=False) as other,
        asking(one) as first,
        asking(other) as second,
    ):
        for number in range(20):
            asked = [client.post("/graphql", json={"query": QUERY}) for client in (first, second)]
            assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
            if number % 5 == 0:
                await asyncio.gather(*[app.state.gate.access_log.flush() for app in (one, other)])
    found = await written(store_url)
    assert [link.position for link in found] == list(range(1, 41))
    assert len({link.access.viewer_key for link in found}) == 2


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    "body", [{"query": "{ nosuch }"}, {"query": "{"}, {"query": "{ calls(first: 1000) { nodes { legs { id } } } }"}, 1]
)
async def test_what_was_refused_before_anything_was_read_is_no_access(store_url: str, body: Any) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        assert "errors" in (await client.post("/graphql", json=body)).json()
        assert (await client.post("/graphql", json={"query": QUERY}, headers={"authorization": ""})).status_code == 401
    assert await written(store_url) == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_an_operation_that_was_begun_is_an_access_however_it_ended(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: Any, **__: Any) -> Any:
        await asyncio.sleep(60)

    async def broken(*_: Any, **__: Any) -> Any:
        raise ValueError("what nobody foresaw")

    async with running(store_url, deadline_seconds=0.3, anonymous=False, engine=False) as app:
        async with asking(app) as client:
            monkeypatch.setattr("app.graphql.execution._executed", slow)
            assert (await client.post("/graphql", json={"query": QUERY})).status_code == 504
        async with client_of(app) as stranger:
            monkeypatch.setattr("app.graphql.execution._executed", broken)
            token = f"Bearer {await token_of(app)}"
            assert (await stranger.post({"query": QUERY}, authorization=token)).status_code == 500
    assert [link.access.status for link in await written(store_url)] == [504, 500]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_what_a_viewer_has_no_right_to_see_is_an_access_all_the_same(store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, client_of(app) as client:
        token = f"Bearer {await token_of(app, frozenset({Right.STATS_READ}))}"
        assert codes(await client.post({"query": QUERY}, authorization=token)) == ["FORBIDDEN"]
    assert [link.access.rows for link in await written(store_url)] == [0]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_strangers_are_written_as_such(store_url: str) -> None:
    async with running(store_url, anonymous=True) as app, client_of(app) as client:
        await client.post({"query": QUERY})
    assert [link.access.viewer_key for link in await written(store_url)] == ["anonymous"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_setting_turns_it_off(store_url: str) -> None:
    async with running(store_url, anonymous=False, access_log=False) as app, asking(app) as client:
        assert (await client.post("/graphql", json={"query": QUERY})).status_code == 200
    assert await written(store_url) == []


@pytest.mark.parametrize("accept", [NEWER, {}])
async def test_a_log_that_cannot_be_written_lets_nobody_in_until_it_can(
    store_url: str, accept: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        log, write = app.state.gate.access_log, app.state.database.write
        assert (await client.post("/graphql", json={"query": QUERY}, headers=accept)).status_code == 200

        def away() -> Any:
            raise StoreError("The store takes no changes.")

        monkeypatch.setattr(app.state.database, "write", away)
        monkeypatch.setattr(log, "_most", 1)
        log.note(access())
        refused = await client.post("/graphql", json={"query": QUERY}, headers=accept)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert codes(refused) == [UnwrittenError.code]
        assert "switchboard_access_log_waiting" in app.state.metrics.text().decode()
        monkeypatch.setattr(app.state.database, "write", write)
        await log.flush()
        assert (await client.post("/graphql", json={"query": QUERY}, headers=accept)).status_code == 200
    assert len(await written(store_url)) == 3


async def test_figures_say_what_is_written_and_what_waits(store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        for _ in range(3):
            await client.post("/graphql", json={"query": QUERY})
        await app.state.gate.access_log.flush()
        app.state.gate.access_log.note(access())
        found = figures(app.state.metrics.text().decode())
    names = ("waiting", "written", "failures")
    assert [found[f"switchboard_access_log_{name}",] for name in names] == [1, 3, 0]


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_a_store_that_only_reads_is_read_until_too_much_would_be_lost(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        log, told = app.state.gate.access_log, []
        monkeypatch.setattr(log, "_most", 5)
        assert (await client.post("/graphql", json={"query": QUERY})).status_code == 200
        await log.flush()
        await read_only(store_url, "on")
        for _ in range(7):
            told.append((await client.post("/graphql", json={"query": QUERY})).status_code)
        assert told == [200] * 5 + [503] * 2
        await log.flush()
        assert log.failures >= 1
        await read_only(store_url, "off")
        await log.flush()
        assert (await client.post("/graphql", json={"query": QUERY})).status_code == 200
    assert len(await written(store_url)) == 1 + 5 + 1


async def read_only(url: str, switch: str) -> None:
    """Lets a PostgreSQL take no changes, or take them again, as when it becomes a standby: sessions are broken off."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute("SET default_transaction_read_only = off")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {switch}")
    await connection.execute(f"{others} AND pid <> pg_backend_pid()")
    await connection.close()


async def test_sigterm_writes_what_is_left(store_url: str) -> None:
    with switchboard(store_url, drain_seconds="0") as server:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(7):
                assert (await client.post(server.endpoint, json={"query": QUERY})).status_code == 200
        server.terminate()
    assert [link.access.document for link in await written(store_url)] == [DIGEST] * 7


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_kill_loses_no_more_than_the_last_second_and_leaves_the_chain_whole(store_url: str) -> None:
    with switchboard(store_url) as server:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(3):
                await client.post(server.endpoint, json={"query": QUERY})
            await asyncio.sleep(1.5)
            for _ in range(3):
                await client.post(server.endpoint, json={"query": QUERY})
        server.kill()
    assert 3 <= len(await written(store_url)) <= 6
