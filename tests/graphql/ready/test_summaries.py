"""Figures of calls in the graph: of all, by agent, by outside number; the analysis, and activity by the clock."""

from dataclasses import replace
from typing import Any

from app.domain.scope import Right
from tests.builders import save
from tests.conftest import House
from tests.graphql.ready.test_pairs import RAM, SITA, call

FIGURES = """total inbound answered missed connected neverAttended notPickedUp talkSeconds averageTalkSeconds
  averageOutboundTalkSeconds lastCall { providerCallId }"""


async def filled(house: House) -> House:
    """Ada talked with Ram for 50 seconds and missed him later; Bo dialled Sita in vain, and a short talk was none."""
    short = replace(call("short", 4, "in", "Bo", SITA), talk_seconds=2)
    await save(house, call("talk", 9, "in"), call("missed", 8), call("vain", 5, "dialled", "Bo", SITA), short)
    return house


def figures(total: int, **said: Any) -> dict[str, Any]:
    none = dict.fromkeys(
        ("inbound", "answered", "missed", "connected", "neverAttended", "notPickedUp", "talkSeconds"), 0
    )
    averages = dict.fromkeys(("averageTalkSeconds", "averageOutboundTalkSeconds"))
    return {"total": total, **none, **averages, **said}


ADA = figures(
    2, inbound=2, answered=1, missed=1, connected=1, neverAttended=1, talkSeconds=50, averageTalkSeconds=50.0,
    lastCall={"providerCallId": "missed"},
)  # fmt: skip
BO = figures(2, inbound=1, answered=1, notPickedUp=1, talkSeconds=2, lastCall={"providerCallId": "short"})


async def test_agents_and_contacts_have_the_figures_of_their_calls(house: House) -> None:
    await filled(house)
    data = await house.ask(
        f"""{{ agentSummaries(orderBy: {{field: TALK_SECONDS}}) {{ totalCount nodes {{ agent {{ name }} workingSeconds
              uniqueContacts calls {{ totalCount }} {FIGURES} }} }}
              uniqueContacts(orderBy: {{field: TALK_SECONDS}}) {{ totalCount nodes {{ phoneNumber calls {{ totalCount }}
              {FIGURES} }} }} }}"""
    )
    more = {"uniqueContacts": 1, "calls": {"totalCount": 2}}
    assert data["agentSummaries"] == {
        "totalCount": 2,
        "nodes": [
            {"agent": {"name": "Ada"}, "workingSeconds": 3600 + 60, **more, **ADA},
            {"agent": {"name": "Bo"}, "workingSeconds": 3600 + 60, **more, **BO},
        ],
    }
    calls = {"calls": {"totalCount": 2}}
    assert data["uniqueContacts"]["nodes"] == [
        {"phoneNumber": RAM, **calls, **ADA},
        {"phoneNumber": SITA, **calls, **BO},
    ]


async def test_summary_and_analysis_are_of_all_calls(house: House) -> None:
    await filled(house)
    data = await house.ask(
        """{ callSummary { total agents uniqueContacts workingSeconds neverAttended notPickedUp averageTalkSeconds }
             callAnalysis(timezone: "Asia/Kathmandu") { total days talkSecondsPerDay talkSecondsPerOutboundCall
               topDialer { agent { name } outbound } topAnswerer { agent { name } } highestTotalTalk { talkSeconds }
               topCaller { agent { name } total } longestCall { providerCallId } } }"""
    )
    assert data["callSummary"] == {
        "total": 4, "agents": 2, "uniqueContacts": 2, "workingSeconds": 7320, "neverAttended": 1, "notPickedUp": 1,
        "averageTalkSeconds": 50.0,
    }  # fmt: skip
    analysis = data["callAnalysis"]
    assert (analysis["days"], analysis["talkSecondsPerDay"], analysis["talkSecondsPerOutboundCall"]) == (1, 52.0, None)
    assert analysis["topDialer"] == {"agent": {"name": "Bo"}, "outbound": 1}
    assert analysis["highestTotalTalk"] == {"talkSeconds": 50}
    assert analysis["longestCall"] == {"providerCallId": "talk"}
    assert analysis["topCaller"]["total"] == 2


async def test_averages_of_nothing_are_null(house: House) -> None:
    data = await house.ask(
        """{ callSummary { total talkSeconds averageTalkSeconds lastCallAt lastCall { id } }
             callAnalysis { days talkSecondsPerDay topCaller { total } longestCall { id } }
             hourlyActivity(filter: {startedAt: {}}) { days averagePerDay { total } slots { percent { total } } } }"""
    )
    assert data["callSummary"] == {
        "total": 0, "talkSeconds": 0, "averageTalkSeconds": None, "lastCallAt": None, "lastCall": None,
    }  # fmt: skip
    assert data["callAnalysis"] == {"days": 0, "talkSecondsPerDay": None, "topCaller": None, "longestCall": None}
    assert data["hourlyActivity"]["averagePerDay"] == {"total": None}
    assert {slot["percent"]["total"] for slot in data["hourlyActivity"]["slots"]} == {None}


async def test_activity_has_slots_over_the_working_hours_with_one_before_and_one_after(house: House) -> None:
    await filled(house)  # at 3, 4, 7 and 8 o'clock on a Saturday
    query = """query($x: [Weekday!]) { hourlyActivity(filter: {period: LAST_7_DAYS}, excludeWeekdays: $x,
      workingHours: {from: "04:00", to: "06:30"}) { days daysWithEmptySlots amount { total talkSeconds }
      averagePerDay { total } slots { from to amount { total } percent { total } daysWithoutCalls
      days { date weekday amount { total } } } } }"""
    found = (await house.ask(query, x=["SUNDAY"]))["hourlyActivity"]
    assert [(slot["from"], slot["to"], slot["amount"]["total"]) for slot in found["slots"]] == [
        ("00:00", "04:00", 1), ("04:00", "05:00", 1), ("05:00", "06:00", 0), ("06:00", "06:30", 0), ("06:30", "24:00", 2),
    ]  # fmt: skip
    assert [slot["percent"]["total"] for slot in found["slots"]] == [25.0, 25.0, 0.0, 0.0, 50.0]
    assert (found["days"], found["daysWithEmptySlots"], found["amount"]) == (6, 6, {"total": 4, "talkSeconds": 52})
    assert found["averagePerDay"] == {"total": 4 / 6}
    assert found["slots"][0]["daysWithoutCalls"] == 5
    assert found["slots"][0]["days"][-1] == {"date": "2024-06-01", "weekday": "SATURDAY", "amount": {"total": 1}}
    assert (await house.ask(query, x=["SATURDAY"]))["hourlyActivity"]["amount"] == {"total": 0, "talkSeconds": 0}


async def test_activity_refuses_hours_over_midnight_and_ranges_over_a_year(house: House) -> None:
    for argument in (
        'workingHours: {from: "18:00", to: "09:00"}',
        'filter: {startedAt: {from: "2022-01-01T00:00:00Z", to: "2024-01-01T00:00:00Z"}}',
    ):
        answer = await house.answer(f"{{ hourlyActivity({argument}) {{ days }} }}")
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_figures_need_stats_read(house: House) -> None:
    viewer = replace(house, scope=replace(house.scope, rights=frozenset({Right.CALLS_READ})))
    names = ("callSummary", "callAnalysis", "hourlyActivity", "agentSummaries", "uniqueContacts", "unreturnedCalls")
    answer = await viewer.answer("{ " + " ".join(f"{name} {{ __typename }}" for name in names) + " }")
    assert answer["data"] == dict.fromkeys(names)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
