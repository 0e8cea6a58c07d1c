"""Connections to PostgreSQL are used again, never too many, and never one on which something was broken off."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.store.connections import Connections

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


@pytest.fixture
async def two(store_url: str) -> AsyncIterator[Connections]:
    """Two at most."""

    async def connect() -> Any:
        return await asyncpg.connect(store_url)

    found = Connections(connect, 2)
    yield found
    await found.close()


async def test_one_that_is_given_back_is_the_next(two: Connections) -> None:
    assert two.at_hand() is None
    first = await two.get(1)
    two.give_back(first)
    assert two.at_hand() is first


async def test_who_comes_when_all_are_in_use_waits_for_one(two: Connections) -> None:
    first, second = await two.get(1), await two.get(1)
    assert two.all_in_use
    waiting = asyncio.create_task(two.get(1))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    two.give_back(second)
    assert await waiting is second
    assert first is not second


async def test_who_has_waited_too_long_takes_nothing_away(two: Connections) -> None:
    first, _ = await two.get(1), await two.get(1)
    with pytest.raises(TimeoutError):
        await two.get(0.01)
    late = asyncio.create_task(two.get(1))
    await asyncio.sleep(0)
    two.give_back(first)
    late.cancel()  # at the moment at which it has got one
    with pytest.raises(asyncio.CancelledError):
        await late
    assert two.at_hand() is first


async def test_one_that_is_not_whole_is_closed_and_makes_room(two: Connections) -> None:
    first, _ = await two.get(1), await two.get(1)
    reading = asyncio.create_task(first.fetch("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.05)
    reading.cancel()
    waiting = asyncio.create_task(two.get(3))
    await asyncio.sleep(0)
    two.give_back(first, whole=False)
    third = await waiting
    assert first.is_closed()
    assert await third.fetchval("SELECT 1") == 1


async def test_one_that_broke_while_nobody_used_it_is_not_handed_out(two: Connections) -> None:
    first = await two.get(1)
    two.give_back(first)
    first.terminate()
    await asyncio.sleep(0.01)
    assert two.at_hand() is None
    assert await (await two.get(1)).fetchval("SELECT 1") == 1


async def test_who_comes_after_a_long_silence_waits_for_no_goodbye(
    two: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [await two.get(1), await two.get(1)]
    for one in old:
        two.give_back(one)
    monkeypatch.setattr("app.store.connections._IDLE_SECONDS", -1)
    assert two.at_hand() is None
    assert not two.all_in_use
    assert await two.get(1) not in old


async def test_who_waits_tries_anew_where_somebody_could_not_connect(store_url: str) -> None:
    attempts = []

    async def connect() -> Any:
        attempts.append(1)
        if len(attempts) == 1:
            await asyncio.sleep(0.01)
            raise ConnectionRefusedError
        return await asyncpg.connect(store_url)

    one = Connections(connect, 1)
    first, second = asyncio.create_task(one.get(1)), asyncio.create_task(one.get(3))
    with pytest.raises(ConnectionRefusedError):
        await first
    assert await (await second).fetchval("SELECT 1") == 1
    await one.close()
