"""Sources are followed each by itself: what comes is seen soon, and one vendor's trouble delays no other."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.pulls import SourceState
from app.domain.sources import Provider, Source
from app.store import circuits, sources
from app.store.tables import calls
from app.sync.attempt import Manner
from app.sync.following import Following
from app.sync.lease import new_holder
from tests.conftest import House
from tests.standins import callyzer
from tests.standins.mischief import broken
from tests.standins.running import HASTY, UNPACED, Standin, source_of, standing_in

SOON = timedelta(seconds=0.1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The credential of every stand-in here."""
    monkeypatch.setenv("TOKEN", callyzer.CREDENTIALS["token"])


@asynccontextmanager
async def following(house: House, **manner: Any) -> AsyncIterator[Following]:
    """Follows the house's sources, several times a second."""
    how = Manner(**{"holder": new_holder(), "every": SOON, "patience": HASTY, "pace": UNPACED, **manner})
    found = Following(house.database, house.scope, how, look=SOON)
    await found.start()
    try:
        yield found
    finally:
        await found.stop()


async def second_source(house: House, standin: Standin) -> Source:
    """Another account at the same vendor."""
    source = await house.source(standin.provider, "branch")
    pulled = sources.Pulled(standin.address, {"token": "env:TOKEN"}, standin.book.now() - HOUR)
    async with house.database.write() as connection:
        return await sources.set_pulled(connection, house.scope, source, pulled)


async def count(house: House, source: Source) -> int:
    async with house.database.read() as connection:
        mine = select(func.count()).select_from(calls).where(calls.c.source_id == source.id)
        return int((await connection.execute(mine)).scalar_one())


async def until(true: Callable[[], Any], seconds: float = 10) -> float:
    """Waits until something is true; how long that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not await true():
        assert loop.time() < began + seconds, "it did not come to that"
        await asyncio.sleep(0.01)
    return loop.time() - began


async def test_a_new_call_and_a_new_source_are_seen_while_it_runs(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as one, standing_in(Provider.CALLYZER) as other:
        source = await source_of(house, one, HOUR)
        async with following(house):
            one.book.add(one.book.now())
            await until(lambda: has(house, source, 1))
            branch = await second_source(house, other)
            other.book.add(other.book.now())
            await until(lambda: has(house, branch, 1))


async def has(house: House, source: Source, wanted: int) -> bool:
    """Whether a source has so many calls."""
    return await count(house, source) == wanted


async def test_a_trouble_nobody_foresaw_does_not_end_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, troubles = sources.listed, [RuntimeError("odd"), RuntimeError("odder")]

    async def listing(*given: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return await listed(*given)

    monkeypatch.setattr(sources, "listed", listing)
    async with standing_in(Provider.CALLYZER) as standin:
        source = await source_of(house, standin, HOUR)
        async with following(house):
            standin.book.add(standin.book.now())
            await until(lambda: has(house, source, 1))
    assert not troubles


async def test_a_vendor_that_is_down_delays_no_other(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as down, standing_in(Provider.CALLYZER) as well:
        source, branch = await source_of(house, down, HOUR), await second_source(house, well)
        down.mischief.plan(*[broken] * 10_000)
        async with following(house):
            for wanted in range(1, 4):
                well.book.add(well.book.now())
                assert await until(lambda wanted=wanted: has(house, branch, wanted)) < 3
            async with house.database.read() as connection:
                trouble = await circuits.circuit(connection, house.scope, source.id)
        assert trouble.failures >= 1
        assert "500" in (trouble.last_error or "")
        assert await count(house, source) == 0


async def test_a_vendor_that_is_down_is_left_alone_for_longer_and_longer(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as down:
        source = await source_of(house, down, HOUR)
        down.mischief.plan(*[broken] * 10_000)
        patience = replace(HASTY, attempts=1, first_seconds=3_000)
        async with following(house, patience=patience):
            await until(lambda: failed(house, source, 1))
            asked = down.mischief.requests
            await asyncio.sleep(0.5)
            assert down.mischief.requests == asked


async def failed(house: House, source: Source, times: int) -> bool:
    """Whether pulling a source failed so often."""
    async with house.database.read() as connection:
        return (await circuits.circuit(connection, house.scope, source.id)).failures >= times


async def test_a_source_that_is_paused_is_asked_no_more(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as standin:
        source = await source_of(house, standin, HOUR)
        async with following(house):
            standin.book.add(standin.book.now())
            await until(lambda: has(house, source, 1))
            async with house.database.write() as connection:
                await sources.set_state(connection, house.scope, source.id, SourceState.PAUSED)

            async def is_quiet() -> bool:
                asked = standin.mischief.requests
                await asyncio.sleep(0.4)
                return standin.mischief.requests == asked

            await until(is_quiet)  # what had begun goes on to its end


async def test_of_two_processes_one_pulls_a_source(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as standin:
        standin.book.fill(400, over=HOUR)
        source = await source_of(house, standin, HOUR)
        async with following(house, every=HOUR), following(house, every=HOUR):
            await until(lambda: has(house, source, 400))
            await asyncio.sleep(0.3)
        # Seven employees on a page, 120 leads on two, 400 calls on four or, over midnight, five; and what is due when the
        # second process has its turn.
        assert standin.mischief.requests <= 12
