"""What the log says of an error: where it happened, and nothing of whom it was about."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.web.logs import configure
from tests.conftest import House

NUMBER = "+9779811000001"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The log is the process's own: it is left as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def fail() -> None:
    caller = {"number": NUMBER}
    raise RuntimeError(f"mistake of {len(caller)}")


def logged(form: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What an unexpected error, chained to another, writes."""
    configure(form)
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
        configure(form)
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
