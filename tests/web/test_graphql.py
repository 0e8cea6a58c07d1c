"""GraphQL over HTTP: from the bytes of a request to a status, a media type and a body; and never a 500."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from structlog.testing import capture_logs

from app.store.database import Database
from tests.conftest import House
from tests.graphql.rows import fill, row
from tests.web.serving import asking, listening, running, served, visitor

JSON, GRAPHQL_JSON = "application/json", "application/graphql-response+json"
QUERY = "{ calls { totalCount } }"
ANSWER = {"data": {"calls": {"totalCount": 1}}}
ONE_OF = "query One { calls { totalCount } } query Other { sources { name } }"


@pytest.fixture
async def filled(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a store with one call. What HTTP is about does not depend on the engine: SQLite does for it."""
    path = tmp_path / "store.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    await fill(House(database), [row("a", agent="Anna")])
    await database.close()
    return f"sqlite:///{path}"


@pytest.fixture
async def client(filled: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server of that store."""
    async with served(filled) as found:
        yield found


async def post(client: httpx.AsyncClient, body: Any, accept: str | None = None) -> httpx.Response:
    """Sends a body, as JSON unless it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": JSON} | ({"accept": accept} if accept else {})
    return await client.post("/graphql", content=content, headers=headers)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


def refused(response: httpx.Response, status: int, code: str) -> None:
    """Holds that a request was refused with a message that a person can read, and without data."""
    body = response.json()
    assert (response.status_code, codes(response)) == (status, [code]), response.text
    assert body.keys() == {"errors"}
    assert body["errors"][0]["message"]


async def test_question_is_posted_as_json(client: httpx.AsyncClient) -> None:
    response = await post(client, {"query": QUERY})
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["cache-control"] == "no-store"
    assert len(response.headers["x-request-id"]) == 16


async def test_variables_and_operation_name_are_taken(client: httpx.AsyncClient) -> None:
    query = "query One($n: Int) { calls(first: $n) { nodes { id } } } query Two { sources { name } }"
    first = {"query": query, "operationName": "One", "variables": {"n": 0}}
    assert (await post(client, first)).json() == {"data": {"calls": {"nodes": []}}}
    second = {"query": query, "operationName": "Two", "variables": None, "extensions": {"any": 1}}
    assert (await post(client, second)).json() == {"data": {"sources": [{"name": "phones"}]}}


async def test_null_means_not_given(client: httpx.AsyncClient) -> None:
    body = {"query": QUERY, "operationName": None, "variables": None, "extensions": None, "other": 1}
    assert (await post(client, body)).json() == ANSWER


async def test_query_may_be_asked_by_get(client: httpx.AsyncClient) -> None:
    query = "query One($n: Int) { calls(first: $n) { totalCount } } query Two { sources { name } }"
    parameters = {"query": query, "operationName": "One", "variables": '{"n": 1}', "extensions": "{}"}
    response = await client.get("/graphql", params=parameters)
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert (await client.get("/graphql", params={"query": QUERY, "variables": ""})).json() == ANSWER


async def test_mutation_by_get_is_refused_and_told_where_it_belongs(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "mutation { change }"})
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"
    query = "query One { calls { totalCount } } mutation Two { change }"
    refused(await client.get("/graphql", params={"query": query, "operationName": "Two"}), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("text/html, application/json;q=0.9", JSON),
        ("application/graphql-response+json", GRAPHQL_JSON),
        ("application/graphql-response+json; charset=utf-8", GRAPHQL_JSON),
        ("APPLICATION/GRAPHQL-RESPONSE+JSON", GRAPHQL_JSON),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_JSON),
        ("application/json, application/graphql-response+json", JSON),
        ("nonsense", JSON),
    ],
)
async def test_answer_comes_in_a_media_type_that_was_asked_for(
    client: httpx.AsyncClient, accept: str, media_type: str
) -> None:
    response = await post(client, {"query": "{ __typename }"}, accept)
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json() == {"data": {"__typename": "Query"}}


