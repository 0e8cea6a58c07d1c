"""What a pull does where a vendor is odd: it refuses one list, is slower than the interval, or lives in another zone."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.errors import PageError
from app.domain.pulls import StreamState
from app.domain.sources import Provider
from app.store import source_streams, sources
from app.store.tables import calls
from app.sync.attempt import Manner, attempt
from app.sync.ingest import Counts, save
from app.sync.lease import new_holder
from tests.conftest import House
from tests.standins import callyzer, smartflo
from tests.standins.mischief import Answer, well
from tests.standins.running import HASTY, UNPACED, pull, source_of, standing_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The credential of the stand-ins here, which is one."""
    monkeypatch.setenv("TOKEN", callyzer.CREDENTIALS["token"])


async def refused(answer: Answer) -> None:
    """What this vendor says to a request that it will never answer."""
    await answer.say(400, b'{"result": null, "message": "Not for your plan."}')


async def count(house: House, deleted: bool = False) -> int:
    """How many calls are stored, or were deleted at the vendor."""
    statement = select(func.count()).select_from(calls)
    async with house.database.read() as connection:
        wanted = statement.where(calls.c.deleted_at.is_not(None)) if deleted else statement
        return int((await connection.execute(wanted)).scalar_one())


async def test_a_list_that_is_refused_holds_up_no_other_and_is_told(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as standin:
        standin.book.fill(40, over=DAY)
        source = await source_of(house, standin)
        standin.mischief.plan(well, refused)  # employees, leads, and then the history
        with pytest.raises(PageError, match="Not for your plan"):
            await pull(house, source)
    assert await count(house) == 40
    answer = await house.ask("{ sources { lastError percentFilled streams { name } } }")
    (told,) = answer["sources"]
    assert "Not for your plan" in told["lastError"]
    assert told["percentFilled"] == 100
    assert {stream["name"] for stream in told["streams"]} == {"history", "employees"}


async def test_history_has_its_turn_though_changes_take_longer_than_the_interval(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as standin:
        standin.book.fill(20, over=3 * DAY)
        source = await source_of(house, standin, 5 * DAY)
        standin.mischief.slow = 0.03
        manner = Manner(new_holder(), every=timedelta(milliseconds=5), patience=HASTY, pace=UNPACED)
        async with asyncio.timeout(10), aclosing(attempt(house.database, house.scope, source, manner)) as pages:
            async for page in pages:
                if "history" in page.said and page.percent == 100:
                    break
    assert await count(house) == 20


async def test_nothing_is_taken_for_deleted_where_the_vendor_lives_in_another_zone(house: House) -> None:
    async with standing_in(Provider.SMARTFLO) as standin:
        standin.book.fill(300, over=60 * HOUR)
        await house.source(Provider.SMARTFLO, zone="Asia/Riyadh")  # hours behind the vendor's own
        source = await source_of(house, standin)
        # What the vendor is asked for ends hours ago, so that it does not tell the newest of these.
        await house.take(Provider.SMARTFLO, [smartflo.record(entry) for entry in standin.book.entries.values()])
        async with house.database.write() as connection:
            long_ago = StreamState("records", *[standin.book.now() - DAY] * 5)
            await source_streams.put(connection, house.scope, source.id, long_ago)
        await pull(house, source)
    assert await count(house) == 300
    assert await count(house, deleted=True) == 0


async def test_more_history_is_read_once_it_is_wanted(house: House) -> None:
    async with standing_in(Provider.CALLYZER) as standin:
        standin.book.fill(60, over=6 * DAY)
        source = await source_of(house, standin, 2 * DAY)
        await pull(house, source)
        before = await count(house)
        assert 15 <= before < 60
        pulled = sources.Pulled(standin.address, source.credentials, datetime.now(UTC) - 7 * DAY)
        async with house.database.write() as connection:
            source = await sources.set_pulled(connection, house.scope, source, pulled)
        await pull(house, source)
    assert await count(house) == 60


async def test_call_that_can_be_read_no_more_is_not_taken_for_deleted(house: House) -> None:
    async with standing_in(Provider.SMARTFLO) as standin:
        standin.book.fill(3, over=12 * HOUR)
        source = await source_of(house, standin)
        await house.take(Provider.SMARTFLO, [smartflo.record(entry) for entry in standin.book.entries.values()])
        async with house.database.write() as connection:
            yesterday = StreamState("records", *[standin.book.now() - DAY] * 5)
            await source_streams.put(connection, house.scope, source.id, yesterday)
        standin.book.entries[1].broken = True
        assert sum(one.counts.rejected for one in await pull(house, source)) > 0
    assert await count(house) == 3
    assert await count(house, deleted=True) == 0


async def test_who_stops_looking_on_leaves_nothing_being_saved(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = ended = 0

    async def slowly(*given: Any) -> Counts:
        nonlocal begun, ended
        begun += 1
        try:
            await asyncio.sleep(0.1)
            return await save(*given)
        except asyncio.CancelledError:
            await asyncio.sleep(0.5)
            raise
        finally:
            ended += 1

    monkeypatch.setattr("app.sync.filling.save", slowly)
    async with standing_in(Provider.SMARTFLO) as standin:
        standin.book.fill(900, over=DAY)
        standin.mischief.slow = 0.15
        manner = Manner(new_holder(), patience=HASTY, pace=UNPACED)
        steps = attempt(house.database, house.scope, await source_of(house, standin), manner)
        async with asyncio.timeout(20), aclosing(steps):
            async for _ in steps:
                await asyncio.sleep(0.05)
                if begun > ended:
                    break
    assert begun == ended > 1
