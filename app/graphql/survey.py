"""What the operations of a document ask for, fragments multiplied out, in one pass over each node of it."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from app.graphql.cost import CEILING, Given, Kind, Length, Page, Part, Prices, Shape, prices_of, shapes
from app.graphql.work import NO_WORK, Work, work_of_arguments

Definition = OperationDefinitionNode | FragmentDefinitionNode


@dataclass(frozen=True, slots=True)
class _Spread:
    """A fragment that is spread, and how many fields around it."""

    name: str
    level: int


@dataclass(slots=True)
class Measures:
    """The measures of an operation or a fragment. `block` is where its price stands."""

    block: int
    name: str | None = None
    depth: int = 0
    introspection_depth: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0
    defaults: dict[str, Any] = field(default_factory=dict)
    spreads: list[_Spread] = field(default_factory=list)

    def add(self, spread: _Spread, fragment: "Measures") -> None:
        """Adds what a fragment has to what spreads it."""
        if fragment.depth:
            self.depth = max(self.depth, spread.level + fragment.depth)
        if fragment.introspection_depth:
            self.introspection_depth = max(self.introspection_depth, spread.level + fragment.introspection_depth)
        if spread.level == 0:
            self.root_fields = min(self.root_fields + fragment.root_fields, CEILING)
        self.aliases = min(self.aliases + fragment.aliases, CEILING)
        self.directives = min(self.directives + fragment.directives, CEILING)


@dataclass(frozen=True, slots=True)
class Survey:
    """The measures of each operation, every value given to an argument, and the prices of the selections."""

    operations: Sequence[Measures]
    values: Sequence[ValueNode]
    prices: Prices
    # What was worked out before, by operation and by what the prices read of the variables.
    priced: dict[Hashable, Any] = field(default_factory=dict)


def survey(document: DocumentNode, schema: GraphQLSchema) -> Survey:
    """Surveys a document, valid or not: what it names that is not there counts by its shape and costs nothing."""
    return _Surveyor(document, schema).survey()


class _Surveyor:
    """Walks each definition once, then adds the fragments up, each after those that it spreads."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self._shapes = shapes(schema)
        self._roots = {
            kind.value: root.name if (root := getattr(schema, f"{kind.value}_type")) else ""
            for kind in {node.operation for node in document.definitions if isinstance(node, OperationDefinitionNode)}
        }
        self._blocks: list[list[Part]] = []
        self._values: list[ValueNode] = []
        nodes = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
        self._fragments = {node.name.value: node for node in nodes}
        self._places = {name: self._block() for name in self._fragments}
        self._operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]

    def survey(self) -> Survey:
        """The whole survey."""
        order: list[int] = []
        fragments = {name: self._walked(node, self._places[name]) for name, node in self._fragments.items()}
        done: dict[str, Measures] = {}
        for name in _inner_first({name: found.spreads for name, (found, _) in fragments.items()}):
            done[name] = self._finished(*fragments[name], order, done)
        operations = [self._finished(*self._walked(node, self._block()), order, done) for node in self._operations]
        return Survey(operations, self._values, prices_of(self._blocks, order))

    def _block(self) -> int:
        self._blocks.append([])
        return len(self._blocks) - 1

    def _finished(self, found: Measures, inner: range, order: list[int], done: Mapping[str, Measures]) -> Measures:
        for spread in found.spreads:
            if spread.name in done:
                found.add(spread, done[spread.name])
        order.extend(reversed(inner))
        order.append(found.block)
        return found

    def _walked(self, node: Definition, block: int) -> tuple[Measures, range]:
        """The measures of a definition by itself, and the blocks made within it, outer ones first."""
        found = Measures(block, node.name.value if node.name else None)
        first = len(self._blocks)
        if isinstance(node, OperationDefinitionNode):
            parent = self._roots[node.operation.value]
            for variable in node.variable_definitions or ():
                self._directives(found, variable.directives)
                if variable.default_value:
                    self._values.append(variable.default_value)
                    found.defaults[variable.variable.name.value] = _plain(variable.default_value)
        else:
            parent = node.type_condition.name.value
        self._directives(found, node.directives)
        waiting: list[tuple[SelectionSetNode, str, int, int]] = [(node.selection_set, parent, 0, block)]
        while waiting:
            selections, parent, level, block = waiting.pop()
            for selection in selections.selections:
                self._directives(found, selection.directives)
                if isinstance(selection, FieldNode):
                    below = self._field(found, selection, parent, level, block)
                    if selection.selection_set and below:
                        waiting.append((selection.selection_set, below[0], level + 1, below[1]))
                elif isinstance(selection, InlineFragmentNode):
                    inner = self._block()
                    self._part(block, selection, inner, Kind.SAME)
                    condition = selection.type_condition
                    waiting.append(
                        (selection.selection_set, condition.name.value if condition else parent, level, inner)
                    )
                elif isinstance(selection, FragmentSpreadNode):
                    name = selection.name.value
                    if name in self._places:
                        found.spreads.append(_Spread(name, level))
                        self._part(block, selection, self._places[name], Kind.SAME)
        return found, range(first, len(self._blocks))

    def _field(self, found: Measures, node: FieldNode, parent: str, level: int, block: int) -> tuple[str, int] | None:
        """Counts a field; the type and the block of what it selects, if it selects anything."""
        if parent.startswith("__"):
            found.introspection_depth = max(found.introspection_depth, level + 1)
        else:
            found.depth = max(found.depth, level + 1)
        found.root_fields += level == 0
        found.aliases += node.alias is not None
        arguments = node.arguments or ()
        self._values.extend(argument.value for argument in arguments)
        if not node.selection_set:
            return None
        shape = self._shapes.get(parent, {}).get(node.name.value)
        below = self._block()
        if shape is None:
            return "", below
        self._part(block, node, below, shape.kind, _size(shape, arguments), work_of_arguments(arguments))
        return shape.type, below

    def _directives(self, found: Measures, directives: Sequence[DirectiveNode] | None) -> None:
        for directive in directives or ():
            found.directives += 1
            self._values.extend(argument.value for argument in directive.arguments or ())

    def _part(
        self,
        block: int,
        node: FieldNode | InlineFragmentNode | FragmentSpreadNode,
        below: int,
        kind: Kind,
        size: float | Page | Length = 1,
        work: Work = NO_WORK,
    ) -> None:
        """Adds a selection to its block, unless it says itself that it is left out."""
        hidden: list[tuple[str, bool]] = []
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include"):
                leaving_out = directive.name.value == "skip"
                condition = next((given.value for given in directive.arguments or ()), None)
                if isinstance(condition, VariableNode):
                    hidden.append((condition.name.value, leaving_out))
                elif isinstance(condition, BooleanValueNode) and condition.value is leaving_out:
                    return
        self._blocks[block].append(Part(below, kind, size, tuple(hidden), work))


