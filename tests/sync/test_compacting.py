"""The compactor works by itself in a server: a moment after calls have come, and again after the store was away."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app.domain.errors import StoreError
from app.store import summing
from app.store.total_tables import day_totals, total_marks, totals_built
from app.sync import compacting
from app.sync.compacting import Compacting, compact
from tests.builders import a_call, save
from tests.conftest import NOW, House

OFTEN = timedelta(seconds=0.02)


async def held(house: House) -> tuple[int, int, int]:
    """Calls in totals, quarter-hours with marks, and whether totals are built."""
    async with house.database.read() as connection:
        calls = (await connection.execute(select(func.sum(day_totals.c.calls)))).scalar()
        marks = (await connection.execute(select(func.count(total_marks.c.quarter.distinct())))).scalar_one()
        built = (await connection.execute(select(func.count()).select_from(totals_built))).scalar_one()
    return int(calls or 0), marks, built


async def until(house: House, expected: tuple[int, int, int]) -> None:
    end = asyncio.get_running_loop().time() + 10
    while (found := await held(house)) != expected:
        assert asyncio.get_running_loop().time() < end, found
        await asyncio.sleep(0.02)


async def test_calls_are_summed_up_a_moment_after_they_came(house: House) -> None:
    work = Compacting(house.database, house.scope, OFTEN)
    await work.start()
    await save(house, a_call(), a_call(started_at=NOW - timedelta(days=40)))
    await until(house, (2, 0, 1))
    await save(house, a_call())
    await until(house, (3, 0, 1))
    await work.stop()


async def test_a_store_that_was_away_is_summed_up_later(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sum_up, failures = summing.sum_up, [StoreError("The store is away."), ValueError("a bug")]

    async def failing(*arguments: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return await sum_up(*arguments)

    monkeypatch.setattr(compacting.summing, "sum_up", failing)
    await save(house, a_call())
    work = Compacting(house.database, house.scope, OFTEN)
    with capture_logs() as said:
        await work.start()
        await until(house, (1, 0, 1))
    await work.stop()
    assert [one["reason"] for one in said if one["event"] == "compacting"] == ["The store is away.", "ValueError"]


async def test_a_server_that_stops_leaves_the_rest_marked(house: House) -> None:
    await save(house, *[a_call(started_at=NOW - timedelta(days=days)) for days in range(30)])
    work = Compacting(house.database, house.scope, OFTEN)
    await work.start()
    await asyncio.sleep(0.15)
    await work.stop()
    calls, marks, _ = await held(house)
    assert calls + marks == 30
    await compact(house.database, house.scope)
    assert await held(house) == (30, 0, 1)


async def test_two_that_sum_up_at_once_leave_what_one_would(house: House) -> None:
    await save(house, *[a_call(started_at=NOW - timedelta(days=days)) for days in range(8)])
    await asyncio.gather(*[compact(house.database, house.scope) for _ in range(3)])
    await compact(house.database, house.scope)
    assert await held(house) == (8, 0, 1)
