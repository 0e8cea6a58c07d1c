"""The log says what happened, and never a telephone number, a token or a credential, wherever they stand."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.tokens import new_secret
from app.domain.ids import new_id
from app.domain.written_numbers import GONE
from app.web import logs, requests
from app.web.logs import redact, redacted
from tests.conftest import House
from tests.web.serving import client_of, running, token_of

NUMBER = "+9779811000001"
NUMBERS = [
    "+9779810000078",
    "9810000078",
    "(316) 832-0100",
    "+1.316.832.0100",
    "080-47-530-219",
    "0091 98117 89678",
    "Extension-06047530219",
    "٩٨١١٧٨٩٦٧٨",
    "+977\u200b98\u00a01178 9678",
    "call9810000078now",
    "5551234",
]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The log is the process's own: it is left as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged, as JSON lines."""
    text = io.StringIO()
    monkeypatch.setattr(sys, "stderr", text)
    logs.configure("json")
    return text


def lines(text: io.StringIO) -> list[dict[str, Any]]:
    """The lines, decoded."""
    return [json.loads(line) for line in text.getvalue().splitlines()]


def digits(text: str) -> str:
    """The decimal digits of a text, in any script."""
    return "".join(str(int(one)) for one in text if one.isdecimal())


@pytest.mark.parametrize("number", NUMBERS)
def test_telephone_numbers_are_taken_out_however_they_are_written(number: str) -> None:
    found = redacted(f"nobody answered {number} today")
    assert digits(found) == ""
    assert found.startswith("nobody answered ")
    assert found.endswith(" today")


@given(
    st.text(alphabet="0123456789", min_size=7, max_size=15),
    st.lists(st.sampled_from(["", "", " ", "-", ".", "(", ")", "/", "\u00a0"]), min_size=15, max_size=15),
    st.text(alphabet="abcxyz :;=,'\"+{[", max_size=5),
    st.text(alphabet="abcxyz :;=,'\"}]", max_size=5),
)
@example("20240601", [""] * 15, "", "")
def test_no_run_of_seven_digits_or_more_is_left(number: str, gaps: list[str], before: str, after: str) -> None:
    spaced = "".join(digit + gap for digit, gap in zip(number, gaps, strict=False))
    assert digits(redacted(before + spaced + after)) == ""


@pytest.mark.parametrize(
    "secret",
    [
        new_secret("main"),
        f"Bearer {new_secret('acme-1')}",
        "Bearer abc.def",
        "bearer   QWxhZGRpbjpvcGVu",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbWl0In0.c2lnbmF0dXJl",
        "postgresql://switchboard:hushhush@db/calls",
    ],
    # Names of tests are the same in every process that collects them.
    ids=["token", "token of another workspace", "bearer", "bearer in small letters", "basic", "jwt", "address"],
)
def test_tokens_and_credentials_are_taken_out(secret: str) -> None:
    found = redacted(f"it came with {secret}, and went")
    parts = secret.replace("Bearer", "").replace("bearer", "").replace("Basic", "").split()
    for part in [*parts, "hushhush"]:
        assert part not in found
    assert GONE in found


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\"',;.\\"), min_size=20))
def test_no_token_of_ours_is_left_whatever_its_secret(secret: str) -> None:
    assert secret not in redacted(f"token=sb.main.{secret} was refused")


@pytest.mark.parametrize("text", ["6 of 12 rows in 123.4 ms", "v18.1, port 5432", "QUERY_TOO_DEEP"])
def test_what_is_no_number_stays(text: str) -> None:
    assert redacted(text) == text


@given(st.integers(946_684_800, 4_070_908_800), st.uuids())
def test_what_viewers_and_rows_are_named_by_stays(second: int, other: UUID) -> None:
    text = f"token:{new_id(datetime.fromtimestamp(second, UTC))} and {other}"
    assert redacted(text) == text


@pytest.mark.parametrize("name", ["authorization", "Cookie", "password", "client_secret", "metrics_token", "api_key"])
def test_what_is_named_a_secret_is_one_whatever_it_looks_like(name: str) -> None:
    assert redact(None, "info", {name: "short"}) == {name: GONE}


def test_values_of_every_shape_are_looked_through() -> None:
    found = redact(
        None,
        "info",
        {
            "event": b"from 9810000078",
            "nested": {"9810000078": [{"deep": ("+977 9811 789678", 9810000078)}], "password": "x"},
            "error": ValueError("9810000078"),
            "number": 9810000078,
            "float": 9810000078.0,
            "rows": 12_345_678,
            "ms": 0.5,
            "nothing": None,
            "yes": True,
        },
    )
    assert "9811" not in str(found)
    assert found["nested"]["password"] == GONE
    assert (found["rows"], found["ms"], found["nothing"], found["yes"]) == (12_345_678, 0.5, None, True)


