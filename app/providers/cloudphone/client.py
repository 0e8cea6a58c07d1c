"""The family's API: call detail records by when calls began, in local times, page by page; nothing tells of changes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.providers.api import Api, Ask, Changes, RecordingHosts, Request, Stream, bearer, with_header
from app.providers.payload import integer, mapping

PAGE = 100


def _records(ask: Ask) -> Request:
    assert ask.window is not None
    start, end = ask.window.start.astimezone(ask.zone), ask.window.end.astimezone(ask.zone) + timedelta(seconds=1)
    when = {"from_date": f"{start:%Y-%m-%d %H:%M:%S}", "to_date": f"{end:%Y-%m-%d %H:%M:%S}"}
    return Request("call/records", params={**when, "page": ask.page, "limit": PAGE})


def _listed(body: Any) -> list[Any] | None:
    found = mapping(body).get("results", ())
    return [] if found is None else found if isinstance(found, list) else None


RECORDS = Stream(
    name="records",
    holds="calls",
    key=("call_id",),
    request=_records,
    listed=_listed,
    total=lambda body: integer(mapping(body).get("count")),
    page_size=PAGE,
    changes=Changes.TRAILING,
)


def as_it_is(request: Request, credentials: Mapping[str, str]) -> Request:
    """The request with the token alone as its Authorization; one that is to be a bearer says so itself."""
    return with_header(request, "Authorization", credentials["token"])


def api(address: str, is_bearer: bool, *recordings: str) -> Api:
    """The API at an address. Its recordings lie at hosts of their own; their links have a token in them."""
    sign = bearer if is_bearer else as_it_is
    return Api(address, ("token",), sign, streams=(RECORDS,), recordings=RecordingHosts(recordings))