IMPOSSIBLE_BODIES: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{ calls { totalCount } }",
    "half of it": b'{"query": "{ calls',
    "a number": b"1",
    "null": b"null",
    "a text": b'"x"',
    "a list": b"[]",
    "a batch": json.dumps([{"query": QUERY}]).encode(),
    "invalid UTF-8": b'{"query": "\xff\xfe"}',
    "UTF-16": json.dumps({"query": QUERY}).encode("utf-16"),
    "half a surrogate pair": b'{"query": "{ calls { totalCount } }", "operationName": "\\ud800"}',
    "half a surrogate pair in a variable": b'{"query": "{ calls { totalCount } }", "variables": {"a": "\\udfff"}}',
    "half a surrogate pair in UTF-8": b'{"query": "\xed\xa0\x80"}',
    "no number": b'{"query": "{ calls { totalCount } }", "variables": {"a": NaN}}',
    "an endless number": b'{"query": "{ calls { totalCount } }", "variables": {"a": 1e999}}',
    "a deep list": b"[" * 100_000 + b"]" * 100_000,
    "a deep object": b'{"a":' * 50_000,
    "a deep variable": b'{"query": "{ a }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "no query": {"variables": {}},
    "an empty query": {"query": ""},
    "a blank query": {"query": " \n"},
    "a null query": {"query": None},
    "a number as query": {"query": 1},
    "a list as query": {"query": [QUERY]},
    "an object as query": {"query": {"a": QUERY}},
    "true as query": {"query": True},
    "a number as operation name": {"query": QUERY, "operationName": 1},
    "a list as operation name": {"query": QUERY, "operationName": ["One"]},
    "an object as operation name": {"query": QUERY, "operationName": {}},
    "false as operation name": {"query": QUERY, "operationName": False},
    "a text as variables": {"query": QUERY, "variables": "{}"},
    "a list as variables": {"query": QUERY, "variables": []},
    "a number as variables": {"query": QUERY, "variables": 0},
    "false as variables": {"query": QUERY, "variables": False},
    "a text as extensions": {"query": QUERY, "extensions": "{}"},
    "a list as extensions": {"query": QUERY, "extensions": []},
}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_body_that_asks_nothing_is_refused(client: httpx.AsyncClient, accept: str) -> None:
    for body in IMPOSSIBLE_BODIES.values():
        response = await post(client, body, accept)
        refused(response, 400, "BAD_REQUEST")
        assert response.headers["content-type"] == f"{accept}; charset=utf-8"


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": ""},
        {"query": QUERY, "variables": "nonsense"},
        {"query": QUERY, "variables": "[]"},
        {"query": QUERY, "variables": "1"},
        {"query": QUERY, "variables": "[" * 5000},
        {"query": QUERY, "extensions": '"x"'},
        {"query": QUERY, "extensions": "{"},
    ],
)
async def test_address_that_asks_nothing_is_refused(client: httpx.AsyncClient, parameters: dict[str, str]) -> None:
    refused(await client.get("/graphql", params=parameters), 400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "",
    ],
)
async def test_body_of_another_media_type_is_refused(client: httpx.AsyncClient, media_type: str | None) -> None:
    """Which is also what keeps a form on another site from asking in its visitor's name."""
    headers = {} if media_type is None else {"content-type": media_type}
    response = await client.post("/graphql", content=json.dumps({"query": QUERY}), headers=headers)
    refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
async def test_json_may_be_named_in_any_way(client: httpx.AsyncClient, media_type: str) -> None:
    body = json.dumps({"query": QUERY})
    response = await client.post("/graphql", content=body, headers={"content-type": media_type})
    assert response.json() == ANSWER


