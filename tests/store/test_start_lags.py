"""Calls of a range of another instant are found wherever they start, and looked for only where they can."""

import random
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.calls import CallRecord
from app.domain.filters import CallFilter, DateTimeRange
from app.domain.pulls import Window
from app.domain.times import to_ms
from app.store import pace
from app.store.filters import predicate_of
from app.store.migrate import migrate
from app.store.slots import prepared
from app.store.start_lags import DAY, INSTANTS
from app.store.tables import calls
from app.store.vanished import Told, mark_deleted
from app.store.way import ANY, GATHERED
from tests.builders import a_call, save
from tests.conftest import NOW, House
from tests.store.people import rows
from tests.store.test_finding import DOWN, UP, walked
from tests.store.test_migrate import downgrade, run

TOLD = ("ended_at", "modified_at", "provider_synced_at")  # by the vendor; when we synced a call we know ourselves
# Of most calls a few minutes; of others days and months, and of some less than nothing, for vendors' clocks differ.
LAGS = (60, 60, 60, 300, 3_600, 86_400, 200_000, 8_000_000, -30, -90_000)


def calls_of_days(count: int) -> list[CallRecord]:
    """Calls of forty days, a few of them at the very same moment, and some without one instant or another."""
    dice = random.Random(5)
    starts = [NOW + timedelta(hours=8 * dice.randrange(120)) for _ in range(count)]
    return [
        a_call(f"c{n:02}", started_at=start, **{name: later(start, dice) for name in TOLD if dice.random() < 0.8})
        for n, start in enumerate(starts)
    ]


def later(start: Any, dice: random.Random) -> Any:
    """An instant of a call that starts then."""
    return start + timedelta(seconds=dice.choice(LAGS))


def fitting(made: list[CallRecord], name: str, within: DateTimeRange) -> list[str]:
    """The calls of a range, by all of them."""
    told = {one.provider_call_id: getattr(one, name) for one in made}
    return sorted(
        str(key)
        for key, at in told.items()
        if at and (within.from_ is None or at >= within.from_) and (within.to is None or at < within.to)
    )


