"""Activity by the clock: slots of an hour over the working hours, one before and one after, over the days of a range."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from app.domain.errors import InputError
from app.domain.filters import CallFilter, Weekday

HOUR = 60
DAY = 24 * HOUR
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Amount:
    """Calls, how many of them were connected, and seconds talked."""

    total: int = 0
    connected: int = 0
    talk_seconds: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.total + other.total, self.connected + other.connected, self.talk_seconds + other.talk_seconds
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the day, in minutes after midnight, and what there was in it on each day of the range."""

    first: int
    end: int
    by_day: Mapping[date, Amount]

    @property
    def amount(self) -> Amount:
        """What there was on all days."""
        return added(self.by_day.values())

    @property
    def days_without_calls(self) -> int:
        """How many days have no call in it."""
        return sum(not amount.total for amount in self.by_day.values())


@dataclass(frozen=True, slots=True)
class Day:
    """A local day: its place in the range, the figures of its calls, and what there was in each slot of it."""

    date: date
    place: int
    figures: Mapping[str, Any]
    slots: Sequence[Amount]


def added(amounts: Iterable[Amount]) -> Amount:
    """All of these together."""
    return sum(amounts, Amount())


def minutes(clock: time) -> int:
    """Minutes after midnight; the last moment of a day is its end."""
    return DAY if clock == time.max else clock.hour * HOUR + clock.minute


def edges(first: int, end: int) -> list[int]:
    """Where slots begin and end: at midnight, every hour from the first of the working minutes, and at their end.

    Working hours that begin or end at midnight have no slot before or after them.
    """
    return list(dict.fromkeys([0, *range(first, end, HOUR), end, DAY]))


def days_of(given: CallFilter, found: Sequence[date]) -> list[date]:
    """The days of the filter's own range; where an end of it is open, from the first or to the last day found.

    Raises InputError where they are too many for one answer.
    """
    bounds, zone = given.started_at, given.timezone
    first = bounds.from_.astimezone(zone).date() if bounds and bounds.from_ else min(found, default=None)
    last = max(found, default=None)
    if bounds and bounds.to:
        last = (bounds.to - timedelta(milliseconds=1)).astimezone(zone).date()
    if first is None or last is None:
        return []
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise InputError(
            f"The range has {count:,} days; at most {MOST_DAYS} are allowed. Give a shorter range or period."
        )
    return [first + timedelta(days=place) for place in range(count)]


def weekday_of(day: date) -> Weekday:
    """The weekday of a day."""
    return list(Weekday)[(day.weekday() + 1) % 7]
