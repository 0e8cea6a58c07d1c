"""What an operation selects, fragments and @skip/@include worked out by graphql-core, for a given variant of variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from app.engine.surprise import Surprise

TYPENAME = "__typename"
# The arguments of connections that are cursors.
_PLACES = ("after", "before")


@dataclass(frozen=True, slots=True)
class Selected:
    """A field of the answer: under which key, which field of the type, and the nodes that ask for it."""

    key: str
    name: str
    # None for __typename.
    field: GraphQLField | None
    details: list[FieldDetails]

    @property
    def node(self) -> FieldNode:
        """The node with the arguments; all of them have the same."""
        return self.details[0].node


@dataclass(frozen=True, slots=True)
class Below:
    """What is selected below a field, as its document has it, for who reads only what is asked for."""

    nodes: Sequence[FieldNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    schema: GraphQLSchema


class Selection:
    """The fields of one operation, for one variant of what it skips and includes."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        """`variables` are the coerced ones; only those of @skip and @include are looked at."""
        self._schema = schema
        self._operation = operation
        self._fragments = {
            node.name.value: FragmentDetails(node)
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._variables = VariableValues({}, dict(variables))

    def of_root(self, kind: GraphQLObjectType) -> list[Selected]:
        """The fields of the operation itself. Raises Surprise."""
        found = collect_fields(self._schema, self._fragments, self._variables, kind, self._operation)
        return _selected(kind, found)

    def below(self, kind: GraphQLObjectType, selected: Selected) -> list[Selected]:
        """The fields of an object type below a field. Raises Surprise."""
        found = collect_subfields(
            self._schema, self._fragments, self._variables, self._operation, kind, selected.details
        )
        return _selected(kind, found)

    def document_below(self, selected: Selected, variables: VariableValues) -> Below:
        """What is selected below a field, with the request's variables."""
        fragments = {name: details.definition for name, details in self._fragments.items()}
        return Below([one.node for one in selected.details], fragments, variables, self._schema)


def _selected(kind: GraphQLObjectType, found: CollectedFields) -> list[Selected]:
    selected = []
    for key, details in found.grouped_field_set.items():
        name = details[0].node.name.value
        field = kind.fields.get(name)
        if field is None and name != TYPENAME:
            raise Surprise("introspection")
        selected.append(Selected(key, name, field, details))
    return selected


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: Any, *_: Any) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)


class _Cursors(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.others: set[str] = set()

    def enter_variable(self, node: VariableNode, _: Any, parent: Any, *__: Any) -> None:
        if isinstance(parent, ArgumentNode) and parent.name.value in _PLACES:
            self.names.add(node.name.value)
        elif not isinstance(parent, VariableDefinitionNode):
            self.others.add(node.name.value)


def cursors_of(document: DocumentNode) -> frozenset[str]:
    """The variables that are places in lists, and nothing else: each page of a list has another one."""
    found = _Cursors()
    visit(document, found)
    return frozenset(found.names - found.others)


def conditions_of(document: DocumentNode) -> frozenset[str]:
    """The variables that @skip and @include depend on."""
    found = _Conditions()
    visit(document, found)
    return frozenset(found.names)
