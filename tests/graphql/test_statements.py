"""How many statements a query takes: as many as it is deep, whatever the number of rows; and what they read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, get_named_type, is_leaf_type, is_object_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.graphql.declare import columns_of, declarations_of
from app.graphql.schema import schema
from app.graphql.types.call import Call
from app.graphql.types.number import number_columns
from app.store import excluded
from app.store.tables import metadata
from tests.conftest import NOW, House
from tests.graphql.rows import MORNING, crowd, empty_house, fill, missed_crowd, row

TYPES = schema()._schema.type_map
SMALL, LARGE = 2, 60
CONNECTION = "totalCount edges { cursor node { id } } nodes { id } pageInfo { hasNextPage endCursor }"
# How the rows of the root's lists are asked for; {size} of them.
ROOTS = {
    "calls": "calls(first: {size})",
    "agents": "agents(first: {size})",
    "contacts": "contacts(first: {size})",
    "sources": "sources",
    "callCounts": "callCounts(phoneNumbers: {numbers})",
    "nodes": "nodes(ids: {ids})",
    "callStats": "callStats(groupBy: [AGENT, CONTACT, SOURCE, CORPORATE, OUTCOME])",
    "neverAttended": "neverAttended(first: {size})",
    "notPickedUp": "notPickedUp(first: {size})",
    "uniqueContacts": "uniqueContacts(first: {size})",
    "agentSummaries": "agentSummaries(first: {size})",
    "excludedNumbers": "excludedNumbers(first: {size})",
    "unreturnedCalls": "unreturnedCalls(first: {size}, state: ALL)",
}
# What calls of the crowd, or groups by five things of thirty, have none of.
NOT_THERE = {
    *("CallStatsKey.division", "CallStatsKey.location", "CallStatsKey.campaignUnit", "CallStatsKey.orgUnit"),
    *("CallStats.previous", "UniqueContact.previous", "AgentSummary.previous"),
}
# What holds lists that one statement is added up to, whatever they are.
OF_ONE_READING = {"CallActivity", "ActivitySlot", "DailyActivity", "CallDay"}
# The way to a unit that has one above it.
TO_UNITS = ("calls", "nodes", "campaign")
AGENTS_THEIR_CALLS_AND_CONTACTS = """{
  agents(first: 20) { nodes { name calls(first: 10) { nodes { startedAt contact { name } } } } }
}"""


def fields_of(type_name: str) -> dict[str, GraphQLField]:
    kind = TYPES[type_name]
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    return kind.fields


def is_connection(type_name: str) -> bool:
    return type_name.endswith("Connection")


def inner(field: GraphQLField) -> str:
    return get_named_type(field.type).name


def ways() -> dict[str, tuple[str, ...]]:
    """The shortest way from Query, through its lists, to every object type that holds fields of its own."""
    found: dict[str, tuple[str, ...]] = {"OrgUnit": TO_UNITS}
    waiting: list[tuple[str, tuple[str, ...]]] = [("Query", ()), ("OrgUnit", TO_UNITS)]
    while waiting:
        owner, way = waiting.pop(0)
        for name, field in fields_of(owner).items():
            kind, step = inner(field), (*way, name)
            if is_connection(kind):
                kind, step = inner(fields_of(kind)["nodes"]), (*step, "nodes")
            is_walked = owner != "Query" or name in ROOTS
            if is_walked and is_object_type(TYPES[kind]) and kind not in found:
                found[kind] = step
                waiting.append((kind, step))
    return found


def selection(kind: str) -> str:
    """Everything of a type that is not an object in its turn."""
    if is_connection(kind):
        has_id = "id" in fields_of(inner(fields_of(kind)["nodes"]))
        return CONNECTION if has_id else CONNECTION.replace("{ id }", "{ __typename }")
    return " ".join(name for name, field in fields_of(kind).items() if is_leaf_type(get_named_type(field.type)))


def questions() -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The name of a field, the way to its owner, and what is asked there: each field that is no plain value, one by one.

    What it is asked for are all plain values of its own type, so that those are all asked for, too.
    """
    for owner, way in [("Query", ()), *ways().items()]:
        for name, field in fields_of(owner).items():
            if not is_leaf_type(get_named_type(field.type)) and (owner != "Query" or name in ROOTS):
                yield f"{owner}.{name}", (*way, name), selection(inner(field))


