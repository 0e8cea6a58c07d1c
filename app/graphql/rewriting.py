"""The document of an export, rewritten so that it can be asked page by page."""

from collections.abc import Iterable, Sequence
from typing import Any

from graphql import (
    SKIP,
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql import NamedTypeNode as Named

# The variables of a page.
FIRST, AFTER = "exportFirst", "exportAfter"


def paged_document(
    document: DocumentNode, operation: OperationDefinitionNode, field: FieldNode, rows: Iterable[FieldNode]
) -> DocumentNode:
    """The document of a list's rows with their cursors, of so many after one, which are variables."""
    selections = [one for row in rows for one in _selected(row)]
    edges = _field("edges", [_field("cursor"), _field("node", selections)])
    asked = FieldNode(
        alias=field.alias,
        name=field.name,
        directives=field.directives,
        arguments=(*(field.arguments or ()), _argument("first", FIRST), _argument("after", AFTER)),
        selection_set=SelectionSetNode(selections=(edges, _field("pageInfo", [_field("hasNextPage")]))),
    )
    paging = (_variable(FIRST, NonNullTypeNode(type=_named("Int"))), _variable(AFTER, _named("String")))
    made = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=(*(operation.variable_definitions or ()), *paging),
        directives=operation.directives,
        selection_set=SelectionSetNode(selections=(asked,)),
    )
    fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    if not fragments and not operation.variable_definitions:
        return DocumentNode(definitions=(made,))
    return _without_unused(made, fragments)


def _selected(row: FieldNode) -> Iterable[SelectionNode]:
    """What is selected of a row; within a fragment where the row may be skipped."""
    if row.selection_set is None:
        return ()
    if not row.directives:
        return row.selection_set.selections
    return [InlineFragmentNode(directives=row.directives, selection_set=row.selection_set)]


class _Names(Visitor):
    """The variables and fragments that something names."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()
        self.fragments: set[str] = set()

    def enter_variable_definition(self, *_: Any) -> Any:
        """That it is there is no use of it."""
        return SKIP

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """A use."""
        self.variables.add(node.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        """A use."""
        self.fragments.add(node.name.value)


def _without_unused(operation: OperationDefinitionNode, fragments: Sequence[FragmentDefinitionNode]) -> DocumentNode:
    """A document in which everything is used, as it has to be: what stood beside the rows may have named more."""
    names, by_name = _Names(), {one.name.value: one for one in fragments}
    visit(operation, names)
    waiting = list(names.fragments)
    while waiting:
        known = set(names.fragments)
        visit(by_name[waiting.pop()], names)
        waiting += names.fragments - known
    kept = [one for one in operation.variable_definitions or () if one.variable.name.value in names.variables]
    made = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=tuple(kept),
        directives=operation.directives,
        selection_set=operation.selection_set,
    )
    return DocumentNode(definitions=(made, *[one for one in fragments if one.name.value in names.fragments]))


def _field(name: str, selections: Iterable[SelectionNode] = ()) -> FieldNode:
    below = tuple(selections)
    return FieldNode(name=NameNode(value=name), selection_set=SelectionSetNode(selections=below) if below else None)


def _argument(name: str, variable: str) -> ArgumentNode:
    return ArgumentNode(name=NameNode(value=name), value=VariableNode(name=NameNode(value=variable)))


def _named(name: str) -> Named:
    return Named(name=NameNode(value=name))


def _variable(name: str, kind: Any) -> VariableDefinitionNode:
    return VariableDefinitionNode(variable=VariableNode(name=NameNode(value=name)), type=kind)
