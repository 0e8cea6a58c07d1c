"""Connections to PostgreSQL that are handed out at once where one is idle: without a task, a timer or a question.

Sessions are never changed, so that in one that is given back there is nothing to reset.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg

_CLOSE_SECONDS = 2.0
# One that was idle for longer may have been forgotten by whatever stands between us and the store.
_IDLE_SECONDS = 300.0
Connection = Any  # asyncpg's own; it says nothing of its types
_Turn = asyncio.Future[Connection | None]


class Connections:
    """As many as `most`, made when they are asked for. The one that was used last is used next."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]], most: int) -> None:
        self._connect, self._most = connect, most
        self._idle: list[tuple[Connection, float]] = []
        self._open: set[Connection] = set()
        self._being_made = 0
        self._waiting: deque[_Turn] = deque()
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def all_in_use(self) -> bool:
        """Whether others have to give one back first."""
        return not self._idle and len(self._open) + self._being_made >= self._most

    def at_hand(self) -> Connection | None:
        """An idle one, if there is any."""
        while self._idle:
            connection, since = self._idle.pop()
            if connection.is_closed():
                self._open.discard(connection)
            elif time.monotonic() - since > _IDLE_SECONDS:
                self._open.discard(connection)  # its room is free at once: its end may never be answered
                self._end(connection)
            else:
                return connection
        return None

    async def get(self, seconds: float) -> Connection:
        """One that is idle, new, or given back by others in time. Raises asyncpg's errors, OSError and TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                connection = self.at_hand()
                if connection is None:
                    connection = await (self._turn() if self.all_in_use else self._made())
                if connection is not None:
                    return connection

    async def _made(self) -> Connection:
        self._being_made += 1
        try:
            connection = await self._connect()
        except BaseException:  # a cancelled request, too: its room is another's
            self._being_made -= 1
            self._let_next(None)
            raise
        self._being_made -= 1
        self._open.add(connection)
        return connection

    async def _turn(self) -> Connection | None:
        """One that is given back; None where there is room for a new one."""
        turn: _Turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except BaseException:  # a cancelled request, too: nobody else would give back what it got
            if turn.done() and not turn.cancelled():  # it came too late
                self._pass_on(turn.result())
            raise

    def give_back(self, connection: Connection, whole: bool = True) -> None:
        """Ends the use of one. What is not `whole`, as a statement was broken off on it, is used no more."""
        if connection.is_closed():
            self._open.discard(connection)
            self._let_next(None)
        elif whole:
            self._pass_on(connection)
        else:
            self._end(connection)

    def _pass_on(self, connection: Connection | None) -> None:
        if not self._let_next(connection) and connection is not None:
            self._idle.append((connection, time.monotonic()))

    def _let_next(self, connection: Connection | None) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    def _end(self, connection: Connection) -> None:
        """Closes one behind the answers: what runs on it is cancelled first."""

        async def end() -> None:
            await _closed(connection)
            self._open.discard(connection)
            self._let_next(None)

        task = asyncio.get_running_loop().create_task(end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Closes all of them."""
        self._idle.clear()
        await asyncio.gather(*self._ending, *[_closed(connection) for connection in list(self._open)])
        self._open.clear()


async def _closed(connection: Connection) -> None:
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # TimeoutError is one
        await connection.close(timeout=_CLOSE_SECONDS)
    connection.terminate()
