"""Zones as spans of constant offset, so that a statement can work out local days and hours with plain arithmetic."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.times import from_ms, to_ms

_STEP = timedelta(days=5)  # no zone changes its offset and back in less; Recife once did within a week


@dataclass(frozen=True, slots=True)
class OffsetSpan:
    """From `start` up to `end` (epoch milliseconds), local time is UTC plus `offset` milliseconds."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=512)
def offset_spans(zone: ZoneInfo, start: int, end: int) -> tuple[OffsetSpan, ...]:
    """The spans of constant offset that cover `[start, end)`, in order; both in epoch milliseconds."""
    spans: list[OffsetSpan] = []
    begun, offset = start, _offset(zone, start)
    at = start
    while at < end:
        following = min(at + _STEP // timedelta(milliseconds=1), end)
        if _offset(zone, following) != offset:
            change = _change(zone, at, following, offset)
            spans.append(OffsetSpan(begun, change, offset))
            begun, offset, at = change, _offset(zone, change), change
        else:
            at = following
    if begun < end:
        spans.append(OffsetSpan(begun, end, offset))
    return tuple(spans)


def _offset(zone: ZoneInfo, milliseconds: int) -> int:
    offset = from_ms(milliseconds).astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(milliseconds=1)


def _change(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    """The millisecond at which the offset is no longer `offset`; it still is at `low`, and is not at `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    return high


# Between these, calls are looked for by weekday or hour: a range up to the year 9999 would be 16,000 spans.
EARLIEST, LATEST = to_ms(datetime(1970, 1, 1, tzinfo=UTC)), to_ms(datetime(2100, 1, 1, tzinfo=UTC))
