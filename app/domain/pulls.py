"""How far a source's streams have been read: windows, watermarks, and what is still to be filled in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


@dataclass(frozen=True, slots=True)
class Window:
    """A range of time, half-open."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


class SourceState(Enum):
    """Whether a source is pulled."""

    # Its records come from files, or are pushed; nothing is asked of the vendor.
    MANUAL = "MANUAL"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"


@dataclass(frozen=True, slots=True)
class StreamState:
    """How far one stream of a source has been read."""

    name: str
    # Everything up to here has been taken, as far as the vendor told it by then.
    watermark: datetime
    # History is filled in from the first down to `filled_to`, until it reaches `fill_until`; newest first.
    filled_from: datetime
    filled_to: datetime
    fill_until: datetime
    # When the last days were last read again whole, and down to where the reading under way has come.
    swept_at: datetime
    sweep_to: datetime | None = None

    @property
    def filled(self) -> bool:
        """Whether history is there as far back as it was asked for."""
        return self.filled_to <= self.fill_until

    @property
    def percent_filled(self) -> int:
        """How much of the history is there; 100 only when all of it is."""
        wanted = self.filled_from - self.fill_until
        if self.filled or not wanted:
            return 100
        return min(99, int(100 * (self.filled_from - self.filled_to) / wanted))


@dataclass(frozen=True, slots=True)
class Circuit:
    """Whether a source may be asked again after it failed."""

    failures: int = 0
    # Until then nothing is asked; None where all is well.
    open_until: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
