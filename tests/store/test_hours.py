"""A page of weekdays or hours is whole, however many calls a day has, and is read along the nearest days alone."""

import random
from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from app.domain.calls import CallDirection, CallRecord
from app.domain.filters import CallFilter, CallOrder, CallOrderField, DateTimeRange, TimeOfDayRange, Weekday
from app.domain.pages import Window
from app.store import finding, hours, pages
from app.store.weight import Allowance
from tests.builders import a_call, save
from tests.conftest import House
from tests.store.plain_filter import within_hours
from tests.store.test_finding import DOWN, UP, found, walked

BEGUN = datetime(2024, 3, 6, tzinfo=UTC)  # four days later New York's clocks are put forward
KATHMANDU, NEW_YORK, APIA = map(ZoneInfo, ("Asia/Kathmandu", "America/New_York", "Pacific/Apia"))
NIGHT = TimeOfDayRange(from_=time(23, 0), to=time(3, 30))
NOON = TimeOfDayRange(from_=time(12), to=time(13))
BY_HOURS = {
    "sundays": CallFilter(weekdays=(Weekday.SUNDAY,), timezone=NEW_YORK),
    "two days": CallFilter(weekdays=(Weekday.MONDAY, Weekday.THURSDAY), timezone=KATHMANDU),
    "nights": CallFilter(time_of_day=NIGHT, timezone=NEW_YORK),
    "noons": CallFilter(time_of_day=NOON, timezone=APIA),
    "nights of weekends": CallFilter(
        time_of_day=NIGHT,
        weekdays=(Weekday.SATURDAY, Weekday.SUNDAY),
        timezone=NEW_YORK,
        started_at=DateTimeRange(from_=BEGUN + timedelta(days=2), to=BEGUN + timedelta(days=9, hours=3)),
    ),
}


def calls_of(days: int, each: int) -> list[CallRecord]:
    """So many calls a day, by the half hour, many at the very same moment."""
    chance = random.Random(each)
    moments = [
        BEGUN + timedelta(days=day, minutes=30 * chance.randrange(48)) for day in range(days) for _ in range(each)
    ]
    return [a_call(f"c{n:03}", started_at=at) for n, at in enumerate(moments)]


def fits(given: CallFilter, at: datetime) -> bool:
    """What Python's own zones say."""
    assert given.timezone
    local, range = at.astimezone(given.timezone), given.started_at
    by_weekday = given.weekdays is None or Weekday(local.strftime("%A").upper()) in given.weekdays
    by_time = given.time_of_day is None or within_hours(local.time(), given.time_of_day)
    return by_weekday and by_time and (not range or range.from_ <= at < range.to)  # type: ignore[operator]


@pytest.mark.parametrize("given", BY_HOURS.values(), ids=BY_HOURS)
@pytest.mark.parametrize(("days", "each"), [(10, 20), (70, 2)])
async def test_list_of_calls_of_some_hours_is_whole(house: House, given: CallFilter, days: int, each: int) -> None:
    made = calls_of(days, each)
    await save(house, *made)
    fitting = {one.provider_call_id for one in made if fits(given, one.started_at)}
    for order, backward in product((DOWN, UP), (False, True)):
        whole = await found(house, given, order, Window(500, backward=backward), finding.PAGE)
        assert len(whole) == len(fitting)
        for size in (1, 7, 30):
            window = Window(size, backward=backward)
            async with house.database.read() as connection:
                page = await pages.page(connection, house.scope, "calls", set(), given, order, window)
            ids = [row["id"] for row in page.rows]
            assert (ids[::-1] if backward else ids) == whole[:size]
        keys = await walked(house, given, order, backward)
        assert len(keys) == len(set(keys))
        assert set(keys) == fitting


@pytest.mark.parametrize("given", BY_HOURS.values(), ids=BY_HOURS)
async def test_page_that_the_nearest_hours_fill_takes_two_statements(house: House, given: CallFilter) -> None:
    await save(house, *calls_of(12, 30))
    sent: list[str] = []

    @event.listens_for(house.database.engine.sync_engine, "before_cursor_execute")
    def count(_c: object, _cursor: object, text: str, *_: object) -> None:
        if "calls" in text:
            sent.append(text)

    async with house.database.read() as connection:
        page = await pages.page(connection, house.scope, "calls", set(), given, DOWN, Window(1))
    assert len(page.rows) == 1
    assert len(sent) == 2


async def test_only_what_asks_for_hours_alone_is_read_by_them(house: House) -> None:
    sundays = CallFilter(weekdays=(Weekday.SUNDAY,), started_at=DateTimeRange(from_=BEGUN))
    assert hours.only_hours(sundays)
    assert hours.only_hours(CallFilter(time_of_day=NOON, weekdays=(Weekday.SUNDAY,)))
    for other in (
        None,
        CallFilter(timezone=APIA),
        CallFilter(weekdays=()),
        CallFilter(weekdays=(Weekday.SUNDAY,), direction=(CallDirection.INBOUND,)),
    ):
        assert not hours.only_hours(other)
    assert hours.may_be_read(house.scope)
    with Allowance() as allowance:
        allowance.draw(allowance.left - 1)
        assert not hours.may_be_read(house.scope)


async def test_list_that_is_sorted_otherwise_has_the_same_calls(house: House) -> None:
    made = calls_of(10, 5)
    await save(house, *made)
    given, order = BY_HOURS["sundays"], CallOrder(field=CallOrderField.DURATION)
    async with house.database.read() as connection:
        page = await pages.page(connection, house.scope, "calls", {"provider_call_id"}, given, order, Window(100))
    assert {row["provider_call_id"] for row in page.rows} == {
        one.provider_call_id for one in made if fits(given, one.started_at)
    }
