"""Callyzer's API: call history by when it began or was synced, employees, and leads; one request in two seconds."""

from datetime import timedelta
from math import ceil
from typing import Any

from app.providers.api import Api, Ask, Changes, Pace, RecordingHosts, Request, Stream, bearer
from app.providers.payload import Object, integer, mapping

PAGE = 100  # the most it gives


def _history(ask: Ask) -> Request:
    assert ask.window is not None
    what = "synced" if ask.changed else "call"
    # Whole seconds, and its bounds may count or not: a second more on either side is harmless.
    window = {f"{what}_from": int(ask.window.start.timestamp()) - 1, f"{what}_to": ceil(ask.window.end.timestamp()) + 1}
    return Request("call-log/history", "POST", json={**window, "page_no": ask.page, "page_size": PAGE})


def _leads(ask: Ask) -> Request:
    return Request("lead/get", "POST", json={"page_no": ask.page, "page_size": PAGE})


def _employees(ask: Ask) -> Request:
    return Request("employee/get", params={"page_no": ask.page, "page_size": PAGE})


def _listed(body: Any) -> list[Any] | None:
    """Its records, under `result` or `data`; a bare null is how it may say that there are none."""
    answer: Object = mapping(body)
    for key in ("result", "data"):
        if isinstance(found := answer.get(key), list):
            return found
    return [] if str(answer.get("message", "")).casefold().startswith("success") else None


def _total(body: Any) -> int | None:
    return integer(mapping(body).get("total_records"))


HISTORY = Stream(
    name="history",
    holds="calls",
    key=("id",),
    request=_history,
    listed=_listed,
    total=_total,
    page_size=PAGE,
    changes=Changes.MODIFIED,
    # Its server may show a call a while after it was synced.
    overlap=timedelta(minutes=10),
    longest=timedelta(days=179),
)
EMPLOYEES = Stream(
    name="employees",
    holds="agents",
    key=("emp_country_code", "emp_number", "emp_name"),
    request=_employees,
    listed=_listed,
    total=_total,
    page_size=PAGE,
    changes=Changes.WHOLE,
    every=timedelta(hours=1),
)
LEADS = Stream(
    name="leads",
    holds="leads",
    key=("id",),
    request=_leads,
    listed=_listed,
    total=_total,
    page_size=PAGE,
    changes=Changes.WHOLE,
    every=timedelta(hours=6),
)
API = Api(
    address="https://api1.callyzer.co/api/v2.1/",
    credentials=("token",),
    signed=bearer,
    streams=(HISTORY, EMPLOYEES, LEADS),
    pace=Pace(requests=1, seconds=2),
    recordings=RecordingHosts((".callyzer.co",)),
)
