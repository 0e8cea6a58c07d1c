"""Dead letters are read again after their cause was mended; what can be read then is one no more."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.errors import InputError
from app.domain.sources import Provider
from app.store import rejected, sources
from app.sync.ingest import BATCH
from app.sync.replay import replay
from tests.builders import callyzer_call, voxcrow_row
from tests.conftest import NOW, House
from tests.sync.stored import rows

LATER = NOW + timedelta(days=30)
INDIA = "UPDATE sources SET timezone = 'Asia/Kolkata'"


async def run(house: House, statement: str) -> None:
    async with house.database.write() as connection:
        await connection.execute(text(statement))


async def letters_of(house: House) -> list[rejected.Rejected]:
    async with house.database.read() as connection:
        return await rejected.all_listed(connection, house.scope, None)


async def with_the_wrong_zone(house: House, *payloads: Any, name: str = "phones") -> None:
    """Takes records in whose times say IST while the source is said to be in Nepal: all are rejected."""
    await house.source(Provider.CALLYZER, name, zone="Asia/Kathmandu")
    counts = await house.take(Provider.CALLYZER, list(payloads), name)
    assert counts.rejected == len(payloads)


async def test_letters_become_calls_once_the_zone_of_the_source_is_mended(house: House) -> None:
    await with_the_wrong_zone(house, callyzer_call("a"), callyzer_call("b"))
    assert {letter.reason.split(";")[0] for letter in await letters_of(house)} == {
        "the time is said in 'IST', but the source's time zone is Asia/Kathmandu"
    }
    await run(house, INDIA)
    counts = await replay(house.database, house.scope, "phones", LATER)
    assert (counts.read, counts.new, counts.rejected) == (2, 2, 0)
    assert await letters_of(house) == []
    found = await rows(house)
    assert {call["provider_call_id"] for call in found["calls"]} == {"a", "b"}
    assert len(found["call_payloads"]) == 2


async def test_letter_whose_cause_is_not_mended_stays_with_the_newer_reason(house: House) -> None:
    await with_the_wrong_zone(house, callyzer_call("a"))
    (before,) = await letters_of(house)
    await run(house, "UPDATE sources SET timezone = 'Asia/Dhaka'")
    counts = await replay(house.database, house.scope, "phones", LATER)
    assert (counts.read, counts.new, counts.rejected) == (1, 0, 1)
    (after,) = await letters_of(house)
    assert (after.id, after.received_at) == (before.id, before.received_at)
    assert "Asia/Dhaka" in after.reason


async def test_replay_of_an_older_record_overwrites_no_newer_one(house: House) -> None:
    """A record without a time of its own counts as of its receipt, and it was received before."""
    await house.take(Provider.VOXCROW, [voxcrow_row(duration="soon", wrapup_note="old")], "office")
    await run(
        house, "UPDATE rejected_records SET payload = replace(CAST(payload AS TEXT), '\"soon\"', '16')" + json_(house)
    )
    await house.take(Provider.VOXCROW, [voxcrow_row(wrapup_note="new")], "office", now=NOW + timedelta(hours=1))
    counts = await replay(house.database, house.scope, None, LATER)
    assert (counts.updated, counts.unchanged) == (0, 1)
    (call,) = (await rows(house))["calls"]
    assert call["details"]["wrap_up"]["note"] == "new"
    assert await letters_of(house) == []


def json_(house: House) -> str:
    """The cast that PostgreSQL wants of a text that becomes JSON."""
    return "" if house.database.is_sqlite else "::json"


async def test_replay_does_not_turn_a_source_s_freshness_back(house: House) -> None:
    await with_the_wrong_zone(house, callyzer_call("a"))
    await run(house, INDIA)
    await house.take(Provider.CALLYZER, [callyzer_call("b")], "phones", now=LATER)
    await replay(house.database, house.scope, "phones", LATER)
    data = await house.ask("{ sources { lastSuccessAt } }")
    assert data["sources"] == [{"lastSuccessAt": "2024-07-01T12:00:00Z"}]


async def test_only_the_named_source_is_replayed(house: House) -> None:
    await with_the_wrong_zone(house, callyzer_call("a"), name="one")
    await with_the_wrong_zone(house, callyzer_call("a"), name="two")
    await run(house, INDIA)
    counts = await replay(house.database, house.scope, "two", LATER)
    assert counts.new == 1
    assert [letter.source for letter in await letters_of(house)] == ["one"]


async def test_piece_that_is_no_record_stays_a_letter_for_ever(house: House) -> None:
    await house.take(Provider.VOXCROW, ["oops", 5, None])
    for _ in range(2):
        counts = await replay(house.database, house.scope, None, LATER)
        assert (counts.read, counts.rejected) == (3, 3)
    assert sorted(repr(letter.payload) for letter in await letters_of(house)) == ["'oops'", "5", "None"]


async def test_of_letters_that_came_together_those_that_can_be_read_now_are_taken(house: House) -> None:
    await with_the_wrong_zone(house, callyzer_call("a"), callyzer_call("b", duration="long"), callyzer_call("c"), 7)
    await run(house, INDIA)
    counts = await replay(house.database, house.scope, "phones", LATER)
    assert (counts.read, counts.new, counts.unchanged, counts.rejected) == (4, 2, 0, 2)
    assert [letter.payload if letter.payload == 7 else letter.payload["id"] for letter in await letters_of(house)] in (
        ["b", 7], [7, "b"],
    )  # fmt: skip
    assert {call["provider_call_id"] for call in (await rows(house))["calls"]} == {"a", "c"}


async def test_more_letters_than_a_batch_are_all_replayed(house: House) -> None:
    size = BATCH + 20
    await house.source(Provider.CALLYZER, "phones", zone="Asia/Kathmandu")
    await house.take(Provider.CALLYZER, [callyzer_call(str(place)) for place in range(size)], "phones")
    await run(house, INDIA)
    counts = await replay(house.database, house.scope, None, LATER)
    assert (counts.read, counts.new) == (size, size)
    assert await letters_of(house) == []


async def test_source_that_is_not_there_is_said_so(house: House) -> None:
    await with_the_wrong_zone(house, callyzer_call("a"))
    async with house.database.read() as connection:
        with pytest.raises(InputError, match=r"There is no source 'home'. There are: phones."):
            await sources.required(connection, house.scope, "home")
