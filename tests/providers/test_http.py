"""How a vendor is asked: at its pace, again after what passes, and told apart by what is to be done next."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from app.domain.errors import CredentialsError, PageError, TryLaterError
from app.providers.api import Api, Pace, Request, bearer
from app.providers.http import Patience, Vendor

QUICK = Patience(attempts=3, first_seconds=0.001)
API = Api(address=None, credentials=("token",), signed=bearer, streams=(), pace=Pace(requests=10_000))


@asynccontextmanager
async def vendor(
    answer: Callable[[httpx.Request], httpx.Response], patience: Patience = QUICK, pace: Pace | None = None
) -> AsyncIterator[Vendor]:
    """A vendor that answers as a function says."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        yield Vendor(API, "Vendor", "https://vendor.test/v1", {"token": "a-secret"}, client, patience, pace)


def answering(*answers: tuple[int, dict[str, str], Any]) -> tuple[list[httpx.Request], Callable[..., httpx.Response]]:
    """The requests that come in, and a function that answers them in turn; the last answer stays."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        status, headers, body = answers[min(len(asked), len(answers) - 1)]
        asked.append(request)
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return httpx.Response(status, headers=headers, **content)

    return asked, answer


async def test_a_request_is_signed_and_goes_under_the_address() -> None:
    asked, answer = answering((200, {}, {"records": []}))
    async with vendor(answer) as found:
        assert await found.ask(Request("calls", params={"page": 2})) == {"records": []}
    assert str(asked[0].url) == "https://vendor.test/v1/calls?page=2"
    assert asked[0].headers["authorization"] == "Bearer a-secret"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, PageError),
        (404, PageError),
        (302, PageError),
        (401, CredentialsError),
        (403, CredentialsError),
        (429, TryLaterError),
        (500, TryLaterError),
        (503, TryLaterError),
    ],
)
async def test_a_refusal_says_what_is_to_be_done_next(status: int, error: type[Exception]) -> None:
    asked, answer = answering((status, {}, {"message": "No, not with a-secret."}))
    async with vendor(answer) as found:
        with pytest.raises(error) as caught:
            await found.ask(Request("calls"))
    assert f"Vendor answered {status}: No, not with ***." in str(caught.value)
    assert len(asked) == (QUICK.attempts if error is TryLaterError else 1)


@pytest.mark.parametrize("body", [b'{"records": [', b"<html>", b"", b"\xff"])
async def test_an_answer_that_is_no_json_is_asked_for_again(body: bytes) -> None:
    asked, answer = answering((200, {}, body), (200, {}, [1]))
    async with vendor(answer) as found:
        assert await found.ask(Request("calls")) == [1]
    assert len(asked) == 2


async def test_retry_after_is_waited_for() -> None:
    _, answer = answering((429, {"retry-after": "0.2"}, {}), (200, {}, []))
    async with vendor(answer) as found:
        began = time.monotonic()
        await found.ask(Request("calls"))
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("as_date", [True, False])
async def test_a_long_retry_after_is_told_and_not_waited_for(as_date: bool) -> None:
    said = format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True) if as_date else "1800"
    asked, answer = answering((503, {"retry-after": said}, {}))
    async with vendor(answer) as found:
        with pytest.raises(TryLaterError) as caught:
            await found.ask(Request("calls"))
    assert caught.value.after is not None
    assert 1790 <= caught.value.after.total_seconds() <= 1800
    assert len(asked) == 1


def test_pauses_are_drawn_from_nothing_up_to_five_minutes() -> None:
    patience = Patience()
    for failures, most in ((1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (1_000, 300)):
        drawn = [patience.pause(failures).total_seconds() for _ in range(400)]
        assert 0 <= min(drawn) < most * 0.1
        assert most * 0.9 < max(drawn) <= most


async def test_requests_start_no_closer_than_the_pace() -> None:
    _, answer = answering((200, {}, []))
    async with vendor(answer, pace=Pace(requests=1, seconds=0.05)) as found:
        began = time.monotonic()
        for _ in range(4):
            await found.ask(Request("calls"))
    assert time.monotonic() - began >= 0.15


async def test_a_vendor_that_is_away_is_one_to_try_later() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to a-secret")

    async with vendor(answer) as found:
        with pytest.raises(TryLaterError, match="cannot be reached") as caught:
            await found.ask(Request("calls"))
    assert "a-secret" not in str(caught.value)


async def test_an_endless_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.providers.http._LARGEST", 100)
    _, answer = answering((200, {}, b"[" + b" " * 200 + b"]"))
    async with vendor(answer, replace(QUICK, attempts=1)) as found:
        with pytest.raises(PageError, match="more than"):
            await found.ask(Request("calls"))
