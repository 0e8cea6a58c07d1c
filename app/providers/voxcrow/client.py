"""Voxcrow's API: the calls of one outside number at a time, at most a month of them; every customer has their own address."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.domain.numbers import national
from app.providers.api import Api, Ask, Changes, Pace, RecordingHosts, Request, Stream

_ERRORS = ("error", "errors", "error_message")
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


def _log(ask: Ask) -> Request:
    assert ask.window is not None
    assert ask.number is not None
    start, end = ask.window.start.astimezone(ask.zone), ask.window.end.astimezone(ask.zone)
    # Whole days; whether the last one counts is not said, and a day more is harmless.
    days = {"start_date": f"{start:%Y-%m-%d}", "end_date": f"{end - _SECOND + _DAY:%Y-%m-%d}"}
    return Request("CallLogAPI", params={**days, "phone_number": national(ask.number, ask.region)})


def _listed(body: Any) -> list[Any] | None:
    """The rows; a message in their place says that there are none, an error that nobody knows."""
    if isinstance(body, list):
        return body
    return [] if isinstance(body, dict) and not any(map(body.get, _ERRORS)) else None


def _signed(request: Request, credentials: Mapping[str, str]) -> Request:
    return Request(request.path, request.method, {**request.params, "token": credentials["token"]})


LOG = Stream(
    name="call log",
    holds="calls",
    key=("calldate", "call_type", "agent_extension", "phone_number", "trunk"),
    request=_log,
    listed=_listed,
    changes=Changes.TRAILING,
    overlap=timedelta(days=7),
    step_days=21,
    longest=timedelta(days=30),
    # The last days are read again each time.
    swept_days=0,
    # It is one request for each number that is known.
    every=timedelta(hours=1),
    by_number=True,
    tells_deleted=False,
)
API = Api(
    address=None,
    credentials=("token",),
    signed=_signed,
    streams=(LOG,),
    pace=Pace(requests=2),
    # They lie at the customer's own address.
    recordings=RecordingHosts(signed=True),
)
