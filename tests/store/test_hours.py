"""A page of weekdays or hours is whole, however many calls a day has, and is read along the nearest days alone."""

import dataclasses
import random
from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from app.domain.calls import CallDirection, CallRecord
from app.domain.filters import CallFilter, CallOrder, CallOrderField, DateTimeRange, TimeOfDayRange, Weekday
from app.domain.pages import Position, Window
from app.domain.scope import Reach
from app.store import finding, hours, pages
from app.store.weight import MOST as MOST_WEIGHT
from app.store.weight import Allowance
from tests.builders import a_call, an_agent, save
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
        keys = await walked(house, given, order, backward, size=5)
        assert len(keys) == len(set(keys))
        assert set(keys) == fitting


@pytest.mark.parametrize("given", BY_HOURS.values(), ids=BY_HOURS)
async def test_page_that_the_nearest_hours_fill_takes_two_statements(house: House, given: CallFilter) -> None:
    far = a_call("far", started_at=datetime(2150, 5, 5, tzinfo=UTC))
    await save(house, *calls_of(12, 30), far)
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


@pytest.mark.parametrize("left", range(700, MOST_WEIGHT + 1, 977))
async def test_hours_take_nothing_that_others_may_need(house: House, left: int) -> None:
    await save(house, *calls_of(12, 30))
    with Allowance() as allowance:
        allowance.draw(allowance.left - left)
        async with house.database.read() as connection:
            page = await pages.page(connection, house.scope, "calls", set(), BY_HOURS["nights"], DOWN, Window(5))
        assert len(page.rows) == 5
        assert hours.may_be_read(house.scope) == (allowance.left > MOST_WEIGHT // 2 + 800)
        assert allowance.left > min(left, MOST_WEIGHT // 2) - 600


async def test_many_lists_of_hours_leave_room_for_the_rest_of_a_question(house: House) -> None:
    await save(
        house, *[a_call(f"c{n}", started_at=BEGUN + timedelta(hours=n), agent=an_agent(f"A{n}")) for n in range(99)]
    )
    names = ", ".join(f'"{n}"' for n in range(137))
    lists = [
        f'd{n}: calls(filter: {{timeOfDay: {{from: "09:00", to: "10:{n}"}}}}) {{ nodes {{ id }} }}'
        for n in range(10, 29)
    ]
    agents = f"agents(first: 100) {{ nodes {{ calls(first: 1, filter: {{queues: [{names}]}}) {{ nodes {{ id }} }} }} }}"
    with Allowance():
        told = await house.ask(f"{{ {' '.join(lists)} {agents} }}")
    assert len(told["agents"]["nodes"]) == 99


@pytest.mark.parametrize("name", ["sundays", "nights", "nights of weekends"])
async def test_page_within_any_window_is_that_of_the_whole_list(house: House, name: str) -> None:
    given = BY_HOURS[name]
    agents = [an_agent("Ada", tags=("seen",)), an_agent("Bo")]
    made = [dataclasses.replace(one, agent=agents[n % 9 == 0]) for n, one in enumerate(calls_of(12, 25))]
    # Far from all others, where clocks are wrong.
    far = [
        a_call(f"far{year}", started_at=datetime(year, 5, 5, 12, tzinfo=UTC), agent=agents[0]) for year in (1938, 2150)
    ]
    await save(house, *made, *far)
    for reach, order, backward in product((Reach(), Reach(agent_tags=("seen",))), (DOWN, UP), (False, True)):
        scope = dataclasses.replace(house.scope, reach=reach)
        limited = dataclasses.replace(house, scope=scope)
        whole = await found(limited, given, order, Window(500, backward=backward), finding.PAGE)
        in_order = whole[::-1] if backward else whole
        first, last = (Position(None, in_order[place]) for place in (2, -2))
        for size, after, before in product((0, 6, 1000), (None, first), (None, last)):
            window = Window(size, after=after, before=before, backward=backward)
            async with house.database.read() as connection:
                page = await pages.page(connection, scope, "calls", set(), given, order, window)
            some = in_order[3 if after else 0 : -2 if before else None]
            assert [row["id"] for row in page.rows] == (
                some[len(some) - size :] if backward and size < len(some) else some[:size]
            )


async def test_viewer_who_sees_few_calls_has_no_call_looked_for_among_all(house: House) -> None:
    scope = dataclasses.replace(house.scope, reach=Reach(agent_tags=("nobody",)))
    await save(house, *calls_of(3, 3))
    told = hours.ends(scope, BY_HOURS["sundays"], DOWN, Window(5))
    async with house.database.read() as connection:
        [(first, last)] = await connection.execute(told)
        assert first > last
        page = await pages.page(connection, scope, "calls", set(), BY_HOURS["sundays"], DOWN, Window(5))
    assert page.rows == []


async def test_list_that_is_sorted_otherwise_has_the_same_calls(house: House) -> None:
    made = calls_of(10, 5)
    await save(house, *made)
    given, order = BY_HOURS["sundays"], CallOrder(field=CallOrderField.DURATION)
    async with house.database.read() as connection:
        page = await pages.page(connection, house.scope, "calls", {"provider_call_id"}, given, order, Window(100))
    assert {row["provider_call_id"] for row in page.rows} == {
        one.provider_call_id for one in made if fits(given, one.started_at)
    }
