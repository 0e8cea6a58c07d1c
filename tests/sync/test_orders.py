"""In whatever order records come, and however they are cut into batches, the store ends up saying the same."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallLeg, CallOutcome, CallRecord, LegKind, Record
from app.domain.contacts import ContactProfile, ContactRecord
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.scope import Scope
from app.domain.sources import Provider
from app.store import sources
from tests.builders import a_call, a_number, an_agent
from tests.conftest import NOW, SCOPE, House
from tests.providers.asterisk.samples import OUTGOING, row
from tests.sync.records import take
from tests.sync.stored import content

# Every example has workspaces of its own, so that they can share the store of the test.
shared = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
_workspace = count(1)

AGENTS = st.builds(
    lambda place, said: an_agent(
        said.pop("name", None) and f"Agent {place}", number=f"200{place}", **{k: f"{v}{place}" for k, v in said.items()}
    ),
    st.integers(0, 2),
    st.fixed_dictionaries(
        {}, optional={"name": st.just("x"), "code": st.just("C"), "provider_agent_id": st.just("7")}
    ).map(dict),
)
CONTACTS = st.none() | st.builds(
    lambda name: ContactRecord(name=name, profile=ContactProfile(city=f"{name}ville")), st.sampled_from(["Jo", "Kim"])
)
UNITS = st.sampled_from(
    [
        (),
        (OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id="3", name="Shop"),),
        (
            OrgUnitRecord(kind=OrgUnitKind.CORPORATE, provider_unit_id="1", name="Corp"),
            OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id="3", label="North"),
        ),
    ]
)
LEGS = st.lists(st.builds(lambda agent: CallLeg(kind=LegKind.AGENT, agent=agent), AGENTS), max_size=2).map(tuple)
SAID = st.fixed_dictionaries(
    {
        "phone_number": st.sampled_from(["316-555-0133", "316-555-0144", "anonymous", "112"]),
        "direction": st.sampled_from([CallDirection.INBOUND, CallDirection.OUTBOUND]),
        "outcome": st.sampled_from([CallOutcome.ANSWERED, CallOutcome.MISSED]),
        "agent": st.none() | AGENTS,
        "contact": CONTACTS,
        "legs": LEGS,
        "org_units": UNITS,
        "notes": st.sampled_from([None, "leaking sink", "call back"]),
        "labels": st.sampled_from([{}, {"queue": "Sales"}, {"campaign": ("Spring", "7"), "queue": "Support"}]),
    }
)


@st.composite
def tellings(draw: st.DrawFn) -> list[Record]:
    """Calls of distinct moments, some of them told in several versions."""
    told: list[Record] = []
    for place in range(draw(st.integers(1, 5))):
        for version in range(draw(st.integers(1, 2))):
            at = NOW - timedelta(minutes=10 * place, seconds=version)
            modified = NOW + timedelta(minutes=version)
            told.append(a_call(f"call-{place}", started_at=at, modified_at=modified, **dict(draw(SAID))))
    return told


def batches(draw: st.DrawFn, items: Sequence[Any]) -> list[list[Any]]:
    """The items in some order, in some batches."""
    left, found = list(draw(st.permutations(items))), []
    while left:
        size = draw(st.integers(1, len(left)))
        found.append(left[:size])
        left = left[size:]
    return found


async def another(house: House) -> House:
    """An empty workspace in the same store."""
    made = House(house.database, Scope(f"w{next(_workspace)}", regions=SCOPE.regions))
    async with house.database.write() as connection:
        await sources.ensure_workspace(connection, made.scope, "UTC", NOW)
    return made


def told_by_calls(found: dict[str, Any]) -> dict[str, Any]:
    """Calls, their agents by number alone: a version that was stale in the end may have told a name before that."""

    def numbered(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"agent_id": row["agent_id"] and row["agent_id"][1]}

    return {
        key: numbered(call) | {"legs": [numbered(leg) for leg in call["legs"]]} for key, call in found["calls"].items()
    }


def numbers_of_contacts(found: dict[str, Any]) -> list[str]:
    return [row["number"] for row in found["contact_numbers"]]


@shared
@given(st.data())
async def test_any_order_and_any_batches_of_versions_end_in_the_same(house: House, data: st.DataObject) -> None:
    told = data.draw(tellings())
    newest = {record.provider_call_id: record for record in told if isinstance(record, CallRecord)}
    at_once, in_pieces = await another(house), await another(house)
    await take(at_once, *newest.values())
    for place, batch in enumerate(batches(data.draw, told)):
        await take(in_pieces, *batch, now=NOW + timedelta(minutes=place))
    expected, found = await content(at_once), await content(in_pieces)
    assert told_by_calls(found) == told_by_calls(expected)
    assert numbers_of_contacts(found) == numbers_of_contacts(expected)


@shared
@given(st.data())
async def test_any_order_of_distinct_calls_leaves_the_same_people_and_units(house: House, data: st.DataObject) -> None:
    told = list({one.provider_call_id: one for one in data.draw(tellings()) if isinstance(one, CallRecord)}.values())
    at_once, in_pieces = await another(house), await another(house)
    await take(at_once, *told)
    for place, batch in enumerate(batches(data.draw, told)):
        await take(in_pieces, *batch, now=NOW + timedelta(minutes=place))
    assert await content(in_pieces) == await content(at_once)


PIECES = [
    row(),
    row(dstchannel="SIP/1002-1", start="2024-05-09 06:22:34", answer="2024-05-09 06:22:40", end="2024-05-09 06:23:10"),
    row(disposition="NO ANSWER", answer="", billsec="0", end="2024-05-09 06:22:20", dstchannel="SIP/1003-1"),
    row(start="2024-05-09 06:22:10", src="3165550144", disposition="BUSY", answer="", billsec="0"),
    row(uniqueid="1715235734.2", **OUTGOING),
    row(uniqueid="1715235734.2", disposition="FAILED", answer="", billsec="0", **OUTGOING),
    row(uniqueid="1715235734.2", start=" 2024-05-09 06:22:14 ", **OUTGOING),
]


@shared
@given(st.data())
async def test_pieces_of_calls_fold_together_in_any_order_and_batches_also_when_sent_again(
    house: House, data: st.DataObject
) -> None:
    at_once, in_pieces = await another(house), await another(house)
    await at_once.take(Provider.ASTERISK, PIECES)
    repeated = data.draw(st.lists(st.sampled_from(PIECES), max_size=4))
    for place, batch in enumerate(batches(data.draw, [*PIECES, *repeated])):
        await in_pieces.take(Provider.ASTERISK, batch, now=NOW + timedelta(minutes=place))
    expected, found = await content(at_once), await content(in_pieces)
    assert [len(call["legs"]) for _, call in sorted(expected["calls"].items())] == [4, 2]
    assert told_by_calls(found) == told_by_calls(expected)
    assert numbers_of_contacts(found) == numbers_of_contacts(expected)


@shared
@given(st.data())
async def test_numbers_of_leads_have_one_owner_each_in_any_order_and_batches(house: House, data: st.DataObject) -> None:
    numbers = [a_number(f"316-555-01{n}") for n in range(40, 46)]
    leads = data.draw(
        st.lists(st.lists(st.sampled_from(numbers), min_size=1, max_size=3, unique=True), min_size=1, max_size=6)
    )
    store = await another(house)
    for batch in batches(data.draw, [ContactRecord(numbers=tuple(lead)) for lead in leads]):
        await take(store, *batch)
    assert sorted(numbers_of_contacts(await content(store))) == sorted(
        {number.key for lead in leads for number in lead}
    )


@shared
@given(st.data())
async def test_every_telling_finds_an_agent_however_agents_are_told(house: House, data: st.DataObject) -> None:
    people = st.builds(
        lambda id, number, name: an_agent(name, provider_agent_id=id, number=number),
        st.none() | st.sampled_from("78"), st.none() | st.sampled_from(["2001", "2002"]), st.none() | st.sampled_from("AB"),
    ).filter(lambda agent: agent.known)  # fmt: skip
    agents: list[AgentRecord] = data.draw(st.lists(people, min_size=1, max_size=6))
    store = await another(house)
    told = [
        a_call(f"c{place}", agent=agent, started_at=NOW + timedelta(minutes=place))
        for place, agent in enumerate(agents)
    ]
    for batch in batches(data.draw, told):
        await take(store, *batch)
    found = await content(store)
    assert all(call["agent_id"] for call in found["calls"].values())
    ids = [agent["provider_agent_id"] for agent in found["agents"] if agent["provider_agent_id"]]
    assert sorted(ids) == sorted({agent.provider_agent_id for agent in agents if agent.provider_agent_id})
    for call, agent in zip([found["calls"][f"smartflo/c{place}"] for place in range(len(agents))], agents, strict=True):
        if agent.provider_agent_id:
            assert call["agent_id"][0] == agent.provider_agent_id


async def test_an_id_that_one_batch_tells_of_two_names_stays_one_agents(house: House) -> None:
    await take(house, a_call("before", agent=an_agent("A"), started_at=NOW))
    names = [("A", "7"), ("B", None), ("B", "7")]
    told = [
        a_call(f"c{place}", agent=an_agent(name, provider_agent_id=id), started_at=NOW + timedelta(minutes=place))
        for place, (name, id) in enumerate(names)
    ]
    await take(house, *told)
    found = await content(house)
    assert [agent["provider_agent_id"] for agent in found["agents"] if agent["provider_agent_id"]] == ["7"]
    assert found["calls"]["smartflo/c0"]["agent_id"] == found["calls"]["smartflo/c2"]["agent_id"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_files_of_two_sources_do_not_touch_each_other_s_calls(order: tuple[int, ...], house: House) -> None:
    one = [("one", a_call("same", notes="one")), ("two", a_call("same", notes="two"))]
    for place in order:
        source, record = one[place]
        await take(house, record, source=source)
    assert {key: call["notes"] for key, call in (await content(house))["calls"].items()} == {
        "one/same": "one",
        "two/same": "two",
    }
