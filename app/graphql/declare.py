"""How a field of the graph is had: declared once, with the Strawberry field and its loader made from the declaration."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, wraps
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

from app.domain.filters import CallOrder, TypedNumber
from app.domain.pages import Row
from app.domain.scope import Right, Scope
from app.engine.declared import (
    Column,
    Computed,
    Connected,
    Counted,
    Declaration,
    Detail,
    Least,
    Mask,
    OfMany,
    OneOf,
    Resolved,
    RootDeclaration,
    ToMany,
    ToOne,
    Valued,
    Write,
)
from app.graphql import filters, mirror
from app.graphql.context import Context
from app.graphql.loaders.call_count_of_parent import call_count_of_parent
from app.graphql.loaders.page_of_parent import page_of_parent
from app.graphql.loaders.row_by_id import row_by_id
from app.graphql.loaders.rows_of_parent import rows_of_parent
from app.graphql.loaders.total_of_parent import total_of_parent
from app.graphql.masking import shown
from app.graphql.pagination import ConnectionValue, window_of
from app.graphql.rights import demand
from app.graphql.selection import names_below

Info = strawberry.Info[Context, None]
DECLARATION = mirror.DECLARATION


FirstArgument = Annotated[
    int | None,
    argument(description="How many from the beginning, 0 to 1,000; 50 where neither first nor last is given."),
]
AfterArgument = Annotated[str | None, argument(description="Only what comes after this cursor.")]
LastArgument = Annotated[int | None, argument(description="How many from the end, 0 to 1,000.")]
BeforeArgument = Annotated[str | None, argument(description="Only what comes before this cursor.")]
CallFilterArgument = Annotated[
    filters.CallFilterInput | None, argument(description="Which calls; all where none is given.")
]
CallOrderArgument = Annotated[
    filters.CallOrderInput | None, argument(description="How they are sorted; newest first where not given.")
]


def column(kind: Any, name: str, text: str, right: Right | None = None, mask: Mask | None = None) -> Any:
    """A field that is a column. A text is shown without the numbers in it, unless another mask is given."""
    mask = mask or mirror.mask_of(kind)
    if right is None and mask is None:

        def plain(root: strawberry.Parent[Any]) -> Any:
            return root[name]

        return _field(Column(name), plain, kind, text)

    def guarded(root: strawberry.Parent[Any], info: Info) -> Any:
        value = root[name]
        if value is None or (right is not None and not info.context.scope.may(right)):
            return None
        return mask(info.context.scope, value) if mask else value

    return _field(Column(name, right, mask), guarded, kind, text)


def number_column(name: str, text: str) -> Any:
    """A field that is a column with a phone number."""
    return column(TypedNumber | None, name, text, mask=shown)


def written_column(kind: Any, name: str, write: Write, text: str) -> Any:
    """A field that is a column, written in a way of the graph's own."""

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return write(info.context.scope)(root[name])

    return _field(Column(name, write=write), resolve, kind, text)


def detail(kind: Any, text: str, *path: str, default: Any = None, right: Right | None = None) -> Any:
    """A field that is a value in the JSON details. A text is shown without the numbers in it."""
    mask = mirror.mask_of(kind)

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        if right is not None and not info.context.scope.may(right):
            return default
        value = root["details"]
        for key in path:
            value = value.get(key) if value else None
        if value is None:
            return default
        return mask(info.context.scope, value) if mask else value

    return _field(Detail(path, default, right, mask), resolve, kind, text)


def details_of(kind: type) -> Callable[[type], type]:
    """Gives a type a field for each field of a domain dataclass that is its JSON details, but those it has by itself."""

    def decorate(made: type) -> type:
        for member in mirror.members(kind):
            if member.name in vars(made):
                continue
            is_list = getattr(member.annotation, "__origin__", None) is tuple
            graph_type = mirror.graph_type(member.annotation, mirror.output)
            default: list[Any] | None = [] if is_list else None
            made_field = detail(graph_type, member.text, member.name, default=default, right=member.right)
            setattr(made, member.name, made_field)
        return made

    return decorate


def to_one(kind: Any, noun: str, via: str, text: str) -> Any:
    """A field that is a row of another noun."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        if root[via] is None:
            return None
        wanted = columns_of(noun, _names(info))
        return await row_by_id(info.context, noun, wanted).load(root[via])

    return _field(ToOne(noun, via), resolve, kind, text)


def to_many(kind: Any, declared: ToMany, text: str) -> Any:
    """A field that is a short list of rows."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        wanted = columns_of(declared.table, _names(info))
        loader = rows_of_parent(info.context, declared.table, declared.key, declared.order_by, wanted)
        return await loader.load(root["id"])

    return _field(declared, resolve, kind, text)


