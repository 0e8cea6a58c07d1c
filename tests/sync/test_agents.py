"""Agents as calls and reports tell of them: each once within a source, and completed by whatever comes later."""

from datetime import timedelta
from typing import Any

from app.domain.agents import AgentDevice, AgentSettings
from app.domain.calls import CallLeg, CallRecord, LegKind
from app.domain.sources import Provider
from tests.builders import a_call, an_agent, voxcrow_row
from tests.conftest import NOW, House
from tests.sync.records import take
from tests.sync.stored import rows


def called(key: str, hours_ago: int = 1, **agent: Any) -> CallRecord:
    return a_call(key, agent=an_agent(agent.pop("name", None), **agent), started_at=NOW - timedelta(hours=hours_ago))


async def agents_of(house: House) -> list[tuple[Any, ...]]:
    found = (await rows(house))["agents"]
    return sorted(((one["provider_agent_id"], one["number"], one["name"]) for one in found), key=repr)


async def agent_of_each_call(house: House) -> dict[str, str | None]:
    return {call["provider_call_id"]: call["agent_id"] for call in (await rows(house))["calls"]}


async def test_agents_of_two_sources_are_never_one(house: House) -> None:
    for source in ("one", "two"):
        await take(house, called("c", provider_agent_id="7", number="2001", name="Smith"), source=source)
    assert len(await agents_of(house)) == 2
    found = await rows(house)
    assert {(call["source_id"], call["agent_id"]) for call in found["calls"]} == {
        (agent["source_id"], agent["id"]) for agent in found["agents"]
    }


async def test_two_smiths_with_different_numbers_stay_two(house: House) -> None:
    await take(house, called("a", number="2001", name="Smith"), called("b", number="2002", name="Smith"))
    assert await agents_of(house) == [(None, "2001", "Smith"), (None, "2002", "Smith")]
    assert len(set((await agent_of_each_call(house)).values())) == 2


async def test_two_smiths_stay_two_where_the_bare_name_was_known_before(house: House) -> None:
    await take(house, called("bare", 9, name="Smith"))
    await take(house, called("a", 2, number="2001", name="Smith"), called("b", 1, number="2002", name="Smith"))
    assert await agents_of(house) == [(None, "2001", "Smith"), (None, "2002", "Smith")]
    agents = await agent_of_each_call(house)
    assert agents["bare"] == agents["a"] != agents["b"] is not None


async def test_id_that_is_learned_later_completes_the_agent(house: House) -> None:
    await take(house, called("a", 3, number="2001"))
    await take(house, called("b", 2, number="2001", name="Smith"))
    await take(house, called("c", 1, number="2001", provider_agent_id="7"))
    await take(house, called("d", 1, provider_agent_id="7"))
    assert await agents_of(house) == [("7", "2001", "Smith")]
    assert len(set((await agent_of_each_call(house)).values())) == 1


async def test_what_one_batch_tells_in_pieces_is_one_agent(house: House) -> None:
    await take(
        house,
        called("a", number="2001", name="Smith"),
        called("b", number="2001", provider_agent_id="7"),
        called("c", name="Smith"),
    )
    assert await agents_of(house) == [("7", "2001", "Smith")]


async def test_two_ids_at_one_number_are_two_agents(house: House) -> None:
    await take(house, called("a", number="2001", provider_agent_id="7", name="Smith"))
    await take(house, called("b", number="2001", provider_agent_id="8", name="Smith"))
    assert await agents_of(house) == [("7", "2001", "Smith"), ("8", "2001", "Smith")]


async def test_extension_that_is_given_to_somebody_else_shows_the_new_name(house: House) -> None:
    await take(house, called("a", 2, number="2001", name="Smith"))
    await take(house, called("b", 1, number="2001", name="Jones"))
    assert await agents_of(house) == [(None, "2001", "Jones")]


