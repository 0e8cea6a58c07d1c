"""Zones as spans of constant offset, so that a statement can work out local days and hours with plain arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.domain.times import from_ms, start_of_day, to_ms

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


@dataclass(frozen=True, slots=True)
class Run:
    """Local days or weeks of the same length, one after the other, from `start` up to `end`; all in milliseconds."""

    start: int
    end: int
    length: int


def day_runs(zone: ZoneInfo, start: int, end: int) -> tuple[Run, ...]:
    """The local days that `[start, end)` touches, as runs: a day that is an hour shorter or longer is one of its own."""
    return _runs(zone, *_dates(zone, start, end), 1)


def week_runs(zone: ZoneInfo, start: int, end: int) -> tuple[Run, ...]:
    """The local weeks, from Sunday on as everywhere, that `[start, end)` touches, as runs."""
    first, last = _dates(zone, start, end)
    return _runs(zone, first - timedelta(days=(first.weekday() + 1) % 7), last, 7)


def _dates(zone: ZoneInfo, start: int, end: int) -> tuple[date, date]:
    return from_ms(start).astimezone(zone).date(), from_ms(max(start, end - 1)).astimezone(zone).date()


@lru_cache(maxsize=512)
def _runs(zone: ZoneInfo, first: date, last: date, days: int) -> tuple[Run, ...]:
    """What is so many days long each, from a first one on until a last day is in it."""
    starts = [first + timedelta(days=place) for place in range(0, (last - first).days + days + 1, days)]
    edges = [to_ms(start_of_day(day, zone)) for day in starts]
    runs: list[Run] = []
    for began, following in pairwise(edges):
        length = following - began
        if runs and runs[-1].length == length:
            runs[-1] = Run(runs[-1].start, following, length)
        elif length:  # a few places have left out a day, to be on the other side of the date line
            runs.append(Run(began, following, length))
    return tuple(runs)


def whole(runs: Sequence[Run], start: int, end: int) -> tuple[int, int]:
    """From when to when there are whole days (or weeks) of the runs in `[start, end)`; the same moment where none is."""
    low = min(start + _to_edge(runs, start, -1), end)
    return low, max(low, end - _to_edge(runs, end, 1))


def _to_edge(runs: Sequence[Run], instant: int, way: int) -> int:
    """How far an instant is from the edge of its day or week that is before it (`way` 1), or from the one after it (-1)."""
    run = next((run for run in runs if instant < run.end), runs[-1])
    return way * (instant - run.start) % run.length
