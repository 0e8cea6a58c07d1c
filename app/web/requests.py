"""What is noted of each request while it is answered: a line in the log, figures in the metrics, a span in the trace."""

import os
import random
import string
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from app.domain.access_log import Access
from app.settings import Settings
from app.store.database import Database
from app.store.statements import Statement
from app.web.headers import secured
from app.web.logs import REQUEST_ID
from app.web.metrics import Metrics
from app.web.traces import traces_of

ENDPOINT = "/graphql"
# Watchers ask these every few seconds; nobody reads that in a log.
_UNLOGGED = ("/livez", "/readyz", "/metrics", "/graphiql/assets/")
_NOBODY_WAITED = 499
_LONGEST_NAME = 80
# A letter for each byte. Some letters come a little more often than others: it is a name, not a secret.
_LETTERS = bytes(ord(string.ascii_lowercase[byte % 26]) for byte in range(256))
_random = random.Random(os.urandom(32))  # noqa: S311  # asking the system each time takes longer than the rest of a name
log = structlog.get_logger()
# Writes the line of a request that is over, of its fields.
WriteLine = Callable[[dict[str, Any]], None]


def _line(fields: dict[str, Any]) -> None:
    log.info("request", **fields)


@dataclass(slots=True)
class Seen:
    """One request as it is noted. Who learns something of it while answering writes it here."""

    # Letters only, so that no digits of it are ever taken for a telephone number's and blacked out.
    request_id: str
    at: datetime
    # query, mutation or subscription; `unknown` while there is no valid document, `other` away from the endpoint.
    operation: str = "other"
    operation_name: str | None = None
    # The viewer's key: never a token.
    viewer: str | None = None
    viewer_name: str = ""
    # The hash of the document, once its operation is begun: from then on it is an access, whatever becomes of it.
    document: str | None = None
    # The way the answer was made: compiled, or reference and why; nothing where no operation was executed.
    path: str = ""
    # The codes of the answer's errors.
    codes: tuple[str, ...] = ()
    # The limit that it was refused for.
    limit: str | None = None
    statements: int = 0
    rows: int = 0
    # Those that were read to find out who asks, and what.
    _rows_before: int = 0

    def begin(self, document: str) -> None:
        """Notes that an operation of the document begins; of an export, whose pages are operations, the first one."""
        if self.document is None:
            self.document, self._rows_before = document, self.rows

    def access(self, status: int) -> Access | None:
        """The request as the access log tells of it; None where no operation was begun."""
        if self.document is None:
            return None
        rows = self.rows - self._rows_before
        key = self.viewer or ""
        return Access(self.at, key, self.viewer_name, self.document, self.operation_name, rows, self.path, status)


# Where a request's scope keeps what is noted of it, for handlers that run when it is over.
_KEY = "switchboard.seen"
_current: ContextVar[Seen | None] = ContextVar("seen", default=None)


def seen() -> Seen:
    """The request that is being answered; outside of one, something to write on that nobody reads."""
    return _current.get() or Seen(new_request_id(), datetime.now(UTC))


def request_id_of(scope: AsgiScope) -> str:
    """The name of a request, also for who answers it after everything else broke."""
    noted: Seen | None = scope.get(_KEY)
    return noted.request_id if noted else new_request_id()


def new_request_id() -> str:
    """A name for a request, which its answer and every line of the log about it carry."""
    return _random.randbytes(16).translate(_LETTERS).decode()


def watch(app: Starlette, settings: Settings, database: Database, write_line: WriteLine | None = None) -> None:
    """Makes the app's metrics and traces, and has the store report to them. Raises InputError."""
    metrics, traces = Metrics(database), traces_of(settings)
    app.state.metrics, app.state.traces = metrics, traces
    app.state.write_line = write_line or _line
    if app.state.gate.access_log:
        metrics.access_log(app.state.gate.access_log)

    def on_statement(statement: Statement) -> None:
        request = _current.get()
        if request is not None:
            request.statements += 1
            request.rows += statement.rows
        metrics.statement(statement)
        traces.statement(statement)

    database.watch(on_statement)


class Watching:
    """ASGI middleware, the outermost: notes every request, names it in its answer, and puts on the headers that all have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        asked = scope["path"] == ENDPOINT
        noted = Seen(new_request_id(), datetime.now(UTC), "unknown" if asked else "other")
        scope[_KEY] = noted
        status, begun = _NOBODY_WAITED, time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", noted.request_id.encode())
                message = {**message, "headers": secured(message["headers"], named)}
            await send(message)

        token, named = _current.set(noted), REQUEST_ID.set(noted.request_id)
        state = scope["app"].state
        try:
            with state.traces.request(scope) as span:
                try:
                    await self._app(scope, receive, sending)
                except Exception:  # noted, and answered further out: see `unexpected`
                    status = 500
                    raise
                finally:
                    span.ended(noted, status)
                    if state.gate.access_log is not None and (access := noted.access(status)):
                        state.gate.access_log.note(access)
                    if not scope["path"].startswith(_UNLOGGED):
                        _note(state, noted, status, time.perf_counter() - begun)
        finally:
            _current.reset(token)
            REQUEST_ID.reset(named)


def _note(state: State, noted: Seen, status: int, seconds: float) -> None:
    state.metrics.request(noted.operation, status, noted.codes, noted.limit, noted.path, seconds)
    name = noted.operation_name
    state.write_line(
        {
            "request_id": noted.request_id,
            "operation": noted.operation,
            "name": name[:_LONGEST_NAME] if name else name,
            "viewer": noted.viewer,
            "status": status,
            "codes": list(noted.codes),
            "ms": round(seconds * 1000, 1),
            "statements": noted.statements,
            "rows": noted.rows,
            "path": noted.path,
        }
    )
