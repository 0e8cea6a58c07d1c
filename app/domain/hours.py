"""Weekdays and times of day of a zone's clock as stretches of time, whose first and last milliseconds are told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from app.domain.errors import InputError
from app.domain.filters import END_OF_DAY, TimeOfDayRange, Weekday
from app.domain.zones import offset_spans

DAY = 86_400_000
# 1970 began on a Thursday: the fourth day, where Sunday is none, as in Weekday.
THURSDAY = 4
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of some weekdays, of any where these are not said; all day, where no time is."""

    zone: ZoneInfo
    weekdays: Sequence[Weekday] | None
    time_of_day: TimeOfDayRange | None


def nearest(hours: Hours, at: int, within: Stretch, downwards: bool, most: int) -> tuple[list[Stretch], bool]:
    """The nearest of the hours from an instant on, before it or after it, and whether there are no more."""
    reach = DAY * (7 if hours.weekdays is not None else 1) * most
    first, last = (at - reach, at) if downwards else (at, at + reach)
    found = _joined(sorted(_pieces(hours, max(first, within[0]), min(last, within[1]))))
    goes_on = first > within[0] if downwards else last < within[1]
    return (found[::-1] if downwards else found)[:most], not goes_on and len(found) <= most


def _pieces(hours: Hours, first: int, last: int) -> Iterator[Stretch]:
    if first > last:
        return
    days = None if hours.weekdays is None else numbers_of(hours.weekdays)
    # By whole days, for spans are remembered.
    for span in offset_spans(hours.zone, first - first % DAY, last - last % DAY + DAY):
        begin, end = max(first, span.start) + span.offset, min(last + 1, span.end) + span.offset
        for day in range(begin // DAY, -(-end // DAY)):
            if days is None or (day + THURSDAY) % 7 in days:
                for low, high in _of_day(hours.time_of_day):
                    one, other = max(day * DAY + low, begin), min(day * DAY + high, end)
                    if one < other:
                        yield one - span.offset, other - span.offset - 1


def _of_day(clock: TimeOfDayRange | None) -> list[Stretch]:
    low, high = ends_of(clock) if clock else (0, DAY)
    return [(low, high)] if low < high else [(0, high), (low, DAY)]


def _joined(pieces: Sequence[Stretch]) -> list[Stretch]:
    """What goes on where another ends is one with it: so is a night."""
    found: list[Stretch] = []
    for first, last in pieces:
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def ends_of(clock: TimeOfDayRange) -> Stretch:
    """When a time of day begins and ends, in milliseconds of the day. Raises InputError where that is the same."""
    low, high = _milliseconds(clock.from_), _milliseconds(clock.to)
    if low == high:
        raise InputError("timeOfDay begins and ends at the same time, which is no time. For all day leave it out.")
    return low, high


def _milliseconds(clock: time) -> int:
    if clock == END_OF_DAY:
        return DAY
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1000 + clock.microsecond // 1000


def numbers_of(weekdays: Sequence[Weekday]) -> list[int]:
    """The days as numbers: 0 is Sunday."""
    return [list(Weekday).index(day) for day in weekdays]
