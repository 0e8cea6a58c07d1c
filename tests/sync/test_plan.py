"""Which window of a stream is read next: no moment is left out, the newest history comes first, and no window is too long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain.pulls import StreamState, Window
from app.providers.api import Changes, Request, Stream
from app.sync.plan import Step, changes_due, first_state, history_due, sweep_due

NOW = datetime(2024, 11, 3, 15, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = [ZoneInfo(name) for name in ("UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/Chicago")]


def a_stream(**changes: Any) -> Stream:
    """A stream without a modified-since filter."""
    values: dict[str, Any] = {"changes": Changes.TRAILING, **changes}
    return Stream("calls", "calls", ("id",), lambda _: Request(""), lambda body: body, **values)


def history(stream: Stream, state: StreamState, zone: ZoneInfo) -> list[Window]:
    """Every window of the history, in the order of their reading."""
    found = []
    while step := history_due(stream, state, zone):
        assert step.window is not None
        found.append(step.window)
        state = step.after
    return found


@given(days=st.integers(0, 400), step=st.integers(1, 31), zone=st.sampled_from(ZONES), minutes=st.integers(0, 1439))
def test_history_leaves_out_no_moment_and_begins_with_the_newest(
    days: int, step: int, zone: ZoneInfo, minutes: int
) -> None:
    stream, since = a_stream(step_days=step), NOW - days * DAY - minutes * MINUTE
    windows = history(stream, first_state(stream, NOW, since), zone)
    edges = [NOW, *[window.start for window in windows]]
    assert [window.end for window in windows] == edges[:-1]
    assert edges[-1] == since
    assert all(timedelta() < window.length <= step * DAY + HOUR for window in windows)


def test_a_history_of_nothing_is_whole_from_the_beginning() -> None:
    stream = a_stream()
    assert first_state(stream, NOW, NOW).percent_filled == 100


def test_percent_is_of_the_time_that_was_asked_for_and_100_only_at_the_end() -> None:
    state = StreamState("calls", NOW, NOW, NOW - 4 * DAY, NOW - 10 * DAY, NOW)
    assert state.percent_filled == 40
    assert replace(state, filled_to=NOW - 10 * DAY + MINUTE).percent_filled == 99
    assert replace(state, filled_to=NOW - 10 * DAY).percent_filled == 100


def test_changes_after_a_long_pause_are_read_oldest_first_and_overlap() -> None:
    stream, state = a_stream(overlap=HOUR), first_state(a_stream(), NOW, NOW)
    later, windows = NOW + 2 * DAY + HOUR, []
    while step := changes_due(stream, state, later, timedelta()):
        windows.append(step.window)
        state = step.after
    assert windows == [
        Window(NOW - HOUR, NOW + DAY),
        Window(NOW + DAY - HOUR, NOW + 2 * DAY),
        Window(NOW + 2 * DAY - HOUR, later),
    ]
    assert state.watermark == later


def test_changes_are_due_when_the_interval_has_gone_by() -> None:
    stream = a_stream()
    state = first_state(stream, NOW, NOW)
    assert changes_due(stream, state, NOW + 4 * MINUTE, 5 * MINUTE) is None
    assert changes_due(stream, state, NOW + 5 * MINUTE, 5 * MINUTE) is not None
    assert changes_due(stream, state, NOW - MINUTE, timedelta()) is None  # a clock that was set back


def test_a_list_without_times_is_read_at_once_and_then_as_often_as_it_says() -> None:
    stream = a_stream(changes=Changes.WHOLE, every=HOUR)
    first = changes_due(stream, first_state(stream, NOW, NOW), NOW, timedelta())
    assert first is not None
    assert first.window is None
    assert changes_due(stream, first.after, NOW + 59 * MINUTE, timedelta()) is None
    assert changes_due(stream, first.after, NOW + HOUR, timedelta()) is not None


def sweep(stream: Stream, state: StreamState, now: datetime) -> list[Step]:
    """The steps of one sweep."""
    found = []
    while step := sweep_due(stream, state, now, ZONES[1]):
        found.append(step)
        state = step.after
    return found


def test_the_last_days_are_read_again_once_a_day_newest_first_without_a_gap() -> None:
    stream = a_stream(swept_days=3)
    state = first_state(stream, NOW, NOW - 30 * DAY)
    state = replace(state, filled_to=NOW - 30 * DAY)
    assert sweep(stream, state, NOW + 23 * HOUR) == []
    steps = sweep(stream, state, NOW + DAY)
    windows = [step.window for step in steps if step.window]
    assert windows[0].end == NOW + DAY
    assert [window.end for window in windows[1:]] == [window.start for window in windows[:-1]]
    assert windows[-1].start <= NOW - 2 * DAY
    assert steps[-1].after.swept_at == NOW + DAY
    assert steps[-1].after.sweep_to is None


def test_a_sweep_that_was_broken_off_goes_on_where_it_was() -> None:
    stream = a_stream(swept_days=3)
    state = replace(first_state(stream, NOW, NOW), filled_to=NOW - 30 * DAY)
    first, second, *_ = sweep(stream, state, NOW + DAY)
    assert first.window is not None
    again = sweep_due(stream, first.after, NOW + DAY + HOUR, ZONES[1])
    assert again is not None
    assert second.window is not None
    assert again.window is not None
    assert again.window.end == first.window.start == second.window.end


def test_a_sweep_reads_nothing_that_history_has_not_reached() -> None:
    stream = a_stream(swept_days=7)
    state = replace(first_state(stream, NOW, NOW - 30 * DAY), filled_to=NOW - HOUR)
    windows = [step.window for step in sweep(stream, state, NOW + DAY)]
    assert min(window.start for window in windows if window) == NOW - HOUR
