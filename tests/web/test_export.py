"""POST /export: every row of a list once, in each form, gone on with by cursor, and refused to whom it is not for."""

import asyncio
import contextlib
import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pyarrow.parquet
import pytest

from app.domain.scope import Right, Scope
from app.graphql import exporting
from app.store.access_log import latest
from app.store.database import Database
from app.web import formats
from tests.conftest import House
from tests.graphql.rows import fill, row
from tests.web.serving import running as running_app
from tests.web.serving import served, token_of

QUERY = "query ($f: CallFilter) { calls(filter: $f) { nodes { providerCallId startedAt durationSeconds agent { name } legs { kind } } } }"
CALLS = 25
# Fragments that each spread the next one twice: written out they would have no end.
BOMB = "{ calls { nodes { campaign { ...f0 } } } } " + " ".join(
    [f"fragment f{n} on OrgUnit {{ a: parent {{ ...f{n + 1} }} b: parent {{ ...f{n + 1} }} }}" for n in range(60)]
    + ["fragment f60 on OrgUnit { id }"]
)


@asynccontextmanager
async def exporting_from(store_url: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with 25 calls, a minute after the other."""
    database = Database(store_url)
    calls = [row(f"c{n}", minute=n, agent="=Anna" if n % 2 else None, duration=n, legs=1) for n in range(CALLS)]
    async with served(store_url) as client:
        await fill(House(database), calls)
        await database.close()
        yield client


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_SIZES", (10, 1))


async def exported(client: httpx.AsyncClient, **asked: Any) -> httpx.Response:
    answer = await client.post("/export", json={"query": QUERY} | asked)
    assert answer.status_code == 200, answer.text
    return answer


async def test_csv_has_a_line_a_row_and_no_formulas(store_url: str) -> None:
    async with exporting_from(store_url) as client:
        answer = await exported(client)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="calls.csv"'
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["providerCallId", "startedAt", "durationSeconds", "agent.name", "legs"]
    assert [one[0] for one in rows] == [f"c{n}" for n in reversed(range(CALLS))]
    assert rows[1] == ["c23", "2024-05-20T08:23:00Z", "23", "'=Anna", '[{"kind":"AGENT"}]']
    assert rows[0][3] == ""


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("+977 98-1000 (0078)", "+977 98-1000 (0078)"),
        ("-5", "-5"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ('-2+3+HYPERLINK("http://x")', '\'-2+3+HYPERLINK("http://x")'),
        ("@SUM(A1)", "'@SUM(A1)"),
    ],
)
def test_what_a_spreadsheet_would_work_out_is_text(said: str, written: str) -> None:
    assert formats._cell(said) == written


async def test_columns_come_in_the_order_of_the_query_and_what_stands_beside_the_rows_is_left_out(
    store_url: str,
) -> None:
    query = """query ($n: Boolean!, $f: CallFilter) { calls(filter: $f) { totalCount @include(if: $n) ...Sides
      nodes @include(if: $n) { providerCallId ...Some kind } } }
      fragment Some on Call { direction ... on Call { outcome } } fragment Sides on CallConnection { pageInfo { hasNextPage } }"""
    async with exporting_from(store_url) as client:
        answer = await exported(client, query=query, variables={"n": True})
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["providerCallId", "direction", "outcome", "kind"]
    assert len(rows) == CALLS


async def test_lines_of_json_are_what_the_query_answers(store_url: str) -> None:
    async with exporting_from(store_url) as client:
        answer = await exported(client, format="ndjson")
        listed = (await client.post("/graphql", json={"query": QUERY})).json()["data"]["calls"]["nodes"]
    assert [json.loads(line) for line in answer.text.splitlines()] == listed


async def test_parquet_has_types(store_url: str) -> None:
    async with exporting_from(store_url) as client:
        answer = await exported(client, format="parquet", cursors=True)
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    assert [str(kind) for kind in table.schema.types] == [
        *("string", "timestamp[ms, tz=UTC]", "int64", "string", "string", "string")
    ]
    assert sorted(table.column("durationSeconds").to_pylist()) == list(range(CALLS))
    assert table.num_rows == CALLS


@pytest.mark.parametrize("format", ["csv", "ndjson"])
async def test_an_export_that_broke_off_is_gone_on_with_by_its_last_cursor(store_url: str, format: str) -> None:
    async with exporting_from(store_url) as client:
        whole = (await exported(client, format=format, cursors=True)).text
        lines = whole.splitlines(keepends=True)
        kept = "".join(lines[:14])
        last = json.loads(lines[13])["cursor"] if format == "ndjson" else next(csv.reader([lines[13]]))[-1]
        rest = (await exported(client, format=format, cursors=True, after=last)).text
    assert kept + rest == whole


async def test_an_export_lists_what_its_filter_does(store_url: str) -> None:
    given = {"durationSeconds": {"lt": 12}, "agentNames": ["=anna"]}
    async with exporting_from(store_url) as client:
        answer = await exported(client, variables={"f": given}, format="ndjson")
        query = "query ($f: CallFilter) { calls(filter: $f) { totalCount } }"
        counted = (await client.post("/graphql", json={"query": query, "variables": {"f": given}})).json()
    assert len(answer.text.splitlines()) == counted["data"]["calls"]["totalCount"] == 6


async def test_groups_of_a_statistic_are_exported(store_url: str) -> None:
    query = '{ callStats(filter: {startedAt: {from: "2024-05-20T00:00:00Z", to: "2024-05-21T00:00:00Z"}}, groupBy: [HOUR]) { key { hour: start } total } }'
    async with exporting_from(store_url) as client:
        rows = list(csv.reader(io.StringIO((await exported(client, query=query)).text)))
    assert rows[0] == ["key.hour", "total"]
    assert len(rows) == 25
    assert rows[9] == ["2024-05-20T08:00:00Z", str(CALLS)]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"query": "{ viewer { name } }"}, "BAD_USER_INPUT"),
        ({"query": "{ calls { totalCount } }"}, "BAD_USER_INPUT"),
        ({"query": "{ calls(first: 3) { nodes { id } } }"}, "BAD_USER_INPUT"),
        ({"query": "{ calls { nodes { id } } agents { nodes { id } } }"}, "BAD_USER_INPUT"),
        ({"query": "{ calls { nodes { nothing } } }"}, "BAD_USER_INPUT"),
        ({"query": QUERY, "format": "xlsx"}, "BAD_USER_INPUT"),
        ({"query": QUERY, "after": 7}, "BAD_USER_INPUT"),
        ({"query": QUERY, "after": "no cursor"}, "BAD_USER_INPUT"),
        ({"query": QUERY, "format": ["csv"]}, "BAD_USER_INPUT"),
        ({"query": "{ callStats { total } }", "after": "a cursor"}, "BAD_USER_INPUT"),
        ({"query": "{ calls { nodes { cursor: id } } }", "cursors": True}, "BAD_USER_INPUT"),
        ({"query": '{ nodes(ids: ["x"]) { id } }'}, "BAD_USER_INPUT"),
        ({"query": "{ calls @skip(if: true) { nodes { id } } }"}, "BAD_USER_INPUT"),
        ({"query": "{ calls"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": BOMB}, "QUERY_TOO_DEEP"),
        ({"format": "csv"}, "BAD_REQUEST"),
    ],
)
async def test_what_is_no_export_is_refused_before_anything_is_sent(
    store_url: str, asked: dict[str, Any], code: str
) -> None:
    async with served(store_url) as client:
        answer = await client.post("/export", json=asked)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, code)
        again = await client.post("/export", json={"query": QUERY})
    assert again.status_code == 200, "what was refused holds no place"


async def test_exports_need_their_scope_and_a_token(store_url: str) -> None:
    async with running_app(store_url, anonymous=False) as app:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://switchboard.test") as client:
            assert (await client.post("/export", json={"query": QUERY})).status_code == 401
            secret = await token_of(app, frozenset({Right.CALLS_READ}))
            headers = {"authorization": f"Bearer {secret}"}
            answer = await client.post("/export", json={"query": QUERY}, headers=headers)
    assert answer.status_code == 403
    assert "export" in answer.json()["errors"][0]["message"]


async def test_no_more_exports_run_at_once_than_the_store_can_bear(store_url: str) -> None:
    async with running_app(store_url, anonymous=False) as app:
        transport = httpx.ASGITransport(app=app)
        headers = {"authorization": f"Bearer {await token_of(app)}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://switchboard.test", headers=headers
        ) as client:
            for _ in range(2):
                await app.state.exports.free.acquire()
            answer = await client.post("/export", json={"query": QUERY})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")


async def test_a_client_that_is_gone_before_the_first_byte_holds_no_place(store_url: str) -> None:
    async with running_app(store_url, anonymous=False) as app:
        body = json.dumps({"query": QUERY}).encode()
        headers = [(b"authorization", f"Bearer {await token_of(app)}".encode()), (b"content-type", b"application/json")]
        told = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Any:
            return next(told, {"type": "http.disconnect"})

        async def send(_: Any) -> None:
            raise OSError("nobody is there")

        scope = {"type": "http", "method": "POST", "path": "/export", "raw_path": b"/export", "query_string": b""}
        scope |= {"headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "scheme": "http"}
        scope |= {"http_version": "1.1", "asgi": {"version": "3.0", "spec_version": "2.3"}}
        for _ in range(3):
            told = iter([{"type": "http.request", "body": body, "more_body": False}])
            with contextlib.suppress(Exception):
                await app(scope | {"state": {}}, receive, send)
        assert not app.state.exports.free.locked()


async def test_an_export_is_an_access_with_its_rows(store_url: str) -> None:
    async with exporting_from(store_url) as client:
        await exported(client)
    database = Database(store_url)
    async with database.read() as connection:
        links = await latest(connection, Scope("main"), 10)
    await database.close()
    assert max(link.access.rows for link in links) >= CALLS


async def test_a_page_that_fails_breaks_the_answer_off(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = exporting._asked
    pages = 0

    async def second_fails(*given: Any) -> Any:
        nonlocal pages
        pages += 1
        if pages == 2:
            raise exporting.ExportError("The store is gone.", "STORE")
        return await asked(*given)

    monkeypatch.setattr(exporting, "_asked", second_fails)
    async with exporting_from(store_url) as client:
        with pytest.raises(exporting.ExportError):
            await client.post("/export", json={"query": QUERY})
        assert (await exported(client)).text.count("\n") == CALLS + 1
    await asyncio.sleep(0)