async def test_body_that_is_too_long_is_refused_before_it_has_all_come(filled: str) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield b" " * 1024

    async with served(filled, max_body_bytes=10_240) as client:
        headers = {"content-type": JSON}
        response = await client.post("/graphql", content=endless(), headers=headers)
        refused(response, 413, "BODY_TOO_LARGE")
        assert "10240 bytes" in response.json()["errors"][0]["message"]
        exact = json.dumps({"query": QUERY}).ljust(10_240)
        assert (await client.post("/graphql", content=exact, headers=headers)).json() == ANSWER
        assert (await client.post("/graphql", content=exact + " ", headers=headers)).status_code == 413


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "\0"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "nonsense"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ nonsense }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "{ calls }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "fragment F on Call { id }"}, "BAD_REQUEST"),
    ({"query": "mutation { change }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "query Q($id: ID!) { call(id: $id) { id } }"}, "BAD_USER_INPUT"),
    ({"query": "query Q($n: Int) { calls(first: $n) { totalCount } }", "variables": {"n": "x"}}, "BAD_USER_INPUT"),
    ({"query": "query Q($n: Int) { calls(first: $n) { totalCount } }", "variables": {"n": 2**70}}, "BAD_USER_INPUT"),
    ({"query": ONE_OF}, "BAD_REQUEST"),
    ({"query": ONE_OF, "operationName": "Third"}, "BAD_REQUEST"),
    ({"query": QUERY, "operationName": "Third"}, "BAD_REQUEST"),
    ({"query": "subscription { calls }"}, "BAD_REQUEST"),
]


@pytest.mark.parametrize(("accept", "status"), [(None, 200), (JSON, 200), (GRAPHQL_JSON, 400)])
async def test_document_that_cannot_be_executed_has_no_data(
    client: httpx.AsyncClient, accept: str | None, status: int
) -> None:
    for body, code in MISTAKES:
        response = await post(client, body, accept)
        assert response.status_code == status, body
        assert set(codes(response)) == {code}, body
        assert response.json().keys() == {"errors"}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_error_of_one_field_leaves_the_others(client: httpx.AsyncClient, accept: str) -> None:
    query = '{ call(id: "x") { id } contact { id } calls { totalCount } }'
    response = await post(client, {"query": query}, accept)
    assert response.status_code == 200
    assert response.json()["data"] == {"call": None, "contact": None} | ANSWER["data"]
    assert [error["path"] for error in response.json()["errors"]] == [["contact"]]


async def test_answer_whose_only_field_is_null_still_says_so(client: httpx.AsyncClient) -> None:
    response = await post(client, {"query": "{ calls(first: -1) { totalCount } }"}, GRAPHQL_JSON)
    assert (response.status_code, response.json()["data"]) == (200, {"calls": None})
    assert codes(response) == ["BAD_USER_INPUT"]


DEEP = {
    "fields": "{ " + "a { " * 5_000 + "b" + " }" * 5_000 + " }",
    "a list": "{ calls(filter: { queues: " + "[" * 5_000 + "]" * 5_000 + " }) { totalCount } }",
    "a filter": "{ calls(filter: " + "{ not: " * 500 + "{}" + " }" * 500 + ") { totalCount } }",
    "valid fields": "{ calls { nodes { " + "contact { calls { nodes { " * 60 + "id" + " } } }" * 60 + " } } }",
    "fragments": "{ ...F0 } " + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(300)) + " fragment F300 on Query { calls { totalCount } }",
}  # fmt: skip


@pytest.mark.parametrize("document", DEEP.values(), ids=DEEP.keys())
async def test_deep_document_is_answered_or_refused_and_is_no_mistake_of_ours(
    client: httpx.AsyncClient, document: str
) -> None:
    response = await post(client, {"query": document})
    assert response.status_code in (200, 400)
    assert "INTERNAL" not in codes(response)


