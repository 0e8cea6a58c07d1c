"""Random small documents of the graph with fragments and variables, and what is in them once the fragments are written out."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from hypothesis import strategies as st

PAGES = ["", "(first: 3)", "(last: 7)", "(first: $a)", "(last: $b)", "(first: 0)", "(first: null, last: 2)"]
CONDITIONS = ["", "", "", "@skip(if: true)", "@include(if: $yes)", "@skip(if: $no)", "@include(if: false)"]
HEAD = "query Q($a: Int = 4, $b: Int, $ids: [ID!]! = [1, 2], $yes: Boolean = true, $no: Boolean = false)"

# The fields that a document may have: what they hold, and how their arguments may be written. None for a scalar.
FIELDS: dict[str, dict[str, tuple[str | None, list[str]]]] = {
    "Query": {
        "call": ("Call", ["(id: 1)"]),
        "calls": ("CallConnection", PAGES),
        "agents": ("AgentConnection", PAGES),
        "nodes": ("Node", ["(ids: [1, 2, 3])", "(ids: $ids)", "(ids: [])", "(ids: 1)"]),
        "sources": ("Source", [""]),
        "__schema": ("__Schema", [""]),
    },
    "CallConnection": {
        "nodes": ("Call", [""]),
        "edges": ("CallEdge", [""]),
        "pageInfo": ("PageInfo", [""]),
        "totalCount": (None, [""]),
    },
    "AgentConnection": {"nodes": ("Agent", [""]), "totalCount": (None, [""])},
    "CallEdge": {"node": ("Call", [""]), "cursor": (None, [""])},
    "PageInfo": {"hasNextPage": (None, [""])},
    "Call": {
        "id": (None, [""]),
        "agent": ("Agent", [""]),
        "legs": ("CallLeg", [""]),
        "numbers": ("CallNumber", [""]),
        "labels": ("Label", [""]),
    },
    "Agent": {"name": (None, [""]), "calls": ("CallConnection", PAGES), "source": ("Source", [""])},
    "Source": {"name": (None, [""]), "calls": ("CallConnection", PAGES)},
    "Node": {"id": (None, [""])},
    "CallLeg": {"name": (None, [""]), "agent": ("Agent", [""])},
    "CallNumber": {"raw": (None, [""])},
    "Label": {"name": (None, [""])},
    "__Schema": {"queryType": ("__Type", [""])},
    "__Type": {"name": (None, [""]), "ofType": ("__Type", [""])},
}
# How many objects a list holds by itself, by its type and name.
SIZES = {"Query.sources": 10, "Call.legs": 10, "Call.numbers": 4, "Call.labels": 10, "__Type.ofType": 0.5}


@st.composite
def documents(draw: st.DrawFn, wrong: bool = False) -> str:
    """A document of one operation and up to five fragments, each spread by those before it. Some are wrong, if asked for."""
    types = draw(st.lists(st.sampled_from(["Query", "Call", "Agent", "CallConnection"]), max_size=5))
    names = [f"F{at}" for at in range(len(types))]
    later = dict(zip(names, types, strict=True))
    texts = [f"{HEAD} {_selection(draw, 'Query', 3, later, wrong)}"]
    for name, type_ in zip(names, types, strict=True):
        del later[name]
        texts.append(f"fragment {name} on {type_} {_selection(draw, type_, 2, later, wrong)}")
    return "\n".join(texts)


def _selection(draw: st.DrawFn, type_: str, depth: int, fragments: Mapping[str, str], wrong: bool) -> str:
    spreads = [name for name, on in fragments.items() if on == type_]
    fields = {name: found for name, found in FIELDS[type_].items() if depth > 0 or found[0] is None}
    choices = [*fields, *spreads, "inline"] if depth > 0 else [*fields, *spreads]
    if wrong:
        choices.append("nope")
    parts = []
    for choice in draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3)) if choices else []:
        condition = draw(st.sampled_from(CONDITIONS))
        if choice in spreads:
            parts.append(f"...{choice} {condition}")
        elif choice == "inline":
            on = draw(st.sampled_from(["", f"on {type_}"]))
            parts.append(f"... {on} {condition} {_selection(draw, type_, depth - 1, fragments, wrong)}")
        else:
            below, arguments = fields.get(choice, (None, ["", "(x: $x)"]))
            alias = draw(st.sampled_from(["", "", "a: ", "b: "]))
            selected = _selection(draw, below, depth - 1, fragments, wrong) if below else ""
            selected = draw(st.sampled_from([selected, "", "{ id }"])) if wrong else selected
            parts.append(f"{alias}{choice}{draw(st.sampled_from(arguments))} {condition} {selected}")
    return "{" + " ".join(parts or ["__typename"]) + "}"


class Expansion:
    """A document of one operation as it is when each fragment stands where it is spread: as slow as it gets."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        (self.operation,) = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self.variables = {"a": 4, "ids": [1, 2], "yes": True, "no": False, **variables}
        self.directives = 0
        self.everything = list(self._all(self.operation.selection_set, "Query", 0))

    def fields(self, selections: SelectionSetNode | None, type_: str) -> list[tuple[FieldNode, str]]:
        """The fields that are shown directly below something."""
        found: list[tuple[FieldNode, str]] = []
        for selection in selections.selections if selections else ():
            if not self._shown(selection):
                continue
            if isinstance(selection, FieldNode):
                found.append((selection, type_))
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments[selection.name.value]
                found += self.fields(fragment.selection_set, fragment.type_condition.name.value)
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition.name.value if selection.type_condition else type_
                found += self.fields(selection.selection_set, on)
        return found

    def objects(self, selections: SelectionSetNode | None, type_: str) -> float:
        """How many objects there may be below something."""
        return sum(self._of(node, on) for node, on in self.fields(selections, type_))

    def _of(self, node: FieldNode, type_: str) -> float:
        below = FIELDS[type_].get(node.name.value, (None, []))[0]
        if below is None:
            return 0
        if below.endswith("Connection"):
            return self._connection(node, below)
        return self._length(node, type_) * (1 + self.objects(node.selection_set, below))

    def _connection(self, node: FieldNode, type_: str) -> float:
        row, read = 0.0, False
        for field, on in self.fields(node.selection_set, type_):
            below = FIELDS[on].get(field.name.value, (None, []))[0]
            if field.name.value == "nodes":
                row += 1 + self.objects(field.selection_set, str(below))
            if field.name.value == "edges":
                inner = self.fields(field.selection_set, str(below))
                row += 1 + sum(self.objects(edge.selection_set, "Call") for edge, _ in inner if edge.selection_set)
            read = read or field.name.value == "pageInfo"
        return max(1, self._page(node) * max(row, read))

    def _page(self, node: FieldNode) -> int:
        given = self._arguments(node)
        return next((given[name] for name in ("first", "last") if given.get(name) is not None), 50)

    def _length(self, node: FieldNode, type_: str) -> float:
        ids = self._arguments(node).get("ids")
        if ids is not None:
            return len(ids) if isinstance(ids, list | tuple) else 1
        return SIZES.get(f"{type_}.{node.name.value}", 1)

    def _arguments(self, node: FieldNode) -> dict[str, Any]:
        return {argument.name.value: self._value(argument.value) for argument in node.arguments or ()}

    def _value(self, value: Any) -> Any:
        if value.kind == "variable":
            return self.variables.get(value.name.value)
        if value.kind == "null_value":
            return None
        if value.kind == "list_value":
            return value.values
        return int(value.value) if value.kind == "int_value" else value.value

    def _shown(self, node: Any) -> bool:
        wanted = {"include": True, "skip": False}
        return all(
            self._value(directive.arguments[0].value) is wanted[directive.name.value]
            for directive in node.directives or ()
        )

    def _all(self, selections: SelectionSetNode | None, type_: str, level: int) -> Iterator[tuple[FieldNode, str, int]]:
        """Every field, shown or not, with its type and how many fields are around it; directives are counted on the way."""
        for selection in selections.selections if selections else ():
            self.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                yield selection, type_, level
                below = FIELDS[type_].get(selection.name.value, (None, []))[0]
                yield from self._all(selection.selection_set, below or "", level + 1)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments[selection.name.value]
                yield from self._all(fragment.selection_set, fragment.type_condition.name.value, level)
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition.name.value if selection.type_condition else type_
                yield from self._all(selection.selection_set, on, level)
