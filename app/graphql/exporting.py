"""Exports: a query of one list, rewritten so that it can be asked page by page, and the columns that its rows have."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    print_ast,
)

from app.domain.errors import InputError, SwitchboardError
from app.graphql.cost import CEILING
from app.graphql.documents import LIMITS, Document, Documents
from app.graphql.execution import Answer, Question
from app.graphql.limits import Limits, priced
from app.graphql.rewriting import AFTER, FIRST, paged_document
from app.graphql.schema import schema
from app.graphql.selection import Fragments, fields_below

Row = dict[str, Any]
Ask = Callable[[Question], Awaitable[Answer]]
_SIZES = (1000, 300, 100, 30, 10, 1)
_PAGING = {"first", "after", "last", "before"}


class ExportError(SwitchboardError):
    """A page of an export could not be had; what was written before it is whole, and can be gone on from."""

    def __init__(self, message: str, code: str) -> None:
        """`code` is that of the page's own error."""
        super().__init__(message)
        self.code = code


class Rewritten:
    """The documents that exports ask with: of our own making, so they need not be among the trusted ones."""

    def __init__(self) -> None:
        self._documents = Documents(introspection=False, most=100)

    async def asked(self, text: str | None, named: str | None = None) -> Document:
        """The document of a text."""
        return self._documents.read(text or "")


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: where its value is in a row, and the name of its type in the graph; `JSON` for lists and objects."""

    path: tuple[str, ...]
    kind: str

    @property
    def name(self) -> str:
        """What it is called: `agent.name`."""
        return ".".join(self.path)

    def of(self, row: Row) -> Any:
        """The value in a row; None where something on the way to it is null."""
        found: Any = row
        for key in self.path:
            found = found.get(key) if isinstance(found, dict) else None
        return found


@dataclass(frozen=True, slots=True)
class Export:
    """What is asked for each page, where the rows are in the answer, and what they have."""

    question: Question
    key: str
    paged: bool
    columns: tuple[ExportColumn, ...]


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Some rows of an export, and the cursor of the last one; a statistic has none."""

    rows: list[Row]
    cursors: list[str]


def export_of(document: Document, question: Question) -> Export:
    """The export that a query asks for. Raises InputError for what is no query of one list, or beyond the limits."""
    if document.errors:
        raise InputError(f"It does not fit the schema: {document.errors[0].message}")
    # Before its fragments are followed, which may be many times as many. What a page may cost is another question.
    priced(document.survey, question.operation_name, question.variables, replace(LIMITS, cost=CEILING))
    operation = document.operation(question.operation_name)
    graph = schema()._schema
    field = _only_field(operation)
    fragments = {one.name.value: one for one in document.node.definitions if isinstance(one, FragmentDefinitionNode)}
    assert graph.query_type is not None
    kind = graph.query_type.fields[field.name.value].type
    named = get_named_type(kind)
    paged = named.name.endswith("Connection")
    listed = paged or is_list_type(get_nullable_type(kind))
    if not listed or not isinstance(named, GraphQLObjectType):
        raise InputError(f"{field.name.value} is no list. Export calls, agents, contacts, or a statistic in groups.")
    key = field.alias.value if field.alias else field.name.value
    if not paged:
        return Export(question, key, False, columns_of(graph, named, [field], fragments))
    rows = _row_fields(field, fragments)
    of_rows = get_named_type(named.fields["nodes"].type)
    assert isinstance(of_rows, GraphQLObjectType)
    text = print_ast(paged_document(document.node, operation, field, rows))
    return Export(question._replace(query=text, digest=None), key, True, columns_of(graph, of_rows, rows, fragments))


def _only_field(operation: OperationDefinitionNode) -> FieldNode:
    if operation.operation is not OperationType.QUERY:
        raise InputError("Only queries can be exported.")
    selections = operation.selection_set.selections
    if len(selections) != 1 or not isinstance(selections[0], FieldNode):
        raise InputError("An export is of one list: ask for one field, not in a fragment.")
    field = selections[0]
    if field.name.value.startswith("__"):
        raise InputError("The schema is at /schema.graphql.")
    return field


