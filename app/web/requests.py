"""What is noted of each request while it is answered: a line in the log, figures in the metrics, a span in the trace."""

import os
import string
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

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
from app.web.traces import Traces, traces_of

ENDPOINT = "/graphql"
# Watchers ask these every few seconds; nobody reads that in a log.
_UNLOGGED = ("/livez", "/readyz", "/metrics", "/graphiql/assets/")
_NOBODY_WAITED = 499
_LONGEST_NAME = 80
# A letter for each byte. Some letters come a little more often than others: it is a name, not a secret.
_NAME, _NAMES = 16, 256
_LETTERS = bytes(ord(string.ascii_lowercase[byte % 26]) for byte in range(256))
log = structlog.get_logger()


class Usual(NamedTuple):
    """What a line has in common with most others: all but its name, its moment and its figures."""

    operation: str
    name: str | None
    viewer: str | None
    status: int
    codes: tuple[str, ...]
    path: str


class Line(NamedTuple):
    """The line of a request that is over."""

    at: datetime
    noted: "Seen"
    status: int
    seconds: float

    @property
    def usual(self) -> Usual:
        """What it says but for its figures."""
        noted, name = self.noted, self.noted.operation_name
        shown = name[:_LONGEST_NAME] if name else name
        return Usual(noted.operation, shown, noted.viewer, self.status, noted.codes, noted.path)

    @property
    def milliseconds(self) -> float:
        """How long the request took."""
        return round(self.seconds * 1000, 1)

    def fields(self) -> dict[str, Any]:
        """What it says."""
        noted, said = self.noted, self.usual._asdict()
        figures = {
            "ms": self.milliseconds,
            "statements": noted.statements,
            "rows": noted.rows,
            "path": said.pop("path"),
        }
        return {"request_id": noted.request_id, **said, "codes": list(noted.codes), **figures}


WriteLine = Callable[[Line], None]


def _line(line: Line) -> None:
    log.info("request", **line.fields())


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

    def access(self, document: str, status: int) -> Access:
        """The request as the access log tells of it, once an operation of a document was begun."""
        rows = self.rows - self._rows_before
        key = self.viewer or ""
        return Access(self.at, key, self.viewer_name, document, self.operation_name, rows, self.path, status)


# Where a request's scope keeps what is noted of it, for handlers that run when it is over.
_KEY = "switchboard.seen"
_current: ContextVar[Seen | None] = ContextVar("seen", default=None)


def is_posted_question(scope: AsgiScope) -> bool:
    """Whether a request is a question as nearly all are."""
    # What is no request over HTTP has no method.
    return scope.get("method") == "POST" and scope.get("path") == ENDPOINT


def operation_of(scope: AsgiScope) -> str:
    """What is known of a request's operation before it is read."""
    return "unknown" if scope["path"] == ENDPOINT else "other"


def seen() -> Seen:
    """The request that is being answered; outside of one, something to write on that nobody reads."""
    return _current.get() or Seen(new_request_id(), datetime.now(UTC))


def request_id_of(scope: AsgiScope) -> str:
    """The name of a request, also for who answers it after everything else broke."""
    noted: Seen | None = scope.get(_KEY)
    return noted.request_id if noted else new_request_id()


class _Names:
    """Names for requests, made many at a time: asking the system for each takes longer than the rest of a request's notes."""

    def __init__(self) -> None:
        self._made: list[str] = []

    def next(self) -> str:
        """One that was not used before."""
        if not self._made:
            letters = os.urandom(_NAME * _NAMES).translate(_LETTERS).decode()
            self._made = [letters[at : at + _NAME] for at in range(0, len(letters), _NAME)]
        return self._made.pop()


_names = _Names()


def new_request_id() -> str:
    """A name for a request, which its answer and every line of the log about it carry."""
    return _names.next()


def watch(app: Starlette, settings: Settings, database: Database, write_line: WriteLine | None = None) -> None:
    """Makes the app's metrics and traces, and has the store report to them. Raises InputError."""
    metrics, traces = Metrics(database), traces_of(settings)
    count, trace = metrics.statement, None if type(traces) is Traces else traces.statement
    app.state.metrics, app.state.traces = metrics, traces
    app.state.traced = traces.request if trace else None
    app.state.write_line = write_line or _line
    if app.state.gate.access_log:
        metrics.access_log(app.state.gate.access_log)

    def on_statement(statement: Statement) -> None:
        request = _current.get()
        if request is not None:
            request.statements += 1
            request.rows += statement.rows
        count(statement)
        if trace is not None:
            trace(statement)

    database.watch(on_statement)


class Watched:
    """One request while it is answered. When it is over it is told to the trace, the access log, the metrics and the log."""

    __slots__ = ("_before", "_begun", "_scope", "_span", "_state", "_tracing", "noted", "status")

    def __init__(self, scope: AsgiScope, state: State, operation: str) -> None:
        self.noted = scope[_KEY] = Seen(new_request_id(), datetime.now(UTC), operation)
        # Of the answer, as soon as there is one.
        self.status = _NOBODY_WAITED
        self._scope, self._state = scope, state

    def __enter__(self) -> Self:
        """Begins: whoever asks for the request that is answered gets this one."""
        self._begun = time.perf_counter()
        self._before = _current.set(self.noted), REQUEST_ID.set(self.noted.request_id)
        self._tracing = None
        if self._state.traced is not None:
            self._tracing = self._state.traced(self._scope)
            self._span = self._tracing.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends. What broke is noted here, and answered further out: see `unexpected`."""
        if isinstance(error, Exception):
            self.status = 500
        try:
            self._tell()
        finally:
            if self._tracing is not None:
                self._tracing.__exit__(kind, error, trace)
            _current.reset(self._before[0])
            REQUEST_ID.reset(self._before[1])

    def _tell(self) -> None:
        noted, status, state = self.noted, self.status, self._state
        if self._tracing is not None:
            self._span.ended(noted, status)
        access_log = state.gate.access_log
        if access_log is not None and noted.document is not None:
            access_log.note(noted.access(noted.document, status))
        if not self._scope["path"].startswith(_UNLOGGED):
            seconds = time.perf_counter() - self._begun
            state.metrics.request(noted.operation, status, noted.codes, noted.limit, noted.path, seconds)
            state.write_line(Line(datetime.now(UTC), noted, status, seconds))


class Watching:
    """ASGI middleware, the outermost: notes every request, names it in its answer, and puts on the headers that all have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with Watched(scope, scope["app"].state, operation_of(scope)) as watched:
            named = (b"x-request-id", watched.noted.request_id.encode())

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    watched.status = message["status"]
                    message = {**message, "headers": secured(message["headers"], named)}
                await send(message)

            await self._app(scope, receive, sending)