def _inner_first(spreads: Mapping[str, Iterable[_Spread]]) -> Iterable[str]:
    """The fragments, each after those that it spreads; none where they form a cycle, which validation refuses."""
    try:
        graph = {name: [spread.name for spread in found] for name, found in spreads.items()}
        return list(TopologicalSorter(graph).static_order())
    except CycleError:
        return ()


def _size(shape: Shape, arguments: Iterable[ArgumentNode]) -> float | Page | Length:
    given = {argument.name.value: argument.value for argument in arguments}
    if shape.paged:
        return Page(_given(given.get("first")), _given(given.get("last")), shape.size)
    value = given.get(shape.listed) if shape.listed else None
    if isinstance(value, VariableNode):
        return Length(value.name.value)
    if isinstance(value, ListValueNode):
        return len(value.values)
    return shape.size if value is None else int(not isinstance(value, NullValueNode))


def _given(value: ValueNode | None) -> Given:
    return value.name.value if isinstance(value, VariableNode) else _plain(value)


def _plain(value: ValueNode | None) -> Any:
    """What a price needs to know of a literal: a number, a boolean, how long a list is, or that there is a value."""
    if isinstance(value, IntValueNode):
        return int(value.value) if len(value.value) < 12 else CEILING
    if isinstance(value, ListValueNode):
        return [None] * len(value.values)
    if isinstance(value, BooleanValueNode):
        return value.value
    return None if value is None or isinstance(value, NullValueNode) else ""
