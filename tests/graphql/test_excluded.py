"""The exclude list in the graph: who may see and change it, which numbers it takes, and what counts after that."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.domain.scope import EVERY_RIGHT, Reach, Right
from app.domain.sources import Provider
from app.sync.compacting import compact
from tests.builders import a_call, save
from tests.conftest import House
from tests.graphql.rows import empty_house

RAM, SITA, NATIONAL, INDIAN = "+9779810000078", "+9779810000079", "9810000078", "+919810000078"
ADD = """mutation ($numbers: [PhoneNumber!]!) {
  change: addExcludedNumbers(phoneNumbers: $numbers) { phoneNumbers changed } }"""
REMOVE = ADD.replace("addE", "removeE")
LIST = "{ excludedNumbers { totalCount nodes { phoneNumber excludedAt } } }"
COUNTS = """{ calls(filter: {includeExcludedNumbers: false}) { totalCount } all: calls { totalCount }
  callSummary(filter: {period: YEAR_TO_DATE, includeExcludedNumbers: false}) { total }
  callStats(filter: {period: YEAR_TO_DATE, includeExcludedNumbers: false}, groupBy: [DIRECTION]) { total }
  whole: callStats(filter: {period: YEAR_TO_DATE}, groupBy: [DIRECTION]) { total } }"""


async def change(house: House, query: str, *numbers: str) -> Any:
    return (await house.ask(query, numbers=list(numbers)))["change"]


async def listed(house: House) -> list[str]:
    found = (await house.ask(LIST))["excludedNumbers"]
    assert found["totalCount"] == len(found["nodes"])
    return [node["phoneNumber"] for node in found["nodes"]]


async def code_of(house: House, query: str, **variables: Any) -> str:
    answer = await house.answer(query, **variables)
    assert list(answer["data"].values()) == [None]
    (error,) = answer["errors"]
    code: str = error["extensions"]["code"]
    return code


def with_rights(house: House, *rights: Right, reach: Reach | None = None) -> House:
    return replace(house, scope=replace(house.scope, rights=frozenset(rights), reach=reach or Reach()))


async def test_numbers_are_added_listed_and_removed_and_twice_does_no_harm(house: House) -> None:
    assert await change(house, ADD, SITA, RAM) == {"phoneNumbers": [SITA, RAM], "changed": 2}
    assert await change(house, ADD, "00977 981-0000078", RAM) == {"phoneNumbers": [RAM, RAM], "changed": 0}
    assert (await house.ask(LIST))["excludedNumbers"]["nodes"] == [
        {"phoneNumber": number, "excludedAt": "2024-06-01T12:00:00Z"} for number in (RAM, SITA)
    ]
    assert await change(house, REMOVE, RAM) == {"phoneNumbers": [RAM], "changed": 1}
    assert await change(house, REMOVE, RAM) == {"phoneNumbers": [RAM], "changed": 0}
    assert await listed(house) == [SITA]
    assert await change(house, ADD) == {"phoneNumbers": [], "changed": 0}


async def test_changes_of_one_document_are_made_one_after_the_other(house: House) -> None:
    again = "{ phoneNumbers changed }"
    data = await house.ask(
        f"""mutation ($n: [PhoneNumber!]!) {{ one: addExcludedNumbers(phoneNumbers: $n) {again}
              two: removeExcludedNumbers(phoneNumbers: $n) {again} three: addExcludedNumbers(phoneNumbers: $n) {again} }}""",
        n=[RAM],
    )
    assert [found["changed"] for found in data.values()] == [1, 1, 1]
    assert await listed(house) == [RAM]


async def test_what_is_counted_follows_the_list_at_once_totals_or_not(house: House) -> None:
    await save(house, *[a_call(f"r{n}", phone_number=RAM) for n in range(3)], a_call("s", phone_number=SITA))
    await compact(house.database, house.scope)
    for query, numbers, left in ((ADD, (RAM,), 1), (ADD, (SITA,), 0), (REMOVE, (RAM, SITA), 4), (ADD, (SITA,), 3)):
        await change(house, query, *numbers)
        data = await house.ask(COUNTS)
        assert data["calls"]["totalCount"] == data["callSummary"]["total"] == left
        assert sum(group["total"] for group in data["callStats"]) == left
        assert (data["all"]["totalCount"], [group["total"] for group in data["whole"]]) == (4, [4])


@pytest.mark.parametrize("text", ["hello", "+12", "1990"])
async def test_number_that_is_none_is_refused_and_those_beside_it_are_not_taken(house: House, text: str) -> None:
    for query in (ADD, REMOVE):
        assert await code_of(house, query, numbers=[RAM, text]) == "BAD_USER_INPUT"
    assert await listed(house) == []


async def test_number_of_two_countries_is_refused_until_only_one_can_be_meant(house: House) -> None:
    await house.source(Provider.VOXCROW)  # in Nepal
    assert await change(house, ADD, NATIONAL) == {"phoneNumbers": [RAM], "changed": 1}
    await house.source(Provider.SMARTFLO)  # in India
    assert await change(house, REMOVE, NATIONAL) == {"phoneNumbers": [RAM], "changed": 1}
    answer = await house.answer(ADD, numbers=[NATIONAL])
    assert answer["errors"][0]["message"] == f"'{NATIONAL}' may be {INDIAN} or {RAM}. Write the one that you mean."
    assert await listed(house) == []


async def test_list_is_changed_with_admin_alone_and_seen_with_numbers_alone(house: House) -> None:
    await change(house, ADD, RAM)
    others = with_rights(house, *EVERY_RIGHT - {Right.ADMIN})
    for query in (ADD, REMOVE):
        assert await code_of(others, query, numbers=[SITA]) == "FORBIDDEN"
    assert await listed(others) == [RAM]
    masked = with_rights(house, *EVERY_RIGHT - {Right.ADMIN, Right.NUMBERS_READ})
    answer = await masked.answer(LIST)
    assert (answer["data"], answer["errors"][0]["extensions"]["code"]) == ({"excludedNumbers": None}, "FORBIDDEN")
    assert RAM[-4:] not in str(answer)


async def test_who_sees_some_of_the_calls_sees_the_numbers_of_those_and_changes_nothing(house: House) -> None:
    await save(house, a_call("ours", phone_number=RAM), source="ours")
    await save(house, a_call("theirs", phone_number=SITA), source="theirs")
    await change(house, ADD, RAM, SITA)
    source = await house.source(Provider.SMARTFLO, "ours")
    limited = with_rights(house, *EVERY_RIGHT, reach=Reach(source_ids=(source.id,)))
    assert await listed(limited) == [RAM]
    for query in (ADD, REMOVE):
        assert await code_of(limited, query, numbers=[RAM]) == "FORBIDDEN"
    assert await listed(house) == [RAM, SITA]


async def test_another_workspace_has_a_list_of_its_own(house: House) -> None:
    other = await empty_house(house)
    for one, number in ((house, RAM), (other, SITA)):
        await save(one, a_call("r", phone_number=RAM), a_call("s", phone_number=SITA))
        assert (await change(one, ADD, number))["changed"] == 1
    assert (await change(other, REMOVE, RAM))["changed"] == 0
    left = "{ calls(filter: {includeExcludedNumbers: false}) { nodes { providerCallId } } }"
    for one, number, call in ((house, RAM, "s"), (other, SITA, "r")):
        assert await listed(one) == [number]
        assert (await one.ask(left))["calls"]["nodes"] == [{"providerCallId": call}]


async def test_each_number_is_added_once_and_removed_once_by_whoever_is_first(house: House) -> None:
    numbers = [f"+97798100000{n:02}" for n in range(20)]
    for query, left in ((ADD, numbers), (REMOVE, [])):
        many = [change(house, query, *(numbers if n % 2 else reversed(numbers))) for n in range(8)]
        assert sum(one["changed"] for one in await asyncio.gather(*many)) == len(numbers)
        assert await listed(house) == left


async def test_list_is_paged_by_number_and_by_when_in_both_directions(house: House) -> None:
    numbers = [f"+97798100000{n:02}" for n in range(5)]
    await change(house, ADD, *numbers)
    query = """query ($order: ExcludedNumberOrder, $first: Int, $after: String, $last: Int, $before: String) {
      excludedNumbers(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        nodes { phoneNumber } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    for field in ("PHONE_NUMBER", "EXCLUDED_AT"):
        for size, cursor, end, more in (
            ("first", "after", "endCursor", "hasNextPage"),
            ("last", "before", "startCursor", "hasPreviousPage"),
        ):
            found: list[str] = []
            asked: dict[str, Any] = {"order": {"field": field}, size: 2}
            while True:
                page = (await house.ask(query, **asked))["excludedNumbers"]
                some = [node["phoneNumber"] for node in page["nodes"]]
                found = found + some if size == "first" else some + found
                if not page["pageInfo"][more]:
                    break
                asked[cursor] = page["pageInfo"][end]
            assert found == numbers
    asked = {"order": {"field": "EXCLUDED_AT"}, "after": page["pageInfo"]["endCursor"]}
    assert await code_of(house, query, **asked | {"order": {"field": "PHONE_NUMBER"}}) == "BAD_USER_INPUT"


async def test_more_than_five_hundred_numbers_are_refused(house: House) -> None:
    assert await code_of(house, ADD, numbers=[RAM] * 501) == "BAD_USER_INPUT"
