"""Unreturned calls in the graph: who is to be called back, who was, by whom and after how long."""

from typing import Any

from tests.builders import save
from tests.conftest import House
from tests.graphql.ready.test_pairs import RAM, SITA, call

TOM = "+9779811000003"
LIST = """query($state: ReturnState) { unreturnedCalls(state: $state) { totalCount nodes {
  phoneNumber contact { phoneNumber } isOpen firstMissedAt lastMissedAt missedCalls attempts ageSeconds returnedAt
  secondsToReturn returnedBy { name } returnedCall { direction } lastCall { providerCallId } calls { totalCount } } } }"""


async def nodes(house: House, state: str | None = None) -> Any:
    given = {"state": state} if state else {}
    found = (await house.ask(LIST, **given))["unreturnedCalls"]
    assert found["totalCount"] == len(found["nodes"])
    return found["nodes"]


async def filled(house: House) -> House:
    """Ram waits since eight hours, Sita was called back by Bo, Tom called again himself and nobody knows who answered."""
    await save(
        house,
        *(call("missed", 11), call("talk", 9, "in"), call("first", 8), call("second", 7, "rejected", "Bo")),
        *(call("in vain", 6, "dialled"), call("before", 8.5, "dialled")),
        *(call("sita", 6, number=SITA), call("back", 5.5, "out", "Bo", SITA)),
        *(call("tom", 3, number=TOM, agent=None), call("again", 1, "in", agent=None, number=TOM)),
    )
    return house


async def test_contact_waits_since_the_first_call_missed_after_the_last_talk(house: House) -> None:
    (ram,) = await nodes(await filled(house))
    assert ram == {
        "phoneNumber": RAM,
        "contact": {"phoneNumber": RAM},
        "isOpen": True,
        "firstMissedAt": "2024-06-01T04:00:00Z",
        "lastMissedAt": "2024-06-01T05:00:00Z",
        "missedCalls": 2,
        "attempts": 1,
        "ageSeconds": 8 * 3600,
        "returnedAt": None,
        "secondsToReturn": None,
        "returnedBy": None,
        "returnedCall": None,
        "lastCall": {"providerCallId": "second"},
        "calls": {"totalCount": 6},
    }


async def test_call_is_returned_by_any_agents_talk_in_either_direction(house: House) -> None:
    sita, tom = await nodes(await filled(house), "RETURNED")
    returned = [
        (one["phoneNumber"], one["isOpen"], one["ageSeconds"], one["secondsToReturn"], one["returnedBy"])
        for one in (sita, tom)
    ]
    assert returned == [(SITA, False, None, 1800, {"name": "Bo"}), (TOM, False, None, 7200, None)]
    assert [one["returnedCall"]["direction"] for one in (sita, tom)] == ["OUTBOUND", "INBOUND"]
    assert sita["returnedAt"] == "2024-06-01T06:30:00Z"


async def test_the_oldest_comes_first_and_all_are_open_or_returned(house: House) -> None:
    found = await nodes(await filled(house), "ALL")
    assert [one["phoneNumber"] for one in found] == [RAM, SITA, TOM]


async def test_talk_at_the_very_moment_of_a_missed_call_neither_returns_nor_attends_it(house: House) -> None:
    await save(house, call("missed", 6), call("talk", 6, "in"))
    assert [node["missedCalls"] for node in await nodes(house)] == [1]
    assert (await house.ask("{ neverAttended { totalCount } }"))["neverAttended"] == {"totalCount": 1}
