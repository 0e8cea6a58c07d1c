"""Contacts as calls and leads tell of them: one outside number has one history, over every vendor."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.calls import CallDirection
from app.domain.contacts import ContactProfile, ContactRecord, Lead
from app.domain.sources import Provider
from tests.builders import a_call, a_number, callcap_call, callyzer_call, cloudphone_record, voxcrow_row
from tests.conftest import NOW, House
from tests.sync.records import take
from tests.sync.stored import rows

JO = "316-555-0133"
WORK = "316-555-0155"


def a_lead(*numbers: str, id: str = "L1", days: int = 0, **changes: Any) -> ContactRecord:
    lead = Lead(provider_lead_id=id, status=changes.pop("status", "Hot"), modified_at=NOW + timedelta(days=days))
    return ContactRecord(numbers=tuple(a_number(number) for number in numbers), lead=lead, **changes)


async def contacts_of(house: House) -> list[tuple[str | None, list[str]]]:
    """Each contact's name and numbers."""
    found = await rows(house)
    numbers: dict[str, list[str]] = {contact["id"]: [] for contact in found["contacts"]}
    for row in found["contact_numbers"]:
        numbers[row["contact_id"]].append(row["number"])
    names = {contact["id"]: contact["name"] for contact in found["contacts"]}
    return sorted(((names[id], sorted(owned)) for id, owned in numbers.items()), key=repr)


async def test_number_is_one_contact_over_all_vendors_however_each_writes_it(house: House) -> None:
    await house.take(Provider.VOXCROW, [voxcrow_row(phone_number="+91 98100-00078")])
    await house.take(Provider.CALLYZER, [callyzer_call("a", client_number="9810000078", client_name="Ravi")])
    await house.take(Provider.SMARTFLO, [cloudphone_record("b", client_number="919810000078")])
    await house.take(Provider.ACEFONE, [cloudphone_record("c", client_number="09810000078")])
    await house.take(Provider.CALLCAP, [callcap_call("d", caller={"caller_id": "+919810000078"})])
    assert await contacts_of(house) == [("Ravi", ["+919810000078"])]
    assert len({call["contact_id"] for call in (await rows(house))["calls"]}) == 1
    data = await house.ask(
        '{ contact(phoneNumber: "+919810000078") { name calls(filter: {}, first: 9) { totalCount } } }'
    )
    assert data["contact"]["name"] == "Ravi"


async def test_withheld_numbers_are_nobody_s(house: House) -> None:
    await take(house, *[a_call(word, phone_number=word) for word in ("anonymous", "98107xxxxx")])
    found = await rows(house)
    assert (found["contacts"], found["contact_numbers"]) == ([], [])
    assert {call["phone_number_kind"] for call in found["calls"]} == {"WITHHELD"}
    assert {call["phone_number_raw"] for call in found["calls"]} == {"anonymous", "98107xxxxx"}


async def test_internal_call_has_no_contact(house: House) -> None:
    await take(house, a_call("a", direction=CallDirection.INTERNAL, phone_number=None, caller_number="SIP/2001"))
    await take(house, a_call("b", phone_number="SIP/2002"))
    found = await rows(house)
    assert (len(found["calls"]), found["contacts"]) == (2, [])


async def test_lead_with_two_numbers_is_one_contact_of_both(house: House) -> None:
    await take(house, a_lead(JO, WORK, name="Jo Doe"))
    await take(house, a_call("a", phone_number=JO), a_call("b", phone_number=WORK))
    assert await contacts_of(house) == [("Jo Doe", ["+13165550133", "+13165550155"])]
    found = await rows(house)
    assert {call["contact_id"] for call in found["calls"]} == {found["contacts"][0]["id"]}


async def test_lead_joins_the_number_that_has_called_before_and_brings_its_second_one(house: House) -> None:
    await take(house, a_call("a", phone_number=WORK))
    await take(house, a_lead(JO, WORK, name="Jo Doe"), source="crm")
    await take(house, a_call("b", phone_number=JO), source="other")
    assert await contacts_of(house) == [("Jo Doe", ["+13165550133", "+13165550155"])]


async def test_lead_of_two_contacts_that_are_known_already_joins_the_first_and_takes_no_number_away(
    house: House,
) -> None:
    await take(house, a_call("a", phone_number=JO))
    await take(house, a_call("b", phone_number=WORK))
    await take(house, a_lead(WORK, JO, name="Jo Doe"))
    assert await contacts_of(house) == [("Jo Doe", ["+13165550155"]), (None, ["+13165550133"])]


