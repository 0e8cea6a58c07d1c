"""No request is worked on for longer than it may, nor for nobody; and one that was begun is answered before the end."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.util import await_only
from starlette.applications import Starlette

from app.store import one_turn
from tests.conftest import House
from tests.graphql.rows import fill, row
from tests.web.serving import Listening, client_of, codes, on_socket, request_of, running

# The deadline in these tests: long enough that a busy machine reaches the slow statement within it.
SECONDS = 2
CALLS = b'{"query": "{ calls { nodes { id } } }"}'
# Read by a loader, in a task of its own.
NESTED = b'{"query": "{ agents { nodes { calls { nodes { id } } } } }"}'
SLOW = {
    "postgresql": "/* slow */ SELECT pg_sleep(60)",
    "sqlite": "/* slow */ WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000)"
    " SELECT count(*) FROM n",
}


@contextmanager
def slow_calls(app: Starlette, engine_name: str) -> Iterator[None]:
    """Makes every statement that reads calls one that takes a minute: a real one, of the engine's own."""

    def replaced(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> tuple[str, Any]:
        return (SLOW[engine_name], ()) if "FROM calls" in statement else (statement, parameters)

    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", replaced, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", replaced)


def statements_in_threads() -> int:
    """How many threads of SQLite's driver are within a statement just now, rather than waiting for one."""
    frames = [sys._current_frames().get(thread.ident or 0) for thread in threading.enumerate()]
    return sum(frame is not None and frame.f_code.co_filename == one_turn.__file__ for frame in frames)


@asynccontextmanager
async def running_of(engine_name: str, store_url: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Asks the engine itself whether a slow statement is running."""
    if engine_name == "sqlite":

        async def in_sqlite() -> bool:
            return statements_in_threads() > 0

        yield in_sqlite
        return
    watcher = await asyncpg.connect(store_url)

    async def in_postgresql() -> bool:
        active = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '/* slow%'"
        return bool(await watcher.fetchval(active))

    yield in_postgresql
    await watcher.close()


async def seconds_until(happens: Callable[[], Awaitable[bool]]) -> float:
    """How long it takes until something is so; the test fails where that is more than ten seconds."""
    begun = time.monotonic()
    async with asyncio.timeout(10):
        while not await happens():  # noqa: ASYNC110  # an engine has no event to wait for
            await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def answer_on(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], Any]:
    """The status, the headers and the body of the next answer on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers["content-length"]))
    return int(head[0].split()[1]), headers, json.loads(body)


@pytest.fixture
async def app(house: House, store_url: str) -> AsyncIterator[Starlette]:
    """The server of a store with a call of an agent, whose operations may take two seconds, on one connection."""
    await fill(house, [row("one", agent="Ada")])
    async with running(store_url, deadline_seconds=SECONDS, database_pool=1, engine=False) as found:
        yield found


@pytest.fixture
async def patient(house: House, store_url: str) -> AsyncIterator[Listening]:
    """The same on a socket, with the usual ten seconds."""
    await fill(house, [row("one", agent="Ada")])
    async with running(store_url, database_pool=1, engine=False) as found, on_socket(found) as server:
        yield server


@pytest.mark.parametrize(
    ("body", "accept"),
    [(CALLS, "application/json"), (NESTED, "application/graphql-response+json")],
    ids=["of the root", "of a loader"],
)
async def test_what_takes_too_long_is_a_timeout_and_its_statement_ends(
    app: Starlette, engine_name: str, store_url: str, body: bytes, accept: str
) -> None:
    async with client_of(app) as client, running_of(engine_name, store_url) as running:
        with slow_calls(app, engine_name):
            asking = asyncio.create_task(client.post(body, accept=accept))
            begun = time.monotonic()
            await seconds_until(running)
            answer = await asking
            assert (answer.status_code, codes(answer), "data" in answer.json()) == (504, ["TIMEOUT"], False)
            assert time.monotonic() - begun < SECONDS + 1

            async def ended() -> bool:
                return not await running()

            assert await seconds_until(ended) < 2
        again = await client.post(body)
        assert again.status_code == 200, "its only connection is free again"
        assert "errors" not in again.json()


