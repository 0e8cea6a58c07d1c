"""uvicorn's protocol, but a head has to arrive in time, and a question is answered as soon as it is read."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.store.turns import begun
from app.web.requests import is_posted_question

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def at_once_by(app: Starlette) -> Callable[[Any], bool]:
    """Which requests an application answers without waiting, most of the time: questions to the embedded store."""
    return is_posted_question if app.state.database.is_sqlite else lambda _: False


def prompt_heads(seconds: float, at_once: Callable[[Any], bool]) -> type[asyncio.Protocol]:
    """A request's head has to arrive within so many seconds: else a few clients could hold every connection.

    What is whole and `at_once` by its scope is answered as soon as it is read, in a task only where that has to wait.

    Timers are few: nearly every head comes in one piece and needs none, and the one that ends idle connections is left
    to run while they are busy.
    """

    class PromptHeads(HttpToolsProtocol):
        _head_due: asyncio.TimerHandle | None = None
        _in_head = False
        _begun: tuple[RequestResponseCycle, Any] | None = None
        _idle_since: float | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
            super().connection_made(transport)
            self._expect_head()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self._begun is not None:
                next_one, self._begun = self._begun, None
                self._answer(*next_one)
            if self._in_head and self._head_due is None:
                self._expect_head()

        def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
            if at_once(cycle.scope):
                self._begun = cycle, app  # until its body is read, too
            else:
                super()._start_asgi_task(cycle, app)

        def _answer(self, cycle: RequestResponseCycle, app: Any) -> None:
            if cycle.more_body:
                super()._start_asgi_task(cycle, app)
            elif (task := begun(cycle.run_asgi(app), copy_context())) is not None:
                task.add_done_callback(self.tasks.discard)
                self.tasks.add(task)

        def on_message_begin(self) -> None:
            self._in_head = True
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._head_came()
            super().on_headers_complete()

        def on_response_complete(self) -> None:
            self.server_state.total_requests += 1
            if self.transport.is_closing():
                return
            self.flow.resume_reading()
            if self.pipeline:
                super()._start_asgi_task(*self.pipeline.pop())
                return
            self._idle_since = self.loop.time()
            if self.timeout_keep_alive_task is None:
                self._end_when_idle(self.timeout_keep_alive)

        def _end_when_idle(self, seconds: float) -> None:
            self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

        def _unset_keepalive_if_required(self) -> None:
            self._idle_since = None

        def timeout_keep_alive_handler(self) -> None:
            self.timeout_keep_alive_task = None
            if self._idle_since is None:
                return  # it is busy, and will be idle again
            left = self._idle_since + self.timeout_keep_alive - self.loop.time()
            if left > 0:
                self._end_when_idle(left)
            else:
                super().timeout_keep_alive_handler()

        def connection_lost(self, exc: Exception | None) -> None:
            self._head_came()
            if self.timeout_keep_alive_task is not None:
                self.timeout_keep_alive_task.cancel()
            super().connection_lost(exc)

        def _expect_head(self) -> None:
            self._head_due = self.loop.call_later(seconds, self._cut)

        def _head_came(self) -> None:
            self._in_head = False
            if self._head_due is not None:
                self._head_due.cancel()
                self._head_due = None

        def _cut(self) -> None:
            self.transport.write(_TOO_SLOW)
            self.transport.close()

    return PromptHeads
