"""Measures are those of the document with its fragments written out, and are had without writing them out."""

import sys
from collections.abc import Callable
from typing import Any

import graphql
import pytest
from hypothesis import given

from app.graphql.cost import CEILING
from app.graphql.schema import schema
from app.graphql.survey import Measures, survey
from tests.graphql.documents import Expansion, documents

SCHEMA = schema()._schema


def measured(text: str) -> Measures:
    """The measures of a document's first operation."""
    return survey(graphql.parse(text), SCHEMA).operations[0]


def calls_of(act: Callable[[], Any]) -> int:
    """How many functions an act calls: its time, on a machine that is never busy."""
    calls = 0

    def count(_: Any, event: str, __: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


@given(documents())
def test_measures_are_those_of_the_document_written_out(text: str) -> None:
    found = measured(text)
    written = Expansion(graphql.parse(text), {})
    levels = [level + 1 for _, type_, level in written.everything if not type_.startswith("__")]
    schema_levels = [level + 1 for _, type_, level in written.everything if type_.startswith("__")]
    assert found.depth == max(levels, default=0)
    assert found.introspection_depth == max(schema_levels, default=0)
    assert found.root_fields == sum(level == 0 for _, _, level in written.everything)
    assert found.aliases == sum(node.alias is not None for node, _, _ in written.everything)
    assert found.directives == written.directives


def bomb(rungs: int, rung: str = "...{next} ...{next}", last: str = "x: id @include(if: true)") -> str:
    """A document whose fragments each spread the next one twice: 2 to the power of its rungs, written out."""
    fragments = [f"fragment F{at} on Call {{ {rung.format(next=f'F{at + 1}')} }}" for at in range(rungs)]
    return "\n".join(["{ calls { nodes { ...F0 } } }", *fragments, f"fragment F{rungs} on Call {{ {last} }}"])


def test_fragment_bomb_is_counted_to_the_last_alias() -> None:
    found = measured(bomb(20))
    assert (found.aliases, found.directives, found.depth) == (2**20, 2**20, 3)


def test_counts_end_at_the_ceiling() -> None:
    found = measured(bomb(30))
    assert (found.aliases, found.directives) == (CEILING, CEILING)


def test_depth_of_a_bomb_is_that_of_one_of_its_ways() -> None:
    assert measured(bomb(30, "agent {{ calls {{ nodes {{ ...{next} ...{next} }} }} }}")).depth == 2 + 3 * 30 + 1


@pytest.mark.parametrize("rung", ["...{next} ...{next}", "a: agent {{ calls {{ nodes {{ ...{next} ...{next} }} }} }}"])
def test_work_grows_with_the_document_and_not_with_what_it_stands_for(rung: str) -> None:
    small, large = (graphql.parse(bomb(rungs, rung)) for rungs in (15, 30))
    survey(small, SCHEMA)  # the schema's shapes are made once
    once = calls_of(lambda: survey(small, SCHEMA).prices.of({}))
    twice = calls_of(lambda: survey(large, SCHEMA).prices.of({}))
    assert twice < 2.2 * once


def test_fragments_that_spread_each_other_end() -> None:
    text = "{ call(id: 1) { ...A } } fragment A on Call { x: id ...B } fragment B on Call { agent { calls { nodes { ...A } } } }"
    assert measured(text).depth == 1


def test_unknown_names_count_by_their_shape() -> None:
    found = measured("{ nope(x: [1]) @nope { a: nope { nope } ...Nope ... on Nope { nope } } }")
    assert (found.depth, found.aliases, found.directives, found.root_fields) == (3, 1, 1, 1)


def test_directives_of_operations_variables_and_fragments_count() -> None:
    text = "query Q($a: Int @x) @y { ...F ...F } fragment F on Query @z { sources { id } }"
    assert measured(text).directives == 4


def test_each_operation_is_measured_by_itself() -> None:
    text = "query A { a: sources { id } } query B { b: sources { id } c: sources { name } ...F } fragment F on Query { d: sources { id } }"
    found = survey(graphql.parse(text), SCHEMA).operations
    assert [(operation.name, operation.aliases) for operation in found] == [("A", 1), ("B", 3)]


def test_definitions_of_types_are_no_operations() -> None:
    assert survey(graphql.parse("type A { b: Int } extend type Query { c: A }"), SCHEMA).operations == []
