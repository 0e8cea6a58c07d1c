"""Erased persons stay away, whoever tells of them: other contacts, agents, calls, and records that cannot be read."""

from copy import deepcopy
from typing import Any

import pytest

from app.domain.sources import Provider
from app.store import inbox
from app.store.erasure import erase
from app.sync.inbox import read_some
from app.sync.ingest import Counts
from app.sync.replay import replay
from tests.builders import callyzer_call
from tests.conftest import NOW, House
from tests.store import people
from tests.store.people import RAVI

DIGITS = "9650000255"
ANITA, RAVIS_WIFE = "+919100000221", "+919650000888"


def a_lead(id: str, *numbers: str, modified: str = "2023-09-13 17:50:30 IST", **details: Any) -> dict[str, Any]:
    lead = deepcopy(people.callyzer()[0]) | {"id": id, "modified_at": modified}
    lead["details"] = {"first_name": f"Name of {id}", "contact_numbers": list(numbers)} | details
    return lead


def others_lead(**details: Any) -> dict[str, Any]:
    """Anita's, who is Ravi's neighbour: the team noted his number at hers."""
    return a_lead(
        "anita", ANITA, description=f"neighbour of +91 {DIGITS}", address1=f"ring 96500 00255, {DIGITS}", **details
    )


async def erased(house: House, *leads: dict[str, Any]) -> None:
    """The house took the leads in, and then erased Ravi."""
    await house.take(Provider.CALLYZER, list(leads))
    await erase(house.database, house.scope, await people.person(house), NOW)
    assert await left_of_ravi(house) == []


async def left_of_ravi(house: House) -> list[tuple[str, str, str]]:
    return await people.said(house.database, DIGITS, "96500 00255")


async def contact(house: House) -> dict[str, Any]:
    (found,) = await people.rows(house, "contacts")
    return found


async def test_another_lead_that_says_an_erased_number_is_taken_in_with_stars(house: House) -> None:
    await erased(house, others_lead(), a_lead("ravi", RAVI))
    before = await contact(house)
    counts = await house.take(Provider.CALLYZER, [others_lead()])
    assert await left_of_ravi(house) == []
    assert (counts.new, counts.updated) == (0, 0)
    assert await contact(house) == before
    assert before["details"]["lead"]["description"] == "neighbour of +** **********"


WAYS = ["965%20000%200255", "९६५००००२५५", "965\u2011000\u20110255", "9 6 5 0 0 0 0 2 - 5 - 5", "96500002\n55"]


async def test_erasing_finds_what_others_say_however_it_is_written(house: House) -> None:
    notes = [callyzer_call(f"call {at}", client_number="9100000221", note=f"or {way}") for at, way in enumerate(WAYS)]
    await house.take(Provider.CALLYZER, notes)
    await house.take(Provider.CALLYZER, [{"call_type": "?", "id": way} for way in WAYS])
    await erased(house, a_lead("ravi", RAVI), *[a_lead(way, ANITA, description=way) for way in WAYS])
    places = [(table, value) for way in WAYS for table, _, value in await people.said(house.database, way)]
    assert places == []
    raw = [row["payload"]["note"] for row in await people.rows(house, "call_payloads")]
    assert not any(char.isdecimal() for note in raw for char in note)


async def test_a_newer_telling_of_another_lead_brings_no_word_of_it_back(house: House) -> None:
    await erased(house, others_lead(), a_lead("ravi", RAVI))
    newer = others_lead(company_name=f"c/o {DIGITS}", modified="2023-10-13 17:50:30 IST")
    assert (await house.take(Provider.CALLYZER, [newer])).updated == 1
    assert await left_of_ravi(house) == []
    assert (await contact(house))["details"]["profile"]["company"] == "c/o **********"


async def test_a_lead_keeps_its_own_number_though_it_has_the_digits_of_an_erased_one(house: House) -> None:
    await erased(house, a_lead("ravi", RAVI))
    await house.take(Provider.CALLYZER, [a_lead("nepali", f"+977{DIGITS}", description=f"{DIGITS}, not 91{DIGITS}")])
    assert (await contact(house))["details"]["lead"]["description"] == f"{DIGITS}, not ************"


