"""The server as tests ask it: in process over ASGI, or on a real socket, where a client can be slow or go away."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from app.access.tokens import digest_of, new_secret
from app.domain.ids import new_id
from app.domain.scope import EVERY_RIGHT, Reach, Right, Scope
from app.domain.tokens import Token
from app.settings import Settings
from app.store import tokens
from app.web.app import create_app
from app.web.protocol import at_once_by, prompt_heads
from tests.threads import threads_ended

# What a browser would ask us about before it sent a GET for a page of another origin.
PREFLIGHT = {"graphql-require-preflight": "1"}


@asynccontextmanager
async def running(database: str, **settings: Any) -> AsyncIterator[Starlette]:
    """The application on a store, started, and stopped afterwards; strangers are answered unless said otherwise."""
    # No budget unless a test is about one: the others ask more in a minute than a token is meant to.
    app = create_app(Settings(database=database, **{"anonymous": True, "budget_per_minute": 0, **settings}))
    async with threads_ended(), app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def asking(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running application: a viewer with every right."""
    headers = {"authorization": f"Bearer {await token_of(app)}", **PREFLIGHT}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://switchboard.test", headers=headers) as client:
        yield client


@asynccontextmanager
async def served(database: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that runs for as long as the client is used, and answers no stranger."""
    async with running(database, **{"anonymous": False, **settings}) as app, asking(app) as client:
        yield client


@asynccontextmanager
async def listening(database: str, **settings: Any) -> AsyncIterator[str]:
    """The address of a real server on a real socket, whose GraphiQL has the token of a viewer with every right."""
    async with running(database, **{"anonymous": False, **settings}) as app, on_socket(app) as server:
        app.state.page_token = await token_of(app)
        yield f"http://127.0.0.1:{server.port}"


@asynccontextmanager
async def visitor(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a listening server, with the token that its page has."""
    async with httpx.AsyncClient(base_url=address, headers=PREFLIGHT) as client:
        token = (await client.get("/graphiql/config.json")).json()["token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


async def token_of(app: Starlette, rights: frozenset[Right] = EVERY_RIGHT, reach: Reach | None = None) -> str:
    """A new token for the application's workspace, without limits unless some are given."""
    scope = Scope(app.state.settings.workspace)
    secret = new_secret(scope.workspace_id)
    at = datetime.now(UTC)
    async with app.state.database.write() as connection:
        token = Token(new_id(at), secret[-8:], rights, reach or Reach(), at, None, None, None)
        await tokens.add(connection, scope, token, digest_of(secret))
    return secret


@dataclass
class Client:
    """Asks an application as a client would, without a socket."""

    http: httpx.AsyncClient

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        """The answer to a body, which is sent as JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content-type": "application/json"} | {key.replace("_", "-"): text for key, text in headers.items()}
        return await self.http.post("/graphql", content=content, headers=given)

    async def get(self, parameters: dict[str, str], **headers: str) -> httpx.Response:
        """The answer to a question in the address, with a header that forces a preflight unless others are given."""
        given = {key.replace("_", "-"): text for key, text in headers.items()} or {"x-requested-with": "tests"}
        return await self.http.get("/graphql", params=parameters, headers=given)


@asynccontextmanager
async def client_of(app: Starlette) -> AsyncIterator[Client]:
    """A client of an application. What breaks in it is an answer, as over a socket."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://switchboard") as http:
        yield Client(http)


@dataclass
class Listening:
    """An application on a socket of this machine."""

    app: Starlette
    server: uvicorn.Server
    port: int

    @property
    def requests_in_work(self) -> int:
        """How many requests are being worked on."""
        return len(self.server.server_state.tasks)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection of its own."""
        return await asyncio.open_connection("127.0.0.1", self.port)


@asynccontextmanager
async def on_socket(app: Starlette, **options: Any) -> AsyncIterator[Listening]:
    """A started application, ours or a vendor's stand-in, listening until the block ends, with `options` of uvicorn."""
    listener = socket.create_server(("127.0.0.1", 0))
    options = {"lifespan": "off", "ws": "none", "log_config": None, "timeout_graceful_shutdown": 1, **options}
    if hasattr(getattr(app, "state", None), "settings"):
        options["http"] = prompt_heads(app.state.settings.deadline_seconds, at_once_by(app))
    config = uvicorn.Config(app, **options)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield Listening(app, server, listener.getsockname()[1])
    finally:
        server.should_exit = True
        await running


def request_of(body: bytes, length: int | None = None, *more: str) -> bytes:
    """The bytes of a POST; with a length of its own, more of the body is to come."""
    lines = (
        "POST /graphql HTTP/1.1",
        "host: switchboard",
        "content-type: application/json",
        f"content-length: {len(body) if length is None else length}",
        *more,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def codes(response: httpx.Response) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]
