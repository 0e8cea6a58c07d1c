"""Callyzer's recorded payloads, and a single call, as records."""

import json
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from app.domain.calls import CallRecord, Record
from app.domain.numbers import PhoneNumber
from app.domain.sources import Locale
from app.providers.callyzer.wire import items, records

T = TypeVar("T")
INDIA = Locale(ZoneInfo("Asia/Kolkata"), "IN")
NEPAL = Locale(ZoneInfo("Asia/Kathmandu"), "NP")
PAYLOADS = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "payloads").glob("*.json"))
}
CALL = {
    "id": "one",
    "emp_name": "Asha Verma",
    "emp_country_code": "91",
    "emp_number": "9000000101",
    "client_name": "Kiran Stores",
    "client_country_code": "91",
    "client_number": "9100000201",
    "duration": 30,
    "call_type": "Incoming",
    "call_date": "2023-09-13",
    "call_time": "17:49:41",
}


def call(locale: Locale = INDIA, **changes: Any) -> CallRecord:
    """The sample call, read, with these fields changed."""
    (found,) = records({**CALL, **changes}, locale)
    assert isinstance(found, CallRecord)
    return found


def all_records(payload: str) -> list[Record]:
    """Every record of a recorded payload, as a file of it would be read."""
    return [record for item in items(PAYLOADS[payload]) for record in records(item, INDIA)]


def only(kind: type[T], payload: str) -> list[T]:
    """The records of one kind in a recorded payload."""
    return [record for record in all_records(payload) if isinstance(record, kind)]


def e164(number: PhoneNumber | None) -> str | None:
    """A number's E.164 form; None without a number, too."""
    return number.e164 if number else None
