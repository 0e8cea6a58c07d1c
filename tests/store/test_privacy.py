"""A person is exported whole and erased for good: nothing of them is left, comes back, or takes others with it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.domain.errors import InputError, StoreError
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.scope import Scope
from app.domain.sources import Provider
from app.store import excluded, privacy, sources, tables, tombstones
from app.store.erasure import Erased, erase
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, Filling, House
from tests.store import people
from tests.store.people import DIGITS, RAVI, RAVIS_OTHER, WORDS_OF_RAVI

OTHERS = "+9779650000255"  # another country's number with the same digits after the country code


@pytest.fixture
def fill() -> Filling:
    """Every test begins with what Ravi's and the others' vendors told of them."""
    return people.fill


async def erase_ravi(house: House, whole_calls: bool = False) -> Erased:
    return await erase(house.database, house.scope, await people.person(house), NOW, whole_calls)


async def left_of_ravi(house: House) -> list[Any]:
    """What the store still says of Ravi; the Nepalese number is somebody else's."""
    found = await people.said(house.database, *DIGITS, *WORDS_OF_RAVI)
    return [one for one in found if "9779650000255" not in one[2] and not await _of_the_other(house, one)]


async def _of_the_other(house: House, place: tuple[str, str, str]) -> bool:
    """The Nepalese number's own raw text, raw record and endings."""
    ends = [row["suffix"] for row in await people.rows(house, "number_suffixes") if row["number"] == OTHERS]
    return "+977 9650000255" in place[2] or (place[:2] == ("number_suffixes", "suffix") and place[2] in ends)


async def by_direction(house: House) -> Counter[str]:
    return Counter(row["direction"] for row in await people.rows(house, "calls"))


async def test_the_store_says_much_of_a_person_before(house: House) -> None:
    tables = {table for table, _, _ in await left_of_ravi(house)}
    expected = {"calls", "call_legs", "call_labels", "call_payloads", "contacts", "contact_numbers", "rejected_records"}
    assert expected | {"number_suffixes", "words"} <= tables


async def test_after_erasing_nothing_of_a_person_is_left_in_any_table(house: House) -> None:
    async with house.database.write() as connection:
        await excluded.add(connection, house.scope, [RAVI], NOW)
    erased = await erase_ravi(house)
    assert await left_of_ravi(house) == []
    assert erased == Erased(calls=5, contacts=1, letters=1, mentions=1)


async def test_taking_the_same_files_again_does_not_bring_a_person_back(house: House) -> None:
    await erase_ravi(house)
    before = await people.rows(house, "calls")
    await people.fill(replace(house, now=NOW + timedelta(days=1)))
    assert await left_of_ravi(house) == []
    assert len(await people.rows(house, "calls")) == len(before)
    letters = await people.rows(house, "rejected_records")
    assert [letter["payload"]["who"] for letter in letters] == ["Zoya"]


async def test_new_calls_of_an_erased_person_come_in_as_nobodys(house: House) -> None:
    await erase_ravi(house)
    ravis = people.smartflo()[0] | {"call_id": "new", "notes": "ravi again, from 9650000255"}
    counts = await house.take(Provider.SMARTFLO, [ravis])
    assert (counts.read, counts.new) == (1, 1)
    assert await left_of_ravi(house) == []


async def test_counts_by_direction_and_outcome_stay_exact(house: House) -> None:
    before = Counter(
        (row["direction"], row["outcome"], row["talk_seconds"]) for row in await people.rows(house, "calls")
    )
    await erase_ravi(house)
    await people.fill(house)
    after = Counter(
        (row["direction"], row["outcome"], row["talk_seconds"]) for row in await people.rows(house, "calls")
    )
    assert before == after


async def test_a_contact_with_two_numbers_loses_both_whichever_is_named(house: House) -> None:
    await erase(house.database, house.scope, await people.person(house, RAVIS_OTHER), NOW)
    assert await left_of_ravi(house) == []


async def add_contact(house: House, id: str, name: str, *numbers: str) -> None:
    """A contact, first known by the first of its numbers."""
    mine = {"workspace_id": house.scope.workspace_id}
    contact = {"id": id, "identity": numbers[0], "name": name, "told_at": 0, "is_lead": False, "details": {}}
    raw = mine | {"contact_id": id, "number_raw": "", "number_kind": "EXTERNAL"}
    async with house.database.write() as connection:
        await connection.execute(insert(tables.contacts).values(mine | contact))
        await connection.execute(insert(tables.contact_numbers), [raw | {"number": number} for number in numbers])