QUESTIONS = list(questions())


def test_every_list_and_connection_below_the_root_is_asked_for() -> None:
    asked = {name for name, *_ in QUESTIONS}
    for kind in TYPES.values():
        if is_object_type(kind) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                is_list = "[" in str(field.type) or is_connection(inner(field))
                of_objects = not is_leaf_type(get_named_type(field.type))
                if is_list and of_objects and not is_connection(kind.name) and kind.name not in OF_ONE_READING:
                    assert f"{kind.name}.{name}" in asked


async def roots_of(house: House, size: int) -> dict[str, str]:
    calls = (await house.ask("query Q($n: Int) { calls(first: $n) { nodes { id phoneNumber } } }", n=size))["calls"][
        "nodes"
    ]
    async with house.database.write() as connection:
        await excluded.add(connection, house.scope, [call["phoneNumber"] for call in calls], NOW)
    quoted = {
        key: "[" + " ".join(f'"{call[name]}"' for call in calls) + "]"
        for key, name in (("ids", "id"), ("numbers", "phoneNumber"))
    }
    return {name: text.format(size=size, **quoted) for name, text in ROOTS.items()}


def query_of(roots: dict[str, str], way: tuple[str, ...], asked: str) -> str:
    text = asked
    for step in reversed(way):
        text = f"{roots.get(step, step) if step == way[0] else step} {{ {text} }}"
    return "{ " + text + " }"


def found_at(data: Any, way: tuple[str, ...]) -> list[Any]:
    """The objects at a way of an answer."""
    found = [data]
    for step in way:
        values = [one[step] for one in found if one[step] is not None]
        found = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return found


async def test_statements_are_as_many_for_sixty_rows_as_for_two(house: House) -> None:
    houses = {size: await missed_crowd(house, size) for size in (SMALL, LARGE)}
    roots = {size: await roots_of(made, size) for size, made in houses.items()}
    wrong = []
    for name, way, asked in QUESTIONS:
        sent: dict[int, list[str]] = {}
        objects = (*way, "nodes") if asked.startswith("totalCount") else way
        for size, made in houses.items():
            async with made.statements() as sent[size]:
                data = await made.ask(query_of(roots[size], way, asked))
            assert len(found_at(data, objects)) >= size or name in NOT_THERE, name
        if len(sent[SMALL]) != len(sent[LARGE]) or len(sent[LARGE]) > len(way) + 2:
            wrong.append((name, sent[LARGE]))
    assert not wrong


async def test_activity_takes_one_statement(house: House) -> None:
    made = await missed_crowd(house, SMALL)
    async with made.statements() as sent:
        await made.ask(
            "{ hourlyActivity { amount { total } slots { amount { total } days { date amount { total } } } } }"
        )
    assert len(sent) == 1


BY_DAY = (
    "{ dailyActivity%s { total byDay { date total workingSeconds lastCall { id } slots { percent { total } } %s } } }"
)


async def test_days_take_a_statement_for_their_calls_one_for_work_and_one_for_their_last_calls(house: House) -> None:
    made = await missed_crowd(house, SMALL)
    for argument, previous, count in (("", "", 3), ("(compareTo: PREVIOUS_PERIOD)", "previous { workingSeconds }", 5)):
        async with made.statements() as sent:
            await made.ask(BY_DAY % (argument, previous))
        assert len(sent) == count