async def test_variable_nested_to_any_depth_is_no_mistake_of_ours(client: httpx.AsyncClient) -> None:
    query = "query Q($f: CallFilter) { calls(filter: $f) { totalCount } }"
    for depth in (5, 20, 100, 300, 500, 700, 900, 1_000, 2_000):
        body = (
            b'{"query": "'
            + query.encode()
            + b'", "variables": {"f": '
            + b'{"not":' * depth
            + b"{}"
            + b"}" * depth
            + b"}}"
        )
        response = await post(client, body)
        assert response.status_code in (200, 400)
        assert "INTERNAL" not in codes(response), depth


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60) | st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([QUERY, "query", ONE_OF]), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions", "x"]), inner, max_size=4), max_leaves=6))  # fmt: skip
async def test_no_body_at_all_is_an_error_of_the_server(client: httpx.AsyncClient, body: Any) -> None:
    response = await post(client, body)
    assert response.status_code in (200, 400)
    assert "INTERNAL" not in response.text
    assert response.json().keys() <= {"data", "errors"}


async def test_methods_that_ask_nothing_are_refused_with_those_that_do(client: httpx.AsyncClient) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        response = await client.request(method, "/graphql")
        assert response.status_code == 405
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_head_is_answered_as_get_is(client: httpx.AsyncClient) -> None:
    for parameters, status in (({"query": QUERY}, 200), ({}, 400), ({"query": "mutation { change }"}, 405)):
        assert (await client.head("/graphql", params=parameters)).status_code == status
        assert (await client.get("/graphql", params=parameters)).status_code == status


async def test_unforeseen_error_carries_the_id_that_the_log_has(house: House, store_url: str) -> None:
    await fill(house, [row("a", agent="Anna")])
    async with house.database.write() as connection:
        await connection.execute(text("ALTER TABLE agents RENAME COLUMN email TO post"))
    async with served(store_url) as client:
        with capture_logs() as logged:
            response = await post(client, {"query": "{ agents { nodes { email } } }"})
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": response.headers["x-request-id"]}
    assert {line["request_id"] for line in logged} == {response.headers["x-request-id"]}
    assert [line["event"] for line in logged] == ["unexpected", "request"]
    assert "email" not in error["message"]


async def test_every_request_is_logged_with_its_status_and_time(client: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        await post(client, {"query": "query One { calls { totalCount } }", "operationName": "One"})
    (line,) = logged
    assert (line["event"], line["operation"], line["name"], line["status"]) == ("request", "query", "One", 200)
    assert line["ms"] > 0


async def test_workspace_is_not_read_anew_for_every_request(filled: str) -> None:
    sent: list[str] = []
    async with running(filled) as app, asking(app) as client:
        app.state.database.watch(lambda statement: sent.append(statement.text))
        for _ in range(3):
            assert (await post(client, {"query": QUERY})).json() == ANSWER
    assert sum("FROM workspaces" in statement for statement in sent) == 1
    assert sum("FROM calls" in statement for statement in sent) == 3


async def test_many_requests_at_once_are_each_answered_with_their_own(client: httpx.AsyncClient) -> None:
    query = "query Q($n: Int) { calls(first: $n) { nodes { providerCallId } } }"
    found = await asyncio.gather(*[post(client, {"query": query, "variables": {"n": n % 2}}) for n in range(40)])
    assert [len(response.json()["data"]["calls"]["nodes"]) for response in found] == [n % 2 for n in range(40)]


async def test_question_over_a_real_socket(filled: str) -> None:
    async with listening(filled) as address, visitor(address) as client:
        response = await post(client, {"query": QUERY}, GRAPHQL_JSON)
        assert (response.status_code, response.json()) == (200, ANSWER)
        assert response.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"
        assert (await client.get("/graphql", params={"query": QUERY})).json() == ANSWER
        refused(await post(client, b"1"), 400, "BAD_REQUEST")
        refused(await post(client, b" " * 300_000), 413, "BODY_TOO_LARGE")
        head = await client.head("/graphql", params={"query": QUERY})
        assert (head.status_code, head.content) == (200, b"")


async def test_visitor_who_leaves_halfway_harms_nobody(filled: str) -> None:
    async with listening(filled) as address, visitor(address) as client:
        _, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        head = f"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: {JSON}\r\ncontent-length: 1000\r\n\r\n"
        writer.write(head.encode() + b'{"query"')
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await post(client, {"query": QUERY})).json() == ANSWER
