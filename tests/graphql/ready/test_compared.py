"""The earlier range of the ready-made statistics: of all calls, by row, by slot, and how long a list was then."""

from typing import Any

import pytest

from tests.builders import save
from tests.conftest import House
from tests.graphql.ready.test_pairs import RAM, SITA, call

DAY = 24
TODAY = "filter: {period: TODAY}, compareTo: PREVIOUS_PERIOD"
LISTS = ("neverAttended", "notPickedUp", "unreturnedCalls", "uniqueContacts", "agentSummaries")


async def two_days(house: House) -> House:
    """Ada talked with Ram today, and was called in vain yesterday; Bo dialled Sita on both days, and missed Ram yesterday."""
    await save(
        house,
        *(call("talk", 5, "in"), call("dialled", 6, "dialled", "Bo", SITA)),
        *(call("missed", DAY + 5), call("dialled before", DAY + 6, "dialled", "Bo", SITA)),
        call("missed by Bo", DAY + 4, "missed", "Bo", RAM),
    )
    return house


async def test_summary_and_analysis_have_those_of_the_earlier_range(house: House) -> None:
    await two_days(house)
    data = await house.ask(
        f"""{{ callSummary({TODAY}) {{ total missed neverAttended previous {{ total missed neverAttended agents
               lastCall {{ providerCallId }} previous {{ total }} }} }}
             callAnalysis({TODAY}) {{ topCaller {{ agent {{ name }} }} longestCall {{ providerCallId }}
               previous {{ total days longestCall {{ id }} topCaller {{ agent {{ name }} total }} }} }} }}"""
    )
    assert data["callSummary"] == {
        "total": 2, "missed": 0, "neverAttended": 0,
        "previous": {"total": 3, "missed": 2, "neverAttended": 2, "agents": 2,
                     "lastCall": {"providerCallId": "missed by Bo"}, "previous": None},
    }  # fmt: skip
    assert data["callAnalysis"]["longestCall"] == {"providerCallId": "talk"}
    assert data["callAnalysis"]["previous"] == {
        "total": 3, "days": 1, "longestCall": None, "topCaller": {"agent": {"name": "Bo"}, "total": 2},
    }  # fmt: skip


async def test_rows_have_that_of_the_same_agent_or_number_and_null_where_there_was_none(house: House) -> None:
    await two_days(house)
    await save(house, call("new today", 2, "in", "Cy", "+9779811000007"))
    data = await house.ask(
        f"""{{ agentSummaries({TODAY}) {{ previousTotalCount nodes {{ agent {{ name }} total previous {{ total missed
               neverAttended notPickedUp workingSeconds agent {{ name }} calls {{ totalCount }} }} }} }}
             uniqueContacts({TODAY}) {{ previousTotalCount totalCount nodes {{ phoneNumber previous {{ total }} }} }} }}"""
    )
    agents = {node["agent"]["name"]: node["previous"] for node in data["agentSummaries"]["nodes"]}
    assert agents == {
        "Ada": {"total": 1, "missed": 1, "neverAttended": 1, "notPickedUp": 0, "workingSeconds": 60,
                "agent": {"name": "Ada"}, "calls": {"totalCount": 1}},
        "Bo": {"total": 2, "missed": 1, "neverAttended": 1, "notPickedUp": 1, "workingSeconds": 2 * 3600 + 60,
               "agent": {"name": "Bo"}, "calls": {"totalCount": 2}},
        "Cy": None,
    }  # fmt: skip
    contacts = data["uniqueContacts"]
    assert (contacts["totalCount"], contacts["previousTotalCount"]) == (3, 2)
    assert {node["phoneNumber"]: node["previous"] for node in contacts["nodes"]} == {
        RAM: {"total": 2}, SITA: {"total": 1}, "+9779811000007": None,
    }  # fmt: skip


async def test_lists_say_how_long_they_were_only_where_they_are_compared(house: House) -> None:
    await two_days(house)
    fields = " ".join(f"{name}({TODAY}) {{ totalCount previousTotalCount }}" for name in LISTS)
    found = await house.ask(f"{{ {fields} }}")
    counts = {name: (found[name]["totalCount"], found[name]["previousTotalCount"]) for name in LISTS}
    assert counts == {
        "neverAttended": (0, 2), "notPickedUp": (1, 1), "unreturnedCalls": (0, 1), "uniqueContacts": (2, 2),
        "agentSummaries": (2, 2),
    }  # fmt: skip
    alone = " ".join(f"{name}(filter: {{period: TODAY}}) {{ previousTotalCount }}" for name in LISTS)
    assert await house.ask(f"{{ {alone} }}") == {key: {"previousTotalCount": None} for key in LISTS}


async def test_slots_have_the_same_slots_of_the_earlier_range(house: House) -> None:
    await two_days(house)
    found = (
        await house.ask(
            f"""{{ hourlyActivity({TODAY}) {{ amount {{ total }} previous {{ amount {{ total }} days }}
                   slots {{ from amount {{ total }} previous {{ from amount {{ total }} }} }} }} }}"""
        )
    )["hourlyActivity"]
    assert (found["amount"], found["previous"]) == ({"total": 2}, {"amount": {"total": 3}, "days": 1})
    assert all(slot["from"] == slot["previous"]["from"] for slot in found["slots"])
    assert sum(slot["previous"]["amount"]["total"] for slot in found["slots"]) == 3


@pytest.mark.parametrize("name", [*LISTS, "callSummary", "callAnalysis", "hourlyActivity", "dailyActivity"])
async def test_comparing_needs_a_range_with_both_ends(house: House, name: str) -> None:
    query = "{ %s(filter: {startedAt: {}}, compareTo: PREVIOUS_PERIOD) { __typename } }"
    answer: dict[str, Any] = await house.answer(query % name)
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == ([name], "BAD_USER_INPUT")
    assert "compareTo needs a range with both ends" in error["message"]
