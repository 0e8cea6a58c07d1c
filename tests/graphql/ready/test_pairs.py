"""Never attended and not picked up in the graph: whom they name, what hangs on them, and who may see it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.scope import EVERY_RIGHT, Reach, Right
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, House
from tests.graphql.test_viewers import ours

RAM, SITA = "+9779811000001", "+9779811000002"
NEVER = """query($filter: CallFilter) { neverAttended(filter: $filter) { totalCount nodes {
  agent { name } phoneNumber firstMissedAt lastMissedAt missedCalls rejectedCalls
  lastCall { providerCallId } calls { totalCount nodes { providerCallId } } } } }"""


def call(key: str, hours: float, said: str = "missed", agent: str | None = "Ada", number: str = RAM) -> CallRecord:
    """A call of some hours ago: missed, rejected, dialled, talked to (in) or called back (out)."""
    outcome = {"missed": "MISSED", "rejected": "REJECTED", "dialled": "NO_ANSWER"}.get(said, "ANSWERED")
    way = CallDirection.OUTBOUND if said in ("dialled", "out") else CallDirection.INBOUND
    return a_call(
        key,
        started_at=NOW - timedelta(hours=hours),
        direction=way,
        outcome=CallOutcome[outcome],
        talk_seconds=50 if outcome == "ANSWERED" else 0,
        phone_number=number,
        agent=an_agent(agent) if agent else None,
    )


async def nodes(house: House, query: str, **variables: Any) -> Any:
    (found,) = (await house.ask(query, **variables)).values()
    assert found["totalCount"] == len(found["nodes"])
    return found["nodes"]


async def test_missed_call_is_attended_by_a_later_talk_in_either_direction_and_by_no_earlier_one(house: House) -> None:
    await save(
        house,
        *(call("talked before", 9, "in"), call("first", 8), call("second", 7, "rejected")),
        *(call("called back", 5, "out", number=SITA), call("missed", 6, number=SITA)),
        *(call("others", 4, number="+9779811000003"), call("by another", 3, "out", "Bo", "+9779811000003")),
    )
    found = await nodes(house, NEVER)
    assert [(node["phoneNumber"], node["agent"]["name"]) for node in found] == [
        ("+9779811000003", "Ada"),
        (RAM, "Ada"),
    ]
    assert found[1] == {
        "agent": {"name": "Ada"},
        "phoneNumber": RAM,
        "firstMissedAt": "2024-06-01T04:00:00Z",
        "lastMissedAt": "2024-06-01T05:00:00Z",
        "missedCalls": 2,
        "rejectedCalls": 1,
        "lastCall": {"providerCallId": "second"},
        "calls": {"totalCount": 3, "nodes": [{"providerCallId": k} for k in ("second", "first", "talked before")]},
    }


async def test_missed_calls_without_an_agent_or_a_number_are_nobodys(house: House) -> None:
    await save(
        house, call("agentless", 2, agent=None), a_call("withheld", phone_number=None, outcome=CallOutcome.MISSED)
    )
    assert await nodes(house, NEVER) == []


async def test_talk_that_the_filter_leaves_out_attends_nothing(house: House) -> None:
    await save(house, call("missed", 6), call("back", 5, "out"))
    assert await nodes(house, NEVER) == []
    (node,) = await nodes(house, NEVER, filter={"direction": ["INBOUND"]})
    assert node["calls"]["nodes"] == [{"providerCallId": "missed"}]


async def test_statistics_are_of_the_last_30_days_unless_the_filter_says_a_range(house: House) -> None:
    await save(house, call("old", 24 * 40), call("old, too", 24 * 40, "dialled", number=SITA))
    for query in ("neverAttended", "notPickedUp"):
        counts = "{ lately: %s { totalCount } ever: %s(filter: {startedAt: {}}) { totalCount } }"
        assert await house.ask(counts % (query, query)) == {"lately": {"totalCount": 0}, "ever": {"totalCount": 1}}


async def test_contact_has_not_picked_up_until_an_outgoing_call_is_talked_on(house: House) -> None:
    await save(
        house,
        *(call("one", 9, "dialled"), call("two", 8, "dialled"), call("they called", 7, "in")),
        *(call("attempt", 9, "dialled", number=SITA), call("talk", 8, "out", number=SITA)),
        replace(call("too short", 5, "out", "Bo"), talk_seconds=2),
    )
    query = """{ notPickedUp(orderBy: {field: ATTEMPTS}) { totalCount nodes { agent { name } contact { phoneNumber }
      phoneNumber firstAttemptAt lastAttemptAt attempts lastCall { providerCallId } calls { totalCount } } } }"""
    first, second = await nodes(house, query)
    assert first == {
        "agent": {"name": "Ada"},
        "contact": {"phoneNumber": RAM},
        "phoneNumber": RAM,
        "firstAttemptAt": "2024-06-01T03:00:00Z",
        "lastAttemptAt": "2024-06-01T04:00:00Z",
        "attempts": 2,
        "lastCall": {"providerCallId": "two"},
        "calls": {"totalCount": 3},
    }
    assert (second["agent"]["name"], second["attempts"]) == ("Bo", 1)


async def test_calls_of_a_row_can_be_filtered_sorted_and_paged(house: House) -> None:
    await save(house, *[call(f"c{n}", 9 - n) for n in range(4)], call("talk", 9.5, "in"))
    query = """{ neverAttended { nodes { calls(first: 2, orderBy: {direction: ASC}, filter: {outcome: [MISSED]}) {
      totalCount pageInfo { hasNextPage } nodes { providerCallId } } } } }"""
    ((node,),) = [found["nodes"] for found in (await house.ask(query)).values()]
    assert node["calls"] == {
        "totalCount": 4,
        "pageInfo": {"hasNextPage": True},
        "nodes": [{"providerCallId": "c0"}, {"providerCallId": "c1"}],
    }


@pytest.mark.parametrize("field", ["agent { name }", "contact { id }", "lastCall { id }", "calls { totalCount }"])
async def test_what_hangs_on_a_row_needs_calls_read_and_the_rest_is_answered(house: House, field: str) -> None:
    await save(house, call("missed", 1), call("dialled", 1, "dialled"))
    viewer = replace(house, scope=replace(house.scope, rights=frozenset({Right.STATS_READ})))
    for root in ("neverAttended", "notPickedUp"):
        answer = await viewer.answer(f"{{ {root} {{ nodes {{ phoneNumber {field} }} }} }}")
        (error,) = answer["errors"]
        name = field.split()[0]
        assert (error["path"], error["extensions"]["code"]) == ([root, "nodes", 0, name], "FORBIDDEN")
        assert answer["data"] == {root: {"nodes": [{"phoneNumber": "•" * 11 + "001", name: None}]}}


async def test_statistics_need_stats_read(house: House) -> None:
    viewer = replace(house, scope=replace(house.scope, rights=EVERY_RIGHT - {Right.ADMIN, Right.STATS_READ}))
    answer = await viewer.answer("{ neverAttended { totalCount } notPickedUp { totalCount } }")
    assert answer["data"] == {"neverAttended": None, "notPickedUp": None}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


async def test_limited_viewer_has_the_statistics_of_the_calls_within_reach(house: House) -> None:
    await save(house, call("adas", 2), call("bos", 1, agent="Bo"))
    agents = (await house.ask("{ agents { nodes { id name } } }"))["agents"]["nodes"]
    ada = next(agent["id"] for agent in agents if agent["name"] == "Ada")
    viewer = replace(house, scope=replace(house.scope, reach=Reach(agent_ids=(ours(ada),))))
    found = await nodes(viewer, NEVER)
    assert [node["agent"]["name"] for node in found] == ["Ada"]
