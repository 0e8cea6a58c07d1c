"""What of a stream is to be read next, and what is known of it afterwards. Pure: time comes in, a window comes out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from app.domain.pulls import StreamState, Window
from app.domain.times import start_of_day
from app.providers.api import Changes, Stream

SWEEP_EVERY = timedelta(days=1)
DAY = timedelta(days=1)


class Why(Enum):
    """What a window is read for."""

    CHANGES = "CHANGES"
    HISTORY = "HISTORY"
    SWEEP = "SWEEP"
    WHOLE = "WHOLE"


@dataclass(frozen=True, slots=True)
class Step:
    """One reading: a window, or a whole list, from its first page to its last."""

    stream: Stream
    why: Why
    # None for a list that is read whole.
    window: Window | None
    # The stream's state once all of it is stored.
    after: StreamState

    @property
    def changed(self) -> bool:
        """Whether the window is of when records changed, rather than of when calls began."""
        return self.why is Why.CHANGES and self.stream.changes is Changes.MODIFIED


def first_state(stream: Stream, now: datetime, history_from: datetime) -> StreamState:
    """The state of a stream that was never read: changes from now on, and history from now back."""
    if stream.changes is Changes.WHOLE:
        return StreamState(stream.name, now - stream.every, now, now, now, now)
    return StreamState(stream.name, now, now, now, history_from, now)


def changes_due(stream: Stream, state: StreamState, now: datetime, every: timedelta) -> Step | None:
    """The next window of changes, oldest first; None where the last one ended less than `every` ago."""
    if stream.changes is Changes.WHOLE:
        due = now - state.watermark >= max(every, stream.every)
        return Step(stream, Why.WHOLE, None, replace(state, watermark=now)) if due else None
    if now <= state.watermark or now - state.watermark < max(every, stream.every):
        return None
    end = min(now, state.watermark + stream.step_days * DAY)
    window = Window(state.watermark - stream.overlap, end)
    return Step(stream, Why.CHANGES, window, replace(state, watermark=end))


def history_due(stream: Stream, state: StreamState, zone: ZoneInfo) -> Step | None:
    """The next window of history, newest first: what people ask for is nearly always of the last days."""
    if stream.changes is Changes.WHOLE or state.filled:
        return None
    start = max(state.fill_until, _days_before(state.filled_to, stream.step_days, zone))
    return Step(stream, Why.HISTORY, Window(start, state.filled_to), replace(state, filled_to=start))


def sweep_due(stream: Stream, state: StreamState, now: datetime, zone: ZoneInfo) -> Step | None:
    """The next window of the last days, newest first, which are read again once a day."""
    if stream.changes is Changes.WHOLE or not stream.swept_days:
        return None
    if state.sweep_to is None and now - state.swept_at < SWEEP_EVERY:
        return None
    end = state.sweep_to or now
    # Nothing older than what was ever read: that is for history to do.
    until = max(_days_before(now, stream.swept_days + 1, zone), state.filled_to)
    if until >= end:
        return None if state.sweep_to is None else _swept(stream, state, Window(end, end), now, None)
    start = max(until, _days_before(end, stream.step_days, zone))
    return _swept(stream, state, Window(start, end), now, start if start > until else None)


def _swept(stream: Stream, state: StreamState, window: Window, now: datetime, sweep_to: datetime | None) -> Step:
    swept_at = now if sweep_to is None else state.swept_at
    return Step(stream, Why.SWEEP, window, replace(state, swept_at=swept_at, sweep_to=sweep_to))


def _days_before(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The midnight of the source's zone that so many days end with `at`, which may be in the midst of the last."""
    last = (at - timedelta(milliseconds=1)).astimezone(zone).date()
    return start_of_day(last - (days - 1) * DAY, zone)
