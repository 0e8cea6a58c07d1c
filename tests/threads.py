"""Waits for aiosqlite's threads: one whose connection failed ends by itself, and must do so before its event loop does."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def threads_ended() -> AsyncIterator[None]:
    """Waits at its end for the threads of connections that were begun within."""
    before = set(threading.enumerate())
    try:
        yield
    finally:
        for thread in set(threading.enumerate()) - before:
            if "_connection_worker_thread" in thread.name:
                await asyncio.to_thread(thread.join, 2)
