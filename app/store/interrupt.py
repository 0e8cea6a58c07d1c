"""An SQLite connection whose statements end when nobody waits for them any more; the driver's own would run on."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import aiosqlite

from app.store.one_turn import OneTurnCursor

_TRY_AGAIN_SECONDS = 0.005
# A statement that waits for another writer's lock cannot be interrupted; it gives up by itself soon enough.
_MOST_SECONDS = 1.0


class InterruptibleConnection(aiosqlite.Connection):
    """The driver runs each statement in a thread. Cancelling the task that awaits it interrupts the statement, too."""

    def cursor(self) -> OneTurnCursor:  # type: ignore[override]  # all that is asked of the driver's is there
        """What SQLAlchemy runs its statements with."""
        return OneTurnCursor(self._conn, self._execute)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        ended = threading.Event()

        def run() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                ended.set()

        try:
            return await super()._execute(run)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            await self._interrupt_until(ended)
            raise

    async def _interrupt_until(self, ended: threading.Event) -> None:
        """Once is not enough: the thread may be just about to begin the statement."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _MOST_SECONDS
        while not ended.is_set() and loop.time() < end:
            await self.interrupt()
            await asyncio.sleep(_TRY_AGAIN_SECONDS)


async def connect(path: str, **arguments: Any) -> InterruptibleConnection:
    """A connection to an SQLite file: SQLAlchemy's `async_creator_fn`, with the arguments that it has for the driver."""
    made = InterruptibleConnection(lambda: sqlite3.connect(path, **arguments), iter_chunk_size=64)
    made._thread.daemon = True  # a process that ends does not wait for it
    await made
    return made
