"""What a query selects below a field, so that only those columns are read."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
)
from graphql.execution.values import VariableValues
from strawberry import Info

from app.engine.selected import Below

Fragments = Mapping[str, FragmentDefinitionNode]


def below(info: Info[Any, Any]) -> Below:
    """What is selected below the field that is resolved."""
    raw = info._raw_info
    told: Any = raw.variable_values
    # Strawberry's info has the values alone, graphql-core's own has where they came from, too.
    variables = told if isinstance(told, VariableValues) else VariableValues({}, told)
    return Below(raw.field_nodes, raw.fragments, variables, raw.schema)


def names_below(nodes: Iterable[FieldNode], fragments: Fragments, *path: str) -> set[str]:
    """The names of the fields selected at a path below some fields, those of fragments included.

    `@skip` and `@include` are not looked at: a column that is read and not shown does no harm.
    """
    for name in path:
        nodes = [node for node in fields_below(nodes, fragments) if node.name.value == name]
    return {node.name.value for node in fields_below(nodes, fragments)}


def fields_below(nodes: Iterable[FieldNode], fragments: Fragments) -> list[FieldNode]:
    """The fields selected directly below some fields, in the document's order.

    Each fragment is walked once, so its size is counted once.
    """
    found: list[FieldNode] = []
    seen: set[str] = set()
    selected = [node.selection_set.selections for node in nodes if node.selection_set]
    waiting = [one for selections in selected[::-1] for one in selections[::-1]]
    while waiting:
        selection = waiting.pop()
        if isinstance(selection, FieldNode):
            found.append(selection)
        elif isinstance(selection, InlineFragmentNode):
            waiting += selection.selection_set.selections[::-1]
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
            seen.add(selection.name.value)
            if fragment := fragments.get(selection.name.value):
                waiting += fragment.selection_set.selections[::-1]
    return found
