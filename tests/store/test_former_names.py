"""A call is found by the name that it told itself, whatever its contact was called before or since."""

import asyncio
import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.calls import Record
from app.domain.contacts import ContactProfile, ContactRecord, Lead
from app.domain.filters import CallFilter
from app.store.mentions import hide
from app.store.search import words_of
from app.store.sources import lock
from tests.builders import a_call, a_number, save
from tests.conftest import NOW, House
from tests.store.both import names
from tests.store.people import rows

JO = "+13165550133"
NAMES = ("Asha Rai", "Asha", "Rai Traders", "Kiran Rai", "ASHA  RAI", "Wireless Caller", None)


async def said(house: House) -> set[tuple[str, str]]:
    """The words that are kept for calls themselves: each with the vendor's id of its call."""
    keys = {row["id"]: row["provider_call_id"] for row in await rows(house, "calls")}
    found = await rows(house, "words")
    return {(keys[row["owner_id"]], row["word"]) for row in found if row["owner_kind"] == "CALL"}


async def told(house: House, key: str, name: str | None, minutes: int = 0, number: str = JO) -> None:
    at = NOW + timedelta(minutes=minutes)
    contact = ContactRecord(name=name) if name else None
    await save(house, a_call(key, phone_number=number, contact=contact, started_at=at))


async def test_words_of_a_name_are_kept_once_for_the_contact_not_for_each_of_its_calls(house: House) -> None:
    for key in ("one", "two"):
        await told(house, key, "Asha Rai")
    assert await said(house) == set()
    assert await names(house, CallFilter(search="asha rai")) == {"one", "two"}


async def test_call_that_told_another_name_is_found_by_both(house: House) -> None:
    await told(house, "new", "Asha Rai", minutes=5)
    await told(house, "old", "Asha Thapa")
    assert await said(house) == {("old", "thapa")}
    for text, found in (("asha rai", {"new", "old"}), ("asha thapa", {"old"}), ("rai thapa", {"old"})):
        assert await names(house, CallFilter(search=text)) == found


async def test_contact_that_is_renamed_leaves_its_former_name_to_the_calls_that_told_it(house: House) -> None:
    await told(house, "first", "Asha Rai")
    await told(house, "nameless", None, minutes=1)
    await told(house, "second", "Asha Thapa", minutes=2)
    assert await said(house) == {("first", "asha"), ("first", "rai"), ("second", "asha"), ("second", "thapa")}
    assert await names(house, CallFilter(search="rai")) == {"first"}
    assert await names(house, CallFilter(search="thapa")) == {"first", "nameless", "second"}


async def test_contact_that_was_renamed_once_leaves_nothing_a_second_time(house: House) -> None:
    for minutes, name in enumerate(("Asha", "Kiran")):
        await told(house, name, name, minutes)
    async with house.statements() as once:
        await told(house, "again", "Asha", 2)
    assert not [one for one in once if "contact_name_key IS NOT NULL" in one]
    assert await said(house) == {("Asha", "asha"), ("Kiran", "kiran"), ("again", "asha")}


async def test_lead_that_renames_a_contact_leaves_its_calls_findable_by_what_they_told(house: House) -> None:
    await told(house, "one", "Asha Rai")
    lead = Lead(provider_lead_id="L1", status="Hot", modified_at=NOW + timedelta(days=1))
    await save(house, ContactRecord(numbers=(a_number(JO),), lead=lead, name="Kiran"))
    assert await said(house) == {("one", "asha"), ("one", "rai")}


async def test_name_that_is_the_same_in_other_letters_is_no_other_one(house: House) -> None:
    await told(house, "one", "Asha Rai")
    await told(house, "two", "RAI, asha", 1)
    assert await said(house) == set()


@pytest.mark.parametrize("seed", range(6))
async def test_every_call_is_found_by_all_words_of_the_name_it_told_and_by_no_others(house: House, seed: int) -> None:
    dice = random.Random(seed)
    for turn in range(12):
        told: dict[str, Record] = {}
        for place in range(dice.randrange(1, 5)):
            numbers = [f"+1316555014{n}" for n in range(3)]
            contact = ContactRecord(name=dice.choice(NAMES), email=dice.choice((None, "rai@example.com")))
            if dice.random() < 0.2:
                its = tuple(a_number(one) for one in dice.sample(numbers, dice.randrange(1, 3)))
                told[f"contact {place}"] = replace(contact, numbers=its)
                continue
            key = f"c{dice.randrange(9)}"
            told[key] = a_call(
                key,
                phone_number=dice.choice((*numbers, "anonymous")),
                contact=contact,
                labels=dice.choice(({}, {"queue": "Rai"})),
                started_at=NOW + timedelta(minutes=dice.randrange(30)),
                modified_at=NOW + timedelta(minutes=60 + turn),
            )
        await save(house, *told.values(), source=f"s{turn % 2}")
        kept: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in await rows(house, "words"):
            kept[row["owner_kind"], row["owner_id"]].add(row["word"])
        for call in await rows(house, "calls"):
            own, its_contacts = kept["CALL", call["id"]], kept["CONTACT", call["contact_id"]]
            named = words_of((call["contact_name_key"],))
            assert named <= own | its_contacts
            assert own <= named | {"rai"}


@pytest.mark.parametrize(
    "contact",
    [
        ContactRecord(name="Ward 981-234-5678"),
        ContactRecord(name="Ward 981", profile=ContactProfile(company="Call 981-234-5678")),
        ContactRecord(name="Ward 981", email="981-234-5678@example.com"),
    ],
)
async def test_call_stays_findable_by_its_own_words_where_its_contact_says_a_number_that_is_hidden(
    house: House, contact: ContactRecord
) -> None:
    await told(house, "short", "Ward 981")
    at = NOW + timedelta(minutes=1)
    await save(house, a_call("long", phone_number=JO, contact=contact, started_at=at))
    await hide(house.database, house.scope, ["+9779812345678"])
    assert "short" in await names(house, CallFilter(search="ward 981"))
    assert await names(house, CallFilter(search="5678")) == set()
    assert not [row for row in await rows(house, "word_pairs") if "5678" in (row["first"], row["second"])]


async def test_numbers_are_hidden_before_or_after_calls_are_saved_not_meanwhile(house: House) -> None:
    await told(house, "one", "Ward 981-234-5678")
    async with house.database.write() as connection:
        await lock(connection, house.scope)
        hiding = asyncio.create_task(hide(house.database, house.scope, ["+9779812345678"]))
        await asyncio.sleep(0.3)
        assert not hiding.done()
    assert await hiding == 2


@pytest.mark.parametrize("calls", [100, 400])
async def test_contact_of_many_names_is_renamed_in_a_few_statements(house: House, calls: int) -> None:
    await save(
        house, *[a_call(f"c{n}", phone_number=JO, contact=ContactRecord(name=f"Caller {n}")) for n in range(calls)]
    )
    async with house.statements() as statements:
        await told(house, "new", "Kiran", minutes=1)
    assert len(statements) < 60
    assert len(await names(house, CallFilter(search="caller"))) == calls
