"""Two writers at once, as when a webhook comes during an import, leave what one after the other would have left."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from app.domain.calls import CallRecord
from app.domain.contacts import ContactRecord, Lead
from app.domain.sources import Provider
from app.store.database import Database
from tests.builders import a_call, a_number, an_agent, save
from tests.conftest import NOW, House
from tests.providers.asterisk.samples import ROW, row
from tests.sync.stored import content, rows

CALLERS = [f"+1316555{n:04}" for n in range(1000, 1012)]


@pytest.fixture
async def other(store_url: str) -> AsyncIterator[House]:
    """The same store, opened a second time, as by another process."""
    database = Database(store_url)
    yield House(database)
    await database.close()


def calls_of(source: str, numbers: Sequence[str], agents: Sequence[str]) -> list[CallRecord]:
    return [
        a_call(
            f"{source}-{number}",
            phone_number=number,
            agent=an_agent(f"Agent {agents[place % len(agents)]}", number=agents[place % len(agents)]),
            labels={"queue": "Support"},
        )
        for place, number in enumerate(numbers)
    ]


async def test_two_sources_with_the_same_new_people_make_each_once(house: House, other: House) -> None:
    await house.source(Provider.SMARTFLO, "one"), await house.source(Provider.ACEFONE, "two")
    await asyncio.gather(
        save(house, *calls_of("one", CALLERS, ["2001", "2002"]), source="one"),
        save(other, *calls_of("two", CALLERS[::-1], ["2002", "2001"]), source="two", provider=Provider.ACEFONE),
    )
    found = await rows(house)
    assert len(found["calls"]) == 2 * len(CALLERS)
    assert sorted(contact["identity"] for contact in found["contacts"]) == sorted(CALLERS)
    assert len(found["agents"]) == 4
    assert all(call["agent_id"] and call["contact_id"] for call in found["calls"])


async def test_one_source_told_by_two_writers_makes_each_agent_and_call_once(house: House, other: House) -> None:
    await house.source(Provider.SMARTFLO, "one")
    records = calls_of("one", CALLERS, ["2001", "2002", "2003"])
    counted = await asyncio.gather(
        save(house, *records, source="one"),
        save(other, *records[::-1], source="one"),
        save(house, *records, source="one"),
    )
    assert sum(counts.new for counts in counted) == len(records)
    found = await rows(house)
    assert (len(found["calls"]), len(found["agents"]), len(found["contacts"])) == (len(CALLERS), 3, len(CALLERS))


async def test_what_two_writers_learn_of_one_agent_is_all_kept(house: House, other: House) -> None:
    await save(house, an_agent("Ada Strom"))
    known: list[dict[str, Any]] = [
        {"provider_agent_id": "7"}, {"code": "A1"}, {"email": "ada@example.com"}, {"tags": ("north",)}, {"number": "2001"},
    ]  # fmt: skip
    await asyncio.gather(
        *[save(house if place % 2 else other, an_agent("Ada Strom", **one)) for place, one in enumerate(known)]
    )
    (agent,) = (await rows(house))["agents"]
    assert (agent["provider_agent_id"], agent["code"], agent["email"]) == ("7", "A1", "ada@example.com")
    assert (agent["tags"], agent["number"]) == (["north"], "2001")


async def test_what_two_sources_learn_of_one_contact_is_all_kept(house: House, other: House) -> None:
    number = a_number("316-555-0133")
    await save(house, ContactRecord(numbers=(number,)), source="one")
    await save(house, source="two")
    lead = Lead(provider_lead_id="L1", status="Hot", modified_at=NOW)
    await asyncio.gather(
        save(house, ContactRecord(numbers=(number,), name="Jo Doe"), source="one"),
        save(other, ContactRecord(numbers=(number,), lead=lead), source="two"),
        save(house, ContactRecord(numbers=(number,), email="jo@example.com"), source="one"),
    )
    (contact,) = (await rows(house))["contacts"]
    assert (contact["name"], contact["email"], contact["is_lead"]) == ("Jo Doe", "jo@example.com", True)
    assert contact["details"]["lead"]["status"] == "Hot"


async def test_leads_that_share_a_number_are_one_contact_whoever_writes_first(house: House, other: House) -> None:
    await house.source(Provider.SMARTFLO)
    a, b, c = (a_number(number) for number in CALLERS[:3])
    await asyncio.gather(
        save(house, ContactRecord(numbers=(a, b), name="Jo")), save(other, ContactRecord(numbers=(b, c), name="Jo"))
    )
    assert len((await rows(house))["contacts"]) == 1


async def test_pieces_of_one_call_that_come_at_once_are_both_kept(house: House, other: House) -> None:
    await house.source(Provider.ASTERISK)
    second = {"start": "2024-05-09 06:22:50", "answer": "2024-05-09 06:22:55", "end": "2024-05-09 06:23:50"}
    pieces = [row(**ROW), row(**(ROW | second))]
    await asyncio.gather(house.take(Provider.ASTERISK, [pieces[0]]), other.take(Provider.ASTERISK, [pieces[1]]))
    ((call,),) = [(await content(house))["calls"].values()]
    assert len(call["legs"]) == 2


async def test_writers_that_meet_numbers_in_opposite_roles_never_wait_for_each_other(
    house: House, other: House
) -> None:
    """The agent's number of one batch is a caller's of the other, and both know one new contact."""
    await house.source(Provider.SMARTFLO, "one"), await house.source(Provider.ACEFONE, "two")
    for turn, (mine, theirs) in enumerate(list(permutations(CALLERS, 2))[:10]):
        mine, theirs = f"{mine}{turn}", f"{theirs}{turn}"
        both = a_call(f"both-{turn}", phone_number=f"+1415555{2000 + turn}")
        start = both.started_at + timedelta(minutes=turn)
        await asyncio.gather(
            save(
                house,
                a_call(f"a-{turn}", agent=an_agent("Ada", number=mine), phone_number=theirs, started_at=start),
                both,
                source="one",
            ),
            save(
                other,
                a_call(f"b-{turn}", agent=an_agent("Bo", number=theirs), phone_number=mine, started_at=start),
                both,
                source="two",
                provider=Provider.ACEFONE,
            ),
        )
    assert len((await rows(house))["calls"]) == 40
