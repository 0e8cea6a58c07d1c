"""Callyzer, as its document has it: POST with a JSON body, UNIX seconds, pages of a hundred, one request in two seconds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.standins.book import Book, Entry

CREDENTIALS = {"token": "standin-secret-token"}
_ZONE = ZoneInfo("Asia/Kolkata")
_LONGEST = timedelta(days=180)
_MISSING = "Either 'call_from' and 'call_to' or 'synced_from' and 'synced_to' are mandatory. The duration should be less than 180 days."


def record(entry: Entry) -> dict[str, Any]:
    """A call as history tells it."""
    began = entry.began.astimezone(_ZONE)
    changed = f"{entry.changed.astimezone(_ZONE):%Y-%m-%d %H:%M:%S} IST"
    return {
        "id": f"callyzer-{entry.number}",
        "emp_name": f"Employee {entry.number % 7}",
        "emp_code": f"{entry.number % 7}",
        "emp_country_code": "91",
        "emp_number": f"90000001{entry.number % 7:02}",
        "emp_tags": ["standin"],
        "client_name": f"Client {entry.number % 50}",
        "client_country_code": "91",
        "client_number": f"91000002{entry.number % 50:02}",
        "duration": {"seconds": entry.seconds} if entry.broken else entry.seconds,
        "call_type": "Incoming",
        "call_date": f"{began:%Y-%m-%d}",
        "call_time": f"{began:%H:%M:%S}",
        "note": "",
        "call_recording_url": "",
        "crm_status": "",
        "reminder_date": "",
        "reminder_time": "",
        "synced_at": changed,
        "modified_at": changed,
        "lead_id": "",
    }


def app(book: Book, spacing: float = 0.0) -> Starlette:
    """The vendor. It refuses requests that come sooner than `spacing` seconds after the last one."""
    last = [0.0]

    async def answered(request: Request, answer: Callable[[dict[str, Any]], Response]) -> Response:
        if request.headers.get("authorization") != f"Bearer {CREDENTIALS['token']}":
            return _said("Invalid credentials.", 401)
        if time.monotonic() - last[0] < spacing:
            return JSONResponse({"message": "Too Many Requests"}, 429, {"retry-after": "1"})
        last[0] = time.monotonic()
        given = await request.json() if request.method == "POST" else dict(request.query_params)
        page, size = int(given.get("page_no") or 1), int(given.get("page_size") or 100)
        if page < 1:
            return _said(
                "Invalid value. Value should be greater than zero and within range of unsigned integer data type."
            )
        if not 1 <= size <= 100:
            return _said("Invalid value. The value should be between 1 to 100")
        return answer({**given, "page_no": page, "page_size": size})

    def history(given: dict[str, Any]) -> Response:
        what = "synced" if "synced_from" in given else "call"
        if f"{what}_from" not in given or f"{what}_to" not in given:
            return _said(_MISSING)
        start, end = (datetime.fromtimestamp(given[f"{what}_{side}"], UTC) for side in ("from", "to"))
        if start >= end:
            return _said("Invalid date range. `From` timestamp should be less than `To` timestamp.")
        if end - start >= _LONGEST:
            return _said("The duration should be less than 180 days.")
        found = book.changed(start, end) if what == "synced" else book.began(start, end)
        return _page([record(entry) for entry in found], given)

    def employees(given: dict[str, Any]) -> Response:
        found = [
            {
                "emp_name": f"Employee {place}",
                "emp_code": f"{place}",
                "emp_country_code": "91",
                "emp_number": f"90000001{place:02}",
                "emp_tags": ["standin"],
                "registered_at": "2022-10-02 20:15:21 IST",
                "modified_at": "2022-10-30 10:32:33 IST",
            }
            for place in range(7)
        ]
        return _page(found, given)

    def leads(given: dict[str, Any]) -> Response:
        found = [
            {
                "id": f"lead-{place}",
                "details": {
                    "first_name": "Lead",
                    "last_name": f"{place}",
                    "contact_numbers": [f"91-91000003{place:02}"],
                },
                "status": {"lead_status": "Open"},
                "assigned_to": {"all_employees": "false", "employee": []},
                "lead_tags": ["standin"],
                "no_of_attempts": 0,
                "created_at": "2023-09-13 17:50:30 IST",
                "modified_at": "2023-06-21 15:50:30 IST",
            }
            for place in range(120)
        ]
        return _page(found, given)

    def route(path: str, method: str, answer: Callable[[dict[str, Any]], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await answered(request, answer)

        return Route(path, endpoint, methods=[method])

    return Starlette(
        routes=[
            route("/call-log/history", "POST", history),
            route("/employee/get", "GET", employees),
            route("/lead/get", "POST", leads),
        ]
    )


def _page(found: list[dict[str, Any]], given: dict[str, Any]) -> Response:
    first = (given["page_no"] - 1) * given["page_size"]
    return JSONResponse(
        {
            "result": found[first : first + given["page_size"]],
            "message": "Success",
            "total_records": len(found),
            "page_no": given["page_no"],
            "page_size": given["page_size"],
        }
    )


def _said(message: str, status: int = 400) -> Response:
    return JSONResponse({"result": None, "message": message}, status)