async def test_a_person_who_is_two_contacts_loses_both(house: House) -> None:
    await add_contact(house, "twice", "Ravi", RAVIS_OTHER)
    assert len((await people.person(house)).contact_ids) == 2
    await erase_ravi(house)
    assert await left_of_ravi(house) == []


async def test_somebody_else_on_the_same_line_keeps_their_own_number(house: House) -> None:
    await add_contact(house, "sita", "Sita", RAVIS_OTHER, "+919650000888")
    await erase_ravi(house)
    assert await left_of_ravi(house) == []
    (kept,) = [row for row in await people.rows(house, "contacts") if row["id"] == "sita"]
    assert (kept["name"], kept["identity"]) == ("Sita", "id:sita")
    left = [row["number"] for row in await people.rows(house, "contact_numbers") if row["contact_id"] == "sita"]
    assert left == ["+919650000888"]


async def test_rows_of_others_are_untouched_but_for_the_number(house: House) -> None:
    ravis = {row["id"] for row in await people.rows(house, "calls") if row["phone_number"] in (RAVI, RAVIS_OTHER)}
    untouched = ("agents", "contacts", "contact_numbers", "sources", "words", "call_labels", "call_payloads")
    before = {name: await people.rows(house, name) for name in (*untouched, "calls", "call_legs")}
    await erase_ravi(house)
    gone = {row["id"] for row in before["contacts"]} - {row["id"] for row in await people.rows(house, "contacts")}
    assert len(gone) == 1
    of_ravi, saying = ravis | gone, _star_calls(await people.rows(house, "calls"))
    for name, was in before.items():
        owners = ("call_id", "owner_id", "contact_id") if name not in ("calls", "contacts") else ("id",)
        kept = [row for row in was if not {row.get(owner) for owner in owners} & (of_ravi | saying)]
        now = [row for row in await people.rows(house, name) if not {row.get(o) for o in owners} & (of_ravi | saying)]
        assert _sorted(now) == _sorted(kept), name


async def test_anothers_call_keeps_everything_but_the_erased_number(house: House) -> None:
    await erase_ravi(house)
    (call,) = [row for row in await people.rows(house, "calls") if row["provider_call_id"] == "other"]
    assert call["phone_number"] == "+919650000999"
    assert call["notes"] == "friend of ***** *****, wants the green sofa"
    raw = {row["call_id"]: row["payload"] for row in await people.rows(house, "call_payloads")}[call["id"]]
    assert raw["client_number"] == "919650000999"
    assert raw["notes"] == call["notes"]


async def test_the_same_digits_of_another_country_are_another_persons(house: House) -> None:
    assert (await people.person(house)).similar == (OTHERS,)
    await erase_ravi(house)
    await people.fill(house)
    (call,) = [row for row in await people.rows(house, "calls") if row["phone_number"] == OTHERS]
    raw = {row["call_id"]: row["payload"] for row in await people.rows(house, "call_payloads")}[call["id"]]
    assert raw["phone_number"] == "+977 9650000255"


async def test_erasing_leaves_what_taking_in_after_it_makes(house: House) -> None:
    other = House(house.database, Scope("other", regions=house.scope.regions))
    async with house.database.write() as connection:
        await sources.ensure_workspace(connection, other.scope, "UTC", NOW)
        await tombstones.add(connection, other.scope, sorted((RAVI, RAVIS_OTHER)), False, NOW)
    await people.fill(house)
    await erase_ravi(house)
    await people.fill(other)
    assert await left_of_ravi(other) == []
    for table in ("calls", "call_legs", "call_labels", "call_payloads", "words", "contact_numbers", "number_suffixes"):
        assert await _told(house, table) == await _told(other, table), table


async def test_with_its_calls_a_person_goes_whole_and_stays_away(house: House) -> None:
    before = len(await people.rows(house, "calls"))
    await erase_ravi(house, whole_calls=True)
    await people.fill(house)
    assert len(await people.rows(house, "calls")) == before - 5
    assert await left_of_ravi(house) == []


async def test_a_call_stays_nobodys_when_it_is_told_without_its_number(house: House) -> None:
    await erase_ravi(house)
    before = await by_direction(house)
    ravis = people.smartflo()[0] | {"client_number": None, "caller_id_num": None, "notes": "ravi, of the blue sofa"}
    await house.take(Provider.SMARTFLO, [ravis | {"contact_details": None}], now=NOW + timedelta(hours=1))
    assert await by_direction(house) == before
    assert await left_of_ravi(house) == []


