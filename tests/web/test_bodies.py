"""What comes as a request is a question, or is refused with a status, a code and what to do; it never breaks anything."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.serving import Client, client_of, codes, running

TYPENAME = "{ __typename }"


@pytest.fixture
async def client(store_url: str) -> AsyncIterator[Client]:
    async with running(store_url) as app, client_of(app) as found:
        yield found


NO_QUESTIONS = {
    "nothing": b"",
    "blanks": b"   ",
    "a number": b"1",
    "null": b"null",
    "a text": b'"x"',
    "a list": b"[]",
    "a batch": b'[{"query": "{ __typename }"}]',
    "no JSON": b'{ "not a JSON',
    "two values": b"{} {}",
    "a byte order mark": b'\xef\xbb\xbf{"query": "{ __typename }"}',
    "invalid UTF-8": b'{"query": "\xff"}',
    "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
    "surrogates in UTF-8": b'{"query": "{ __typename }", "operationName": "\xed\xa0\x80"}',
    "a lone surrogate": b'{"query": "{ __typename }", "operationName": "\\ud800"}',
    "the wrong half of a surrogate": b'{"query": "{ __typename }", "variables": {"a": "\\udc00x"}}',
    "NaN": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    "infinity": b'{"query": "{ __typename }", "variables": {"a": -Infinity}}',
    "a number no float holds": b'{"query": "{ __typename }", "variables": {"a": 1e999}}',
    "a number of 5,000 digits": b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5_000 + b"}}",
    "100,000 lists in each other": b"[" * 100_000 + b"]" * 100_000,
    "100,000 lists that never end": b"[" * 100_000,
    "40,000 objects in each other": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "variables nested 100,000 deep": b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000,
    "no query": b'{"notquery": "{ __typename }"}',
    "an empty query": b'{"query": " "}',
    "a query that is none": b'{"query": {"a": 1}}',
    "a name that is none": b'{"query": "{ __typename }", "operationName": 1}',
    "variables that are a list": b'{"query": "{ __typename }", "variables": []}',
    "extensions that are a text": b'{"query": "{ __typename }", "extensions": "x"}',
}


@pytest.mark.parametrize("body", NO_QUESTIONS.values(), ids=NO_QUESTIONS)
async def test_a_body_that_is_no_question_is_a_bad_request(client: Client, body: bytes) -> None:
    answer = await client.post(body)
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])
    assert "data" not in answer.json()


texts = st.text(st.characters(categories=None), max_size=40)  # lone surrogates, too
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
queries = texts | st.sampled_from(
    [
        TYPENAME,
        "query ($a: CallFilter) { calls(filter: $a, first: 1) { nodes { id } } }",
        "query ($a: [ID!]!) { nodes(ids: $a) { id } }",
        "query ($a: ID!) { call(id: $a) { id } }",
        "query ($a: PhoneNumber) { contact(phoneNumber: $a) { id } }",
        '{ calls(after: "x") { nodes { id } } }',
        "fragment A on Query { ...A } { ...A }",
    ]
)
questions = st.fixed_dictionaries(
    {"query": queries | values},
    optional={
        "variables": st.dictionaries(st.just("a") | texts, values, max_size=3) | values,
        "operationName": texts | values,
        "extensions": st.dictionaries(st.just("persistedQuery") | texts, values, max_size=2) | values,
        "documentId": texts | values,
    },
)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


bodies = st.binary(max_size=300) | values.map(as_json) | questions.map(as_json)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=200)
@given(body=bodies, accept=st.sampled_from(["*/*", "application/json", "application/graphql-response+json"]))
async def test_no_body_is_an_error_of_the_server(client: Client, body: bytes, accept: str) -> None:
    answer = await client.post(body, accept=accept)
    assert answer.status_code < 500, answer.text
    assert "INTERNAL" not in codes(answer), answer.text
    if answer.status_code >= 400:
        assert codes(answer)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
@given(
    query=st.text(max_size=40) | st.just(TYPENAME),
    variables=st.text(max_size=20) | values.map(json.dumps),
    extensions=st.text(max_size=20) | values.map(json.dumps),
)
async def test_no_address_is_an_error_of_the_server(
    client: Client, query: str, variables: str, extensions: str
) -> None:
    answer = await client.get({"query": query, "variables": variables, "extensions": extensions})
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert codes(answer)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "", "application/x-www-form-urlencoded", "application/graphql", "application/json; charset=latin-1"],
)
async def test_a_body_of_another_type_is_refused(client: Client, content_type: str) -> None:
    answer = await client.post({"query": TYPENAME}, content_type=content_type)
    assert (answer.status_code, codes(answer)) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


async def test_a_compressed_body_is_refused(client: Client) -> None:
    answer = await client.post({"query": TYPENAME}, content_encoding="gzip")
    assert (answer.status_code, codes(answer)) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


@pytest.mark.parametrize("content_type", ["application/json", 'Application/JSON; charset="UTF-8"'])
async def test_json_in_utf8_is_answered(client: Client, content_type: str) -> None:
    answer = await client.post({"query": TYPENAME}, content_type=content_type)
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_a_body_that_is_too_long_is_refused_and_the_connection_ended(client: Client) -> None:
    answer = await client.post({"query": TYPENAME, "variables": {"a": "x" * 262_144}})
    assert (answer.status_code, codes(answer)) == (413, ["BODY_TOO_LARGE"])
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    ("accept", "answered_in"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/json;q=0.9, application/graphql-response+json", "application/graphql-response+json"),
        ("application/json, application/graphql-response+json", "application/json"),
        ("application/graphql-response+json;q=0.5, application/json", "application/json"),
        ("application/graphql-response+json;q=0", "application/json"),
        ("application/graphql-response+json; charset=utf-8, application/json", "application/graphql-response+json"),
        ("application/graphql-response+json;q=many", "application/graphql-response+json"),
    ],
)
async def test_the_answer_has_the_media_type_that_the_client_likes_best(
    client: Client, accept: str, answered_in: str
) -> None:
    answer = await client.post({"query": TYPENAME}, accept=accept)
    assert answer.headers["content-type"] == f"{answered_in}; charset=utf-8"


async def test_get_needs_a_header_that_a_page_cannot_send_unasked(client: Client) -> None:
    plain = await client.get({"query": TYPENAME}, accept="*/*")
    assert (plain.status_code, codes(plain)) == (400, ["PREFLIGHT_REQUIRED"])
    simple = await client.get({"query": TYPENAME}, content_type="text/plain;charset=utf-8")
    assert (simple.status_code, codes(simple)) == (400, ["PREFLIGHT_REQUIRED"])
    for header in ({"x_requested_with": "x"}, {"graphql_require_preflight": "1"}, {"content_type": "application/json"}):
        answer = await client.get({"query": TYPENAME}, **header)
        assert answer.json() == {"data": {"__typename": "Query"}}


async def test_get_is_for_queries(client: Client) -> None:
    answer = await client.get({"query": "mutation { __typename }"})
    assert (answer.status_code, codes(answer), answer.headers["allow"]) == (405, ["METHOD_NOT_ALLOWED"], "POST")


async def test_an_address_that_is_longer_than_a_body_may_be_is_refused(store_url: str) -> None:
    async with running(store_url, max_body_bytes=1_024) as app, client_of(app) as client:
        answer = await client.get({"query": TYPENAME + " " * 1_024})
    assert (answer.status_code, codes(answer)) == (414, ["URI_TOO_LONG"])


async def test_a_document_with_several_operations_needs_a_name(client: Client) -> None:
    document = "query A { a: __typename } query B { b: __typename }"
    unnamed = await client.post({"query": document})
    assert codes(unnamed) == ["BAD_REQUEST"]
    named = await client.post({"query": document, "operationName": "B"})
    assert named.json() == {"data": {"b": "Query"}}
    missing = await client.post({"query": document, "operationName": "C"})
    assert codes(missing) == ["BAD_REQUEST"]