def _row_fields(field: FieldNode, fragments: Fragments) -> list[FieldNode]:
    """What stands for a row: the nodes that are selected, directly or through edges."""
    given = [argument.name.value for argument in field.arguments or () if argument.name.value in _PAGING]
    if given:
        raise InputError(
            f"An export is of every row: leave {given[0]} out of the query, and go on with after beside it."
        )
    below = fields_below([field], fragments)
    edges = fields_below([one for one in below if one.name.value == "edges"], fragments)
    found = [one for one in below if one.name.value == "nodes"]
    found += [one for one in edges if one.name.value == "node"]
    if not found:
        raise InputError(f"Say the columns: {field.name.value} {{ nodes {{ id }} }}.")
    return found


def columns_of(
    graph: GraphQLSchema, kind: GraphQLObjectType, nodes: Iterable[FieldNode], fragments: Fragments
) -> tuple[ExportColumn, ...]:
    """The columns of the fields below some fields, in their order: a leaf each; what holds several values is JSON."""
    found: dict[tuple[str, ...], ExportColumn] = {}
    for node in fields_below(nodes, fragments):
        for column in _columns(graph, kind, node, fragments):
            found.setdefault(column.path, column)
    return tuple(found.values())


def _columns(
    graph: GraphQLSchema, kind: GraphQLObjectType, node: FieldNode, fragments: Fragments
) -> Iterable[ExportColumn]:
    key = node.alias.value if node.alias else node.name.value
    if node.name.value == "__typename":
        return [ExportColumn((key,), "String")]
    of_field = kind.fields[node.name.value].type
    named = get_named_type(of_field)
    if is_list_type(get_nullable_type(of_field)) or named.name.endswith("Connection"):
        return [ExportColumn((key,), "JSON")]
    if is_leaf_type(named):
        return [ExportColumn((key,), named.name)]
    if not isinstance(named, GraphQLObjectType):
        return [ExportColumn((key,), "JSON")]
    return [replace(one, path=(key, *one.path)) for one in columns_of(graph, named, [node], fragments)]


def check_place(export: Export, after: str | None) -> None:
    """Refuses to go on with what is answered at once. Raises InputError."""
    if after is not None and not export.paged:
        raise InputError("A statistic is exported at once: leave after out.")


async def pages_of(export: Export, size: int, ask: Ask, after: str | None = None) -> AsyncIterator[ExportPage]:
    """The pages of an export, from a cursor on. Raises ExportError where one cannot be had."""
    variables = dict(export.question.variables or {})
    if not export.paged:
        yield ExportPage(await _asked(ask, export, variables), [])
        return
    more = True
    while more:
        found = await _asked(ask, export, variables | {FIRST: size, AFTER: after})
        edges = found["edges"]
        yield ExportPage([edge["node"] for edge in edges], [edge["cursor"] for edge in edges])
        more = found["pageInfo"]["hasNextPage"] and bool(edges)
        after = edges[-1]["cursor"] if edges else after


async def _asked(ask: Ask, export: Export, variables: Mapping[str, Any]) -> Any:
    answer = await ask(export.question._replace(variables=dict(variables)))
    if answer.errors:
        error = answer.errors[0]
        raise ExportError(error["message"], error["extensions"]["code"])
    data: Any = msgspec.json.decode(answer.data) if isinstance(answer.data, msgspec.Raw) else answer.data
    if data.get(export.key) is None:
        raise ExportError("The query leaves its list out: nothing is to be exported.", "BAD_USER_INPUT")
    return data[export.key]


def page_size(document: Document, export: Export, limits: Limits) -> int:
    """As many rows a page as a request may be answered with. Raises InputError where not even one is."""
    for size in _SIZES:
        variables = dict(export.question.variables or {}) | {FIRST: size}
        try:
            priced(document.survey, export.question.operation_name, variables, limits)
        except InputError:
            if size == _SIZES[-1]:
                raise
        else:
            return size
    return _SIZES[-1]
