"""Local days as runs of the same length: every instant is of the day that its zone's calendar says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import from_ms, start_of_day, to_ms
from app.domain.zones import Run, day_runs, week_runs, whole

HOUR, DAY = 3_600_000, 86_400_000
BERLIN, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")
ZONES = [BERLIN, KATHMANDU, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Sao_Paulo"), ZoneInfo("Pacific/Apia")]
INSTANTS = st.integers(to_ms(datetime(2005, 1, 1, tzinfo=UTC)), to_ms(datetime(2027, 1, 1, tzinfo=UTC)))


def at(zone: ZoneInfo, *day: int) -> int:
    return to_ms(datetime(*day, tzinfo=zone))  # type: ignore[arg-type,misc]  # year, month, day


def test_days_without_a_change_of_clocks_are_one_run() -> None:
    start, end = at(KATHMANDU, 2024, 1, 1), at(KATHMANDU, 2024, 7, 1)
    assert day_runs(KATHMANDU, start, end) == (Run(start, end, DAY),)


def test_a_day_that_is_shorter_is_a_run_of_its_own() -> None:
    start, change, after, end = (at(BERLIN, 2024, 3, 28), at(BERLIN, 2024, 3, 31), at(BERLIN, 2024, 4, 1), at(BERLIN, 2024, 4, 3))  # fmt: skip
    expected = (Run(start, change, DAY), Run(change, after, 23 * HOUR), Run(after, end, DAY))
    assert day_runs(BERLIN, start + 1, end - 1) == expected


def test_a_day_that_was_left_out_is_none() -> None:
    apia = ZoneInfo("Pacific/Apia")
    start, end = at(apia, 2011, 12, 29), at(apia, 2012, 1, 1)
    assert sum((run.end - run.start) // run.length for run in day_runs(apia, start, end)) == 2


@given(st.sampled_from(ZONES), INSTANTS, st.integers(1, 400 * DAY), st.floats(0, 1, exclude_max=True))
def test_every_instant_is_of_its_calendar_day(zone: ZoneInfo, start: int, length: int, part: float) -> None:
    instant = start + int(length * part)
    (run,) = (run for run in day_runs(zone, start, start + length) if run.start <= instant < run.end)
    began = instant - (instant - run.start) % run.length
    day = from_ms(instant).astimezone(zone).date()
    assert began == to_ms(start_of_day(day, zone))


@given(st.sampled_from(ZONES), INSTANTS, st.integers(0, 5 * DAY))
def test_whole_days_are_those_that_begin_and_end_in_the_range(zone: ZoneInfo, start: int, length: int) -> None:
    end = start + length
    low, high = whole(day_runs(zone, start, end), start, end)
    first = from_ms(start).astimezone(zone).date() - timedelta(days=1)
    edges = [edge for n in range(9) if start <= (edge := edge_of(first + timedelta(days=n), zone)) <= end]
    assert start <= low <= high <= end
    assert (low, high) == (edges[0], edges[-1]) if edges[1:] else low == high


def edge_of(day: date, zone: ZoneInfo) -> int:
    return to_ms(start_of_day(day, zone))


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_range_of_nothing_has_no_whole_day(zone: ZoneInfo) -> None:
    moment = at(zone, 2024, 5, 5)
    assert whole(day_runs(zone, moment, moment), moment, moment) == (moment, moment)


@given(st.sampled_from(ZONES), INSTANTS, st.integers(1, 400 * DAY), st.floats(0, 1, exclude_max=True))
def test_every_instant_is_of_its_calendar_week(zone: ZoneInfo, start: int, length: int, part: float) -> None:
    instant = start + int(length * part)
    (run,) = (run for run in week_runs(zone, start, start + length) if run.start <= instant < run.end)
    began = instant - (instant - run.start) % run.length
    day = from_ms(instant).astimezone(zone).date()
    assert began == to_ms(start_of_day(day - timedelta(days=(day.weekday() + 1) % 7), zone))
