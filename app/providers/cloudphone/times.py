"""Tells the family's instants: its texts are local, its epochs are not, and where the two disagree the epoch wins."""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.errors import RecordError
from app.providers.payload import Object, epoch, instant, objects, text

# The texts are the start of the call and the epoch that of its flow: seconds lie between them, but no zone's offset.
_CLOSE = timedelta(minutes=15)
# A call id is "1715235734.129662": the second in which the vendor's switch made it, then a running number.
_CALL_ID = re.compile(r"(\d{10})\.\d+")


class Clock(NamedTuple):
    """How one record's local texts become instants."""

    started_at: datetime
    zone: ZoneInfo
    # By how much the source's zone is wrong for this record; zero where it is right.
    shift: timedelta = timedelta()

    def read(self, value: Any) -> datetime | None:
        """A local text of the record, put right where the source's zone is wrong. Raises RecordError."""
        said = instant(value, self.zone)
        try:
            return said and said + self.shift
        except OverflowError as error:
            raise RecordError(f"{value!r} is not a date and time") from error

    def of_step(self, step: Object) -> datetime | None:
        """When a step happened: its epoch, or its text where it has no epoch."""
        return epoch(step.get("time")) or self.read(step.get("readableTime"))


def clock_of(payload: Object, zone: ZoneInfo) -> Clock:
    """The record's clock. Its start is `date` and `time` in the zone; or the flow's epoch where they disagree."""
    told, flow = _said(payload, zone), _flow_epoch(payload)
    if told is None:
        if flow is None:
            raise RecordError("date and time are missing, and no step of call_flow tells when the call started")
        return Clock(flow, zone)
    if flow and abs(told - flow) < _CLOSE:  # nearly always
        return Clock(told, zone)
    made = _call_id_epoch(payload)
    sure = flow or made
    if sure is None or (made and abs(told - made) < _CLOSE):
        return Clock(told, zone)
    return Clock(sure, zone, round((sure - told) / _CLOSE) * _CLOSE)  # offsets of zones are whole quarters of an hour


def _said(payload: Object, zone: ZoneInfo) -> datetime | None:
    day, clock_time = text(payload.get("date")), text(payload.get("time"))
    return instant(f"{day} {clock_time}", zone) if day and clock_time else None


def _flow_epoch(payload: Object) -> datetime | None:
    flow = payload.get("call_flow")
    begun = flow[0] if isinstance(flow, list) and flow else None
    if isinstance(begun, dict) and _starts(begun) and (found := epoch(begun.get("time"))):  # nearly always
        return found
    steps = list(objects(flow))
    if not (steps and _starts(steps[0])):
        steps.sort(key=_starts, reverse=True)
    return next((found for step in steps if (found := epoch(step.get("time")))), None)


def _starts(step: Object) -> bool:
    return (text(step.get("type")) or "").casefold() == "init"


def _call_id_epoch(payload: Object) -> datetime | None:
    found = _CALL_ID.fullmatch(text(payload.get("call_id")) or "")
    return epoch(found[1]) if found else None