@pytest.mark.parametrize("said", [f"Ravi (+91-{DIGITS})", f"+91-{DIGITS}", f"Ravi {DIGITS}"])
async def test_an_employee_of_a_lead_has_no_erased_number(said: str, house: House) -> None:
    await erased(house, a_lead("ravi", RAVI))
    lead = others_lead() | {"assigned_to": {"all_employees": "false", "employee": [said, "Indu (+91-9000000109)"]}}
    await house.take(Provider.CALLYZER, [lead])
    assert await left_of_ravi(house) == []
    numbers = {row["number"] for row in await people.rows(house, "agents")}
    assert "+919000000109" in numbers


async def test_an_employee_loses_an_erased_number_and_keeps_the_name(house: House) -> None:
    await erased(house, a_lead("ravi", RAVI))
    employee = {"emp_name": f"Ravi, {DIGITS}", "emp_code": "7", "emp_number": DIGITS, "emp_country_code": "91"}
    await house.take(Provider.CALLYZER, [callyzer_call("a", client_number="9100000221", **employee)])
    await house.take(Provider.CALLYZER, [callyzer_call("b", client_number=DIGITS, **employee)])
    assert await left_of_ravi(house) == []
    agents = {row["name"]: row["number"] for row in await people.rows(house, "agents")}
    assert agents.keys() - {"Indu", "Jai"} == {"Ravi, **********"}
    assert agents["Ravi, **********"] is None


async def test_a_lead_with_an_erased_number_and_another_one_keeps_the_other(house: House) -> None:
    await erased(house, a_lead("ravi", RAVI))
    counts = await house.take(Provider.CALLYZER, [a_lead("wife", RAVI, RAVIS_WIFE)])
    assert counts.new == 1
    assert await left_of_ravi(house) == []
    assert [row["number"] for row in await people.rows(house, "contact_numbers")] == [RAVIS_WIFE]
    assert (await contact(house))["identity"] == RAVIS_WIFE


async def test_a_lead_of_an_erased_number_alone_is_not_taken_in(house: House) -> None:
    await erased(house, a_lead("ravi", RAVI))
    await house.take(Provider.CALLYZER, [a_lead("ravi", RAVI, f"0{DIGITS}")])
    assert await people.rows(house, "contacts") == []


@pytest.mark.parametrize("said", [f"+91{DIGITS}", "96500\n00255", "96500\t00255"])
async def test_what_cannot_be_read_is_not_kept_where_it_says_an_erased_number(said: str, house: House) -> None:
    await erased(house, a_lead("ravi", RAVI))
    counts = await house.take(Provider.CALLYZER, [{"call_type": "?", "id": "x", "note": said}])
    assert (counts.rejected, await people.rows(house, "rejected_records")) == (1, [])


async def test_another_ones_call_says_it_in_stars_though_a_line_ends_within(house: House) -> None:
    await erased(house, a_lead("ravi", RAVI))
    await house.take(Provider.CALLYZER, [callyzer_call("a", client_number="9100000221", note="ask 96500\n00255")])
    (call,), (payload,) = await people.rows(house, "calls"), await people.rows(house, "call_payloads")
    assert (call["notes"], payload["payload"]["note"]) == ("ask *****\n*****", "ask *****\n*****")


async def test_a_dead_letter_that_is_replayed_brings_nobody_back(house: House) -> None:
    mended = callyzer_call("a", client_number="9100000221", client_name="Anita")
    await house.take(Provider.CALLYZER, [mended | {"call_type": "?"}])
    await house.take(Provider.CALLYZER, [a_lead("anita", ANITA)])
    await erase(house.database, house.scope, await people.person(house, ANITA), NOW)
    assert await replay(house.database, house.scope, None, NOW) == Counts()
    assert await people.said(house.database, "9100000221", "anita") == []


async def test_a_pushed_message_that_cannot_be_read_leaves_no_dead_letter_of_an_erased_number(house: House) -> None:
    source = await house.source(Provider.CALLYZER)
    await erased(house, a_lead("ravi", RAVI))
    broken, others = (f'{{"client_number": "{number}"' for number in (DIGITS, "9100000231"))
    async with house.database.write() as connection:
        for name, body in (("ravi's", broken), ("another's", others)):
            await inbox.add(connection, house.scope, source.id, name, body, NOW)
    assert await read_some(house.database, house.scope)
    assert await left_of_ravi(house) == []
    kept = [str(row["payload"]) for row in await people.rows(house, "rejected_records")]
    assert any("9100000231" in payload for payload in kept)
