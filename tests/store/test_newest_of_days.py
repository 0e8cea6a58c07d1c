"""A page of weekdays or hours is whole, however many calls a day has, and ends where a day fills it."""

import random
from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.calls import CallDirection, CallRecord
from app.domain.filters import CallFilter, CallOrder, DateTimeRange, TimeOfDayRange, Weekday
from app.domain.pages import Window
from app.domain.times import to_ms
from app.store import finding
from app.store.finding import attempts
from app.store.newest_of_days import last_of_days
from tests.builders import a_call, save
from tests.conftest import House
from tests.store.plain_filter import within_hours
from tests.store.test_finding import DOWN, UP, found, walked

BEGUN = datetime(2024, 3, 6, tzinfo=UTC)  # four days later New York's clocks are put forward
KATHMANDU, NEW_YORK, APIA = map(ZoneInfo, ("Asia/Kathmandu", "America/New_York", "Pacific/Apia"))
NIGHT = TimeOfDayRange(from_=time(23, 0), to=time(3, 30))
NOON = TimeOfDayRange(from_=time(12), to=time(13))
BY_DAY = [
    CallFilter(weekdays=(Weekday.SUNDAY,), timezone=NEW_YORK),
    CallFilter(weekdays=(Weekday.MONDAY, Weekday.THURSDAY), timezone=KATHMANDU),
    CallFilter(time_of_day=NIGHT, timezone=NEW_YORK),
    CallFilter(time_of_day=NOON, timezone=APIA),
    CallFilter(time_of_day=NIGHT, weekdays=(Weekday.SATURDAY, Weekday.SUNDAY), timezone=NEW_YORK),
]


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
    local = at.astimezone(given.timezone)
    by_weekday = given.weekdays is None or Weekday(local.strftime("%A").upper()) in given.weekdays
    return by_weekday and (given.time_of_day is None or within_hours(local.time(), given.time_of_day))


@pytest.mark.parametrize("given", BY_DAY, ids=["sundays", "two days", "nights", "noons", "nights of weekends"])
@pytest.mark.parametrize(("days", "each"), [(10, 20), (70, 2)])
async def test_list_of_calls_of_some_days_is_whole(
    house: House, monkeypatch: pytest.MonkeyPatch, given: CallFilter, days: int, each: int
) -> None:
    monkeypatch.setattr(finding, "LOOKED_AT", 0)  # each page is gathered
    made = calls_of(days, each)
    await save(house, *made)
    fitting = {one.provider_call_id for one in made if fits(given, one.started_at)}
    for order, backward in product((DOWN, UP), (False, True)):
        whole = await found(house, given, order, Window(500, backward=backward), finding.PAGE)
        assert len(whole) == len(fitting)
        for size, one in product((1, 7, 30), attempts(given, order)[2:]):
            page = await found(house, given, order, Window(size, backward=backward), one)
            assert page == whole[: len(page)]
        assert page == whole[: size + 1], "the last attempt finds all there are"
    assert set(await walked(house, given, DOWN, backward=False)) == fitting


@pytest.mark.parametrize("given", BY_DAY, ids=["sundays", "two days", "nights", "noons", "nights of weekends"])
@pytest.mark.parametrize("order", [DOWN, UP], ids=["down", "up"])
async def test_page_ends_with_the_nearest_day_that_fills_it(house: House, given: CallFilter, order: CallOrder) -> None:
    made = calls_of(15, 40)
    await save(house, *made)
    of_days: dict[object, list[int]] = {}
    for one in made:
        if fits(given, one.started_at):
            of_days.setdefault(one.started_at.astimezone(given.timezone).date(), []).append(to_ms(one.started_at))
    for size in (0, 1, 2, 40):
        full = [sorted(starts, reverse=order is DOWN)[size] for starts in of_days.values() if len(starts) > size]
        place = last_of_days(house.scope, given, order, Window(size), None)
        assert place is not None
        async with house.database.read() as connection:
            told = (await connection.execute(select(place))).scalar_one()
        assert told == ((max if order is DOWN else min)(full) if full else None)


def test_page_of_days_ends_nowhere_where_more_is_asked_for(house: House) -> None:
    more = CallFilter(weekdays=(Weekday.SUNDAY,), direction=(CallDirection.INBOUND,))
    never = CallFilter(weekdays=(Weekday.SUNDAY,), started_at=DateTimeRange(from_=BEGUN, to=BEGUN))
    assert last_of_days(house.scope, more, DOWN, Window(3), None) is None
    assert last_of_days(house.scope, never, DOWN, Window(3), None) is None