@pytest.mark.parametrize("statistic", ["agentSummaries", "uniqueContacts"])
async def test_comparing_takes_as_many_statements_for_sixty_rows_as_for_two(house: House, statistic: str) -> None:
    query = "{ %s(first: 60, filter: {period: TODAY}, compareTo: PREVIOUS_PERIOD) { previousTotalCount nodes { total neverAttended"
    query += " lastCall { id } previous { total neverAttended lastCall { id } } } } }"
    counts = []
    for size in (SMALL, LARGE):
        made = await empty_house(house)
        await fill(made, [_of_day(day, n) for n in range(size) for day in (0, 1)])
        async with made.statements() as sent:
            nodes = (await made.ask(query % statistic))[statistic]["nodes"]
        assert [node["previous"]["total"] for node in nodes] == [1] * size
        counts.append(len(sent))
    assert counts[0] == counts[1] == 6


def _of_day(day: int, n: int) -> dict[str, object]:
    """A call of one of many agents and numbers, on a day before the tests' now."""
    minutes = (NOW - MORNING) // timedelta(minutes=1) - 60 - 1440 * day
    return row(f"{day} {n}", agent=f"Agent {n}", caller=f"+97798220{n:05}", minute=minutes)


async def test_three_levels_take_three_statements(house: House) -> None:
    """20 agents, the last 10 calls of each, the contact of each call; four would be allowed."""
    made = await crowd(house, 60)
    await fill(made, [row(f"k{n}", agent=f"Agent {n % 20}", caller=f"+97798220{n:05}", minute=n) for n in range(300)])
    async with made.statements() as sent:
        data = await made.ask(AGENTS_THEIR_CALLS_AND_CONTACTS)
    assert len(found_at(data, ("agents", "nodes", "calls", "nodes", "contact"))) > 100
    assert len(sent) == 3


async def test_nested_connection_of_a_thousand_parents_is_one_statement(house: House) -> None:
    """SQLite takes at most 500 SELECTs in one compound, PostgreSQL any number."""
    size = 1000 if house.database.is_sqlite else 200
    rows = [row(f"c{n}", agent=f"Agent {n:04}", caller=f"+97798330{n % 7:05}", minute=n) for n in range(size)]
    await fill(house, rows)
    async with house.statements() as sent:
        data = await house.ask("{ agents(first: 1000) { nodes { name calls(last: 1) { nodes { providerCallId } } } } }")
    agents = data["agents"]["nodes"]
    assert [(a["name"], a["calls"]["nodes"][0]["providerCallId"]) for a in agents] == [
        (f"Agent {n:04}", f"c{n}") for n in range(size)
    ]
    assert len(sent) == 2


ROOT_AND_NESTED = ("{ calls { %s } }", "{ agents { nodes { calls { %s } } } }")


async def test_rows_are_counted_only_where_total_count_is_asked_for(house: House) -> None:
    await fill(house, [row("a", agent="Anna")])
    for query in ROOT_AND_NESTED:
        for asked, counts in (("nodes { id }", 0), ("totalCount", 1), ("nodes { id } totalCount", 1)):
            async with house.statements() as sent:
                await house.ask(query % asked)
            assert sum("count(*)" in statement for statement in sent) == counts, query


async def test_edges_nodes_and_page_info_share_one_reading(house: House) -> None:
    await fill(house, [row("a", agent="Anna")])
    for query, expected in zip(ROOT_AND_NESTED, (1, 2), strict=True):
        async with house.statements() as sent:
            await house.ask(query % "nodes { id } edges { cursor node { notes } } pageInfo { endCursor }")
        assert len(sent) == expected, query


async def test_connection_of_which_nothing_is_asked_is_not_read(house: House) -> None:
    async with house.statements() as sent:
        assert await house.ask("{ calls { __typename } }") == {"calls": {"__typename": "CallConnection"}}
    assert sent == []


