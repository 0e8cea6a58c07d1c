"""Every way to a row, as every kind of viewer: what is out of reach is found by none of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import get_named_type, is_non_null_type

from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.scope import EVERY_RIGHT, Reach, Right
from app.domain.sources import Provider
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, House
from tests.graphql.walk import object_fields

PAYLOADS = Path(__file__).parent.parent / "providers"
EVERY_CALL = """{ calls(first: 1000) { nodes {
  id providerCallId agent { id tags } contact { id } source { id } corporate { id } division { id } location { id } campaign { id }
} } }"""
Row = dict[str, Any]


@dataclass
class Limited:
    """A viewer of a filled house, and which calls they may see, worked out from what an unlimited viewer sees."""

    house: House
    everything: list[Row]
    sees: Callable[[Row], bool]

    @property
    def seen(self) -> set[str]:
        return {call["id"] for call in self.everything if self.sees(call)}

    @property
    def unseen(self) -> set[str]:
        return {call["id"] for call in self.everything} - self.seen

    def related(self, *names: str) -> tuple[set[str], set[str]]:
        """The ids of related rows that are seen through a visible call, and of those that are not."""
        of = {call["id"]: {call[name]["id"] for name in names if call[name]} for call in self.everything}
        seen: set[str] = set().union(*(of[id] for id in self.seen))
        return seen, set().union(*of.values()) - seen


async def take_payloads(house: House) -> None:
    for vendor in ("voxcrow", "callcap", "smartflo", "acefone", "callyzer"):
        for path in sorted((PAYLOADS / vendor / "payloads").glob("*.json")):
            await house.take(Provider[vendor.upper()], json.loads(path.read_text()))


async def filled(house: House) -> list[Row]:
    await take_payloads(house)
    return await every_call(house)


async def every_call(house: House) -> list[Row]:
    found = (await house.ask(EVERY_CALL))["calls"]["nodes"]
    assert len(found) > 15
    return list(found)


def ours(node_id: str) -> str:
    from app.graphql.ids import decode
    from tests.conftest import SCOPE

    decoded = decode(SCOPE, node_id)
    assert decoded
    return decoded[1]


@pytest.fixture
def fill(request: pytest.FixtureRequest) -> Any:
    """The store of a limited viewer is a copy of one that was filled once."""
    return take_payloads if "limited" in request.fixturenames else None


@pytest.fixture(params=["own calls", "one source", "one organisation unit", "one tag", "two limits", "nothing"])
async def limited(request: pytest.FixtureRequest, house: House) -> Limited:
    """A house seen by a limited viewer."""
    calls = await every_call(house)
    agent = next(call["agent"]["id"] for call in calls if call["agent"])
    source = calls[-1]["source"]["id"]
    unit = next(call["division"]["id"] for call in calls if call["division"])
    tag = next(tag for call in calls if call["agent"] for tag in call["agent"]["tags"])
    kinds: dict[str, tuple[Reach, Callable[[Row], bool]]] = {
        "own calls": (
            Reach(agent_ids=(ours(agent),)),
            lambda call: bool(call["agent"]) and call["agent"]["id"] == agent,
        ),
        "one source": (Reach(source_ids=(ours(source),)), lambda call: call["source"]["id"] == source),
        "one organisation unit": (
            Reach(org_unit_ids=(ours(unit),)),
            lambda call: any(
                call[level] and call[level]["id"] == unit for level in ("corporate", "division", "location", "campaign")
            ),
        ),
        "one tag": (
            Reach(agent_tags=(tag.casefold(),)),
            lambda call: bool(call["agent"]) and tag in call["agent"]["tags"],
        ),
        "two limits": (
            Reach(source_ids=(ours(source),), agent_ids=(ours(agent),)),
            lambda call: call["source"]["id"] == source and bool(call["agent"]) and call["agent"]["id"] == agent,
        ),
        "nothing": (Reach(source_ids=()), lambda _: False),
    }
    reach, sees = kinds[request.param]
    return Limited(replace(house, scope=replace(house.scope, reach=reach)), calls, sees)


async def test_a_list_and_its_length_hold_what_is_within_reach(limited: Limited) -> None:
    data = await limited.house.ask("{ calls(first: 1000) { totalCount nodes { id } } }")
    assert {node["id"] for node in data["calls"]["nodes"]} == limited.seen
    assert data["calls"]["totalCount"] == len(limited.seen)


async def test_a_row_by_its_id_is_there_only_within_reach(limited: Limited) -> None:
    for id in limited.seen | limited.unseen:
        data = await limited.house.ask(
            "query($id: ID!) { node(id: $id) { id } call(id: $id) { id } nodes(ids: [$id]) { id } }", id=id
        )
        expected = {"id": id} if id in limited.seen else None
        assert data == {"node": expected, "call": expected, "nodes": [expected]}


@pytest.mark.parametrize(
    ("field", "names"),
    [("contacts", ("contact",)), ("agents", ("agent",))],
)
async def test_who_is_known_only_through_calls_out_of_reach_does_not_exist(
    limited: Limited, field: str, names: tuple[str, ...]
) -> None:
    seen, unseen = limited.related(*names)
    data = await limited.house.ask(f"{{ {field}(first: 1000) {{ totalCount nodes {{ id }} }} }}")
    found = {node["id"] for node in data[field]["nodes"]}
    assert seen <= found
    if field == "contacts":
        assert found == seen
        assert data[field]["totalCount"] == len(seen)
    for id in unseen - found:
        assert (await limited.house.ask("query($id: ID!) { node(id: $id) { id } }", id=id))["node"] is None


async def test_a_unit_or_source_out_of_reach_does_not_exist(limited: Limited) -> None:
    for names in (("source",), ("corporate", "division", "location", "campaign")):
        seen, unseen = limited.related(*names)
        granted = limited.house.scope.reach.source_ids or ()  # a source one was given is there before its first call is
        for id in (id for id in unseen if ours(id) not in granted):
            assert (await limited.house.ask("query($id: ID!) { node(id: $id) { id } }", id=id))["node"] is None
        for id in seen:
            assert (await limited.house.ask("query($id: ID!) { node(id: $id) { id } }", id=id))["node"] == {"id": id}


async def test_counts_and_nested_lists_hold_what_is_within_reach(limited: Limited) -> None:
    data = await limited.house.ask(
        """{ contacts(first: 1000) { nodes { callCount(filter: {startedAt: {}}) { total } calls(first: 1000, filter: {startedAt: {}}) { totalCount nodes { id } } } }
             agents(first: 1000) { nodes { callCount { total } calls(first: 1000) { totalCount nodes { id } } } }
             sources { callCount { total } calls(first: 1000) { nodes { id } } } }"""
    )
    for parents in (data["contacts"]["nodes"], data["agents"]["nodes"], data["sources"]):
        nested = [node["id"] for parent in parents for node in parent["calls"]["nodes"]]
        assert set(nested) <= limited.seen
        assert sum(parent["callCount"]["total"] for parent in parents) == len(nested)
        assert all(
            parent["calls"].get("totalCount", len(parent["calls"]["nodes"])) == len(parent["calls"]["nodes"])
            for parent in parents
        )


async def test_counts_by_number_hold_what_is_within_reach(limited: Limited) -> None:
    everyone = replace(limited.house, scope=replace(limited.house.scope, reach=Reach()))
    rows = (await everyone.ask("{ calls(first: 1000) { nodes { id phoneNumber } } }"))["calls"]["nodes"]
    numbers = sorted({row["phoneNumber"] for row in rows if row["phoneNumber"]})
    query = "query($numbers: [PhoneNumber!]!) { callCounts(phoneNumbers: $numbers, filter: {startedAt: {}}) { total } }"
    counted = (await limited.house.ask(query, numbers=numbers))["callCounts"]
    expected = [sum(row["phoneNumber"] == number and row["id"] in limited.seen for row in rows) for number in numbers]
    assert [count["total"] for count in counted] == expected


async def test_no_filter_search_or_cursor_reaches_further(limited: Limited) -> None:
    everyone = replace(limited.house, scope=replace(limited.house.scope, reach=Reach()))
    page = (await everyone.ask("{ calls(first: 1) { pageInfo { endCursor } } }"))["calls"]["pageInfo"]
    for filter in (
        "{not: {direction: INTERNAL}}",
        "{or: [{direction: INBOUND}, {direction: OUTBOUND}]}",
        '{search: "e"}',
        "{hasNotes: true}",
        '{phoneNumber: {contains: "9"}}',
        "{includeExcludedNumbers: true}",
    ):
        nodes = (await limited.house.ask(f"{{ calls(first: 1000, filter: {filter}) {{ nodes {{ id }} }} }}"))["calls"][
            "nodes"
        ]
        assert {node["id"] for node in nodes} <= limited.seen, filter
    after = await limited.house.ask(
        "query($after: String) { calls(first: 1000, after: $after) { nodes { id } } }", after=page["endCursor"]
    )
    assert {node["id"] for node in after["calls"]["nodes"]} <= limited.seen


async def test_who_sees_a_call_or_an_agent_sees_its_source(house: House) -> None:
    north = OrgUnitRecord(kind=OrgUnitKind.DIVISION, provider_unit_id="north")
    await save(house, a_call(org_units=(north,)), source="without agents")
    await save(house, an_agent("Ben Tal", tags=("desk",)), source="without calls")
    unit = (await house.ask("{ calls { nodes { division { id } } } }"))["calls"]["nodes"][0]["division"]["id"]
    for reach, name in (
        (Reach(org_unit_ids=(ours(unit),)), "without agents"),
        (Reach(agent_tags=("desk",)), "without calls"),
    ):
        viewer = replace(house, scope=replace(house.scope, reach=reach))
        found = await viewer.ask(
            "{ calls { nodes { source { name } } } agents { nodes { source { name } } } sources { name } }"
        )
        assert found["calls"]["nodes"] + found["agents"]["nodes"] == [{"source": {"name": name}}]
        assert found["sources"] == [{"name": name}]


async def test_another_workspace_has_nothing_of_this_one(house: House) -> None:
    calls = await filled(house)
    stranger = replace(house, scope=replace(house.scope, workspace_id="other"))
    data = await stranger.ask(
        "{ calls { totalCount nodes { id } } agents { totalCount } contacts { totalCount } sources { id } }"
    )
    assert data == {
        "calls": {"totalCount": 0, "nodes": []},
        "agents": {"totalCount": 0},
        "contacts": {"totalCount": 0},
        "sources": [],
    }
    for call in calls[:5]:
        for id in (call["id"], call["source"]["id"]):
            assert (await stranger.ask("query($id: ID!) { node(id: $id) { id } }", id=id))["node"] is None


async def test_without_a_right_the_field_is_an_error_and_the_rest_is_answered(house: House) -> None:
    await filled(house)
    viewer = replace(house, scope=replace(house.scope, rights=frozenset({Right.STATS_READ, Right.NUMBERS_READ})))
    answer = await viewer.answer(
        '{ calls { nodes { id } } callCounts(phoneNumbers: ["+15550100"]) { total } viewer { scopes } }'
    )
    assert answer["data"]["calls"] is None
    assert answer["data"]["callCounts"] == [{"total": 0}]
    assert answer["data"]["viewer"]["scopes"] == ["numbers:read", "stats:read"]
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [(["calls"], "FORBIDDEN")]


async def test_who_reads_rows_may_count_them_and_counts_alone_need_stats_read_at_every_level(house: House) -> None:
    await save(house, a_call(agent=an_agent("Ada Strom"), started_at=NOW - timedelta(hours=1)))
    query = """{ calls { totalCount nodes { contact { callCount { total } } } }
                 agents { totalCount nodes { name callCount { total } calls { totalCount } } }
                 sources { callCount { total } } callCounts(phoneNumbers: ["316-555-0133"]) { total } }"""
    one = {"total": 1}
    assert await house.ask(query) == {
        "calls": {"totalCount": 1, "nodes": [{"contact": {"callCount": one}}]},
        "agents": {"totalCount": 1, "nodes": [{"name": "Ada Strom", "callCount": one, "calls": {"totalCount": 1}}]},
        "sources": [{"callCount": one}],
        "callCounts": [one],
    }
    answer = await without(house, Right.STATS_READ).answer(query)
    assert answer["data"] == {
        "calls": {"totalCount": 1, "nodes": [{"contact": {"callCount": None}}]},
        "agents": {"totalCount": 1, "nodes": [{"name": "Ada Strom", "callCount": None, "calls": {"totalCount": 1}}]},
        "sources": [{"callCount": None}],
        "callCounts": None,
    }
    places = [
        ["calls", "nodes", 0, "contact", "callCount"],
        ["agents", "nodes", 0, "callCount"],
        ["sources", 0, "callCount"],
        ["callCounts"],
    ]
    assert sorted(error["path"] for error in answer["errors"]) == sorted(places)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
    assert all("stats:read" in error["message"] for error in answer["errors"])


def test_every_field_that_counts_calls_needs_stats_read() -> None:
    counting = {path for path, field in object_fields() if get_named_type(field.type).name == "CallCount"}
    assert counting == {"Query.callCounts", "Agent.callCount", "Contact.callCount", "Source.callCount"}
    for path, field in object_fields():
        assert path not in counting or not is_non_null_type(field.type), "an error has to leave the rest as it is"


async def test_admin_may_everything(house: House) -> None:
    viewer = replace(house, scope=replace(house.scope, rights=frozenset({Right.ADMIN})))
    data = await viewer.ask("{ viewer { scopes limited } calls { totalCount } }")
    assert len(data["viewer"]["scopes"]) == len(Right)


def without(house: House, *rights: Right) -> House:
    return replace(house, scope=replace(house.scope, rights=EVERY_RIGHT - {Right.ADMIN} - set(rights)))


async def test_numbers_show_their_last_three_digits_everywhere_without_the_right(house: House) -> None:
    await filled(house)
    query = """{ calls(first: 1000) { edges { cursor } nodes {
        id providerCallId trunkName labels { name } phoneNumber callerNumber dialedNumber destinationNumber numbers { raw e164 digits }
        cdr { callerId } contactCard { fields } legs { number } agent { number numberDetails { raw digits } }
        contact { phoneNumber numbers { raw e164 digits } } campaign { campaign { trackingNumber { raw } } } } } }"""
    data = await house.ask(query)
    full = {
        number[key]
        for call in data["calls"]["nodes"]
        for number in call["numbers"]
        for key in ("raw", "e164", "digits")
        if number[key] and len(number[key]) > 3
    }
    assert len(full) > 10
    shown = json.dumps(await without(house, Right.NUMBERS_READ).ask(query), ensure_ascii=False)
    assert "•" in shown
    assert not [number for number in full if number in shown]


@pytest.mark.parametrize(
    ("right", "query"),
    [
        (Right.NUMBERS_READ, '{ calls(filter: {phoneNumbers: ["+9779810000078"]}) { totalCount } }'),
        (Right.NUMBERS_READ, '{ calls(filter: {not: {callerNumber: {contains: "55"}}}) { totalCount } }'),
        (Right.NUMBERS_READ, '{ calls(filter: {agentNumbers: ["2003"]}) { totalCount } }'),
        (Right.NUMBERS_READ, "{ calls(orderBy: {field: CALLER_NUMBER}) { totalCount } }"),
        (Right.NUMBERS_READ, '{ contacts(filter: {phoneNumber: {endsWith: "55"}}) { totalCount } }'),
        (Right.NUMBERS_READ, '{ agents(filter: {numbers: ["2003"]}) { totalCount } }'),
        (Right.NUMBERS_READ, '{ contact(phoneNumber: "+9779810000078") { id } }'),
        (Right.NUMBERS_READ, '{ callCounts(phoneNumbers: ["+9779810000078"]) { total } }'),
        (Right.NOTES_READ, "{ calls(filter: {or: [{hasNotes: true}]}) { totalCount } }"),
        (Right.NUMBERS_READ, '{ calls(filter: {search: "asha 9"}) { totalCount } }'),
        (Right.NUMBERS_READ, '{ contacts(filter: {search: "98"}) { totalCount } }'),
        (Right.NUMBERS_READ, '{ agents(filter: {names: ["2003"]}) { totalCount } }'),
        (Right.NUMBERS_READ, '{ calls(filter: {trunks: ["+977-1-5970000"]}) { totalCount } }'),
        (Right.INSIGHTS_READ, "{ calls(filter: {reviews: [POSITIVE]}) { totalCount } }"),
        (Right.INSIGHTS_READ, "{ calls(filter: {features: [CLICK_TO_CALL, RESCUE]}) { totalCount } }"),
        (Right.INSIGHTS_READ, "{ calls(orderBy: {field: REVIEW}) { totalCount } }"),
    ],
)
async def test_what_is_hidden_cannot_be_filtered_or_sorted_by(house: House, right: Right, query: str) -> None:
    assert "errors" not in await house.answer(query)
    answer = await without(house, right).answer(query)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert right.value in answer["errors"][0]["message"]


async def test_free_text_finds_nothing_in_what_is_hidden(house: House) -> None:
    await house.take(Provider.CALLCAP, json.loads((PAYLOADS / "callcap/payloads/search.json").read_text()))
    call = (await house.ask("{ calls { nodes { notes phoneNumber summaries { text } } } }"))["calls"]["nodes"][0]
    terms = {
        Right.NOTES_READ: max(call["notes"].split(), key=lambda word: word.isalpha() and len(word)),
        Right.INSIGHTS_READ: max(call["summaries"][0]["text"].split(), key=lambda word: word.isalpha() and len(word)),
    }
    for right, term in terms.items():
        query = "query($term: String) { calls(filter: {search: $term}) { totalCount } }"
        assert (await house.ask(query, term=term))["calls"]["totalCount"] >= 1, term
        hidden = await without(house, Right.NOTES_READ, Right.INSIGHTS_READ, right).ask(query, term=term)
        assert hidden["calls"]["totalCount"] == 0, term


async def test_notes_insights_and_recordings_are_empty_without_their_right(house: House) -> None:
    await house.take(Provider.CALLCAP, json.loads((PAYLOADS / "callcap/payloads/search.json").read_text()))
    query = """{ calls(first: 1) { nodes { notes wrapUp { note } recording { url } summaries { text } sentiment { view }
                 scorecards { name } review { major { label } } rescue { opportunity } demographics { person } } } }"""
    shown = (await house.ask(query))["calls"]["nodes"][0]
    assert all(shown[name] for name in ("notes", "recording", "summaries", "review"))
    hidden = without(house, Right.NOTES_READ, Right.INSIGHTS_READ, Right.RECORDINGS_READ)
    assert not any((await hidden.ask(query))["calls"]["nodes"][0].values())