async def test_a_call_that_turns_out_to_be_an_erased_persons_stays_one_call(house: House) -> None:
    await erase_ravi(house)
    ringing = people.smartflo()[0] | {"call_id": "late", "client_number": None, "caller_id_num": None}
    await house.take(Provider.SMARTFLO, [ringing | {"contact_details": None, "lead_id": None}])
    before = await by_direction(house)
    await house.take(Provider.SMARTFLO, [people.smartflo()[0] | {"call_id": "late"}], now=NOW + timedelta(hours=1))
    assert await by_direction(house) == before
    assert await left_of_ravi(house) == []


async def test_erasing_again_is_harmless(house: House) -> None:
    found = await people.person(house)
    await erase(house.database, house.scope, found, NOW)
    again = await erase(house.database, house.scope, found, NOW)
    assert (again.calls, again.letters, again.mentions) == (0, 0, 0)
    assert (await people.person(house)).contact_ids == ()


async def test_an_export_holds_everything_kept_of_a_person(house: House) -> None:
    found = await people.person(house)
    async with house.database.read() as connection:
        told = await privacy.export(connection, house.scope, found)
    assert {RAVI, RAVIS_OTHER} <= set(told["numbers"])
    assert [contact["name"] for contact in told["contacts"]] == ["Ravi Kumar"]
    assert not [contact for contact in told["contacts"] if "is_renamed" in contact]
    assert [one["number"] for one in told["contacts"][0]["numbers"]] == [RAVI, RAVIS_OTHER]
    assert len(told["calls"]) == 5
    assert {call["started_at"] for call in told["calls"]} >= {"2024-05-09T06:22:14Z"}
    assert {"the blue sofa"} <= {call.get("notes") for call in told["calls"]}
    assert all(call["payload"] for call in told["calls"])
    assert any(leg["kind"] == "CONTACT" for call in told["calls"] for leg in call["legs"])
    assert any(label["kind"] == "LEAD" for call in told["calls"] for label in call["labels"])
    assert [letter["payload"]["who"] for letter in told["rejected"]] == ["Ravi Kumar"]


async def test_an_export_holds_nothing_of_others(house: House) -> None:
    found = await people.person(house)
    async with house.database.read() as connection:
        told = str(await privacy.export(connection, house.scope, found))
    assert "Xavier" not in told
    assert "red chair" not in told
    assert OTHERS not in told


async def test_a_number_without_a_country_code_is_taken_where_it_is_one_persons(house: House) -> None:
    assert (await people.person(house, "9650000777")).number == RAVIS_OTHER
    with pytest.raises(InputError, match=r"\+919650000255 or \+9779650000255"):
        await people.person(house, "9650000255")
    with pytest.raises(InputError, match="none like it"):
        await people.person(house, "9650000111")


@pytest.mark.parametrize("typed", ["ravi", "1234", "", "anonymous", "Extension-06040000219"])
async def test_what_is_no_persons_number_is_refused(house: House, typed: str) -> None:
    with pytest.raises(InputError, match="country code"):
        await people.person(house, typed)


async def test_the_companys_own_numbers_are_refused(house: House) -> None:
    with pytest.raises(InputError, match="agent 'Lalit'"):
        await people.person(house, "+919000000112")
    with pytest.raises(InputError, match="a line that others called"):
        await people.person(house, "+918069000170")


async def test_a_tombstone_does_not_tell_whose_it_is(house: House) -> None:
    await erase_ravi(house)
    stones = await people.rows(house, "tombstones")
    assert stones
    assert all(len(stone["digest"]) == 64 and not any(digits in str(stone) for digits in DIGITS) for stone in stones)


