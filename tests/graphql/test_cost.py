"""The cost of a request is how many objects its answer may hold."""

import math
from typing import Any

import graphql
import pytest
from graphql import get_introspection_query, get_named_type, get_nullable_type, is_composite_type, is_list_type
from hypothesis import given
from hypothesis import strategies as st

from app.graphql.cost import CEILING, shapes
from app.graphql.limits import Limits, judge
from app.graphql.pagination import DEFAULT_SIZE, MAX_SIZE
from app.graphql.schema import schema
from tests.graphql.documents import Expansion, documents

SCHEMA = schema()._schema
UNLIMITED = Limits(**dict.fromkeys(Limits.__dataclass_fields__, 10 * CEILING))


def cost(text: str, name: str | None = None, **variables: Any) -> int:
    """The cost of a document without limits."""
    return judge(graphql.parse(text), name, variables, SCHEMA, UNLIMITED).nodes


sizes = st.fixed_dictionaries(
    {},
    optional={
        "a": st.none() | st.integers(0, 9),
        "b": st.none() | st.integers(0, 9),
        "ids": st.lists(st.just("x"), max_size=4),
        "yes": st.booleans(),
        "no": st.booleans(),
    },
)


@given(documents(), sizes)
def test_cost_is_that_of_the_document_written_out(text: str, variables: dict[str, Any]) -> None:
    document = graphql.parse(text)
    written = Expansion(document, variables)
    objects = written.objects(written.operation.selection_set, "Query")
    assert judge(document, None, variables, SCHEMA, UNLIMITED).nodes == math.ceil(objects)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ __typename }", 0),
        ("{ call(id: 1) { id startedAt } }", 1),
        ("{ call(id: 1) { agent { name } recording { url } } }", 3),
        ("{ calls { nodes { id } } }", DEFAULT_SIZE),
        ("{ calls(first: 20) { nodes { agent { name } } } }", 40),
        ("{ calls(last: 20) { edges { cursor node { agent { name } } } } }", 40),
        ("{ calls(first: 20) { edges { cursor } } }", 20),
        ("{ calls(first: 20) { nodes { id } edges { node { id } } } }", 40),
        ("{ agents(first: 10) { nodes { calls(first: 10) { nodes { legs { agent { name } } } } } } }", 10 + 100 * 21),
        ("{ call(id: 1) { numbers { raw } labels { name } sipAgentIds } }", 1 + 4 + 10),
        ("{ nodes(ids: [1, 2, 3]) { id ... on Call { agent { name } } } }", 6),
        ("{ nodes(ids: 1) { id } }", 1),
        ('{ callCounts(phoneNumbers: ["1", "2"]) { total } }', 2),
        ("{ sources { calls { totalCount } } }", 20),
        ("{ neverAttended(first: 20) { nodes { agent { name } calls(first: 10) { nodes { id } } } } }", 20 + 20 + 200),
        ("{ notPickedUp { totalCount } }", 1),
    ],
)
def test_cost_of(text: str, expected: int) -> None:
    assert graphql.validate(SCHEMA, graphql.parse(text)) == []
    assert cost(text) == expected


def test_total_count_costs_one_and_no_page() -> None:
    assert cost("{ agents(first: 100) { nodes { calls(first: 1000) { totalCount } } } }") == 200


def test_page_info_costs_the_page_that_is_read_for_it() -> None:
    assert cost("{ calls(first: 1000) { totalCount pageInfo { endCursor } } }") == 1000
    assert (
        cost("{ calls(first: 1000) { ...P nodes { id } } } fragment P on CallConnection { pageInfo { endCursor } }")
        == 1000
    )
    assert (
        cost("{ calls(first: 1000) { ...P } } fragment P on CallConnection { ...{ pageInfo { endCursor } } }") == 1000
    )


def test_empty_page_costs_one() -> None:
    assert cost("{ calls(first: 0) { nodes { agent { name } } } }") == 1


@pytest.mark.parametrize("size", ["-5", "$a"])
def test_sizes_below_zero_cost_nothing_below_them(size: str) -> None:
    assert cost(f"query Q($a: Int) {{ calls(first: {size}) {{ nodes {{ id }} }} }}", a=-5) == 1


@pytest.mark.parametrize("size", ["1001", "99999999999999999999", "$a"])
def test_sizes_above_the_largest_page_cost_that_page(size: str) -> None:
    assert cost(f"query Q($a: Int) {{ calls(first: {size}) {{ nodes {{ id }} }} }}", a=10**30) == MAX_SIZE


