"""Traces: a span for the request, its parts and each statement, no values in them; nothing at all without the package."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.domain.errors import InputError
from app.settings import Settings
from app.web import requests
from app.web.traces import Recorded, Traces, traces_of
from tests.web.serving import client_of, running

NUMBER = "+9779810000078"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """The spans of servers made meanwhile."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(requests, "traces_of", lambda _: Recorded(provider))
    yield exporter
    provider.shutdown()


def attributes(span: ReadableSpan) -> dict[str, Any]:
    """A span's attributes."""
    return dict(span.attributes or {})


async def test_a_request_is_traced_with_its_parts_and_its_statements(
    exported: InMemorySpanExporter, store_url: str
) -> None:
    async with running(store_url) as app, client_of(app) as client:
        exported.clear()
        query = "query Calls($n: PhoneNumber!) { calls(filter: {phoneNumbers: [$n]}) { nodes { id } } }"
        answer = await client.post({"query": query, "variables": {"n": NUMBER}}, traceparent=PARENT)
        assert answer.status_code == 200
        spans = exported.get_finished_spans()
    root = next(span for span in spans if span.name == "POST request")
    assert attributes(root)["graphql.operation.type"] == "query"
    assert attributes(root)["graphql.operation.name"] == "Calls"
    assert attributes(root)["http.response.status_code"] == 200
    assert root.parent is not None
    assert f"{root.parent.trace_id:032x}" in PARENT
    parts = {span.name for span in spans if span.parent and span.parent.span_id == root.context.span_id}
    assert {"parse and validate", "execute"} <= parts
    statements = [attributes(span)["db.query.text"] for span in spans if "db.query.text" in attributes(span)]
    assert any("calls" in text and "SELECT" in text for text in statements)
    assert all(span.context.trace_id == root.context.trace_id for span in spans)


async def test_no_span_holds_a_number(exported: InMemorySpanExporter, store_url: str) -> None:
    async with running(store_url) as app, client_of(app) as client:
        query = f'query Of9810000078 {{ calls(filter: {{phoneNumbers: ["{NUMBER}"]}}) {{ nodes {{ id }} }} }}'
        await client.post({"query": query})
        await client.http.get(f"/contacts/{NUMBER}")
    text = "".join(span.to_json() for span in exported.get_finished_spans())
    assert "SELECT" in text
    assert NUMBER[4:] not in text  # its first digits alone may stand in a time or an id of a trace


async def test_a_failed_request_ends_its_span(
    exported: InMemorySpanExporter, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(NUMBER)

    async with running(store_url) as app, client_of(app) as client:
        monkeypatch.setattr(app.state.viewers, "of_request", broken)
        await client.post({"query": "{ __typename }"})
    root = next(span for span in exported.get_finished_spans() if span.name == "POST request")
    assert attributes(root)["http.response.status_code"] == 500
    assert NUMBER not in root.to_json()


def test_without_the_setting_there_is_nothing() -> None:
    traces = traces_of(Settings(traces=False))
    assert type(traces) is Traces
    with traces.span("execute"), traces.request({"type": "http"}) as span:
        span.ended(requests.Seen("abc", datetime.now(UTC)), 200)


def test_the_setting_sends_them_to_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    traces = traces_of(Settings(traces=True))
    assert isinstance(traces, Recorded)
    traces.close()


def test_the_setting_without_the_package_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(InputError, match=r"switchboard\[otel\]"):
        traces_of(Settings(traces=True))


def test_the_server_is_made_without_the_package() -> None:
    program = """
import sys
from datetime import UTC, datetime
sys.modules["opentelemetry"] = None
from app.settings import Settings
from app.web.app import create_app
create_app(Settings(database="postgresql://me@127.0.0.1:1/calls"))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
