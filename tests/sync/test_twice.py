"""Taking the same records again changes nothing, whichever vendor they are of and however they are cut into batches."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.contacts import ContactRecord
from app.domain.sources import Provider
from app.providers.registry import spec_of
from tests.builders import a_call, a_number, an_agent
from tests.conftest import NOW, House
from tests.sync.bodies import recorded_bodies
from tests.sync.records import take
from tests.sync.stored import Rows, content, rows

LATER = NOW + timedelta(days=1)


def without_moments(found: Rows) -> Rows:
    """Rows but for when what is known of a person was last confirmed: a record without a time of its own confirms it."""
    return {name: [{k: v for k, v in row.items() if k != "told_at"} for row in table] for name, table in found.items()}


@pytest.mark.parametrize("provider", Provider, ids=lambda provider: provider.value.lower())
async def test_every_recorded_body_again_changes_no_row(provider: Provider, house: House) -> None:
    for name, body in recorded_bodies(provider):
        counts = await house.take(provider, body, name)
        before = without_moments(await rows(house))
        again = await house.take(provider, body, name, now=LATER)
        assert (again.new, again.updated) == (0, 0), name
        assert (again.read, again.rejected, again.folded) == (counts.read, counts.rejected, counts.folded), name
        assert again.unchanged == counts.new + counts.updated + counts.unchanged, name
        assert without_moments(await rows(house)) == before, name
    assert (await rows(house))["rejected_records"] or (await rows(house))["calls"]


@pytest.mark.parametrize("size", [2, 7])
async def test_real_rows_in_small_batches_end_as_in_one(size: int, house: House) -> None:
    """Rows of one call lie in several batches then; a second import of each batch has nothing to add either."""
    body = dict(recorded_bodies(Provider.ASTERISK))["cdr.csv"][:40]
    await house.take(Provider.ASTERISK, body, "whole")
    taken = [
        await house.take(Provider.ASTERISK, body[start : start + size], "pieces") for start in range(0, len(body), size)
    ]
    assert any(counts.updated for counts in taken), "no call lies in two batches"
    assert pieces_of(await content(house), "whole") == pieces_of(await content(house), "pieces")
    before = await rows(house)
    for start in range(0, len(body), size):
        again = await house.take(Provider.ASTERISK, body[start : start + size], "pieces", now=LATER)
        assert (again.new, again.updated) == (0, 0)
    assert await rows(house) == before


def pieces_of(found: dict[str, Any], source: str) -> dict[str, Any]:
    calls = {key.partition("/")[2]: call for key, call in found["calls"].items() if call["source_id"] == source}
    return {key: {k: v for k, v in call.items() if k != "source_id"} for key, call in calls.items()}


async def test_record_sent_twice_in_a_batch_is_one_call(house: House) -> None:
    counts = await take(house, a_call("one", notes="first"), a_call("two"), a_call("one", notes="second"))
    assert (counts.read, counts.new, counts.folded) == (3, 2, 1)
    found = await rows(house)
    assert sorted((call["provider_call_id"], call["notes"]) for call in found["calls"]) == [
        ("one", "second"),
        ("two", None),
    ]
    assert len(found["call_payloads"]) == 2


async def test_agents_who_are_told_in_several_ways_stay_who_they_are(house: House) -> None:
    """A bare name, then two people of that name: which of them the bare name means is settled once."""
    records = [
        a_call("bare", agent=an_agent("Smith"), started_at=NOW - timedelta(hours=3)),
        a_call("first", agent=an_agent("Smith", number="2001"), started_at=NOW - timedelta(hours=2)),
        a_call("second", agent=an_agent("Smith", number="2002"), started_at=NOW - timedelta(hours=1)),
    ]
    await take(house, records[0])
    await take(house, *records[1:])
    before = await rows(house)
    assert all(call["agent_id"] for call in before["calls"])
    again = await take(house, *records)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 3)
    assert await rows(house) == before


async def test_contacts_that_share_numbers_are_not_made_again(house: House) -> None:
    a, b, c = (a_number(f"316-555-01{n}") for n in (30, 31, 32))
    leads = [ContactRecord(numbers=numbers, name="Jo") for numbers in ((a, b), (c,), (b, c))]
    await take(house, *leads)
    before = await rows(house)
    await take(house, *leads)
    assert await rows(house) == before
    owners = [number["number"] for number in before["contact_numbers"]]
    assert sorted(owners) == sorted(set(owners))


def test_every_vendor_has_recorded_bodies() -> None:
    assert all(list(recorded_bodies(provider)) for provider in Provider)
    assert spec_of(Provider.ASTERISK).merge is not None