@pytest.mark.parametrize("name", TOLD)
async def test_list_of_a_range_of_another_instant_is_whole(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made = calls_of_days(80)
    await save(house, *made)
    dice = random.Random(name)
    for near in (0, 3, 1_000):  # calls that are looked at before others are gathered
        monkeypatch.setattr(pace, "LOOKED_AT", near)
        for order, backward in product((DOWN, UP), (False, True)):
            begin = NOW + timedelta(hours=dice.randrange(-30, 900), seconds=60)
            end = begin + timedelta(hours=dice.choice((0, 1, 20, 200)))
            for within in (
                DateTimeRange(from_=begin, to=end),
                DateTimeRange(from_=begin, to=None),
                DateTimeRange(from_=None, to=end),
            ):
                started = dice.choice((None, DateTimeRange(from_=begin - timedelta(days=9), to=end)))
                found = await walked(house, CallFilter(**{name: within}, started_at=started), order, backward)
                wanted = set(fitting(made, name, within))
                if started is not None:
                    wanted &= set(fitting(made, "started_at", started))
                assert sorted(found) == sorted(wanted), (within, started)


async def test_calls_of_when_we_synced_them_are_found(house: House) -> None:
    await save(house, *calls_of_days(20))
    all_of_them = await walked(
        house, CallFilter(synced_at=DateTimeRange(from_=NOW, to=NOW + timedelta(days=1))), DOWN, False
    )
    assert len(all_of_them) == 20
    for within in (DateTimeRange(from_=None, to=NOW), DateTimeRange(from_=NOW + timedelta(days=1), to=None)):
        assert await walked(house, CallFilter(synced_at=within), DOWN, False) == []


async def test_no_call_is_looked_at_that_starts_where_none_of_the_range_can(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Far from the list's beginning a page is found at once, though only a few calls are looked at."""
    minute = timedelta(minutes=1)
    made = [
        a_call(f"c{n:03}", started_at=NOW + n * 40 * minute, ended_at=NOW + n * 40 * minute + minute)
        for n in range(400)
    ]
    await save(house, *made)
    monkeypatch.setattr(pace, "LOOKED_AT", 10)
    within = DateTimeRange(from_=NOW + timedelta(days=3), to=NOW + timedelta(days=6))
    asked = "{ calls(first: 5, filter: {endedAt: {from: %s, to: %s}}%s) { nodes { providerCallId } } }"
    told = [f'"{at.isoformat()}"' for at in (within.from_, within.to) if at]
    for order, nearest in (("", 1), (", orderBy: {field: STARTED_AT, direction: ASC}", -1)):
        async with house.statements() as statements:
            answer = await house.ask(asked % (*told, order))
        found = [one["providerCallId"] for one in answer["calls"]["nodes"]]
        assert found == sorted(fitting(made, "ended_at", within), reverse=nearest == 1)[:5]
        assert len(statements) == 1


async def test_lags_are_those_of_all_calls_of_a_day_and_only_become_wider(house: House) -> None:
    start, second = NOW.replace(hour=0), timedelta(seconds=1)

    async def lags() -> dict[str, tuple[int, int]]:
        found = [row for row in await rows(house, "start_lags") if row["day"] == to_ms(start) // DAY * DAY]
        return {row["instant"]: (row["least"], row["most"]) for row in found}

    await save(house, a_call("a", started_at=start, ended_at=start + 9 * second))
    assert (await lags())["ended_at"] == (9_000, 9_000)
    assert set(await lags()) == {"ended_at", "synced_at"}
    await save(house, a_call("b", started_at=start + 60 * second, ended_at=start + 58 * second))
    assert (await lags())["ended_at"] == (-2_000, 9_000)
    await save(house, a_call("c", started_at=start, ended_at=start + 5 * second, modified_at=start))
    assert (await lags())["ended_at"] == (-2_000, 9_000)
    assert (await lags())["modified_at"] == (0, 0)
    await save(house, a_call("a", started_at=start, ended_at=start + 20 * second))  # told anew
    assert (await lags())["ended_at"] == (-2_000, 20_000)


async def test_lags_of_an_older_store_are_told_by_its_calls(house: House) -> None:
    await save(house, *calls_of_days(40))
    before = sorted(tuple(row.values()) for row in await rows(house, "start_lags"))
    assert {row[1] for row in before} == {*INSTANTS}
    await run(house.database, lambda connection: downgrade(connection, "0015"))
    await migrate(house.database)
    assert sorted(tuple(row.values()) for row in await rows(house, "start_lags")) == before


async def test_call_that_the_vendor_lost_is_found_by_when_we_knew_of_it(house: House) -> None:
    made = [a_call(f"c{n}", started_at=NOW + timedelta(hours=n)) for n in range(3)]
    await save(house, *made)
    later = NOW + timedelta(days=9)
    (source,) = {row["source_id"] for row in await rows(house, "calls")}
    told = Told(Window(NOW, later), frozenset({"c0", "c2"}), timedelta(), later)
    async with house.database.write() as connection:
        assert await mark_deleted(connection, house.scope, source, told, later)
    assert await walked(house, CallFilter(synced_at=DateTimeRange(from_=later)), DOWN, False) == ["c1"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_calls_are_counted_by_the_index_of_when_we_synced_them(house: House) -> None:
    """It is how who polls asks what is new, whatever else is asked for."""
    later = DateTimeRange(from_=NOW)
    for given, way, index in (
        (CallFilter(synced_at=later), ANY, "synced_at_started_at (workspace_id=? AND synced_at>?"),
        (CallFilter(provider_synced_at=DateTimeRange()), GATHERED, "provider_synced_at_started_at (workspace_id=? AND"),
    ):
        its = select(func.count()).where(calls.c.workspace_id == "main", predicate_of(house.scope, given, way))
        asked = prepared(its, house.database.dialect)
        async with house.database.read() as connection:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.text}", asked.values((), (), NOW))
            assert index in str(list(plan))
