"""The engine's plans: made once, kept by shape, stepped aside from; and how few statements they take."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.calls import CallLeg, LegKind
from app.domain.scope import Reach, Right
from app.domain.statistics import CallGrouping
from app.engine import engine as module
from app.engine.surprise import Surprise
from app.graphql import ids
from app.graphql.ids import decode
from app.store.quick import TooLongError
from app.store.slots import together
from app.store.statements import Statement
from app.store.tables import calls
from tests.builders import a_call, an_agent, save
from tests.conftest import House, compiled_answer
from tests.graphql.rows import crowd, fill, row

BETWEEN = "query ($from: DateTime, $to: DateTime) { calls(filter: {startedAt: {from: $from, to: $to}}) { nodes { providerCallId } } }"
PAGE = """query ($after: String, $by: CallOrder) { calls(first: 2, after: $after, orderBy: $by) {
  pageInfo { hasNextPage endCursor } nodes { providerCallId } } }"""
OF_AGENTS = "query ($ids: [ID!]) { calls(filter: {agentIds: $ids}) { nodes { agent { name } } } }"
COUNTS = "query ($numbers: [PhoneNumber!]!) { callCounts(phoneNumbers: $numbers) { phoneNumber total } }"
NESTED = "{ agents(first: 100) { nodes { name calls(first: 3) { nodes { id contact { name phoneNumber } legs { kind } } } } } }"
# What the reference path answers, and why.
REFERENCE = {
    '{ node(id: "x") { id } }': "field",
    "{ __schema { queryType { name } } }": "introspection",
    '{ calls(after: "no cursor") { nodes { id } } }': "BAD_USER_INPUT",
    '{ contact(phoneNumber: "+9779811000001") { id } }': "arguments",
    "{ sources { rejectedRecords } }": "field",
    "{ callStats { calls { totalCount } } }": "field",
    "query ($s: Int! = 9) { callStats { serviceLevel(withinSeconds: $s) } }": "argument",
    "{ callStats(groupBy: [PHONE_NUMBER], first: -1) { total } }": "BAD_USER_INPUT",
}
STATISTICS = """query ($from: DateTime!) {
  by: callStats(filter: {startedAt: {from: $from, to: "2024-05-21T00:00:00Z"}}, groupBy: [AGENT, SOURCE, OUTCOME],
    compareTo: PREVIOUS_PERIOD) {
    total answerRate talk { average p90 } serviceLevel fast: serviceLevel(withinSeconds: 5)
    key { __typename outcome who: agent { name tags callCount { total } } source { name } start }
    previous { total key { agent { name } } previous { total } }
  }
  calls(filter: {startedAt: {from: $from}}) { totalCount }
}"""


async def asked(house: House, query: str, **variables: Any) -> Any:
    """What the engine answers; the test fails where it steps aside."""
    found = await compiled_answer(house, query, variables)
    assert not isinstance(found, Surprise), found.reason
    return json.loads(found)


@pytest.fixture
async def sent(house: House) -> list[Statement]:
    """The statements that are sent."""
    statements: list[Statement] = []
    house.database.watch(statements.append)
    return statements


async def test_statements_are_prepared_once_for_all_ranges_of_time(house: House) -> None:
    await fill(house, [row(f"c{minute}", minute=minute) for minute in range(5)])
    for first, end in ((0, 5), (1, 3), (4, 4)):
        ends = {"from": f"2024-05-20T08:0{first}:00Z", "to": f"2024-05-20T08:0{end}:00Z"}
        found = await asked(house, BETWEEN, **ends)
        assert [one["providerCallId"] for one in found["calls"]["nodes"]] == [f"c{n}" for n in range(first, end)][::-1]
    assert len(house.engine._shapes) == 1


async def test_every_page_of_a_list_but_the_first_is_read_by_one_statement(house: House) -> None:
    await fill(house, [row(f"c{minute}", minute=minute // 2) for minute in range(7)])
    pages = [(await asked(house, PAGE))["calls"]]
    shapes = []
    while pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append((await asked(house, PAGE, after=pages[-1]["pageInfo"]["endCursor"]))["calls"])
        shapes.append(len(house.engine._shapes))
    found = [one["providerCallId"] for page in pages for one in page["nodes"]]
    assert (len(pages), sorted(found)) == (4, [f"c{n}" for n in range(7)])
    assert shapes == [2, 2, 2]


async def test_text_that_is_a_cursor_and_something_else_is_both(house: House) -> None:
    await fill(house, [row("a"), row("b", minute=1)])
    query = (
        "query ($x: String) { calls(after: $x) { nodes { id } } other: calls(filter: {search: $x}) { nodes { id } } }"
    )
    assert isinstance(await compiled_answer(house, query, {"x": "Anna"}), Surprise)
    assert (await house.answer(query, x="Anna"))["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("cursor", ["no cursor", "é", "WyJOQU1FIiwxLCJ4Il0"])
async def test_cursor_of_nothing_is_refused_also_where_others_were_not(house: House, cursor: str) -> None:
    await fill(house, [row("a"), row("b", minute=1), row("c", minute=2)])
    after = (await asked(house, PAGE))["calls"]["pageInfo"]["endCursor"]
    await asked(house, PAGE, after=after)
    assert isinstance(await compiled_answer(house, PAGE, {"after": cursor}), Surprise)
    assert (await house.answer(PAGE, after=cursor))["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_other_ids_go_into_the_same_statement(house: House) -> None:
    await fill(house, [row("a", agent="Anna"), row("b", agent="Zoë")])
    agents = (await house.ask("{ agents { nodes { id name } } }"))["agents"]["nodes"]
    before = len(house.engine._shapes)
    for agent in agents:
        found = await asked(house, OF_AGENTS, ids=[agent["id"]])
        assert found["calls"]["nodes"] == [{"agent": {"name": agent["name"]}}]
    assert len(house.engine._shapes) == before + 1


async def test_a_list_of_ids_is_put_together_by_one_function(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr("app.engine.run.together", lambda parts: made.append(len(parts)) or together(parts))
    await save(house, *[a_call(agent=an_agent(name)) for name in ("Ada", "Bo", "Cy")])
    known = {one["name"]: one["id"] for one in (await house.ask("{ agents { nodes { id name } } }"))["agents"]["nodes"]}
    for names in (["Ada", "Bo"], ["Bo", "Cy"], ["Cy", "Cy"]):
        found = await asked(house, OF_AGENTS, ids=[known[name] for name in names])
        assert sorted(one["agent"]["name"] for one in found["calls"]["nodes"]) == sorted(set(names))
    assert made == [2]


async def test_numbers_are_counted_however_they_are_typed(house: House) -> None:
    await fill(house, [row("a", caller="+9779811000001"), row("b", caller="+9779811000002")])
    for typed in ("+9779811000001", "981-1000002", "101"):
        found = await asked(house, COUNTS, numbers=[typed])
        assert found == {"callCounts": [{"phoneNumber": typed, "total": 0 if typed == "101" else 1}]}


async def test_period_moves_on_with_the_moment_of_the_request(house: House) -> None:
    await fill(house, [row("a")])
    query = "{ calls(filter: {period: TODAY}) { totalCount } }"
    assert await asked(house, query) == {"calls": {"totalCount": 0}}
    house.now = house.now.replace(month=5, day=20)
    assert await asked(house, query) == {"calls": {"totalCount": 1}}
    assert len(house.engine._shapes) == 1


async def test_statements_depend_on_the_depth_and_not_on_the_rows(
    house: House, sent: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.quick._LONGEST_SECONDS", 10)  # what takes too long on a busy machine is read again
    counts = []
    for size in (2, 30):
        made = await crowd(house, size)
        sent.clear()
        await asked(made, NESTED)
        counts.append(len(sent))
    assert counts[0] == counts[1] == 3


async def test_value_that_no_statement_takes_is_refused_nonetheless(house: House) -> None:
    """The first time its shape is unknown, the second time known and not looked at again."""
    await fill(house, [row("a", agent="Anna")])
    agent = (await house.ask("{ agents { nodes { id } } }"))["agents"]["nodes"][0]["id"]
    nobody = "query ($range: DateTimeRange!) { agents(filter: {codes: []}) { nodes { calls(filter: {startedAt: $range}) { totalCount } } } }"
    await asked(house, nobody, range={"from": "2024-05-20T08:00:00Z"})
    found = await compiled_answer(house, nobody, {"range": {"from": "yesterday"}})
    assert isinstance(found, Surprise)
    none = "query ($filter: CallFilter) { callCounts(phoneNumbers: [], filter: $filter) { total } }"
    for id in (agent, agent):
        found = await compiled_answer(house, none, {"filter": {"sourceIds": [id]}})
        assert isinstance(found, Surprise)


@pytest.mark.parametrize(("query", "reason"), REFERENCE.items())
async def test_engine_says_why_it_steps_aside(house: House, query: str, reason: str) -> None:
    found = await compiled_answer(house, query, {})
    assert isinstance(found, Surprise)
    assert found.reason == reason


async def test_statistics_are_compiled_with_the_rows_in_their_keys(house: House, sent: list[Statement]) -> None:
    """Of however many groups: two sums, two percentiles, agents of now and before, sources, tags, counts, the total."""
    counts = []
    for size in (2, 30):
        made = await crowd(house, size)
        sent.clear()
        found = await asked(made, STATISTICS, **{"from": "2024-05-20T00:00:00Z"})
        counts.append(len(sent))
        assert len(found["by"]) == len({one["key"]["who"]["name"] for one in found["by"]}) == size
        assert sum(one["total"] for one in found["by"]) == found["calls"]["totalCount"]
        await made.ask(STATISTICS, **{"from": "2024-05-20T00:00:00Z"})  # compares it with the reference path
    assert counts[0] == counts[1], counts


@pytest.mark.parametrize("grouping", CallGrouping, ids=lambda one: one.name)
async def test_each_grouping_has_its_key_on_both_paths(house: House, grouping: CallGrouping) -> None:
    fields = "hourOfDay weekday direction outcome agentTag phoneNumber country provider queue department ivr campaign broadcast"
    rows = "agent contact source corporate division location campaignUnit"
    key = f"{fields} service disposition hangupCause durationFrom durationBelow start end {' '.join(f'{one} {{ id }}' for one in rows.split())}"
    await crowd(house, 3)
    query = f'{{ callStats(filter: {{startedAt: {{from: "2024-05-19T21:00:00Z", to: "2024-05-21T00:00:00Z"}}}}, groupBy: [{grouping.name}]) {{ total filter key {{ {key} }} }} }}'
    assert (await house.ask(query))["callStats"] == (await asked(house, query))["callStats"]


async def test_variant_of_what_is_skipped_has_a_plan_of_its_own(house: House) -> None:
    await fill(house, [row("a", agent="Anna")])
    query = "query ($with: Boolean!) { calls { nodes { providerCallId agent @include(if: $with) { name } } } }"
    for wanted, agent in ((True, {"agent": {"name": "Anna"}}), (False, {})):
        found = await asked(house, query, **{"with": wanted})
        assert found["calls"]["nodes"] == [{"providerCallId": "a", **agent}]


async def test_viewers_of_other_rights_have_other_plans(house: House) -> None:
    await fill(house, [row("a", notes="private")])
    query = "{ calls { nodes { notes phoneNumber } } }"
    assert (await asked(house, query))["calls"]["nodes"] == [{"notes": "private", "phoneNumber": "+9779811000001"}]
    house.scope = replace(house.scope, rights=frozenset({Right.CALLS_READ}))
    (shown,) = (await asked(house, query))["calls"]["nodes"]
    assert shown["notes"] is None
    assert "9811" not in shown["phoneNumber"]


async def test_limited_viewer_is_answered_by_a_plan_of_their_own(house: House) -> None:
    await fill(house, [row("a"), row("b", agent="Bimal")])
    query = "{ calls { totalCount nodes { providerCallId agent { name source { name } } } } agents { nodes { name } } }"
    everything = await asked(house, query)
    assert everything["calls"]["totalCount"] == 2
    house.scope = replace(house.scope, reach=Reach(agent_ids=(await agent_called(house, "Bimal"),)))
    assert await asked(house, query) == {
        "calls": {
            "totalCount": 1,
            "nodes": [{"providerCallId": "b", "agent": {"name": "Bimal", "source": {"name": "phones"}}}],
        },
        "agents": {"nodes": [{"name": "Bimal"}]},
    }


async def test_who_is_joined_to_a_row_that_is_seen_is_within_the_limits_too(house: House) -> None:
    """A call that was handed on has legs of another agent, whom a viewer of their own calls does not see."""
    asha, bimal = an_agent("Asha", tags=("sales",)), an_agent("Bimal")
    legs = tuple(CallLeg(kind=LegKind.AGENT, agent=agent) for agent in (bimal, asha))
    await save(house, a_call("a", agent=asha, legs=legs))
    query = "{ calls { nodes { legs { agent { name source { name } } } } } }"
    source = {"name": "smartflo"}
    both = [{"agent": {"name": "Bimal", "source": source}}, {"agent": {"name": "Asha", "source": source}}]
    assert await asked(house, query) == {"calls": {"nodes": [{"legs": both}]}}
    for reach in (Reach(agent_ids=(await agent_called(house, "Asha"),)), Reach(agent_tags=("sales",))):
        house.scope = replace(house.scope, reach=reach)
        assert await asked(house, query) == {"calls": {"nodes": [{"legs": [{"agent": None}, both[1]]}]}}


async def agent_called(house: House, name: str) -> str:
    found = await house.ask(
        "query ($name: [String!]!) { agents(filter: {names: $name}) { nodes { id } } }", name=[name]
    )
    id = ids.decode(house.scope, found["agents"]["nodes"][0]["id"])
    assert id
    return id[1]


async def test_limited_viewers_have_plans_of_their_own(house: House) -> None:
    await fill(
        house, [row("a", agent="Anna", contact="Mia"), row("b", agent="Zoë", contact="Tom", caller="+9779811000002")]
    )
    agents = (await house.ask("{ agents { nodes { id name } } }"))["agents"]["nodes"]
    query = "{ calls { totalCount nodes { providerCallId contact { name } } } contacts { nodes { name } } }"
    for agent, call, contact in ((agents[0], "a", "Mia"), (agents[1], "b", "Tom")):
        _, id = decode(house.scope, agent["id"]) or ("", "")
        house.scope = replace(house.scope, reach=Reach(agent_ids=(id,)))
        assert await asked(house, query) == {
            "calls": {"totalCount": 1, "nodes": [{"providerCallId": call, "contact": {"name": contact}}]},
            "contacts": {"nodes": [{"name": contact}]},
        }
    house.scope = replace(house.scope, reach=Reach(agent_ids=()))
    assert (await asked(house, query))["calls"] == {"totalCount": 0, "nodes": []}


async def test_agent_of_another_source_is_not_beside_the_call_of_one(house: House) -> None:
    """Who sees a source sees its calls, and its own agents."""
    for source, call in (("ours", "a"), ("theirs", "b")):
        await fill(house, [row(call, agent=f"Agent of {source}")], source=source)
    query = "{ calls { nodes { providerCallId source { id } agent { id name } } } }"
    mine, other = sorted((await asked(house, query))["calls"]["nodes"], key=lambda call: str(call["providerCallId"]))
    _, agent = decode(house.scope, other["agent"]["id"]) or ("", "")
    _, source = decode(house.scope, mine["source"]["id"]) or ("", "")
    async with house.database.write() as connection:
        await connection.execute(update(calls).values(agent_id=agent))
    house.scope = replace(house.scope, reach=Reach(source_ids=(source,)))
    assert (await asked(house, query))["calls"]["nodes"] == [{**mine, "agent": None}]
    await house.ask(query)


async def test_memory_of_plans_and_shapes_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PLANS", 3)
    monkeypatch.setattr(module, "MOST_SHAPES", 5)
    for number in range(12):
        await asked(house, f"query ($size: Int) {{ calls(first: $size) {{ nodes {{ a{number}: id }} }} }}", size=number)
        await asked(house, "query ($size: Int) { calls(first: $size) { nodes { id } } }", size=number)
    engine = house.engine
    assert (len(engine._plans), len(engine._operations)) == (3, 3)
    assert len(engine._shapes) == sum(len(kept.shapes) for kept, _ in engine._plans._kept.values()) == 5
    for number in range(3):
        await asked(house, f"{{ calls {{ nodes {{ b{number}: id }} }} }}")
    assert len(engine._shapes) == 3  # the shapes of a plan go with it


class Slow:
    """A quick way that is too slow every time. Every statement needs a view."""

    def __init__(self) -> None:
        self.tried: list[bool] = []

    def alone(self) -> None:
        """There is none."""

    def reading(self, several: bool) -> Any:
        self.tried.append(several)
        raise TooLongError

    async def close(self) -> None:
        pass


async def test_what_takes_too_long_is_read_the_careful_way(house: House) -> None:
    await fill(house, [row("a")])
    house.database.quick = slow = Slow()
    for _ in range(4):
        found = await asked(house, "{ calls { nodes { providerCallId } } }")
        assert found["calls"]["nodes"] == [{"providerCallId": "a"}]
    assert slow.tried == [False, False]  # then it is left alone for a while


@pytest.mark.parametrize(
    ("given", "several"),
    [
        ("direction: [INBOUND]", False),
        ('label: {kind: QUEUE, names: ["a"]}', True),  # whether an attempt was the last is seen in its own view
        ('search: "ada"', True),  # who has the word says which calls are looked for
        ('agentNames: ["Ada"]', True),
        ('timeOfDay: {from: "09:00", to: "17:00"}', True),
    ],
)
async def test_statements_of_which_one_says_what_the_next_asks_for_see_one_state(
    house: House, given: str, several: bool
) -> None:
    house.database.quick = slow = Slow()
    await asked(house, f"{{ calls(filter: {{{given}}}) {{ nodes {{ id }} }} }}")
    assert slow.tried == [several]


async def test_large_values_are_not_remembered_by_the_shapes_that_need_them(house: House) -> None:
    """A number is looked at for its country: a shape with one has no slots, which is noted once a shape."""
    query = "query ($n: PhoneNumber!, $words: [String!]) { calls(filter: {phoneNumbers: [$n], queues: $words}) { totalCount } }"
    for number in range(1, 6):
        await compiled_answer(house, query, {"n": "+9779811000001", "words": [f"{number}" * 20_000] * number})
    noted = [one for kept, _ in house.engine._plans._kept.values() for one in kept.bound]
    assert noted
    assert all(len(one) == 16 for one in noted)


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_statement_that_was_interrupted_is_prepared_once_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await crowd(house, 30)
    quick: Any = made.database.quick
    query = "{ calls { nodes { id agent { name } } } }"
    await asked(made, query)
    before = quick._connection
    with monkeypatch.context() as hurried:
        hurried.setattr("app.store.quick._LONGEST_SECONDS", -1)
        before.set_progress_handler(quick._is_over, 1)  # at the first step
        await asked(made, query)
    await asked(made, query)
    assert quick._connection is not before


async def test_filter_that_is_too_large_for_so_many_parents_is_so_for_the_engine(house: House) -> None:
    """`answer` compares the two paths: where the one refuses, the other may not answer."""
    made = await crowd(house, 30)
    query = "query ($f: CallFilter) { agents(first: 30) { nodes { calls(first: 1, filter: $f) { nodes { id } } } } }"
    heavy = {"and": [{"queues": [f"{part} {n}" for n in range(500)]} for part in "abcd"]}
    assert (await made.answer(query, f=heavy))["errors"][0]["extensions"]["code"] == "FILTER_TOO_LARGE"
    light = {"and": [{"queues": [f"{n}" for n in range(100)]}]}
    assert "errors" not in await made.answer(query, f=light)


async def test_quick_way_that_is_broken_costs_no_answer(house: House) -> None:
    await fill(house, [row("a")])

    class Broken:
        def alone(self) -> Any:
            raise OSError

        def reading(self, several: bool) -> Any:
            raise OSError

        async def close(self) -> None:
            pass

    house.database.quick = Broken()
    assert (await asked(house, "{ calls { nodes { providerCallId } } }"))["calls"]["nodes"] == [{"providerCallId": "a"}]


async def test_answer_is_one_view_of_the_store(house: House) -> None:
    """The page and its total are read by several statements, which see one state."""
    await fill(house, [row("a")])
    quick = house.database.quick
    assert quick is not None
    async with quick.reading(several=True) as send:
        text = "SELECT count(*) FROM calls"
        before = (await send(text, ()))[0][0]
        await fill(house, [row("b", minute=1)])
        assert (await send(text, ()))[0][0] == before
    async with quick.reading(several=True) as send:
        assert (await send(text, ()))[0][0] == before + 1
