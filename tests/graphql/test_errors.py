"""Errors as the outside sees them: a code, our own words, the path; nothing of the inside."""

from typing import Any

import pytest
from graphql import GraphQLError, parse
from graphql.error import located_error
from sqlalchemy import text
from structlog.testing import capture_logs

from app.domain.errors import InputError, StoreError
from app.graphql.errors import presented
from tests.conftest import House
from tests.graphql.rows import fill, row

NODE = parse("{ calls { nodes { id } } }").definitions[0].selection_set.selections[0]  # type: ignore[attr-defined]


def raised(cause: Exception) -> GraphQLError:
    """What graphql-core makes of an exception of a resolver."""
    return located_error(cause, [NODE], ["calls"])


@pytest.mark.parametrize(
    ("cause", "code"),
    [(InputError("Say less."), "BAD_USER_INPUT"), (InputError("Too deep.", "QUERY_TOO_DEEP"), "QUERY_TOO_DEEP"), (StoreError("Gone."), "STORE_UNAVAILABLE")],
)  # fmt: skip
def test_foreseen_error_says_its_words_its_code_and_where(cause: Any, code: str) -> None:
    assert presented(raised(cause), "r1") == {
        "message": str(cause),
        "locations": [{"line": 1, "column": 3}],
        "path": ["calls"],
        "extensions": {"code": code},
    }


def test_unforeseen_error_says_only_a_request_id_and_is_logged_whole() -> None:
    cause = RuntimeError("SELECT secret FROM calls")
    with capture_logs() as logged:
        shown = presented(raised(cause), "r1")
    assert shown["message"] == "Something went wrong here. Tell the operator this request id: r1"
    assert shown["extensions"] == {"code": "INTERNAL", "requestId": "r1"}
    assert "secret" not in str(shown)
    assert logged == [{"event": "unexpected", "request_id": "r1", "exc_info": cause, "log_level": "error"}]


def test_trouble_of_the_store_says_where_the_store_is_in_the_log_only() -> None:
    with capture_logs() as logged:
        shown = presented(raised(StoreError("The store is gone.", "The store at /secret is gone.")), "r1")
    assert shown["message"] == "The store is gone."
    assert "secret" not in str(shown)
    assert [(event["request_id"], event["reason"]) for event in logged] == [("r1", "The store at /secret is gone.")]


async def test_filter_that_is_too_large_for_the_engine_says_so(house: House) -> None:
    """Three lists of 500 alternatives within each other: SQLite has no room for so deep an expression."""
    one = {"or": [{"queues": ["a"]}] * 500}
    given = {"or": [*[{"queues": ["b"]}] * 499, {"or": [*[{"queues": ["c"]}] * 499, one]}]}
    found = await house.answer("query Q($filter: CallFilter) { calls(filter: $filter) { totalCount } }", filter=given)
    for error in found.get("errors", []):  # PostgreSQL has the room
        assert error["extensions"] == {"code": "FILTER_TOO_LARGE"}
        assert error["message"].startswith("The filter is too large: ")
    assert house.database.is_sqlite is ("errors" in found)


def test_foreseen_error_is_not_logged() -> None:
    with capture_logs() as logged:
        presented(raised(InputError("Say less.")), "r1")
    assert logged == []


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("{", {}, "GRAPHQL_PARSE_FAILED"),
    ("{ nonsense }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ calls }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ calls(first: $n) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("query Q($n: Int) { calls { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("query Q($n: String) { calls(first: $n) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ calls(orderBy: { field: NONSENSE }) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("query Q($id: ID!) { call(id: $id) { id } }", {}, "BAD_USER_INPUT"),
    ("query Q($id: ID!) { call(id: $id) { id } }", {"id": None}, "BAD_USER_INPUT"),
    ("query Q($n: Int) { calls(first: $n) { totalCount } }", {"n": "many"}, "BAD_USER_INPUT"),
    ("query Q($n: Int) { calls(first: $n) { totalCount } }", {"n": 2**31}, "BAD_USER_INPUT"),
    ("query Q($o: CallOrder) { calls(orderBy: $o) { totalCount } }", {"o": {"field": "NONSENSE"}}, "BAD_USER_INPUT"),
    ('query Q($id: ID = "x") { call(id: $id) { id } }', {"id": None}, "BAD_USER_INPUT"),
    ("query Q($if: Boolean = true) { sources @include(if: $if) { id } }", {"if": None}, "BAD_USER_INPUT"),
    ("{ calls(first: -1) { totalCount } }", {}, "BAD_USER_INPUT"),
]


async def test_code_says_what_kind_of_mistake_it_was(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for query, variables, code in MISTAKES:
        errors = (await house.answer(query, **variables))["errors"]
        assert {error["extensions"]["code"] for error in errors} == {code}, query
        assert all(error["message"] for error in errors)
    assert caplog.records == []  # a visitor's mistake is no event of ours


async def test_mistake_in_the_store_is_masked_and_the_rest_of_the_answer_stays(house: House) -> None:
    await fill(house, [row("a", agent="Anna")])
    async with house.database.write() as connection:
        await connection.execute(text("ALTER TABLE agents RENAME COLUMN email TO post"))
    with capture_logs() as logged:
        found = await house.answer("{ calls { nodes { providerCallId agent { email } } } }")
    assert found["data"] == {"calls": {"nodes": [{"providerCallId": "a", "agent": None}]}}
    (error,) = found["errors"]
    assert error["path"] == ["calls", "nodes", 0, "agent"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "test"}
    assert "email" not in error["message"]
    assert [(event["event"], event["request_id"]) for event in logged] == [("unexpected", "test")]
    assert "email" in str(logged[0]["exc_info"])


async def test_value_that_the_graph_cannot_show_is_a_mistake_of_ours(house: House) -> None:
    await fill(house, [row("a"), row("b")])
    for change, field in (("outcome = 'NONSENSE'", "outcome"), ("duration_seconds = 5000000000", "durationSeconds")):
        async with house.database.write() as connection:
            await connection.execute(text(f"UPDATE calls SET {change} WHERE provider_call_id = 'a'"))
        with capture_logs() as logged:
            found = await house.answer(f"{{ calls {{ nodes {{ {field} }} }} }}")
        assert {error["extensions"]["code"] for error in found["errors"]} == {"INTERNAL"}
        assert "NONSENSE" not in str(found)
        assert [event["event"] for event in logged] == ["unexpected"]


async def test_text_that_no_store_can_hold_is_refused_alike_on_both_engines(house: House) -> None:
    for literal in (
        'queues: ["a\\u0000"]',
        'search: "a\\u0000b"',
        'agentIds: ["a\\u0000"]',
        'phoneNumbers: ["555\\u0000"]',
        'not: { providerCallIds: ["\\u0000"] }',
        'callerNumber: { startsWith: "55\\u0000" }',
    ):
        (error,) = (await house.answer(f"{{ calls(filter: {{ {literal} }}) {{ totalCount }} }}"))["errors"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT"}, literal
