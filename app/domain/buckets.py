"""Buckets of time: the hours, days, weeks, months, quarters and years that cover a range in a zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import InputError
from app.domain.statistics import MOST_GROUPS, CallGrouping
from app.domain.times import HOUR_MS, from_ms, start_of_day, to_ms
from app.domain.zones import OffsetSpan, offset_spans

DAY_MS = 24 * HOUR_MS
# 1970 began on a Thursday, four days after its week did: weeks begin on Sunday, as in `periods`.
THURSDAY = 4
_DAY = timedelta(days=1)
_MONTHS = {CallGrouping.MONTH: 1, CallGrouping.QUARTER: 3, CallGrouping.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A span of time `[start, end)` in epoch milliseconds, and the number that a statement groups it under."""

    key: int
    start: int
    end: int


def buckets_of(grouping: CallGrouping, zone: ZoneInfo, start: int, end: int) -> list[Bucket]:
    """The whole buckets that cover `[start, end)`, in order. Raises InputError where they are too many for one answer."""
    found: list[Bucket] = []
    for bucket in _hours(zone, start, end) if grouping is CallGrouping.HOUR else _of_days(grouping, zone, start, end):
        found.append(bucket)
        if len(found) > MOST_GROUPS:
            raise InputError(
                f"The range has over {MOST_GROUPS:,} groups by {grouping.value}. Ask for a shorter range, or for longer"
                " spans, such as DAY or MONTH.",
                "TOO_MANY_GROUPS",
            )
    return found


def _hours(zone: ZoneInfo, start: int, end: int) -> Iterator[Bucket]:
    """Local hours: one that a DST change repeats is two, and one that it cuts short is short.

    The key is the instant at which the hour would have begun, had the clock not been changed meanwhile.
    """
    around = offset_spans(zone, start - DAY_MS, end + DAY_MS)
    for span in around:
        first = max(span.start, _hour(start, span))
        at = _hour(first, span)
        while at < min(span.end, end):
            low, high = max(at, span.start), min(at + HOUR_MS, span.end)
            if high > start:
                yield Bucket(at, low, high)
            at += HOUR_MS


def _hour(at: int, span: OffsetSpan) -> int:
    return at - (at + span.offset) % HOUR_MS


def _of_days(grouping: CallGrouping, zone: ZoneInfo, start: int, end: int) -> Iterator[Bucket]:
    if end <= start:
        return
    day, last = _local_date(start, zone), _local_date(end - 1, zone)
    first = _first_day(grouping, day)
    while first <= last:
        following = _next(grouping, first)
        low, high = to_ms(start_of_day(first, zone)), to_ms(start_of_day(following, zone))
        if low < high:  # a day that a zone left out, as Samoa did, is none
            yield Bucket(key_of(grouping, first), low, high)
        first = following


def _local_date(at: int, zone: ZoneInfo) -> date:
    return from_ms(at).astimezone(zone).date()


def _first_day(grouping: CallGrouping, day: date) -> date:
    if grouping is CallGrouping.DAY:
        return day
    if grouping is CallGrouping.WEEK:
        return day - (day.weekday() + 1) % 7 * _DAY
    months = _MONTHS[grouping]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _next(grouping: CallGrouping, first: date) -> date:
    if grouping is CallGrouping.DAY:
        return first + _DAY
    if grouping is CallGrouping.WEEK:
        return first + 7 * _DAY
    index = first.year * 12 + first.month - 1 + _MONTHS[grouping]
    return date(index // 12, index % 12 + 1, 1)


def key_of(grouping: CallGrouping, first: date) -> int:
    """The number of the span of days that begins on a date: of days or weeks since 1970, else of its first day."""
    days = (first - date(1970, 1, 1)).days
    return (days + THURSDAY) // 7 if grouping is CallGrouping.WEEK else days


def shifted(instant: datetime, zone: ZoneInfo, days: int = 0, months: int = 0) -> datetime:
    """The same time of the clock so many days and months earlier, in UTC; a day that the month lacks is its last one."""
    local = instant.astimezone(zone)
    index = local.year * 12 + local.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY
    moved = local.replace(year=first.year, month=first.month, day=min(local.day, last.day)) - timedelta(days=days)
    return from_ms(to_ms(moved))
