"""How many calls each of many numbers, agents, contacts and sources has."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import House
from tests.graphql.rows import MORNING, empty_house, fill, row

COUNTS = """query Counts($numbers: [PhoneNumber!]!, $filter: CallFilter) {
  callCounts(phoneNumbers: $numbers, filter: $filter) { phoneNumber total inbound outbound internal }
}"""
RAM, SITA, NOBODY = "+9779811000001", "+9779811000002", "+9779811000003"
DAY = 24 * 60
LONG_AGO = -40 * DAY  # in minutes from the morning of the tests' calls: more than 30 days before now


@pytest.fixture
async def filled(house: House) -> House:
    """Ram called twice and was called once, all lately; Sita called lately, and once long ago."""
    rows = [
        row("a", caller=RAM, agent="Anna"),
        row("b", caller=RAM, agent="Anna", outcome="MISSED"),
        row("c", caller=RAM, agent="Zoë", direction="OUTBOUND"),
        row("d", caller=SITA, agent="Zoë", minute=5),
        row("e", caller=SITA, minute=LONG_AGO),
    ]
    await fill(house, rows)
    return house


def counted(number: str, inbound: int, outbound: int = 0) -> dict[str, Any]:
    return {"phoneNumber": number, "total": inbound + outbound, "inbound": inbound, "outbound": outbound, "internal": 0}


async def test_every_number_is_answered_in_order_zeros_included(filled: House) -> None:
    found = await filled.ask(COUNTS, numbers=[SITA, NOBODY, RAM, SITA])
    assert found["callCounts"] == [counted(SITA, 1), counted(NOBODY, 0), counted(RAM, 2, 1), counted(SITA, 1)]


async def test_number_is_answered_as_it_was_asked_for(filled: House) -> None:
    typed = ["9811000001", "00977 981 1000001", "+977-981-100-0001"]
    assert (await filled.ask(COUNTS, numbers=typed))["callCounts"] == [counted(number, 2, 1) for number in typed]


async def test_counts_are_of_the_last_30_days_unless_the_filter_says_a_range(filled: House) -> None:
    for filter, expected in (
        (None, 1),
        ({}, 1),
        ({"connected": False}, 1),
        ({"period": "LAST_6_MONTHS"}, 2),
        ({"startedAt": {"from": "2024-01-01T00:00:00Z"}}, 2),
        ({"startedAt": {}}, 2),
        ({"startedAt": {"to": "2024-05-01T00:00:00Z"}}, 1),
        ({"and": [{"period": "LAST_6_MONTHS"}]}, 2),
        ({"or": [{"kind": ["CALL"]}, {"and": [{"startedAt": {"to": "2024-05-01T00:00:00Z"}}]}]}, 2),
        ({"not": {"period": "TODAY"}}, 2),
        ({"and": [{"kind": ["CALL"]}], "or": [{"connected": False}], "not": {"connected": True}}, 1),
        ({"endedAt": {}}, 0),  # none of the calls says when it ended
        ({"not": {"endedAt": {}}}, 2),
        ({"not": {"modifiedAt": {}}}, 2),
        ({"not": {"providerSyncedAt": {}}}, 2),
        ({"syncedAt": {}}, 2),
        ({"and": []}, 1),
    ):
        assert (await filled.ask(COUNTS, numbers=[SITA], filter=filter))["callCounts"][0]["total"] == expected, filter


@pytest.mark.parametrize(("zone", "first_day"), [("UTC", "2024-05-03"), ("Asia/Kathmandu", "2024-05-03"), ("Pacific/Kiritimati", "2024-05-04")])  # fmt: skip
async def test_default_is_the_period_of_30_days_in_the_zone_of_the_filter_or_the_workspace(
    house: House, zone: str, first_day: str
) -> None:
    first = datetime.fromisoformat(first_day).replace(tzinfo=ZoneInfo(zone))
    minute = int((first - MORNING).total_seconds() // 60)
    await fill(house, [row("before", caller=RAM, minute=minute - 1), row("first", caller=RAM, minute=minute)])
    query = """query Q($numbers: [PhoneNumber!]!, $filter: CallFilter) {
      callCounts(phoneNumbers: $numbers, filter: $filter) { total }
      contacts { nodes { callCount(filter: $filter) { total } calls(filter: $filter) { nodes { providerCallId } } } }
    }"""
    for asked in (house, replace(house, zone=ZoneInfo(zone))):
        given = None if asked is not house else {"timezone": zone}
        found = await asked.ask(query, numbers=[RAM], filter=given)
        (contact,) = found["contacts"]["nodes"]
        assert [found["callCounts"][0]["total"], contact["callCount"]["total"]] == [1, 1]
        assert contact["calls"]["nodes"] == [{"providerCallId": "first"}]


async def test_counts_take_a_filter(filled: House) -> None:
    found = await filled.ask(COUNTS, numbers=[RAM, SITA], filter={"outcome": ["MISSED"]})
    assert found["callCounts"] == [counted(RAM, 1), counted(SITA, 0)]


async def test_counts_of_many_numbers_are_one_statement(filled: House) -> None:
    numbers = [f"+97798110{number:05}" for number in range(500)]
    async with filled.statements() as sent:
        found = await filled.ask(COUNTS, numbers=numbers)
    assert [one["phoneNumber"] for one in found["callCounts"]] == numbers
    assert len(sent) == 1


async def test_no_number_and_too_many_numbers(house: House) -> None:
    assert (await house.ask(COUNTS, numbers=[]))["callCounts"] == []
    (error,) = (await house.answer(COUNTS, numbers=[RAM] * 501))["errors"]
    assert error["message"] == "phoneNumbers has 501 values; at most 500 are allowed."
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_counts_are_of_one_workspace(filled: House) -> None:
    stranger = await empty_house(filled)
    assert (await stranger.ask(COUNTS, numbers=[RAM]))["callCounts"] == [counted(RAM, 0)]


async def test_agents_contacts_and_sources_count_their_calls(filled: House) -> None:
    count = "callCount { total inbound outbound phoneNumber }"
    found = await filled.ask(
        f"{{ agents {{ nodes {{ name {count} }} }} contacts {{ nodes {{ phoneNumber {count} }} }} sources {{ {count} }} }}"
    )

    def of(inbound: int, outbound: int = 0) -> dict[str, Any]:
        return {"total": inbound + outbound, "inbound": inbound, "outbound": outbound, "phoneNumber": None}

    assert [(a["name"], a["callCount"]) for a in found["agents"]["nodes"]] == [("Anna", of(2)), ("Zoë", of(1, 1))]
    contacts = {c["phoneNumber"]: c["callCount"] for c in found["contacts"]["nodes"]}
    assert contacts == {RAM: of(2, 1), SITA: of(1)}  # Sita's old call is not of the last 30 days
    assert found["sources"] == [{"callCount": of(4, 1)}]


async def test_counts_agree_with_the_lists_they_count(filled: House) -> None:
    query = """query Q($filter: CallFilter) {
      agents { nodes { callCount(filter: $filter) { total } calls(filter: $filter) { totalCount nodes { id } } } }
      contacts { nodes { callCount(filter: $filter) { total } calls(filter: $filter) { totalCount nodes { id } } } }
      sources { callCount(filter: $filter) { total } calls(filter: $filter) { totalCount nodes { id } } }
    }"""
    for filter in (None, {"period": "LAST_6_MONTHS"}, {"direction": ["INBOUND"]}, {"not": {"outcome": ["MISSED"]}}):
        found = await filled.ask(query, filter=filter)
        owners = [*found["agents"]["nodes"], *found["contacts"]["nodes"], *found["sources"]]
        assert len(owners) == 5
        for owner in owners:
            listed = len(owner["calls"]["nodes"])
            assert owner["callCount"]["total"] == owner["calls"]["totalCount"] == listed
