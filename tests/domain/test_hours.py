"""Hours are those that a zone's clock shows, nearest first, also where it is changed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import InputError
from app.domain.filters import END_OF_DAY, TimeOfDayRange, Weekday
from app.domain.hours import DAY, Hours, nearest
from app.domain.times import from_ms, to_ms
from tests.store.plain_filter import within_hours

ZONES = [
    ZoneInfo(name) for name in ("America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC")
]
EVER = (0, to_ms(datetime(2099, 1, 1, tzinfo=UTC)))
QUARTER = 900_000
# Around the days on which clocks are changed, and the day that Samoa left out.
MOMENTS = [
    datetime(2024, 3, 10, 6, tzinfo=UTC), datetime(2024, 11, 3, 5, 30, tzinfo=UTC), datetime(2024, 4, 6, 15, tzinfo=UTC),
    datetime(2011, 12, 31, 9, 59, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC),
]  # fmt: skip
BEGINS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))


def fits(hours: Hours, at: datetime) -> bool:
    """What Python's own zones say."""
    local = at.astimezone(hours.zone)
    by_weekday = hours.weekdays is None or Weekday(local.strftime("%A").upper()) in hours.weekdays
    return by_weekday and (hours.time_of_day is None or within_hours(local.time(), hours.time_of_day))


@settings(max_examples=100)
@given(
    st.sampled_from(ZONES),
    st.none() | st.lists(st.sampled_from(list(Weekday)), unique=True, min_size=1),
    st.none()
    | st.builds(TimeOfDayRange, from_=BEGINS, to=BEGINS | st.just(END_OF_DAY)).filter(lambda one: one.from_ != one.to),
    st.sampled_from(MOMENTS),
    st.integers(-200, 200),
    st.booleans(),
)
def test_nearest_hours_are_those_of_the_zones_clock(
    zone: ZoneInfo,
    weekdays: list[Weekday] | None,
    clock: TimeOfDayRange | None,
    moment: datetime,
    quarters: int,
    downwards: bool,
) -> None:
    hours, at = Hours(zone, weekdays, clock), to_ms(moment + timedelta(minutes=15 * quarters))
    found, are_all = nearest(hours, at, EVER, downwards, 3)
    assert 1 <= len(found) <= 3
    assert not are_all
    assert found == sorted(found, reverse=downwards)
    end = found[-1][0] if downwards else found[-1][1]
    step = -QUARTER if downwards else QUARTER
    for one in range(at, end + step, step):
        inside = any(first <= one <= last for first, last in found)
        beyond = one < end if downwards else one > end
        assert beyond or inside == fits(hours, from_ms(one))


def test_night_is_one_stretch_and_ends_are_whole_milliseconds() -> None:
    night = Hours(ZoneInfo("UTC"), None, TimeOfDayRange(from_=time(22), to=time(6)))
    at = to_ms(datetime(2024, 5, 2, 12, tzinfo=UTC))
    [(first, last)], _ = nearest(night, at, EVER, True, 1)
    assert (from_ms(first), from_ms(last + 1)) == (
        datetime(2024, 5, 1, 22, tzinfo=UTC),
        datetime(2024, 5, 2, 6, tzinfo=UTC),
    )


def test_hours_are_none_beyond_a_range_and_fewer_at_its_end() -> None:
    day = Hours(ZoneInfo("UTC"), [Weekday.MONDAY], None)
    at = to_ms(datetime(2024, 5, 6, 1, tzinfo=UTC))  # a Monday
    assert nearest(day, at, (at - 5, at - 1), False, 3) == ([], True)
    assert nearest(day, at, (at - 5, at + 5), True, 3) == ([(at - 5, at)], True)
    found, are_all = nearest(day, at, (at - 9 * DAY, at), True, 3)
    assert (len(found), are_all) == (2, True)
    assert not nearest(day, at, (at - 9 * DAY, at), True, 1)[1]


def test_days_that_are_one_stretch_are_not_all_there_are() -> None:
    week = Hours(ZoneInfo("UTC"), list(Weekday), None)
    [stretch], are_all = nearest(week, 1_000 * DAY, EVER, True, 3)
    assert not are_all
    assert stretch == (979 * DAY, 1_000 * DAY)
    assert nearest(week, 1_000 * DAY, (999 * DAY, 1_001 * DAY), True, 3) == ([(999 * DAY, 1_000 * DAY)], True)


def test_hours_of_no_time_are_refused() -> None:
    with pytest.raises(InputError):
        nearest(Hours(ZoneInfo("UTC"), None, TimeOfDayRange(from_=time(6), to=time(6))), 0, EVER, True, 1)
