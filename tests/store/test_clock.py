"""Weekday and time of day of a call are those of the zone's own clock, also where it is changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, func, literal, select

from app.domain.errors import InputError
from app.domain.filters import END_OF_DAY, CallFilter, DateTimeRange, TimeOfDayRange, Weekday
from app.store import clock
from app.store.filters import call_predicate
from app.store.way import Bounds, larger, smaller
from app.store.weight import MOST, Allowance, weighed
from tests.builders import a_call, save
from tests.conftest import House
from tests.store.both import Both, in_both, names
from tests.store.plain_filter import within_hours

NEW_YORK, LORD_HOWE, KATHMANDU = map(ZoneInfo, ("America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"))
QUARTER = timedelta(minutes=15)
# Two days around each change of a clock in 2024, and a new year in Kathmandu, by the quarter hour.
BEGINNINGS = (
    *(datetime(2024, 3, 9, 12, tzinfo=UTC), datetime(2024, 11, 2, 12, tzinfo=UTC)),  # New York
    *(datetime(2024, 4, 6, tzinfo=UTC), datetime(2024, 10, 5, tzinfo=UTC)),  # Lord Howe
    datetime(2023, 12, 31, tzinfo=UTC),
)
MOMENTS = {
    f"{moment:%m-%d %H:%M}": moment for begin in BEGINNINGS for moment in (begin + QUARTER * n for n in range(192))
}
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]), st.sampled_from([0, 1]))


async def fill(house: House) -> None:
    await save(house, *[a_call(name, started_at=moment) for name, moment in MOMENTS.items()])


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """A call at each of the moments, in a store of each engine."""
    with in_both(request, tmp_path_factory.mktemp("clock"), fill) as found:
        yield found


def expected(zone: ZoneInfo, weekdays: tuple[Weekday, ...] | None, hours: TimeOfDayRange | None) -> set[str]:
    """What Python's own zones say."""
    local = {name: moment.astimezone(zone) for name, moment in MOMENTS.items()}
    return {
        name
        for name, at in local.items()
        if (weekdays is None or at.strftime("%A").upper() in {day.value for day in weekdays})
        and (hours is None or within_hours(at.time(), hours))
    }


@settings(max_examples=40)
@given(
    st.sampled_from([NEW_YORK, LORD_HOWE, KATHMANDU, ZoneInfo("UTC")]),
    st.none() | st.lists(st.sampled_from(list(Weekday)), unique=True).map(tuple),
    st.none() | st.builds(TimeOfDayRange, from_=CLOCKS, to=CLOCKS).filter(lambda hours: hours.from_ != hours.to),
)
def test_weekday_and_time_are_those_of_the_zone(
    both: Both, zone: ZoneInfo, weekdays: tuple[Weekday, ...] | None, hours: TimeOfDayRange | None
) -> None:
    filter = CallFilter(timezone=zone, weekdays=weekdays, time_of_day=hours)
    assert both.names(filter) == expected(zone, weekdays, hours)


@settings(max_examples=20)
@given(st.sampled_from([NEW_YORK, LORD_HOWE]), st.sampled_from(list(MOMENTS.values())), st.integers(0, 200))
def test_range_of_time_holds_beside_the_weekday(both: Both, zone: ZoneInfo, first: datetime, quarters: int) -> None:
    weekdays = (Weekday.SATURDAY, Weekday.SUNDAY)
    bounds = DateTimeRange(from_=first, to=first + QUARTER * quarters)
    selected = both.names(CallFilter(timezone=zone, weekdays=weekdays, started_at=bounds))
    within = {name for name, moment in MOMENTS.items() if first <= moment < first + QUARTER * quarters}
    assert selected == expected(zone, weekdays, None) & within


def at(both: Both, zone: ZoneInfo, day: str, first: str, end: str) -> set[str]:
    """The moments of a local day within a time of day, as UTC."""
    hours = TimeOfDayRange(from_=time.fromisoformat(first), to=time.fromisoformat(end))
    found = both.names(CallFilter(timezone=zone, time_of_day=hours))
    return {name for name in found if f"{MOMENTS[name].astimezone(zone):%m-%d}" == day}


def test_hour_that_comes_twice_is_selected_twice(both: Both) -> None:
    assert at(both, NEW_YORK, "11-03", "01:30", "02:00") == {"11-03 05:30", "11-03 05:45", "11-03 06:30", "11-03 06:45"}
    assert at(both, LORD_HOWE, "04-07", "01:30", "01:45") == {"04-06 14:30", "04-06 15:00"}


def test_hour_that_is_skipped_has_no_calls(both: Both) -> None:
    assert at(both, NEW_YORK, "03-10", "02:00", "03:00") == set()
    assert at(both, NEW_YORK, "03-10", "01:45", "03:15") == {"03-10 06:45", "03-10 07:00"}
    assert at(both, LORD_HOWE, "10-06", "02:00", "02:30") == set()