def test_variables_say_the_size() -> None:
    text = "query Q($first: Int) { calls(first: $first) { nodes { id } } }"
    assert (cost(text, first=7), cost(text, first=7.0), cost(text), cost(text, first=None)) == (7, 7, 50, 50)


def test_values_that_are_no_sizes_cost_the_default_page() -> None:
    text = "query Q($first: Int) { calls(first: $first) { nodes { id } } }"
    assert {cost(text, first=value) for value in ("9", True, [9], {})} == {DEFAULT_SIZE}


def test_default_of_a_variable_holds_until_it_is_given() -> None:
    text = "query Q($first: Int = 9) { calls(first: $first) { nodes { id } } }"
    assert (cost(text), cost(text, first=3), cost(text, first=None)) == (9, 3, DEFAULT_SIZE)


@pytest.mark.parametrize(("given", "expected"), [([1, 2, 3], 3), ([], 0), ("1", 1), (None, 0)])
def test_list_of_ids_costs_an_object_for_each(given: Any, expected: int) -> None:
    assert cost("query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=given) == expected


@pytest.mark.parametrize(("default", "expected"), [("[1, 2]", 2), ('"1"', 1), ("null", 0)])
def test_default_list_of_ids_costs_an_object_for_each(default: str, expected: int) -> None:
    assert cost(f"query Q($ids: [ID!]! = {default}) {{ nodes(ids: $ids) {{ id }} }}") == expected


def test_what_is_skipped_costs_nothing() -> None:
    text = """
        query Q($legs: Boolean! = false) {
          calls(first: 10) { nodes { ...L @include(if: $legs) ... @skip(if: true) { agent { name } } } }
        }
        fragment L on Call { legs @skip(if: false) { name } }
    """
    assert (cost(text), cost(text, legs=True)) == (10, 110)


def test_only_the_executed_operation_costs() -> None:
    text = "query A { calls(first: 1) { nodes { id } } } query B { calls(first: 9) { nodes { id } } }"
    assert (cost(text, "A"), cost(text, "B"), cost(text, "C"), cost(text)) == (1, 9, 0, 0)
    assert cost("query A { sources { id } }") == 10


def test_cost_of_a_fragment_bomb_ends_at_the_ceiling() -> None:
    rungs = "".join(
        f"fragment F{at} on Agent {{ calls {{ nodes {{ agent {{ ...F{at + 1} }} }} }} }}" for at in range(30)
    )
    assert cost(f"{{ agent(id: 1) {{ ...F0 }} }} {rungs} fragment F30 on Agent {{ name }}") == CEILING


def test_unknown_fields_cost_nothing() -> None:
    assert cost("{ nope { calls { nodes { id } } } calls(first: 2) { nope { id } nodes { nope { id } } } }") == 2


def test_change_costs_what_it_answers_and_one_that_there_is_not_costs_nothing() -> None:
    assert cost("mutation { calls { nodes { id } } }") == 0
    change = 'addExcludedNumbers(phoneNumbers: ["+9779810000078"]) { changed }'
    assert cost(f"mutation {{ {change} again: {change} }}") == 2


def test_every_list_of_objects_multiplies_what_is_below_it() -> None:
    for name, parent in SCHEMA.type_map.items():
        for key, field in getattr(parent, "fields", {}).items():
            many = is_list_type(get_nullable_type(getattr(field, "type", None)))
            if many and is_composite_type(get_named_type(field.type)) and not name.startswith("__"):
                shape = shapes(SCHEMA)[name][key]
                assert shape.size > 1 or (name.endswith("Connection") and key in ("nodes", "edges")), f"{name}.{key}"


def test_every_connection_is_a_page_and_takes_its_size() -> None:
    found = [
        shape for fields in shapes(SCHEMA).values() for shape in fields.values() if shape.type.endswith("Connection")
    ]
    assert len(found) >= 6
    assert all(shape.paged and shape.size == DEFAULT_SIZE for shape in found)


def objects_in(value: Any) -> int:
    """How many objects there are in an answer."""
    if isinstance(value, list):
        return sum(objects_in(item) for item in value)
    if not isinstance(value, dict):
        return 0
    return 1 + sum(objects_in(item) for item in value.values())


def test_listing_the_schema_costs_what_it_holds() -> None:
    text = get_introspection_query(input_value_deprecation=True)
    answer = graphql.graphql_sync(SCHEMA, text).data
    assert cost(text) == pytest.approx(objects_in(answer), rel=0.2)


def test_listing_the_schema_over_and_over_costs_as_often() -> None:
    once = "__schema { types { fields { args { type { name } } } } }"
    assert cost("{ a: %s b: %s }" % (once, once)) == pytest.approx(2 * cost("{ %s }" % once), abs=1)  # noqa: UP031