@pytest.mark.parametrize("body", [CALLS, NESTED], ids=["of the root", "of a loader"])
async def test_work_for_a_client_who_has_gone_is_cancelled_with_its_statement(
    patient: Listening, engine_name: str, store_url: str, body: bytes
) -> None:
    async with running_of(engine_name, store_url) as running:
        with slow_calls(patient.app, engine_name):
            _, writer = await patient.connect()
            writer.write(request_of(body))
            await seconds_until(running)
            await asyncio.sleep(0.2)
            assert await running()
            writer.close()

            async def idle() -> bool:
                return not patient.requests_in_work

            async def ended() -> bool:
                return not await running()

            assert await seconds_until(idle) < 1
            assert await seconds_until(ended) < 2
        reader, writer = await patient.connect()
        writer.write(request_of(body))
        status, _, answer = await answer_on(reader)
        assert (status, "errors" in answer) == (200, False), "its only connection is free again"
        writer.close()


async def test_a_client_who_waits_is_answered_however_long_it_is_watched(patient: Listening) -> None:
    engine = patient.app.state.database.engine.sync_engine
    pauses = iter([0.4])

    def pause(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "FROM calls" in statement and (seconds := next(pauses, 0)):
            await_only(asyncio.sleep(seconds))

    event.listen(engine, "before_cursor_execute", pause)
    reader, writer = await patient.connect()
    for _ in range(2):  # the second on the same connection: the first one's watch is over
        writer.write(request_of(CALLS))
        status, _, answer = await answer_on(reader)
        assert (status, list(answer)) == (200, ["data"])
    writer.close()


async def test_a_body_that_comes_too_slowly_is_cut(app: Starlette) -> None:
    async with on_socket(app) as server:
        reader, writer = await server.connect()
        begun = time.monotonic()
        writer.write(request_of(b'{"query":', length=100))
        dripping = asyncio.create_task(drip(writer))
        status, headers, answer = await answer_on(reader)
        assert (status, answer["errors"][0]["extensions"]["code"]) == (408, "REQUEST_TIMEOUT")
        assert SECONDS - 0.1 < time.monotonic() - begun < SECONDS + 1
        assert headers["connection"] == "close"
        assert await is_closed(reader), "whatever may still come"
        dripping.cancel()
        writer.close()


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Whether nothing more comes on a connection: it ends, or what is still sent on it is refused."""
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True


async def drip(writer: asyncio.StreamWriter) -> None:
    """Sends a byte now and then, for as long as it is let."""
    while True:
        await asyncio.sleep(0.1)
        writer.write(b" ")


async def test_a_client_who_goes_within_its_body_leaves_nothing_behind(patient: Listening) -> None:
    _, writer = await patient.connect()
    writer.write(request_of(b'{"query":', length=100))

    async def begun() -> bool:
        return patient.requests_in_work == 1

    async def idle() -> bool:
        return not patient.requests_in_work

    await seconds_until(begun)
    writer.close()
    assert await seconds_until(idle) < 1


def test_a_request_in_work_is_answered_after_sigterm_and_no_new_one_is_taken(store_url: str) -> None:
    settings = {"DATABASE": store_url, "ANONYMOUS": "true", "DRAIN_SECONDS": "0"}
    environment = {**os.environ, **{f"SWITCHBOARD_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        endpoint = next(line for line in process.stdout if line.startswith(b"Endpoint")).split()[1].decode()
        try:
            asyncio.run(asked_across_sigterm(process, int(endpoint.split(":")[2].split("/")[0])))
            process.wait(timeout=10)
        finally:
            process.kill()


async def asked_across_sigterm(process: subprocess.Popen[bytes], port: int) -> None:
    """Sends half a request, ends the server, and sends the other half."""
    await seconds_until(lambda: accepts(port))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_of(CALLS[:10], len(CALLS), "expect: 100-continue"))
    assert b"100" in await reader.readuntil(b"\r\n\r\n"), "the server reads the body"
    process.send_signal(signal.SIGTERM)

    async def refused() -> bool:
        return not await accepts(port)

    await seconds_until(refused)
    assert process.poll() is None
    writer.write(CALLS[10:])
    status, _, answer = await answer_on(reader)
    assert (status, answer) == (200, {"data": {"calls": {"nodes": []}}})
    writer.close()


async def accepts(port: int) -> bool:
    """Whether anybody listens there."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True
