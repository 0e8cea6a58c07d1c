"""The server as tests ask it: over ASGI, and over a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from app.settings import Settings
from app.web.app import create_app
from tests.threads import threads_ended


@asynccontextmanager
async def running(database: str, **settings: Any) -> AsyncIterator[Starlette]:
    """The application, started, and stopped afterwards."""
    app = create_app(Settings(database=database, **settings))
    async with threads_ended(), app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def asking(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running application."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://switchboard.test") as client:
        yield client


@asynccontextmanager
async def served(database: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that runs for as long as the client is used."""
    async with running(database, **settings) as app, asking(app) as client:
        yield client


@asynccontextmanager
async def listening(database: str, **settings: Any) -> AsyncIterator[str]:
    """The address of a real server on a real socket."""
    app = create_app(Settings(database=database, **settings))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