@given(st.recursive(st.sampled_from(NUMBERS), lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner)))
def test_no_depth_hides_a_number(value: Any) -> None:
    assert len(digits(json.dumps(redact(None, "info", {"value": value}), ensure_ascii=False))) == 0


def _boom(number: str) -> None:
    raise ValueError(f"cannot dial {number}")


def test_exceptions_are_written_without_numbers_and_without_variables(written: io.StringIO) -> None:
    secret_of_a_variable = "Amit Sharma"
    try:
        _boom("+9779810000078")
    except ValueError:
        structlog.get_logger().exception("unexpected")
        logging.getLogger("uvicorn.error").exception("Exception for %s", "9810000078")
    ours, theirs = lines(written)
    for line in (ours, theirs):
        assert "cannot dial" in json.dumps(line["exception"])
        assert "9811" not in json.dumps(line)
        assert secret_of_a_variable not in json.dumps(line)
    assert ours["timestamp"].startswith("20")


def test_the_form_for_people_hides_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.StringIO()
    monkeypatch.setattr(sys, "stderr", text)
    logs.configure("text")
    structlog.get_logger().info("dialled", number="+9779810000078", exc_info=ValueError("9810000078"))
    assert "dialled" in text.getvalue()
    assert "9811" not in text.getvalue()


def test_a_request_is_named_without_digits() -> None:
    assert all(redacted(name) == name and name.isalpha() for name in (requests.new_request_id() for _ in range(100)))


async def test_every_request_is_one_line_with_what_matters(written: io.StringIO, store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, client_of(app) as client:
        secret = await token_of(app)
        query = "query Dashboard9810000078 { calls { nodes { id } } sources { name } }"
        written.truncate(0)
        answer = await client.post({"query": query}, authorization=f"Bearer {secret}")
    (line,) = [one for one in lines(written) if one["event"] == "request"]
    assert answer.status_code == 200
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["name"] == f"Dashboard{GONE}"
    assert line["operation"] == "query"
    assert line["viewer"].startswith("token:")
    assert (line["status"], line["codes"], line["path"]) == (200, [], "compiled")
    assert line["ms"] > 0
    assert line["statements"] >= 2
    assert secret not in written.getvalue()


async def test_a_refused_request_says_why_and_watchers_are_not_logged(written: io.StringIO, store_url: str) -> None:
    async with running(store_url) as app, client_of(app) as client:
        await client.post({"query": "{ nosuch }"})
        await client.http.get("/livez")
        await client.http.get("/readyz")
        await client.http.get("/metrics")
    found = [one for one in lines(written) if one["event"] == "request"]
    assert [one["codes"] for one in found] == [["GRAPHQL_VALIDATION_FAILED"]]


async def test_what_breaks_is_logged_under_the_id_that_is_answered(
    written: io.StringIO, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no one foresaw +9779810000078")

    async with running(store_url) as app, client_of(app) as client:
        monkeypatch.setattr(app.state.viewers, "of_request", broken)
        answer = await client.post({"query": "{ __typename }"})
    assert answer.status_code == 500
    name = answer.headers["x-request-id"]
    named = [one["event"] for one in lines(written) if one.get("request_id") == name]
    assert sorted(named) == ["request", "unexpected"]
    assert "9811" not in written.getvalue()


def fail() -> None:
    caller = {"number": NUMBER}
    raise RuntimeError(f"mistake of {len(caller)}")


def logged(form: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What an unexpected error, chained to another, writes."""
    logs.configure(form)
    try:
        fail()
    except RuntimeError as error:
        other = ValueError("the end")
        other.__cause__ = error
        structlog.get_logger().error("unexpected", request_id="r1", exc_info=other)
    return capsys.readouterr().err


def test_error_is_logged_with_its_traceback_and_without_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "json"):
        said = logged(form, capsys)
        assert NUMBER not in said
        assert all(words in said for words in ("mistake of 1", "the end", "test_logs.py", "fail", "r1"))
        assert said.count("\n") < 30


def test_error_in_json_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = logged("json", capsys).splitlines()
    assert [part["exc_type"] for part in json.loads(line)["exception"]] == ["ValueError", "RuntimeError"]


def test_errors_of_libraries_are_logged_alike(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "json"):
        logs.configure(form)
        try:
            fail()
        except RuntimeError:
            logging.getLogger("uvicorn.error").exception("in a library")
        said = capsys.readouterr().err
        assert NUMBER not in said
        assert "mistake of 1" in said


async def test_failed_statement_does_not_say_its_values(house: House) -> None:
    with pytest.raises(DBAPIError, match="nonsense") as caught:
        async with house.database.read() as connection:
            await connection.execute(text("SELECT nonsense FROM calls WHERE id = :id"), {"id": NUMBER})
    assert NUMBER not in str(caught.value)