def test_day_begins_at_a_quarter_past_six_in_the_evening_before_in_kathmandu(both: Both) -> None:
    monday = both.names(CallFilter(timezone=KATHMANDU, weekdays=(Weekday.MONDAY,)))
    assert {"12-31 18:15", "01-01 18:00"} <= monday
    assert not {"12-31 18:00", "01-01 18:15"} & monday


async def test_times_may_run_over_midnight_and_all_around_the_clock(house: House) -> None:
    hours = {f"{hour:02}": datetime(2024, 5, 20, hour, tzinfo=UTC) for hour in range(24)}
    await save(house, *[a_call(name, started_at=moment) for name, moment in hours.items()])

    async def between(first: int, end: int) -> set[str]:
        return await names(house, CallFilter(time_of_day=TimeOfDayRange(from_=time(first), to=time(end))))

    assert await between(9, 12) == {"09", "10", "11"}
    assert await between(22, 2) == {"22", "23", "00", "01"}
    assert await between(22, 0) == {"22", "23"}
    until_midnight = TimeOfDayRange(from_=time(22), to=END_OF_DAY)
    assert await names(house, CallFilter(time_of_day=until_midnight)) == {"22", "23"}
    all_day = TimeOfDayRange(from_=time(0), to=END_OF_DAY)
    assert await names(house, CallFilter(time_of_day=all_day)) == hours.keys()


async def test_time_of_day_that_ends_as_it_begins_is_refused(house: House) -> None:
    for hour in (0, 9):
        with pytest.raises(InputError, match="timeOfDay begins and ends at the same time"):
            await names(house, CallFilter(time_of_day=TimeOfDayRange(from_=time(hour), to=time(hour))))


async def test_bounds_of_a_time_of_day_are_exact_to_the_millisecond(house: House) -> None:
    nine = datetime(2024, 5, 20, 9, tzinfo=UTC)
    millisecond = timedelta(milliseconds=1)
    moments = {
        "before": nine - millisecond,
        "nine": nine,
        "last": nine + QUARTER - millisecond,
        "after": nine + QUARTER,
    }
    await save(house, *[a_call(name, started_at=moment) for name, moment in moments.items()])
    assert await names(house, CallFilter(time_of_day=TimeOfDayRange(from_=time(9), to=time(9, 15)))) == {"nine", "last"}


async def test_range_may_reach_from_the_first_year_to_the_last(house: House) -> None:
    """Forms send such bounds for "from ever, for ever": thousands of years are thousands of changes of the clock."""
    await save(house, a_call("Monday", started_at=datetime(2024, 5, 20, 12, tzinfo=UTC)))
    ever = DateTimeRange(from_=datetime(1, 1, 2, tzinfo=UTC), to=datetime(9999, 12, 30, tzinfo=UTC))
    for weekday in (Weekday.MONDAY, Weekday.TUESDAY):
        found = await names(house, CallFilter(timezone=NEW_YORK, weekdays=(weekday,), started_at=ever))
        assert found == ({"Monday"} if weekday is Weekday.MONDAY else set())


async def test_range_before_or_after_all_calls_selects_none(house: House) -> None:
    await save(house, a_call("one"))
    for year in (1900, 2150):
        bounds = DateTimeRange(from_=datetime(year, 1, 1, tzinfo=UTC), to=datetime(year + 1, 1, 1, tzinfo=UTC))
        assert await names(house, CallFilter(weekdays=tuple(Weekday), started_at=bounds)) == set()


async def test_call_of_a_wrong_century_makes_no_million_days_to_look_through(house: House) -> None:
    await save(house, *[a_call(f"{year}", started_at=datetime(year, 5, 20, tzinfo=UTC)) for year in (1, 2024, 9998)])
    assert await names(house, CallFilter(weekdays=(Weekday.MONDAY,))) == {"2024"}
    days = clock._days(house.scope, Bounds(), clock._spans(CallFilter()))
    async with house.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(days))).scalar_one() < 366 * 100


async def test_statements_of_two_zones_are_kept_apart_and_weigh_the_changes_of_their_clocks(house: House) -> None:
    await save(house, *[a_call(name, started_at=moment) for name, moment in MOMENTS.items()])
    hours = TimeOfDayRange(from_=time(9), to=time(17))
    for zone in (NEW_YORK, LORD_HOWE, NEW_YORK):
        assert await names(house, CallFilter(timezone=zone, time_of_day=hours)) == expected(zone, None, hours)
    weights = []
    for zone in (ZoneInfo("UTC"), NEW_YORK):
        with Allowance() as allowance:
            weighed(call_predicate(house.scope, CallFilter(timezone=zone, time_of_day=hours)))
            weights.append(MOST - allowance.left)
    assert weights[1] > weights[0] + 20


@pytest.mark.parametrize(("function", "told"), [(larger, 7), (smaller, 3)])
async def test_larger_and_smaller_are_of_one_row(house: House, function: type, told: int) -> None:
    one, other = literal(7, BigInteger), literal(3, BigInteger)
    async with house.database.read() as connection:
        assert (await connection.execute(select(function(one, other), function(other, one)))).one() == (told, told)
