"""Callcap, as its document has it: GET, whole days, naive times in the zone that the request names."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.standins.book import Book, Entry

CREDENTIALS = {"username": "standin-user", "password": "standin-secret-password"}
_ZONE = ZoneInfo("America/Chicago")
_ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def record(entry: Entry, zone: ZoneInfo = _ZONE) -> dict[str, Any]:
    """A call as the search tells it."""

    def said(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"

    return {
        "call_id": f"987654_{entry.number}",
        "action": "Answer",
        "start_datetime": said(entry.began),
        "end_datetime": said(entry.began + timedelta(seconds=entry.seconds)),
        "last_modified": said(entry.changed),
        "duration": {"seconds": 1} if entry.broken else entry.seconds,
        "rings": 2,
        "revenue": 0,
        "caller": {"name": f"Caller {entry.number % 50}", "caller_id": f"316-555-01{entry.number % 50:02}"},
        "accounts": {"campaign": {"id": 7, "name": "Spring", "dialed_number": "316-555-0199", "direction": "inbound"}},
    }


def app(book: Book) -> Starlette:
    """The vendor."""
    login = b64encode(":".join(CREDENTIALS.values()).encode()).decode()

    async def calls(request: Request) -> Response:
        if request.headers.get("authorization") != f"Basic {login}":
            return JSONResponse({"status": "error", "message": "Login failed."}, 401)
        given = request.query_params
        zone = ZoneInfo(given["search_timezone"])
        start, end = (_moment(given[f"search_{side}date"], "%Y-%m-%d", zone) for side in ("start", "end"))
        if start >= end:
            return JSONResponse(
                {"status": "error", "message": "search_startdate must be less than search_enddate"}, 400
            )
        show, page = int(given.get("show", 50)), int(given.get("page", 1))
        if not 0 < show <= 1000:
            return JSONResponse({"status": "error", "message": "show must be less than or equal to 1000"}, 400)
        since, until = _ALWAYS
        if "search_last_modified_start" in given:
            since, until = (
                _moment(given[f"search_last_modified_{side}"], "%Y-%m-%d %H:%M", zone) for side in ("start", "end")
            )
        modified = {entry.number for entry in book.changed(since, until)}
        found = [entry for entry in book.began(start, end + timedelta(days=1)) if entry.number in modified]
        if given.get("order") == "oldest":
            found.reverse()
        shown = [record(entry, zone) for entry in found[(page - 1) * show : page * show]]
        pages = {
            "page": page,
            "last_page": max(1, -(-len(found) // show)),
            "records_returned": len(shown),
            "show": show,
            "total_records": len(found),
        }
        return JSONResponse({"pagination": pages, "status": "success", "search": {"timezone": zone.key}, "call": shown})

    return Starlette(routes=[Route("/get/calls/", calls)])


def _moment(said: str, form: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(said, form).replace(tzinfo=zone)
