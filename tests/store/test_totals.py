"""Totals say what plain Python counts from the calls, whatever has happened to these and however much is summed up."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.pulls import Window
from app.domain.scope import Reach, Scope
from app.domain.times import to_ms
from app.store import retention, source_removal, totals, vanished
from app.store.erasure import erase
from app.store.tables import calls, workspaces
from app.store.total_measures import put_together
from app.store.total_tables import (
    agent_day_totals,
    agent_week_totals,
    day_totals,
    hour_totals,
    quarter_totals,
    total_marks,
    totals_built,
)
from app.sync.compacting import compact, compacting
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, House
from tests.store import people
from tests.store.totalled import assert_exact

APP = Path(__file__).parents[2] / "app"
UTC_ZONE, KATHMANDU, BERLIN = ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Europe/Berlin")
DAY = 86_400_000
# Over a change of clocks in Berlin, and with ends that are no quarter-hours.
START, END = (to_ms(datetime(2024, 3, day, 10, 7, 3, tzinfo=UTC)) for day in (28, 31))


def random_call(dice: random.Random, key: str) -> CallRecord:
    """A call of some time around the range, by one of three agents or none, of which much or little is told."""
    started_at = datetime(2024, 3, 28, tzinfo=UTC) + timedelta(hours=dice.randrange(96), minutes=15 * dice.randrange(4))
    started_at += timedelta(milliseconds=dice.choice([0, 1, 899_999]))
    spans = {
        f"{span}_seconds": dice.choice([None, 0, 2, 3, dice.randrange(900)])
        for span in ("duration", "talk", "ring", "wait", "hold")
    }
    return a_call(
        key,
        started_at=started_at,
        ended_at=dice.choice([None, started_at + timedelta(minutes=3)]),
        direction=dice.choice(list(CallDirection)),
        outcome=dice.choice([CallOutcome.ANSWERED, CallOutcome.ANSWERED, CallOutcome.MISSED]),
        agent=dice.choice([None, an_agent("Ada"), an_agent("Bo"), an_agent("Cy")]),
        revenue=dice.choice([None, 0.5, 12.25]),
        **spans,
    )


async def change(house: House, dice: random.Random, calls: int = 60) -> None:
    """Saves calls, many of which are known: of another time, agent or outcome now."""
    house.now += timedelta(minutes=1)
    told = {(key := f"c{dice.randrange(100)}"): random_call(dice, key) for _ in range(calls)}
    await save(house, *told.values(), source=dice.choice(["one", "two"]))


async def set_workspace(house: House, **values: Any) -> None:
    async with house.database.write() as connection:
        await connection.execute(update(workspaces).where(workspaces.c.id == house.scope.workspace_id).values(**values))


async def assert_all_exact(house: House, zone: ZoneInfo = UTC_ZONE, scope: Scope | None = None) -> None:
    """Over the range, and over all calls that there are."""
    async with house.database.read() as connection:
        await assert_exact(connection, scope or house.scope, zone, START, END)
        await assert_exact(connection, scope or house.scope, zone, 0, to_ms(NOW + timedelta(days=400)))


async def counted(house: House, *tables: Any) -> list[int]:
    async with house.database.read() as connection:
        return [len((await connection.execute(select(table.c[0]))).all()) for table in tables]


@pytest.mark.parametrize("zone", [UTC_ZONE, KATHMANDU, BERLIN, ZoneInfo("Australia/Lord_Howe")], ids=str)
async def test_totals_are_what_plain_python_counts_in_any_zone_after_any_change(house: House, zone: ZoneInfo) -> None:
    dice = random.Random(zone.key)
    await set_workspace(house, timezone=dice.choice([zone.key, zone.key, "Asia/Kolkata"]))
    for turn in range(4):
        await change(house, dice)
        if turn % 2:
            await compact(house.database, house.scope)
        async with house.database.read() as connection:
            await assert_exact(connection, house.scope, zone, START, END)
            await assert_exact(connection, house.scope, zone, START - 9 * DAY, END + 9 * DAY)  # has whole weeks


async def test_unmarked_buckets_are_read_from_totals_and_no_call_is(house: House) -> None:
    await change(house, random.Random(1))
    await compact(house.database, house.scope)
    async with house.database.write() as connection:
        await connection.execute(update(calls).values(agent_id=None))
        await connection.execute(update(quarter_totals).values(calls=1000))
        await connection.execute(update(hour_totals).values(calls=2000))
        await connection.execute(update(day_totals).values(calls=3000))
        await connection.execute(update(agent_day_totals).values(calls=4000))
        await connection.execute(update(agent_week_totals).values(calls=5000))
    async with house.database.read() as connection:
        for rows, expected in (
            (totals.quarter_rows(house.scope, START, END), {1000}),
            (totals.hour_rows(house.scope, UTC_ZONE, START, END), {1000, 2000}),
            (totals.day_rows(house.scope, UTC_ZONE, START, END), {1000, 3000}),
        ):
            told = set((await connection.execute(select(rows.c.calls))).scalars())
            assert expected <= told <= expected | {1}, rows.c[0]  # 1: of the parts of quarter-hours at the ends
        rows = totals.agent_day_rows(house.scope, UTC_ZONE, START, END)
        assert 4000 in set((await connection.execute(select(rows.c.calls))).scalars())
        rows = totals.agent_week_rows(house.scope, UTC_ZONE, START - 9 * DAY, END + 9 * DAY)
        assert set((await connection.execute(select(rows.c.calls))).scalars()) == {5000}


async def erased(house: House) -> None:
    await erase(house.database, house.scope, await people.person(house), NOW)


async def erased_with_calls(house: House) -> None:
    await erase(house.database, house.scope, await people.person(house), NOW, whole_calls=True)


async def too_old(house: House) -> None:
    async with house.database.write() as connection:
        await retention.set_rule(connection, house.scope, retention.Kind.CALLS, 100)
        await retention.set_rule(connection, house.scope, retention.Kind.RECORDINGS, 1)
        await retention.set_rule(connection, house.scope, retention.Kind.PAYLOADS, 1)
    assert (await retention.enforce(house.database, house.scope, NOW)).calls


async def source_removed(house: House) -> None:
    source = await house.source(people.Provider.SMARTFLO)
    while await source_removal.remove_calls(house.database, house.scope, source.id):
        pass
    await source_removal.remove_rest(house.database, house.scope, source.id)


async def told_no_more(house: House) -> None:
    source = await house.source(people.Provider.SMARTFLO)
    window = Window(NOW - timedelta(days=1000), NOW)
    told = vanished.Told(window, frozenset(), timedelta(), NOW + timedelta(days=1))
    async with house.database.write() as connection:
        assert await vanished.mark_deleted(connection, house.scope, source.id, told, NOW)


async def moved(house: House) -> None:
    (call, *_) = people.smartflo()
    later = call | {"date": "2024-05-11", "agent_name": "Somebody Else", "status": "missed"}
    counts = await house.take(people.Provider.SMARTFLO, [later], now=NOW + timedelta(days=1))
    assert counts.updated == 1


@pytest.mark.parametrize("write", [erased, erased_with_calls, too_old, source_removed, told_no_more, moved])
async def test_whoever_writes_calls_leaves_totals_exact(
    house: House, write: Callable[[House], Awaitable[None]]
) -> None:
    await people.fill(house)
    await compact(house.database, house.scope)
    await assert_all_exact(house)
    assert (await counted(house, total_marks, quarter_totals))[0] == 0
    await write(house)
    await assert_all_exact(house)
    await compact(house.database, house.scope)
    await assert_all_exact(house)


def test_no_other_statement_writes_calls() -> None:
    """A new one has to mark what it changes (see total_marks); then it belongs into this list, and into the test above.

    Where it writes instants it has to widen their lags (see start_lags), and where numbers, to add lines (see findable).
    """
    words = ("update(calls)", "delete(calls)", "insert(calls)", "connection, calls,")
    found = {
        f"{path.relative_to(APP)}: {word}"
        for path in (APP / "store").glob("*.py")
        for word in words
        if word in path.read_text()
    }
    assert found == {
        "store/calls.py: connection, calls,",
        "store/removal.py: delete(calls)",
        "store/erasure.py: update(calls)",
        # Nothing that is summed up: links of recordings, the vendor's id, when a call was missed in the vendor's list.
        "store/retention.py: update(calls)",
        "store/tombstones.py: update(calls)",
        "store/vanished.py: update(calls)",
    }


@pytest.mark.parametrize("change_of", [{"timezone": "Asia/Kathmandu"}, {"connected_above_seconds": 60}], ids=str)
async def test_totals_of_other_settings_are_not_read_and_are_made_anew(house: House, change_of: dict[str, Any]) -> None:
    await change(house, random.Random(3))
    await compact(house.database, house.scope)
    await set_workspace(house, **change_of)
    scope = Scope(house.scope.workspace_id, change_of.get("connected_above_seconds", 2))
    await assert_all_exact(house, KATHMANDU, scope)
    assert await compact(house.database, house.scope) > 0
    await assert_all_exact(house, KATHMANDU, scope)
    await assert_all_exact(house, UTC_ZONE, house.scope)  # who still asks with the former settings
    assert await compact(house.database, house.scope) == 0


async def test_calls_of_before_there_were_totals_are_summed_up(house: House) -> None:
    await change(house, random.Random(4))
    async with house.database.write() as connection:
        await connection.execute(delete(total_marks))
    await assert_all_exact(house)
    assert await compact(house.database, house.scope) > 0
    assert await counted(house, total_marks, totals_built) == [0, 1]
    await assert_all_exact(house)


async def test_compacting_that_is_broken_off_goes_on_where_it_was(house: House) -> None:
    await change(house, random.Random(5))
    steps = compacting(house.database, house.scope)
    days = [await anext(steps), await anext(steps)]
    await steps.aclose()
    (left,) = await counted(house, total_marks)
    assert left
    await assert_all_exact(house)
    later = [day async for day in compacting(house.database, house.scope)]
    assert later
    assert max(later) < min(days)
    await assert_all_exact(house)


async def test_limits_of_a_viewer_hold_in_totals(house: House) -> None:
    dice = random.Random(6)
    for _ in range(3):
        await change(house, dice)
        await compact(house.database, house.scope)
    await change(house, dice)
    one = await house.source(people.Provider.SMARTFLO, "one")
    async with house.database.read() as connection:
        (agent,) = (
            await connection.execute(select(calls.c.agent_id).where(calls.c.agent_id.is_not(None)).limit(1))
        ).one()
        for reach, rows_of in (
            (Reach(source_ids=(one.id,)), lambda scope: totals.day_rows(scope, UTC_ZONE, START, END)),
            (Reach(agent_ids=(agent,)), lambda scope: totals.agent_day_rows(scope, UTC_ZONE, START, END)),
        ):
            rows = rows_of(Scope(house.scope.workspace_id, reach=reach))
            column, ids = (
                (calls.c.source_id, reach.source_ids) if reach.source_ids else (calls.c.agent_id, reach.agent_ids)
            )
            own = (calls.c.started_at >= START, calls.c.started_at < END, column.in_(ids or ()))
            raw = len((await connection.execute(select(calls.c.id).where(*own))).all())
            assert raw
            assert (await connection.execute(select(*put_together(rows.c, ["calls"])))).scalar_one() == raw


def test_limits_that_totals_cannot_tell_are_known() -> None:
    def of(**reach: Any) -> tuple[bool, bool]:
        scope = Scope("main", reach=Reach(**reach))
        return totals.fits(scope), totals.fits(scope, by_agent=True)

    assert of() == of(source_ids=("a",)) == (True, True)
    assert of(agent_ids=("a",)) == of(agent_tags=("a",)) == of(agent_ids=(), source_ids=("a",)) == (False, True)
    assert of(org_unit_ids=("a",)) == of(org_unit_ids=(), agent_ids=("a",)) == (False, False)