async def test_equal_nested_fields_share_a_statement_and_different_ones_do_not(house: House) -> None:
    await fill(house, [row("a", agent="Anna"), row("b", agent="Zoë")])
    counted = {}
    for second in (
        "first: 1",
        "first: 2",
        "first: 1, orderBy: {direction: ASC}",
        "first: 1, filter: {connected: true}",
    ):
        query = "{ agents { nodes { a: calls(first: 1) { nodes { id } } b: calls(%s) { nodes { id } } } } }"
        async with house.statements() as sent:
            await house.ask(query % second)
        counted[second] = len(sent)
    assert list(counted.values()) == [2, 3, 3, 3]


def selected(statement: str, table: str) -> set[str]:
    """The columns of a table that a statement reads; of a compound's last branch, which is like its others."""
    text = statement.rpartition("FROM (")[2].partition(" \nFROM ")[0]
    return set(re.findall(rf"\b{table}\.(\w+)(?=[,\s]|$)", text))


PLAIN = sorted(name for name, field in fields_of("Call").items() if is_leaf_type(get_named_type(field.type)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.sets(st.sampled_from(PLAIN), min_size=1, max_size=6), through=st.sampled_from(["nodes", "edges { node"])
)
async def test_only_the_selected_columns_are_read(house: House, names: set[str], through: str) -> None:
    async with house.statements() as sent:
        await house.ask(f"{{ calls {{ {through} {{ {' '.join(sorted(names))} {'}' * through.count('{')} }} }} }}")
    declared = declarations_of(Call)
    wanted = {column for name in names for column in declared[name].columns}
    assert selected(sent[0], "calls") == wanted | {"id", "started_at"}


READS = [
    ("{ calls { nodes { outcome } } }", "calls", {"id", "outcome", "started_at"}),
    ("{ calls { edges { node { notes } } nodes { revenue } } }", "calls", {"id", "notes", "revenue", "started_at"}),
    ("{ calls { nodes { wrapUp { name } } } }", "calls", {"id", "details", "started_at"}),
    ("{ calls { nodes { agent { name } } } }", "agents", {"id", "name"}),
    ("{ calls { nodes { contact { email } } } }", "contacts", {"id", "email"}),
    ("{ calls { nodes { source { region } } } }", "sources", {"id", "region"}),
    ("{ calls { nodes { legs { name } } } }", "call_legs", {"call_id", "name"}),
    ("{ calls { nodes { ... on Call { ...A } } } } fragment A on Call { agent { code } }", "agents", {"id", "code"}),
    ("{ agents { nodes { calls { nodes { notes } } } } }", "calls", {"id", "notes", "started_at"}),
    ("{ contacts { nodes { phoneNumber } } }", "contact_numbers", {"contact_id", "number"}),
    ("{ contacts { nodes { numbers { raw } } } }", "contact_numbers", {"contact_id", *number_columns("number")}),
    ("{ sources { name } }", "sources", {"id", "name"}),
]


async def test_columns_of_other_fields_are_not_read(house: House) -> None:
    await fill(house, [row("a", agent="Anna", contact="Ram", legs=1), row("b", agent="Zoë")])
    for query, table, columns in READS:
        async with house.statements() as sent:
            await house.ask(query)
        assert selected(sent[-1], table) == columns, query


async def test_node_reads_only_what_the_fragments_of_its_type_select(house: House) -> None:
    await fill(house, [row("a", agent="Anna")])
    (call,) = (await house.ask("{ calls { nodes { id } } }"))["calls"]["nodes"]
    query = "query Q($id: ID!) { node(id: $id) { id ... on Call { notes } ... on Agent { name email } } }"
    async with house.statements() as sent:
        await house.ask(query, id=call["id"])
    assert [selected(statement, "calls") for statement in sent] == [{"id", "notes"}]


def test_every_column_that_a_field_declares_is_in_its_table() -> None:
    for noun, kind in (
        ("calls", "Call"),
        ("agents", "Agent"),
        ("contacts", "Contact"),
        ("sources", "Source"),
        ("org_units", "OrgUnit"),
    ):
        assert columns_of(noun, fields_of(kind)) <= set(metadata.tables[noun].c.keys())
