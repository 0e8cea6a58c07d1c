"""Voxcrow, as its document has it: GET, the calls of one number, at most a month of them, a message where there are none."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.standins.book import Book, Entry

CREDENTIALS = {"token": "standin-secret-token"}
# The numbers that the account's calls are of; they have to be known to be asked for.
NUMBERS = [f"98110000{place:02}" for place in range(10)]
_ZONE = ZoneInfo("Asia/Kathmandu")


def record(entry: Entry) -> dict[str, Any]:
    """A row of the call log."""
    return {
        "agent_fullname": f"Agent {entry.number % 7}",
        "phone_number": NUMBERS[entry.number % len(NUMBERS)],
        "agent_extension": f"20{entry.number:05}",
        "trunk": "+97712970852",
        "calldate": f"{entry.began.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}",
        "duration": {"seconds": 1} if entry.broken else entry.seconds,
        "disposition": "ANSWERED",
        "call_type": "inbound",
        "recording_link": "yourcompany.getdesk.net/records/1.wav",
        "wrapup_name": "",
        "wrapup_note": None,
    }


def app(book: Book) -> Starlette:
    """The vendor."""

    async def log(request: Request) -> Response:
        given = request.query_params
        if "token" not in given:
            return JSONResponse({"message": "Token not provided"}, 400)
        if given["token"] != CREDENTIALS["token"]:
            return JSONResponse({"message": "Unauthorized"}, 401)
        start, end = (
            datetime.strptime(given[name], "%Y-%m-%d").replace(tzinfo=_ZONE) for name in ("start_date", "end_date")
        )
        if not given["phone_number"] or end - start > timedelta(days=31):
            return JSONResponse({"message": "phone_number is needed, and at most one month"}, 400)
        found = [record(entry) for entry in book.began(start, end + timedelta(days=1))]
        rows = [row for row in found if row["phone_number"] == given["phone_number"]]
        return JSONResponse(rows or {"message": "No call logs found"})

    return Starlette(routes=[Route("/CallLogAPI", log)])
