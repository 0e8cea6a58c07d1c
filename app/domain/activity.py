"""Activity by the clock: slots of an hour over the working hours, one before and one after, over the days of a range."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

HOUR = 60
DAY = 24 * HOUR


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


def added(amounts: Iterable[Amount]) -> Amount:
    """All of these together."""
    return sum(amounts, Amount())


def minutes(clock: time) -> int:
    """Minutes after midnight; the last moment of a day is its end."""
    return DAY if clock == time.max else clock.hour * HOUR + clock.minute


def edges(first: int, end: int) -> list[int]:
    """Where slots begin and end: at midnight, every hour from the first of the working minutes, and at their end."""
    return [0, *range(first, end, HOUR), end, DAY]
