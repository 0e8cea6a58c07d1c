"""What hangs on a row of a statistic: agents, contacts and calls. They are rows of their own and need `calls:read`."""

from typing import Any

import strawberry
from aiodataloader import DataLoader
from strawberry import UNSET

from app.domain.filters import CallFilter, CallOrder
from app.domain.pages import Page, Row, Window
from app.domain.scope import Right
from app.graphql import filters
from app.graphql.context import Context
from app.graphql.declare import (
    AfterArgument,
    BeforeArgument,
    CallFilterArgument,
    CallOrderArgument,
    FirstArgument,
    Info,
    LastArgument,
    columns_of,
    connection_columns,
)
from app.graphql.loaders.row_by_id import row_by_id
from app.graphql.pagination import ConnectionValue, window_of
from app.graphql.ready.groups import GIVEN
from app.graphql.rights import demand
from app.graphql.selection import names_below
from app.graphql.types.call import CallConnection
from app.store.ready.calls_of import Key, counts_of, pages_of


def row_of(kind: Any, noun: str, via: str, text: str, through_call: str | None = None) -> Any:
    """A field that is the row of a noun whose id is in `via`, of the statistic's row or of the call it names."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        demand(info.context.scope, Right.CALLS_READ)
        holder: Row | None = root
        if through_call is not None:
            holder = await _row(info.context, "calls", frozenset({via}), root[through_call])
        wanted = columns_of(noun, names_below(info._raw_info.field_nodes, info._raw_info.fragments))
        return None if holder is None else await _row(info.context, noun, wanted, holder[via])

    return strawberry.field(resolver=resolve, graphql_type=kind, description=f"{text} Needs `calls:read`.")


async def _row(context: Context, noun: str, wanted: frozenset[str], id: str | None) -> Row | None:
    return None if id is None else await row_by_id(context, noun, wanted).load(id)


def calls_of(columns: Key, text: str) -> Any:
    """A field that lists the calls that a row was made of: those that have its values in these columns."""

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
        demand(context.scope, Right.CALLS_READ)
        order = filters.order_of(context, CallOrder, order_by)
        given, within = filters.calls_of(context, filter), root[GIVEN]
        window = window_of(context.scope, order, first, after, last, before)
        wanted, key = connection_columns("calls", info), tuple(root[name] for name in columns)
        pages = _pages(context, columns, wanted, within, given, order, window)
        totals = _totals(context, columns, within, given)
        return ConnectionValue(context.scope, order, lambda: pages.load(key), lambda: totals.load(key))

    text = f"{text} Needs `calls:read`."
    return strawberry.field(resolver=resolve, graphql_type=CallConnection | None, description=text)


def _pages(
    context: Context,
    columns: Key,
    wanted: frozenset[str],
    within: CallFilter,
    given: CallFilter,
    order: CallOrder,
    window: Window,
) -> DataLoader[Key, Page]:
    async def load(keys: list[Key]) -> list[Page]:
        async with context.view.reading() as connection:
            return await pages_of(connection, context.scope, columns, keys, wanted, within, given, order, window)

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("calls_of", columns, wanted, within, given, order, window), make)


def _totals(context: Context, columns: Key, within: CallFilter, given: CallFilter) -> DataLoader[Key, int]:
    async def load(keys: list[Key]) -> list[int]:
        async with context.view.reading() as connection:
            return await counts_of(connection, context.scope, columns, keys, within, given)

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("counts_of", columns, within, given), make)
