"""What a query selects below a field: found through every kind of fragment, each of them walked once."""

import pytest
from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from app.graphql.selection import Fragments, names_below


def read(query: str) -> tuple[list[FieldNode], Fragments]:
    """The fields at the top of a query's first operation, and its fragments."""
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    return [node for node in operation.selection_set.selections if isinstance(node, FieldNode)], fragments


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("{ calls { a b } }", {"a", "b"}),
        ("{ calls { a { c } } }", {"a"}),
        ("{ calls { other: a } }", {"a"}),
        ("{ calls { a ... { b } } }", {"a", "b"}),
        ("{ calls { ... on Call { a ... on Node { b } } } }", {"a", "b"}),
        ("{ calls { ...F } } fragment F on Call { a ...G } fragment G on Call { b }", {"a", "b"}),
        ("{ calls { a } calls { b } }", {"a", "b"}),
        ("{ calls { a @skip(if: true) b @include(if: $x) } }", {"a", "b"}),
        ("{ calls { ...Missing a } }", {"a"}),
        ("{ calls { ...F } } fragment F on Call { a ...F }", {"a"}),
        ("{ calls }", set()),
    ],
)
def test_names_of_the_fields_below(query: str, names: set[str]) -> None:
    assert names_below(*read(query)) == names


@pytest.mark.parametrize(
    ("query", "path", "names"),
    [
        ("{ calls { nodes { a } edges { node { b } } } }", ("nodes",), {"a"}),
        ("{ calls { nodes { a } edges { node { b } } } }", ("edges", "node"), {"b"}),
        ("{ calls { nodes { a } ...F } } fragment F on C { nodes { b } }", ("nodes",), {"a", "b"}),
        ("{ calls { other: nodes { a } } }", ("nodes",), {"a"}),
        ("{ calls { totalCount } }", ("nodes",), set()),
    ],
)
def test_names_at_a_path_below(query: str, path: tuple[str, ...], names: set[str]) -> None:
    assert names_below(*read(query), *path) == names


@settings(max_examples=10)
@given(depth=st.integers(1, 200), copies=st.integers(1, 5))
def test_fragments_that_multiply_take_no_more_time_than_their_text(depth: int, copies: int) -> None:
    """200 fragments that each spread the next five times are 5 to the 200 fields when written out."""
    fragments = [f"fragment F{n} on C {{ a{n} " + f"...F{n + 1} " * copies + "}" for n in range(depth)]
    query = f"{{ calls {{ ...F0 }} }} {' '.join(fragments)} fragment F{depth} on C {{ last }}"
    assert names_below(*read(query)) == {*(f"a{n}" for n in range(depth)), "last"}
