"""Connections to groups of calls, which are read like those to rows: a page when it is asked for, a length when it is."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from app.domain.filters import CallFilter
from app.domain.pages import Page, Row, Window
from app.graphql import filters
from app.graphql.declare import Info
from app.graphql.pagination import ConnectionValue, Sorting
from app.graphql.ready.compared import PREVIOUS
from app.store.ready import groups

# The key under which a row of a statistic carries the filter that it was made with.
GIVEN = "_given"
# And under which the column of calls that it is one value of, where it is of one.
BY = "_by"
LAST_30_DAYS = "in `LAST_30_DAYS` unless the filter says a period or a range"


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a statistic groups calls, what its groups are one value of, if they are of one, and which calls are looked at."""

    statistic: groups.Statistic
    by: str | None
    given: CallFilter
    earlier: CallFilter | None


def grouped(info: Info, asked: Grouping, order: Sorting, window: Window) -> ConnectionValue:
    """The connection to the groups; those of one value carry the group that it has in the earlier range."""
    context = info.context

    async def read_page() -> Page:
        async with context.view.reading() as connection:
            found = (connection, context.scope, asked.statistic)
            page = await groups.page(*found, asked.given, order.field, order.direction, window)
            before: dict[Any, Row] = {}
            if asked.by and asked.earlier and page.rows:
                keys = [row[asked.by] for row in page.rows]
                before = await groups.rows_by(*found, asked.earlier, asked.by, keys)
        earlier = {key: row | {GIVEN: asked.earlier, BY: asked.by} for key, row in before.items()}
        shared = {GIVEN: asked.given, BY: asked.by}
        rows = [row | shared | {PREVIOUS: earlier.get(row[asked.by]) if asked.by else None} for row in page.rows]
        return Page(rows, page.has_next, page.has_previous)

    async def read_total(given: CallFilter) -> int:
        async with context.view.reading() as connection:
            return await groups.count(connection, context.scope, asked.statistic, given)

    read_previous = partial(read_total, asked.earlier) if asked.earlier else None
    return ConnectionValue(context.scope, order, read_page, partial(read_total, asked.given), read_previous)


def order_of(kind: Any, given: Any) -> Any:
    """The order that an input asks for, or the kind's own."""
    return kind(field=given.field, direction=given.direction) if given else kind()


def recent(info: Info, given: Any) -> CallFilter:
    """The calls that a statistic looks at."""
    return filters.calls_of(info.context, given, recent_only=True)