@pytest.mark.parametrize("together", [True, False])
async def test_numbers_that_leads_share_have_one_owner_each(together: bool, house: House) -> None:
    leads = [
        a_lead(JO, WORK, id="L1", name="Jo"),
        a_lead("316-555-0177", id="L2", name="Kim"),
        a_lead(WORK, "316-555-0177", id="L3", name="Lee"),
    ]
    for batch in [leads] if together else [[lead] for lead in leads]:
        await take(house, *batch)
    owned = sorted(numbers for _, numbers in await contacts_of(house))
    assert owned == [["+13165550133", "+13165550155"], ["+13165550177"]]


@pytest.mark.parametrize("together", [True, False])
async def test_leads_linked_by_a_chain_of_numbers_are_one_contact(together: bool, house: House) -> None:
    a, b, c, d = (f"316-555-01{n}" for n in range(40, 44))
    leads = [a_lead(a, b), a_lead(b, c), a_lead(c, d)]
    for batch in [leads] if together else [[lead] for lead in leads]:
        await take(house, *batch)
    assert [len(numbers) for _, numbers in await contacts_of(house)] == [4]


async def test_contact_is_a_lead_though_a_later_call_named_it_before(house: House) -> None:
    contact = ContactRecord(name="Jo")
    await take(house, a_call("a", contact=contact, phone_number=JO, started_at=NOW))
    await take(house, a_lead(JO, days=-30, status="Warm"))
    (found,) = (await rows(house))["contacts"]
    assert (found["is_lead"], found["lead_status_key"], found["name"]) == (True, "warm", "Jo")


async def test_older_state_of_a_lead_does_not_come_back(house: House) -> None:
    await take(house, a_lead(JO, days=2, status="Won"))
    counts = await take(house, a_lead(JO, days=1, status="Hot"))
    assert (counts.updated, counts.unchanged) == (0, 1)
    (found,) = (await rows(house))["contacts"]
    assert (found["lead_status_key"], found["details"]["lead"]["status"]) == ("won", "Won")


async def test_what_vendors_know_of_a_contact_adds_up(house: House) -> None:
    profile = ContactProfile(city="Wichita", company="Doe Ltd")
    await take(house, a_call("a", phone_number=JO, contact=ContactRecord(name="Jo Doe", profile=profile)))
    await take(house, a_lead(JO, email="jo@example.com"))
    (found,) = (await rows(house))["contacts"]
    assert (found["name"], found["email"], found["is_lead"]) == ("Jo Doe", "jo@example.com", True)
    assert found["details"]["profile"] == {"city": "Wichita", "company": "Doe Ltd"}
    words = {(word["owner_kind"], word["word"]) for word in (await rows(house))["words"]}
    assert {("CONTACT", "jo"), ("CONTACT", "doe"), ("PROFILE", "wichita"), ("PROFILE", "ltd")} <= words


async def test_employees_a_lead_is_assigned_to_are_agents(house: House) -> None:
    body = {
        "result": [
            {"id": "L1", "contact_numbers": ["91-9100000221"], "assigned_to": {"employee": ["Indu (+91-9000000109)"]}}
        ]
    }
    counts = await house.take(Provider.CALLYZER, body)
    assert (counts.read, counts.new) == (1, 2)
    assert [(one["name"], one["number"]) for one in (await rows(house))["agents"]] == [("Indu", "+919000000109")]


async def test_contact_whose_only_call_turns_out_to_be_another_s_is_forgotten(house: House) -> None:
    first = a_call("one", phone_number=JO, contact=ContactRecord(name="Jo"), modified_at=NOW)
    await take(house, first, a_call("two", phone_number=WORK))
    await take(house, a_call("one", phone_number=WORK, modified_at=NOW + timedelta(minutes=1)))
    assert [numbers for _, numbers in await contacts_of(house)] == [["+13165550155"]]
    assert not [row for row in (await rows(house))["words"] if row["word"] == "jo"]


async def test_lead_and_contact_of_other_calls_stay_when_a_call_turns_out_to_be_another_s(house: House) -> None:
    await take(house, a_lead(JO), a_call("one", phone_number=JO, modified_at=NOW))
    await take(house, a_call("two", phone_number=WORK, modified_at=NOW), a_call("three", phone_number=WORK))
    later = NOW + timedelta(minutes=1)
    await take(house, *[a_call(id, phone_number="316-555-0177", modified_at=later) for id in ("one", "two")])
    assert [numbers for _, numbers in await contacts_of(house)] == [
        ["+13165550133"], ["+13165550155"], ["+13165550177"],
    ]  # fmt: skip
