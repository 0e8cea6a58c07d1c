"""What a stand-in's account holds: calls that come, change and go while they are read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class Entry:
    """One call. `seconds` is what changes when a call is told anew, so that a stale one is known by it."""

    number: int
    began: datetime
    # When it came or changed last, by the vendor's clock.
    changed: datetime
    seconds: int = 30
    # Whether one of its fields has a wrong type.
    broken: bool = False


@dataclass
class Book:
    """The calls of an account, and the vendor's clock."""

    now: Callable[[], datetime]
    entries: dict[int, Entry] = field(default_factory=dict)
    last: int = 0

    def fill(self, calls: int, over: timedelta) -> None:
        """Adds calls, evenly over the time before now."""
        now = self.now()
        for place in range(calls):
            began = now - over * ((place + 0.5) / calls)
            self.add(began.replace(microsecond=0))

    def add(self, began: datetime) -> Entry:
        """Adds a call that is known to the vendor from now on."""
        self.last += 1
        self.entries[self.last] = entry = Entry(self.last, began, self.now())
        return entry

    def change(self, entry: Entry) -> None:
        """Tells a call anew."""
        entry.seconds += 1
        entry.changed = self.now()

    def delete(self, entry: Entry) -> None:
        """Forgets a call."""
        self.entries.pop(entry.number, None)

    def began(self, start: datetime, end: datetime) -> list[Entry]:
        """The calls that began in a range, newest first."""
        found = [entry for entry in self.entries.values() if start <= entry.began < end]
        return sorted(found, key=lambda entry: (entry.began, entry.number), reverse=True)

    def changed(self, start: datetime, end: datetime) -> list[Entry]:
        """The calls that came or changed in a range, newest first."""
        found = [entry for entry in self.entries.values() if start <= entry.changed < end]
        return sorted(found, key=lambda entry: (entry.changed, entry.number), reverse=True)
