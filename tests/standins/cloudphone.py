"""Smartflo and Acefone, as their documents have it: GET, local times, `count` of all that a window holds."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.standins.book import Book, Entry

ZONE = ZoneInfo("Asia/Kolkata")


def record(entry: Entry) -> dict[str, Any]:
    """A call detail record."""
    began = entry.began.astimezone(ZONE)
    epoch = entry.began.timestamp()
    client = f"+91910000{2000 + entry.number % 50}"
    return {
        "id": f"{entry.number:024x}",
        "call_id": f"{epoch:.0f}.{entry.number}",
        "uuid": f"{entry.number:013x}",
        "direction": "inbound",
        "description": "Call answered",
        "status": "answered",
        "recording_url": None,
        "service": "Agent",
        "date": f"{began:%Y-%m-%d}",
        "time": f"{began:%H:%M:%S}",
        "end_stamp": None,
        "call_duration": {"seconds": 1} if entry.broken else entry.seconds,
        "answered_seconds": entry.seconds,
        "agent_number": f"+9190000001{entry.number % 7:02}",
        "agent_name": f"Agent {entry.number % 7}",
        "client_number": client,
        "did_number": "+918069000170",
        "hangup_cause": "Normal clearing",
        "contact_details": None,
        "missed_agents": [],
        "call_flow": [{"type": "init", "value": "x", "time": epoch, "readableTime": f"{began:%d-%m-%Y %H:%M:%S}"}],
        "agent_hangup_data": None,
        "dialer_call_details": None,
        "circle": None,
    }


def app(book: Book, let_in: Callable[[Request], bool]) -> Starlette:
    """The vendor."""

    async def records(request: Request) -> Response:
        if not let_in(request):
            return JSONResponse({"message": "Unauthorized", "success": False}, 401)
        given = request.query_params
        try:
            start, end = (
                datetime.strptime(given[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)
                for name in ("from_date", "to_date")
            )
        except (KeyError, ValueError):
            return JSONResponse({"message": "The from date does not match the format Y-m-d H:i:s."}, 422)
        page, limit = int(given.get("page", 1)), int(given.get("limit", 20))
        found = book.began(start, end)
        first = (page - 1) * limit
        results = [record(entry) for entry in found[first : first + limit]]
        answer = {"count": len(found), "limit": limit, "size": len(results), "page": page, "results": results}
        return JSONResponse(answer)

    return Starlette(routes=[Route("/call/records", records)])
