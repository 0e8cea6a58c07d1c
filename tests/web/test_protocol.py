"""What goes over the wire is the same on the short way from a socket to an answer as on the long one."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette

from tests.web.serving import Listening, client_of, on_socket, request_of, running

CALLS = b'{"query": "{ calls { nodes { id } } }"}'
EMPTY = b'{"data":{"calls":{"nodes":[]}}}'
PATIENCE = 1


async def answer_on(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body of the next answer on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    return int(head[0].split()[1]), headers, await reader.readexactly(int(headers["content-length"]))


@pytest.fixture
def settings() -> dict[str, Any]:
    """What a test sets beside the usual."""
    return {}


@pytest.fixture
async def app(store_url: str, settings: dict[str, Any]) -> AsyncIterator[Starlette]:
    """The server of an empty store."""
    async with running(store_url, **settings) as found:
        yield found


@pytest.fixture
async def server(app: Starlette) -> AsyncIterator[Listening]:
    """The same on a socket, which lets go of connections that are idle for a second."""
    async with on_socket(app, timeout_keep_alive=PATIENCE) as found:
        yield found


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_an_answer_has_the_same_headers_on_a_socket_as_in_process(server: Listening, accept: str) -> None:
    async with client_of(server.app) as client:
        expected = await client.post(CALLS, accept=accept)
    reader, writer = await server.connect()
    writer.write(request_of(CALLS, None, f"accept: {accept}"))
    status, headers, body = await answer_on(reader)
    writer.close()
    assert (status, body) == (200, EMPTY)
    own = {name: headers.pop(name) for name in ("date", "server", "x-request-id")}
    assert len(own["x-request-id"]) == 16
    assert headers == {name: text for name, text in expected.headers.items() if name != "x-request-id"}


async def test_questions_that_are_sent_together_are_answered_in_their_order(server: Listening) -> None:
    reader, writer = await server.connect()
    names = [b"One", b"Two", b"Three"]
    documents = [b'{"query": "query { %b: __typename }"}' % name for name in names]
    writer.write(b"".join(map(request_of, documents)))
    answers = [await answer_on(reader) for _ in names]
    writer.close()
    assert [body for _, _, body in answers] == [b'{"data":{"%b":"Query"}}' % name for name in names]
    assert len({headers["x-request-id"] for _, headers, _ in answers}) == 3


@pytest.mark.parametrize("pieces", [2, 40])
async def test_a_question_may_come_in_pieces(server: Listening, pieces: int) -> None:
    reader, writer = await server.connect()
    whole = request_of(CALLS)
    size = -(-len(whole) // pieces)
    for at in range(0, len(whole), size):
        writer.write(whole[at : at + size])
        await writer.drain()
        await asyncio.sleep(0.005)
    assert (await answer_on(reader))[2] == EMPTY
    writer.close()


async def test_who_wants_no_more_is_let_go(server: Listening) -> None:
    reader, writer = await server.connect()
    writer.write(request_of(CALLS, None, "connection: close"))
    _, headers, body = await answer_on(reader)
    assert (headers["connection"], body) == ("close", EMPTY)
    assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()


async def test_a_connection_is_let_go_a_while_after_its_last_answer(server: Listening) -> None:
    reader, writer = await server.connect()
    for _ in range(3):
        writer.write(request_of(CALLS))
        await answer_on(reader)
        last = time.monotonic()
        await asyncio.sleep(0.4 * PATIENCE)
    assert await asyncio.wait_for(reader.read(), 10) == b""
    assert 0.5 * PATIENCE < time.monotonic() - last < 5
    writer.close()


@pytest.mark.parametrize("settings", [{"deadline_seconds": 1}])
async def test_a_later_head_has_to_come_in_time_too(server: Listening) -> None:
    reader, writer = await server.connect()
    writer.write(request_of(CALLS))
    await answer_on(reader)
    writer.write(request_of(CALLS)[:30])
    begun = time.monotonic()
    assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 408 ")
    assert 0.5 < time.monotonic() - begun < 5
    writer.close()


@pytest.mark.parametrize("settings", [{"cors_origins": "https://dashboard.example"}])
async def test_a_page_that_may_ask_may_read_the_answer(server: Listening) -> None:
    reader, writer = await server.connect()
    writer.write(request_of(CALLS, None, "origin: https://dashboard.example"))
    _, headers, body = await answer_on(reader)
    writer.close()
    assert body == EMPTY
    assert headers["access-control-allow-origin"] == "https://dashboard.example"
    assert headers["vary"] == "Origin"
    assert headers["x-content-type-options"] == "nosniff"


async def test_what_breaks_is_an_answer_with_an_id(server: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(server.app.state.viewers, "of_request", broken)
    reader, writer = await server.connect()
    writer.write(request_of(CALLS))
    status, headers, body = await answer_on(reader)
    writer.close()
    assert status == 500
    assert headers["x-request-id"].encode() in body
    assert headers["content-security-policy"]
