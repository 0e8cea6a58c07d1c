"""One process pulls a source at a time; one that dies gives way after its lease, and one that slept writes nothing."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.sources import Provider, Source
from app.store import source_leases
from app.store.source_leases import is_free
from app.sync.lease import Lease, TakenError, held, new_holder
from tests.conftest import House


async def lease_of(house: House, hold: float = 60) -> Lease:
    """A lease of another process on the one source."""
    source: Source = await house.source(Provider.CALLYZER)
    return Lease(house.scope, source.id, new_holder(), timedelta(seconds=hold))


async def test_two_processes_never_have_one_source(house: House) -> None:
    async with held(house.database, await lease_of(house)):
        with pytest.raises(TakenError):
            async with held(house.database, await lease_of(house)):
                pass
    async with held(house.database, await lease_of(house)):
        pass


async def test_of_many_that_come_at_once_one_gets_it(house: House) -> None:
    got, leases = [], [await lease_of(house) for _ in range(4)]

    async def take(lease: Lease) -> None:
        try:
            async with held(house.database, lease):
                got.append(1)
                await asyncio.sleep(0.3)
        except TakenError:
            pass

    await asyncio.gather(*map(take, leases))
    assert len(got) == 1


async def test_a_process_that_died_gives_way_after_its_lease(house: House) -> None:
    dead, next_ = await lease_of(house, hold=0.2), await lease_of(house)
    async with house.database.write() as connection:
        now = datetime.now(UTC)
        assert await source_leases.claim(connection, house.scope, dead.source_id, dead.holder, now, dead.hold)
    with pytest.raises(TakenError):
        async with held(house.database, next_):
            pass
    await asyncio.sleep(0.25)
    async with held(house.database, next_):
        pass


async def test_the_turn_is_kept_for_as_long_as_it_takes(house: House) -> None:
    mine, other = await lease_of(house, hold=0.3), await lease_of(house)
    async with held(house.database, mine):
        await asyncio.sleep(0.6)
        async with house.database.read() as connection:
            assert not await is_free(connection, house.scope, mine.source_id, other.holder, datetime.now(UTC))
    async with house.database.read() as connection:
        assert await is_free(connection, house.scope, mine.source_id, other.holder, datetime.now(UTC))


async def test_a_process_that_slept_past_its_turn_writes_nothing_any_more(house: House) -> None:
    asleep, awake = await lease_of(house, hold=0.05), await lease_of(house)
    async with house.database.write() as connection:
        now = datetime.now(UTC)
        await source_leases.claim(connection, house.scope, asleep.source_id, asleep.holder, now, asleep.hold)
    await asyncio.sleep(0.1)
    async with held(house.database, awake):
        with pytest.raises(TakenError):
            async with house.database.write() as connection:
                await asleep.confirm(connection)