async def test_nothing_is_taken_in_without_the_key_that_persons_were_erased_with(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHBOARD_TOMBSTONE_KEY", "a secret of sixteen")
    await people.fill(house)
    await erase_ravi(house)
    assert await people.rows(house, "tombstone_keys") == []
    monkeypatch.setenv("SWITCHBOARD_TOMBSTONE_KEY", "another one of sixteen")
    with pytest.raises(StoreError, match="SWITCHBOARD_TOMBSTONE_KEY"):
        await people.fill(house)
    monkeypatch.setenv("SWITCHBOARD_TOMBSTONE_KEY", "a secret of sixteen")
    await people.fill(house)
    assert await left_of_ravi(house) == []


async def test_persons_erased_before_a_key_was_set_stay_erased(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await erase_ravi(house)
    before = await by_direction(house)
    monkeypatch.setenv("SWITCHBOARD_TOMBSTONE_KEY", "a secret of sixteen")
    await people.fill(house)
    assert await left_of_ravi(house) == []
    assert await by_direction(house) == before


async def test_another_workspace_keeps_its_own(house: House) -> None:
    other = House(house.database, Scope("other", regions=house.scope.regions))
    async with house.database.write() as connection:
        await sources.ensure_workspace(connection, other.scope, "UTC", NOW)
    await people.fill(house)
    await people.fill(other)
    before = {name: await people.rows(other, name) for name in ("calls", "contacts", "words", "rejected_records")}
    await erase_ravi(house)
    assert {name: await people.rows(other, name) for name in before} == before


_OWN_TO_A_STORE = {
    "workspace_id", "id", "call_id", "source_id", "agent_id", "contact_id", "owner_id", "provider_call_id", "version",
    "content_hash", "synced_at",
}  # fmt: skip


async def _told(house: House, table: str) -> list[str]:
    found = await people.rows(house, table)
    return sorted(
        json.dumps({k: v for k, v in row.items() if k not in _OWN_TO_A_STORE}, sort_keys=True) for row in found
    )


def _star_calls(found: list[dict[str, Any]]) -> set[str]:
    return {row["id"] for row in found if "*****" in str(row)}


def _sorted(found: list[dict[str, Any]]) -> list[str]:
    return sorted(map(str, found))


async def test_names_of_agents_and_units_that_are_the_number_are_found_and_hidden(house: House) -> None:
    """A telephone that nobody named is called by what it was diverted to; so are its tag and its campaign."""
    names = ("+91 96500 00255", "desk of 9650000255")
    await save(
        house,
        *[
            a_call(
                f"named-{at}",
                phone_number="+9779810000078",
                agent=an_agent(name, provider_agent_id=f"emp-9650000255-{at}", tags=("9650000255", "sales")),
                org_units=(a_unit(f"9650000255-{at}", name),),
            )
            for at, name in enumerate(names)
        ],
        source="named",
    )
    exported = await _exported(house)
    assert {one["name"] for one in exported["agents"]} == set(names)
    assert {one["label"] for one in exported["org_units"]} == {"9650000255"}
    assert (await erase_ravi(house)).mentions == 1 + 2 + 2 + 2  # calls keep their agent's name, for sorting
    assert await left_of_ravi(house) == []
    hidden = {row["name"] for row in await people.rows(house, "agents") if row["name"] and "*" in row["name"]}
    assert hidden == {"+** ***** *****", "desk of **********"}
    assert {row["key"] for row in await people.rows(house, "agent_tags")} >= {"sales", "**********"}
    exported = await _exported(house)
    assert (exported["agents"], exported["org_units"]) == ([], [])


async def test_two_agents_who_were_called_by_erased_numbers_stay_two(house: House) -> None:
    first, second = "9650000255", "9650000777"
    await save(house, a_call("a", agent=an_agent(first)), a_call("b", agent=an_agent(second)), source="named")
    await erase_ravi(house)
    named = [row for row in await people.rows(house, "agents") if row["name"] == "*" * 10]
    assert len(named) == len({row["identity"] for row in named}) == 2
    # And whoever is told of next under either name is one of them.
    await save(house, a_call("c", agent=an_agent(first)), source="named")
    assert len([row for row in await people.rows(house, "agents") if row["name"] == "*" * 10]) == 2


async def test_an_agents_own_number_is_not_hidden_for_another_countrys(house: House) -> None:
    """The agent's number in Nepal has the digits of Ravi's in India."""
    await save(house, a_call("a", agent=an_agent("Desk 9650000255", number="+977 9650000255")), source="named")
    await erase_ravi(house)
    (kept,) = [row for row in await people.rows(house, "agents") if row["number"] == OTHERS]
    assert kept["name"] == "Desk 9650000255"


def a_unit(id: str, name: str) -> OrgUnitRecord:
    return OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id=id, name=name, label="9650000255")


async def _exported(house: House) -> dict[str, Any]:
    async with house.database.read() as connection:
        return await privacy.export(connection, house.scope, await people.person(house))