async def test_call_keeps_an_agent_after_the_one_of_that_number_moved(house: House) -> None:
    """Agent 7 moved from 2001 to 2002; somebody new sits at 2001, of whom only number and name are known."""
    await take(house, called("a", 4, number="2001", name="Smith"))
    await take(house, called("b", 3, number="2001", provider_agent_id="7"))
    await take(house, called("c", 2, number="2002", provider_agent_id="7"))
    await take(house, called("d", 1, number="2001", name="Jones"))
    assert await agents_of(house) == [("7", "2002", "Smith"), (None, "2001", "Jones")]
    agents = await agent_of_each_call(house)
    assert agents["a"] == agents["b"] == agents["c"] != agents["d"]
    assert agents["d"] is not None


async def test_call_names_an_agent_however_names_and_numbers_changed_within_one_batch(house: House) -> None:
    await take(
        house,
        called("a", 9, name="Smith"),
        called("b", 8, name="Smith", number="2001"),
        called("c", 7, name="Smith", number="2002"),
        called("d", 6, name="Jones", number="2001"),
        called("e", 5, name="Smith"),
    )
    assert all((await agent_of_each_call(house)).values())


async def test_agent_without_id_number_or_name_is_none(house: House) -> None:
    await take(house, called("a", number="anonymous"), called("b", code="C7"))
    assert await agents_of(house) == []
    assert await agent_of_each_call(house) == {"a": None, "b": None}


async def test_agents_of_legs_are_agents_too(house: House) -> None:
    missed = CallLeg(kind=LegKind.MISSED_AGENT, agent=an_agent("Ben", provider_agent_id="8"))
    answered = CallLeg(kind=LegKind.AGENT, agent=an_agent("Ada", provider_agent_id="7"))
    await take(house, a_call("a", agent=an_agent("Ada"), legs=(missed, answered)))
    found = await rows(house)
    names = {agent["id"]: agent["name"] for agent in found["agents"]}
    legs = sorted(found["call_legs"], key=lambda leg: leg["position"])
    assert [names[leg["agent_id"]] for leg in legs] == ["Ben", "Ada"]
    assert [names[call["agent_id"]] for call in found["calls"]] == ["Ada"]


async def test_device_and_settings_that_are_told_apart_are_both_kept(house: House) -> None:
    await take(house, an_agent("Ada", device=AgentDevice(model="X"), modified_at=NOW))
    await take(house, an_agent("Ada", settings=AgentSettings(lead_active=True), modified_at=NOW - timedelta(days=1)))
    await take(house, an_agent("Ada", device=AgentDevice(model="Old"), modified_at=NOW - timedelta(days=2)))
    (agent,) = (await rows(house))["agents"]
    assert agent["details"] == {"device": {"model": "X"}, "settings": {"lead_active": True}}


async def test_tags_are_replaced_by_newer_ones_and_found_by(house: House) -> None:
    await take(house, an_agent("Ada", tags=("North", "Sales"), modified_at=NOW - timedelta(days=1)))
    await take(house, an_agent("Ada", tags=("South",), modified_at=NOW))
    await take(house, an_agent("Ada", tags=("West",), modified_at=NOW - timedelta(days=2)))
    found = await rows(house)
    assert [agent["tags"] for agent in found["agents"]] == [["South"]]
    assert [tag["key"] for tag in found["agent_tags"]] == ["south"]


async def test_record_without_tags_takes_none_away_and_an_empty_list_takes_all(house: House) -> None:
    await take(house, an_agent("Ada", tags=("North",), modified_at=NOW - timedelta(days=2)))
    await take(house, an_agent("Ada", tags=None, modified_at=NOW - timedelta(days=1)))
    assert [agent["tags"] for agent in (await rows(house))["agents"]] == [["North"]]
    await take(house, an_agent("Ada", tags=(), modified_at=NOW))
    found = await rows(house)
    assert ([agent["tags"] for agent in found["agents"]], found["agent_tags"]) == ([[]], [])


async def test_voxcrow_extension_is_one_agent_over_all_its_calls(house: House) -> None:
    rows_told = [voxcrow_row(phone_number=f"98110000{n:02}", calldate=f"2024-05-06 11:{n:02}:00") for n in range(20)]
    await house.take(Provider.VOXCROW, rows_told)
    assert await agents_of(house) == [(None, "2003", "Anita")]
    assert len(set((await agent_of_each_call(house)).values())) == 1
