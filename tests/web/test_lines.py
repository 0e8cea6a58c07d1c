"""The quick line of a request says what the log's own would say, and hides what that would hide."""

import asyncio
import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from app.web import logs
from app.web.lines import line_writer
from app.web.requests import Line, Seen

FIELDS: dict[str, Any] = {
    "request_id": "abcdefghijklmnop",
    "operation": "query",
    "name": "Of9779810000078",
    "viewer": "subject:me@9779810000078",
    "status": 200,
    "codes": ["BAD_USER_INPUT"],
    "ms": 1.2,
    "statements": 1,
    "rows": 3,
    "path": "compiled",
}


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The log is the process's own: it is left as it was found."""
    yield
    structlog.reset_defaults()


def line_of(fields: dict[str, Any]) -> Line:
    """The line of a request of which these fields are said."""
    noted = Seen(fields["request_id"], datetime.now(UTC), fields["operation"], fields["name"], fields["viewer"])
    noted.path, noted.codes = fields["path"], tuple(fields["codes"])
    noted.statements, noted.rows = fields["statements"], fields["rows"]
    return Line(datetime.now(UTC), noted, fields["status"], fields["ms"] / 1000)


async def quick_lines(form: str, *lines: dict[str, Any]) -> str:
    """The lines as they are written behind the answers."""
    with redirect_stderr(io.StringIO()) as written:
        write = line_writer(form)
        assert write is not None
        for fields in lines:
            write(line_of(fields))
        assert written.getvalue() == ""
        await asyncio.sleep(0.2)
    return written.getvalue()


def own_line(form: str) -> str:
    """The line as the log itself writes it."""
    with redirect_stderr(io.StringIO()) as written:
        logs.configure(form)
        structlog.get_logger().info("request", **FIELDS)
    return written.getvalue()


async def test_line_for_machines_is_the_same() -> None:
    quick = json.loads(await quick_lines("json", dict(FIELDS)))
    own = json.loads(own_line("json"))
    assert quick.pop("timestamp")[:13] == own.pop("timestamp")[:13]
    assert quick == own
    assert logs.GONE in quick["name"]
    assert "9810000078" not in str(quick)


async def test_line_for_people_says_the_same() -> None:
    quick, own = await quick_lines("text", dict(FIELDS)), own_line("text")
    assert quick.count("\n") == 1
    assert sorted(quick.split()[1:]) == sorted(own.split()[1:])


async def test_a_client_cannot_write_a_line_of_its_own() -> None:
    forged = "One\n2026-01-01T00:00:00Z [info     ] request viewer=token:boss \x1b[31m"
    for form in ("text", "json"):
        written = await quick_lines(form, {**FIELDS, "name": forged})
        assert written.count("\n") == 1
        assert "\x1b" not in written
    assert " name='One" in await quick_lines("text", {**FIELDS, "name": forged})


async def test_lines_are_written_together_and_in_their_order() -> None:
    written = await quick_lines("json", *[{**FIELDS, "rows": number} for number in range(3)])
    assert [json.loads(line)["rows"] for line in written.splitlines()] == [0, 1, 2]
