"""OpenTelemetry traces, where they are asked for and installed; else nothing, at no cost."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from starlette.types import Scope

from app.domain.errors import InputError
from app.settings import Settings
from app.store.statements import Statement
from app.web.logs import redacted

if TYPE_CHECKING:
    from app.web.requests import Seen

# What follows it is a link to a recording (see app.web.recordings).
_SECRET_PATH = "/recordings/"  # noqa: S105  # a path
_LONGEST_TEXT = 4_000
# What an exception says may hold what a person sent.
_QUIET: dict[str, Any] = {"record_exception": False, "set_status_on_exception": False}


class RequestSpan(Protocol):
    """The span of a request, which learns at its end what became of it."""

    def ended(self, noted: "Seen", status: int) -> None:
        """Notes what became of the request."""


class Traces:
    """No traces: every span is nothing."""

    def request(self, scope: Scope) -> AbstractContextManager[RequestSpan]:
        """The span of a whole request; a child of the caller's, where it sends a `traceparent`."""
        return _NO_SPAN

    def span(self, name: str) -> AbstractContextManager[object]:
        """The span of a part of a request: parse, validate, execute."""
        return _NO_SPAN

    def statement(self, statement: Statement) -> None:
        """The span of an SQL statement that is over."""

    def close(self) -> None:
        """Sends what has not been sent yet."""


class _NoSpan:
    def ended(self, noted: "Seen", status: int) -> None:
        """Nothing is noted."""


_NO_SPAN = nullcontext(_NoSpan())


class _Span:
    def __init__(self, span: Any) -> None:
        self._span = span

    def ended(self, noted: "Seen", status: int) -> None:
        self._span.set_attribute("http.response.status_code", status)
        self._span.set_attribute("error", status >= 500)
        self._span.set_attribute("graphql.operation.type", noted.operation)
        self._span.set_attribute("switchboard.request_id", noted.request_id)
        self._span.set_attribute("switchboard.rows", noted.rows)
        if noted.operation_name:
            self._span.set_attribute("graphql.operation.name", redacted(noted.operation_name[:80]))
        if noted.codes:
            self._span.set_attribute("switchboard.codes", list(noted.codes))


class Recorded(Traces):
    """Traces that go to an exporter."""

    def __init__(self, provider: Any) -> None:
        """`provider` is a `TracerProvider`: ours alone, never the process' global one."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("switchboard")
        self._server, self._client = SpanKind.SERVER, SpanKind.CLIENT
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, scope: Scope) -> Iterator[RequestSpan]:
        """The span of a whole request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self._tracer.start_as_current_span(
            f"{scope['method']} request",
            context=self._propagator.extract(headers),
            kind=self._server,
            attributes={"http.request.method": scope["method"], "url.path": redacted(_public(scope["path"]))},
            **_QUIET,
        ) as span:
            yield _Span(span)

    def span(self, name: str) -> AbstractContextManager[object]:
        """The span of a part of a request."""
        found: AbstractContextManager[object] = self._tracer.start_as_current_span(name, **_QUIET)
        return found

    def statement(self, statement: Statement) -> None:
        """The span of an SQL statement, made when it is over: its text has placeholders where values were."""
        text = redacted(statement.text[:_LONGEST_TEXT])
        span = self._tracer.start_span(
            text.split(None, 1)[0].upper() if text else "SQL",
            kind=self._client,
            start_time=statement.began_at,
            attributes={"db.query.text": text, "db.response.returned_rows": statement.rows},
        )
        span.set_attribute("error", statement.failed)
        span.end(max(time.time_ns(), statement.began_at))

    def close(self) -> None:
        """Sends what has not been sent yet."""
        self._provider.shutdown()


def _public(path: str) -> str:
    """A path without what is a secret in it: whoever has a link may hear the recording."""
    return f"{_SECRET_PATH}…" if path.startswith(_SECRET_PATH) else path


def traces_of(settings: Settings) -> Traces:
    """The traces of the settings. Raises InputError where the package they need is not installed."""
    if not settings.traces:
        return Traces()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise InputError("SWITCHBOARD_TRACES needs a package: pip install 'switchboard[otel]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": "switchboard"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Recorded(provider)