def calls_connection(kind: Any, declared: Connected, text: str) -> Any:
    """A field that is a connection to calls, with a filter, an order and a page of its own."""

    async def resolve(
        root: strawberry.Parent[Any],
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: CallOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        context = info.context
        order = filters.order_of(context, CallOrder, order_by)
        given = filters.calls_of(context, filter, declared.recent_only)
        window = window_of(context.scope, order, first, after, last, before)
        wanted = connection_columns(declared.noun, info)
        pages = page_of_parent(context, declared.noun, declared.key, wanted, given, order, window)
        totals = total_of_parent(context, declared.noun, declared.key, given)
        return ConnectionValue(context.scope, order, lambda: pages.load(root["id"]), lambda: totals.load(root["id"]))

    return _field(declared, resolve, kind, text)


def call_count(kind: Any, declared: Counted, text: str) -> Any:
    """A field that counts the calls of a row by direction."""

    async def resolve(root: strawberry.Parent[Any], info: Info, filter: CallFilterArgument = UNSET) -> Any:
        demand(info.context.scope, declared.right)
        given = filters.calls_of(info.context, filter, declared.recent_only)
        return await call_count_of_parent(info.context, declared.key, given).load(root["id"])

    return _field(declared, resolve, kind, text)


def computed(kind: Any, read: Iterable[str], compute: Callable[[Row, Scope], Any], text: str) -> Any:
    """A field that is worked out from columns."""

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return compute(root, info.context.scope)

    return _field(Computed(tuple(read), compute), resolve, kind, text)


def resolved(kind: Any, resolve: Callable[..., Any], text: str, read: tuple[str, ...] = ("id",)) -> Any:
    """A field with a resolver of its own."""
    return _field(Resolved(read), resolve, kind, text)


def valued(kind: Any, compute: Callable[[Any, Scope], Any], text: str) -> Any:
    """A field that is worked out from the plain value around it."""

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return compute(root, info.context.scope)

    return _field(Valued(compute), resolve, kind, text)


def one_of(kind: Any, noun: str, id_of: Callable[[Any], str | None], text: str) -> Any:
    """A field that is a row of a noun whose id the plain value around it tells. Calls' words need their right."""
    declared = OneOf(noun, id_of, Right.CALLS_READ)

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        demand(info.context.scope, Right.CALLS_READ)
        id = id_of(root)
        return None if id is None else await row_by_id(info.context, noun, columns_of(noun, _names(info))).load(id)

    return _field(declared, resolve, kind, text)


def resolved_by(text: str, declared: Declaration | None = None) -> Callable[[Callable[..., Any]], Any]:
    """A field whose resolver is the function below, and which has arguments or a type that only this can tell."""
    metadata = {DECLARATION: declared} if declared else {}
    return lambda resolve: strawberry.field(resolver=resolve, description=text, metadata=metadata)


def of_many(kind: Any, declared: OfMany, text: str) -> Any:
    """A field that is worked out from a short list of rows."""
    wanted = frozenset(declared.read)

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        many = declared.many
        rows = await rows_of_parent(info.context, many.table, many.key, many.order_by, wanted).load(root["id"])
        return declared.compute(rows, info.context.scope)

    return _field(declared, resolve, kind, text)


def least_of(kind: Any, declared: Least, text: str) -> Any:
    """A field that is the least value of a column over a short list of rows, which is sorted by it."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        many, wanted = declared.many, frozenset({declared.name})
        rows = await rows_of_parent(info.context, many.table, many.key, many.order_by, wanted).load(root["id"])
        found = rows[0][declared.name] if rows else None
        return declared.mask(info.context.scope, found) if declared.mask else found

    return _field(declared, resolve, kind, text)


def root(
    kind: Any, text: str, right: Right | None = None, declared: RootDeclaration | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """A field of Query: its resolver is the function below. Without the right it is an error, and the rest is answered."""

    def decorate(resolve: Any) -> Any:
        function = resolve.__func__ if isinstance(resolve, staticmethod) else resolve

        @wraps(function)
        async def guarded(info: Info, **arguments: Any) -> Any:
            if right is not None:
                demand(info.context.scope, right)
            return await function(info, **arguments)

        metadata = {DECLARATION: replace(declared, right=right)} if declared else {}
        return strawberry.field(resolver=guarded, graphql_type=kind, description=text, metadata=metadata)

    return decorate


def _field(declared: Declaration, resolve: Callable[..., Any], kind: Any, text: str) -> StrawberryField:
    made: StrawberryField = strawberry.field(
        resolver=resolve, graphql_type=kind, description=text, metadata={DECLARATION: declared}
    )
    return made


# The type that shows each noun's or table's rows; filled by `shows`.
_SHOWN: dict[str, type] = {}


def shows(noun: str) -> Callable[[type], type]:
    """Says that a type shows the rows of a noun or table."""

    def decorate(kind: type) -> type:
        _SHOWN[noun] = kind
        return kind

    return decorate


@cache
def declarations_of(kind: type) -> dict[str, Declaration]:
    """How each field of a type is had, by its name in the graph."""
    definition = get_object_definition(kind, strict=True)
    return {
        item.graphql_name or mirror.camel(item.python_name): item.metadata[DECLARATION]
        for item in definition.fields
        if DECLARATION in item.metadata
    }


def attributes_of(kind: type) -> dict[str, Declaration]:
    """The fields of a type that are attributes of the value behind it, by their names in the graph."""

    def of(name: str) -> Valued:
        return Valued(lambda value, scope: getattr(value, name), attribute=name)

    definition = get_object_definition(kind, strict=True)
    return {
        item.graphql_name or mirror.camel(item.python_name): of(item.python_name)
        for item in definition.fields
        if item.base_resolver is None
    }


def columns_of(noun: str, names: Iterable[str]) -> frozenset[str]:
    """The columns that the fields of these names need."""
    declared = declarations_of(_SHOWN[noun])
    return frozenset(name for field_name in names if field_name in declared for name in declared[field_name].columns)


def connection_columns(noun: str, info: Info) -> frozenset[str]:
    """The columns that a connection's rows need, through `nodes` and through `edges`."""
    raw = info._raw_info
    names = names_below(raw.field_nodes, raw.fragments, "nodes")
    names |= names_below(raw.field_nodes, raw.fragments, "edges", "node")
    return columns_of(noun, names)


def _names(info: Info) -> set[str]:
    return names_below(info._raw_info.field_nodes, info._raw_info.fragments)
