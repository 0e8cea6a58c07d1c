"""One batch after the other: what is read while something is saved is saved next, and nothing of it is lost or held for long."""

import asyncio
from dataclasses import dataclass, field

import pytest

from app.domain.errors import StoreError, TryLaterError
from app.domain.sources import Locale
from app.domain.times import zone_named
from app.store.database import Connection
from app.sync.filling import MOST, Filling
from app.sync.ingest import BATCH, Batch, Counts, Mark
from tests.builders import a_call
from tests.conftest import NOW
from tests.sync.records import Records


@dataclass
class Store:
    """Takes batches as slowly as it is let."""

    saved: list[int] = field(default_factory=list)
    marked: list[int] = field(default_factory=list)
    undone: int = 0
    free: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    async def save(self, batch: Batch, mark: Mark | None) -> Counts:
        try:
            await self.free.wait()
        except asyncio.CancelledError:
            self.undone += len(batch.payloads)
            raise
        if self.error:
            raise self.error
        self.saved.append(len(batch.payloads))
        if mark:
            self.marked.append(len(batch.told))
        return Counts(read=len(batch.payloads))


VENDOR = Records()


def filling(store: Store) -> Filling:
    return Filling(VENDOR.spec, Locale(zone_named("UTC"), None), store.save)


def payloads(count: int, first: int = 0) -> list[object]:
    return [VENDOR.payload(a_call(str(first + n))) for n in range(count)]


async def mark(_: Connection) -> None:
    """Of no store."""


async def test_what_came_while_something_was_saved_is_saved_together_with_the_mark() -> None:
    store = Store()
    async with filling(store) as fill:
        for place in range(3):
            assert await fill.add(payloads(2, 10 * place), NOW) == Counts()
        store.free.set()
        counts = await fill.end(payloads(1, 100), NOW, mark)
    assert store.saved == [2, 5]
    assert store.marked == [5]
    assert counts == Counts(read=7)


async def test_payloads_that_come_slowly_are_saved_as_they_come() -> None:
    store = Store()
    store.free.set()
    async with filling(store) as fill:
        told = []
        for place in range(3):
            told.append(await fill.add(payloads(1, place), NOW))
            await asyncio.sleep(0.01)
        assert store.saved == [1, 1, 1]
        assert told == [Counts(), Counts(read=1), Counts(read=1)]
        await fill.end([], NOW)


async def test_no_more_is_held_than_two_batches() -> None:
    store = Store()
    async with filling(store) as fill:
        await fill.add(payloads(1), NOW)
        adding = asyncio.create_task(fill.add(payloads(3 * BATCH, 1), NOW))
        await asyncio.sleep(0.2)
        assert not adding.done()  # it waits for the store
        store.free.set()
        await adding
        await fill.end([], NOW)
    assert store.saved[0] == 1
    assert sum(store.saved) == 3 * BATCH + 1
    assert max(store.saved) <= MOST


async def test_list_longer_than_a_batch_has_its_mark_with_the_last_of_it() -> None:
    store = Store()
    store.free.set()
    async with filling(store) as fill:
        counts = await fill.end(payloads(2 * BATCH + 5), NOW, mark)
    assert counts.read == 2 * BATCH + 5
    assert len(store.marked) == 1
    assert max(store.saved) <= MOST


async def broken_off(store: Store, error: Exception) -> None:
    """Two batches, of which the first is being saved, and then an error."""
    async with filling(store) as fill:
        await fill.add(payloads(1), NOW)
        await fill.add(payloads(2, 1), NOW)
        await asyncio.sleep(0)
        if isinstance(error, TryLaterError):
            store.free.set()
        raise error


async def test_what_was_read_before_a_vendors_trouble_is_saved() -> None:
    store = Store()
    with pytest.raises(TryLaterError):
        await broken_off(store, TryLaterError("It is down."))
    assert store.saved == [1, 2]


async def test_who_breaks_off_leaves_nothing_half_saved_and_no_task_behind() -> None:
    store = Store()
    with pytest.raises(KeyError):
        await broken_off(store, KeyError())
    assert (store.saved, store.undone) == ([], 1)
    assert len(asyncio.all_tasks()) == 1


async def test_trouble_of_the_store_is_told_to_who_adds_next() -> None:
    store = Store(error=StoreError("It is full."))
    store.free.set()
    async with filling(store) as fill:
        await fill.add(payloads(1), NOW)
        await asyncio.sleep(0.01)
        with pytest.raises(StoreError, match="full"):
            await fill.add(payloads(1, 1), NOW)
    assert store.saved == []
