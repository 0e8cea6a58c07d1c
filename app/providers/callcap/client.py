"""Callcap's API: calls by when they began, or were last modified, in the zone that the request names."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.providers.api import Api, Ask, Changes, RecordingHosts, Request, Stream, with_header
from app.providers.payload import integer, mapping

PAGE = 500  # of the 1,000 that it gives
# "all" is all but what has to be asked for by name.
DETAIL = "all,notes,demographics,scorecards,import,summaries,sentiment"
_DAY, _MINUTE, _SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
# How long ago a call may have begun that was modified now.
_MODIFIED_WITHIN = timedelta(days=365)


def _calls(ask: Ask) -> Request:
    assert ask.window is not None
    start, end = ask.window.start.astimezone(ask.zone), ask.window.end.astimezone(ask.zone)
    modified = {}
    if ask.changed:
        modified = {
            "search_last_modified_start": f"{start - _MINUTE:%Y-%m-%d %H:%M}",
            "search_last_modified_end": f"{end + _MINUTE:%Y-%m-%d %H:%M}",
        }
        start -= _MODIFIED_WITHIN
    # Whole days, the second later than the first; a day more is harmless.
    days = {"search_startdate": f"{start:%Y-%m-%d}", "search_enddate": f"{end - _SECOND + _DAY:%Y-%m-%d}"}
    how = {"search_timezone": ask.zone.key, "detail": DETAIL, "order": "oldest", "show": PAGE, "page": ask.page}
    return Request("get/calls/", params={"search_range": "custom", **days, **modified, **how})


def _listed(body: Any) -> list[Any] | None:
    answer = mapping(body)
    found = answer.get("call")
    if isinstance(found, list):
        return found
    if isinstance(found, dict):  # of a single call
        return [found]
    return [] if answer.get("status") == "success" else None


def _signed(request: Request, credentials: Mapping[str, str]) -> Request:
    login = f"{credentials['username']}:{credentials['password']}"
    return with_header(request, "Authorization", f"Basic {b64encode(login.encode()).decode()}")


CALLS = Stream(
    name="calls",
    holds="calls",
    key=("call_id",),
    request=_calls,
    listed=_listed,
    total=lambda body: integer(mapping(mapping(body).get("pagination")).get("total_records")),
    page_size=PAGE,
    changes=Changes.MODIFIED,
    # More than the hour that a clock change tells twice.
    overlap=timedelta(hours=2),
    # A window is asked for with a day more than it has.
    step_days=7,
    told_beyond=timedelta(days=2),
)
API = Api(
    address="https://api.callcap.com/v2/",
    credentials=("username", "password"),
    signed=_signed,
    streams=(CALLS,),
    recordings=RecordingHosts((".callcap.com",), signed=True),
)
