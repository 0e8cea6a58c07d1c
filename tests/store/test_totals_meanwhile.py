"""Totals are right at every moment while calls are written, removed and summed up, each by somebody of their own."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, Subquery, func, select

from app.domain.calls import CallOutcome, CallRecord
from app.domain.times import to_ms
from app.store import totals
from app.store.buckets import HOUR
from app.store.removal import remove_calls
from app.store.tables import calls
from app.sync.compacting import compacting
from tests.builders import a_call, an_agent, save
from tests.conftest import House

UTC_ZONE = ZoneInfo("UTC")
FIRST = datetime(2024, 5, 20, tzinfo=UTC)
HOURS = 60
READERS = 2
# However slow the machine, so many answers are compared.
ENOUGH = 20
MEASURES = ("calls", "duration_sum", "first_started_at")


def call(dice: random.Random) -> CallRecord:
    """One of a few calls, of any time in these days, by any agent, connected or not."""
    key = f"c{dice.randrange(150)}"
    return a_call(
        key,
        started_at=FIRST + timedelta(minutes=dice.randrange(60 * HOURS)),
        outcome=dice.choice([CallOutcome.ANSWERED, CallOutcome.MISSED]),
        agent=dice.choice([None, an_agent("Ada"), an_agent("Bo")]),
        duration_seconds=dice.randrange(300),
    )


async def writing(house: House, dice: random.Random, compared: list[str]) -> None:
    for turn in count():
        if turn >= 28 and len(compared) >= ENOUGH:
            return
        house.now += timedelta(seconds=1)
        told = {one.provider_call_id: one for one in (call(dice) for _ in range(25))}
        await save(house, *told.values(), source=f"s{turn % 2}")


async def removing(house: House, dice: random.Random, writing: asyncio.Task[None]) -> None:
    while not writing.done():
        async with house.database.write() as connection:
            some = select(calls.c.id).where(calls.c.started_at >= start_of(dice.randrange(HOURS))).limit(5)
            await remove_calls(connection, house.scope, list((await connection.execute(some)).scalars()))
        await asyncio.sleep(0.05)


async def summing(house: House, writing: asyncio.Task[None]) -> None:
    while not writing.done():
        async for _ in compacting(house.database, house.scope):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.02)


async def reading(house: House, dice: random.Random, writing: asyncio.Task[None], compared: list[str]) -> None:
    """Compares answers, each of one statement, and notes which."""
    while not writing.done():
        low = start_of(dice.randrange(-3, HOURS)) + dice.choice([0, 0, 60_001])
        high = low + dice.randrange(1, HOURS) * HOUR + dice.choice([0, 0, 1])
        low, high = dice.choice([(low, high), (low - 200 * HOUR, high + 200 * HOUR)])  # which has whole weeks
        rows = dice.choice(
            [
                totals.quarter_rows(house.scope, low, high, MEASURES),
                totals.hour_rows(house.scope, UTC_ZONE, low, high, MEASURES),
                totals.day_rows(house.scope, UTC_ZONE, low, high, MEASURES),
                totals.agent_day_rows(house.scope, UTC_ZONE, low, high, MEASURES),
                totals.agent_week_rows(house.scope, UTC_ZONE, low, high, MEASURES),
            ]
        )
        raw = select(calls).where(calls.c.started_at >= low, calls.c.started_at < high).subquery()
        async with house.database.read() as connection:
            told = (await connection.execute(select(*summed(rows), *counted(raw)))).one()
        assert tuple(int(n or 0) for n in told[:3]) == tuple(int(n or 0) for n in told[3:]), (
            next(iter(rows.c)),
            low,
            high,
        )
        compared.append(next(iter(rows.c)).name)
        await asyncio.sleep(0.05)  # all share one thread, and SQLite's writers do not wait for ever


def summed(rows: Subquery) -> list[ScalarSelect[int]]:
    measures = (rows.c.calls, rows.c.duration_sum, rows.c.first_started_at)
    return [select(func.sum(one)).scalar_subquery() for one in measures[:2]] + [
        select(func.min(measures[2])).scalar_subquery()
    ]


def counted(raw: Subquery) -> list[ScalarSelect[int]]:
    measures = (func.count(raw.c.id), func.sum(raw.c.duration_seconds), func.min(raw.c.started_at))
    return [select(one).scalar_subquery() for one in measures]


def start_of(hour: int) -> int:
    return to_ms(FIRST + timedelta(hours=hour))


async def test_no_answer_is_wrong_at_any_moment(house: House) -> None:
    compared = list[str]()
    writer = asyncio.create_task(writing(house, random.Random(1), compared))
    others = [removing(house, random.Random(2), writer), summing(house, writer), summing(house, writer)]
    readers = [reading(house, random.Random(10 + n), writer, compared) for n in range(READERS)]
    await asyncio.gather(*readers, *others, writer)
    assert len(compared) >= ENOUGH
