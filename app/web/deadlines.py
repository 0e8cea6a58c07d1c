"""How long a request is worked on: until its time is up, or until nobody waits for the answer any more."""

import asyncio
from collections.abc import Coroutine, Generator
from types import TracebackType, coroutine
from typing import Any, Self

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from app.store.turns import Done, in_task, rest

# Most requests are answered sooner; only for longer ones is it worth watching whether the client is still there.
_UNWATCHED_SECONDS = 0.1


class Deadline:
    """Cancels the block with TimeoutError when its time is up, and with ClientDisconnect when the client has gone.

    That is watched by `receive`, which may be given once the request's body is read (see `watch`). It is
    `asyncio.timeout` in all else, but for one timer a block instead of two, as every request has it.
    """

    __slots__ = ("_cancelling", "_late", "_receive", "_seconds", "_task", "_timer", "_watching", "_why")

    def __init__(self, seconds: float, receive: Receive | None = None) -> None:
        self._seconds = seconds
        self._receive = receive
        self._late = False
        self._watching: asyncio.Task[None] | None = None
        self._why: type[TimeoutError | ClientDisconnect] | None = None

    async def __aenter__(self) -> Self:
        """Begins."""
        task = asyncio.current_task()
        assert task is not None, "within a task"
        self._task, self._cancelling = task, task.cancelling()
        self._begin()
        return self

    def watch(self, receive: Receive) -> None:
        """Begins to watch whether the client is still there, within the block; what took long before is forgiven."""
        self._receive = receive
        if self._late:
            self._late = False
            self._timer.cancel()
            self._begin()

    @coroutine
    def around(self, work: Coroutine[Any, Any, Done]) -> Generator[Any, Any, Done]:
        """What the work comes to, which is the block. What is had without waiting for anything needs no timer."""
        try:
            awaited = work.send(None)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]  # what a coroutine returns stands in its exception
        yield from in_task().__await__()
        return (yield from self._waiting(rest(work, awaited)).__await__())

    async def _waiting(self, rest: Generator[Any, Any, Done]) -> Done:
        async with self:
            found: Done = await rest  # type: ignore[misc]  # it is a coroutine's, as `types.coroutine` marks it
            return found

    def _begin(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(min(self._seconds, _UNWATCHED_SECONDS), self._later)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends. Raises what the block was cancelled for, if it was, and by us."""
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if self._why and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise self._why from error

    def _later(self) -> None:
        self._late = True
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._seconds - _UNWATCHED_SECONDS, self._end, TimeoutError)
        if self._receive is not None:
            self._watching = loop.create_task(self._watch(self._receive))

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._end(ClientDisconnect)

    def _end(self, why: type[TimeoutError | ClientDisconnect]) -> None:
        if self._why is None:
            self._why = why
            self._task.cancel()
