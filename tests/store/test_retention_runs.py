"""Processes take turns at retention: one at a time, once in an interval, and a turn never stays with who is gone."""

import asyncio
from datetime import datetime, timedelta

from app.domain.scope import Scope
from app.store import retention_runs, sources
from app.store.database import Database
from tests.conftest import NOW, SCOPE

DAY, HOLD = timedelta(days=1), timedelta(minutes=2)


async def claim(database: Database, holder: str, now: datetime, scope: Scope = SCOPE) -> bool:
    async with database.read() as connection:
        due = await retention_runs.is_due(connection, scope, holder, now, DAY)
    async with database.write() as connection:
        taken = await retention_runs.claim(connection, scope, holder, now, DAY, HOLD)
    assert taken == due
    return taken


async def keep(database: Database, holder: str, now: datetime) -> bool:
    async with database.write() as connection:
        return await retention_runs.keep(connection, SCOPE, holder, now, HOLD)


async def release(database: Database, holder: str, done_at: datetime | None) -> None:
    async with database.write() as connection:
        await retention_runs.release(connection, SCOPE, holder, done_at)


async def test_one_of_many_processes_has_the_turn(store_url: str, database: Database) -> None:
    others = [Database(store_url) for _ in range(6)]

    async def one(number: int) -> bool:
        async with others[number].write() as connection:
            return await retention_runs.claim(connection, SCOPE, f"p{number}", NOW, DAY, HOLD)

    taken = await asyncio.gather(*map(one, range(6)))
    for other in others:
        await other.close()
    assert sum(taken) == 1


async def test_what_was_done_is_due_again_after_the_interval(database: Database) -> None:
    assert await claim(database, "a", NOW)
    await release(database, "a", NOW)
    assert not await claim(database, "a", NOW + DAY - timedelta(milliseconds=1))
    assert await claim(database, "b", NOW + DAY)


async def test_what_was_given_up_is_due_at_once(database: Database) -> None:
    assert await claim(database, "a", NOW)
    await release(database, "a", None)
    assert await claim(database, "b", NOW)


async def test_the_turn_of_a_process_that_is_gone_ends(database: Database) -> None:
    assert await claim(database, "a", NOW)
    assert not await claim(database, "b", NOW + HOLD - timedelta(milliseconds=1))
    assert await claim(database, "b", NOW + HOLD)


async def test_a_process_that_only_failed_goes_on(database: Database) -> None:
    assert await claim(database, "a", NOW)
    assert await claim(database, "a", NOW + timedelta(seconds=1))


async def test_a_turn_that_is_kept_stays(database: Database) -> None:
    assert await claim(database, "a", NOW)
    assert await keep(database, "a", NOW + HOLD)
    assert not await claim(database, "b", NOW + HOLD)


async def test_who_was_too_slow_learns_that_another_has_the_turn(database: Database) -> None:
    await claim(database, "a", NOW)
    await claim(database, "b", NOW + HOLD)
    assert not await keep(database, "a", NOW + HOLD)
    await release(database, "a", NOW + HOLD)
    assert await keep(database, "b", NOW + HOLD)


async def test_each_workspace_has_its_own_turn(database: Database) -> None:
    other = Scope("other")
    async with database.write() as connection:
        await sources.ensure_workspace(connection, other, "UTC", NOW)
    assert await claim(database, "a", NOW)
    assert await claim(database, "b", NOW, other)
