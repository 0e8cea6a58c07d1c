"""Which of two tellings of one call counts: the newer, by the vendor's own time or else by when it came."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.agents import AgentRecord
from app.domain.calls import CallLeg, LegKind
from app.domain.contacts import ContactProfile, ContactRecord
from app.domain.sources import Provider
from app.store import sources
from tests.builders import a_call, a_number, an_agent, callcap_call, callyzer_call, voxcrow_row
from tests.conftest import NOW, House
from tests.sync.records import take
from tests.sync.stored import content, rows

LATER = NOW + timedelta(hours=1)
MODIFIED = datetime.fromisoformat("2024-05-01T10:00:00+00:00")


async def the_call(house: House) -> dict[str, Any]:
    (found,) = (await content(house))["calls"].values()
    return found


async def test_stale_version_that_comes_later_changes_nothing(house: House) -> None:
    newer = a_call("one", notes="newer", modified_at=MODIFIED + timedelta(minutes=1), labels={"queue": "Sales"})
    await take(house, newer)
    before = await rows(house)
    counts = await take(
        house, a_call("one", notes="stale", modified_at=MODIFIED, labels={"queue": "Support"}), now=LATER
    )
    assert (counts.new, counts.updated, counts.unchanged) == (0, 0, 1)
    assert await rows(house) == before


async def test_stale_version_renames_neither_agent_nor_contact(house: House) -> None:
    """Both versions tell of the same call, so they are of the same moment: only the version says which is right."""

    def version(name: str, minutes: int) -> Any:
        contact = ContactRecord(name=name, profile=ContactProfile(city=f"{name}ville"))
        modified = MODIFIED + timedelta(minutes=minutes)
        return a_call("one", agent=an_agent(name, provider_agent_id="7"), contact=contact, modified_at=modified)

    await take(house, version("Right", 1))
    await take(house, version("Wrong", 0), now=LATER)
    found = await rows(house)
    assert [agent["name"] for agent in found["agents"]] == ["Right"]
    assert [(contact["name"], contact["details"]) for contact in found["contacts"]] == [
        ("Right", {"profile": {"city": "Rightville"}})
    ]


async def test_newer_version_replaces_every_part_of_the_call(house: House) -> None:
    old = a_call("one", notes="old words", labels={"queue": "Support"}, revenue=1.0, modified_at=MODIFIED)
    await take(house, old)
    new = a_call("one", notes="new text", labels={"campaign": "Spring"}, modified_at=MODIFIED + timedelta(seconds=1))
    counts = await take(house, new)
    assert (counts.new, counts.updated) == (0, 1)
    call = await the_call(house)
    assert (call["notes"], call["revenue"], call["queue_name"], call["campaign_name"]) == (
        "new text", None, None, "Spring",
    )  # fmt: skip
    assert [(label["kind"], label["key"]) for label in call["call_labels"]] == [("CAMPAIGN", "spring")]
    assert {word for _, word in call["words"]} == {"new", "text", "spring"}


async def test_same_version_with_other_content_is_taken(house: House) -> None:
    await take(house, a_call("one", notes="before", modified_at=MODIFIED))
    counts = await take(house, a_call("one", notes="after", modified_at=MODIFIED), now=LATER)
    assert counts.updated == 1
    assert (await the_call(house))["notes"] == "after"


async def test_call_keeps_its_id_when_it_changes(house: House) -> None:
    await take(house, a_call("one", notes="before"))
    (before,) = (await rows(house))["calls"]
    await take(house, a_call("one", notes="after"), now=LATER)
    (after,) = (await rows(house))["calls"]
    assert (after["id"], after["notes"]) == (before["id"], "after")
    assert after["synced_at"] > before["synced_at"]


async def test_without_a_time_of_its_own_the_record_that_came_later_counts(house: House) -> None:
    await take(house, a_call("one", notes="first"), now=LATER)
    counts = await take(house, a_call("one", notes="of an older receipt, replayed"), now=NOW)
    assert (counts.updated, counts.unchanged) == (0, 1)
    assert (await the_call(house))["notes"] == "first"
    await take(house, a_call("one", notes="last"), now=LATER + timedelta(seconds=1))
    assert (await the_call(house))["notes"] == "last"


async def test_of_two_in_one_batch_the_newer_counts_whichever_stands_first(house: House) -> None:
    new, old = (a_call("one", notes=str(n), modified_at=MODIFIED + timedelta(minutes=n)) for n in (1, 0))
    counts = await take(house, new, old)
    assert (counts.new, counts.folded) == (1, 1)
    assert (await the_call(house))["notes"] == "1"


@pytest.mark.parametrize("stale_first", [True, False])
async def test_callyzer_call_has_the_newer_note_and_what_only_the_older_answer_says(
    stale_first: bool, house: House
) -> None:
    """A webhook lacks the lead; the report has it. What the later modification says counts where both say something."""
    report = callyzer_call("one", note="called", lead_id="L1", modified_at="2023-09-13 18:00:00 IST")
    webhook = callyzer_call("one", note="promised", modified_at="2023-09-13 18:30:00 IST")
    for payload in (report, webhook) if stale_first else (webhook, report):
        await house.take(Provider.CALLYZER, [payload])
    call = await the_call(house)
    assert (call["notes"], call["details"]["provider_lead_id"]) == ("promised", "L1")
    assert call["modified_at"] == 1_694_610_000_000
    again = await house.take(Provider.CALLYZER, [report], now=LATER)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 1)


async def test_callcap_call_that_was_modified_before_is_stale(house: House) -> None:
    new = callcap_call("one", notes="reviewed", last_modified="2020-09-02 10:00:00")
    await house.take(Provider.CALLCAP, [new])
    await house.take(Provider.CALLCAP, [callcap_call("one", notes="fresh")], now=LATER)
    assert (await the_call(house))["notes"] == "reviewed"


async def test_field_that_nobody_knows_is_kept_in_the_raw_record_when_it_comes_later(house: House) -> None:
    await house.take(Provider.VOXCROW, [voxcrow_row()])
    counts = await house.take(Provider.VOXCROW, [voxcrow_row(mood="good")], now=LATER)
    assert counts.updated == 1
    (kept,) = (await the_call(house))["call_payloads"]
    assert kept["payload"]["mood"] == "good"


async def test_change_in_the_flow_alone_is_a_change(house: House) -> None:
    await take(house, a_call("one", legs=(CallLeg(kind=LegKind.QUEUE, name="Sales"),)))
    counts = await take(house, a_call("one", legs=(CallLeg(kind=LegKind.QUEUE, name="Support"),)), now=LATER)
    assert counts.updated == 1
    assert [leg["name"] for leg in (await the_call(house))["legs"]] == ["Support"]


async def test_older_call_that_comes_later_does_not_rename_its_agent_or_contact(house: House) -> None:
    def called(key: str, name: str, hours: int) -> Any:
        contact = ContactRecord(numbers=(a_number("316-555-0133"),), name=f"Contact {name}")
        agent = an_agent(f"Agent {name}", number="2001", code=None if name == "new" else "C7")
        return a_call(key, agent=agent, contact=contact, started_at=NOW - timedelta(hours=hours))

    await take(house, called("new", "new", 1))
    await take(house, called("old", "old", 5), now=LATER)
    found = await rows(house)
    assert [(agent["name"], agent["code"]) for agent in found["agents"]] == [("Agent new", "C7")]
    assert [contact["name"] for contact in found["contacts"]] == ["Contact new"]


async def test_freshness_of_a_source_never_goes_back(house: House) -> None:
    await take(house, a_call("one"), now=LATER)
    await take(house, a_call("two"), now=NOW)
    async with house.database.write() as connection:
        source = await sources.required(connection, house.scope, "smartflo")
        await sources.succeeded(connection, house.scope, source.id, NOW)
    data = await house.ask("{ sources { lastSuccessAt } }")
    assert data["sources"] == [{"lastSuccessAt": "2024-06-01T13:00:00Z"}]


async def test_employee_record_of_an_older_change_renames_nobody(house: House) -> None:
    def employee(name: str, days: int) -> AgentRecord:
        return an_agent(name, provider_agent_id="7", modified_at=MODIFIED + timedelta(days=days))

    await take(house, employee("Now", 2))
    counts = await take(house, employee("Then", 1))
    assert (counts.new, counts.updated, counts.unchanged) == (0, 0, 1)
    assert [agent["name"] for agent in (await rows(house))["agents"]] == ["Now"]
