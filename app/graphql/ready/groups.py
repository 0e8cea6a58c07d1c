"""Connections to groups of calls, which are read like those to rows: a page when it is asked for, a length when it is."""

from typing import Any

from app.domain.filters import CallFilter
from app.domain.pages import Page
from app.graphql import filters
from app.graphql.declare import Info
from app.graphql.pagination import ConnectionValue, Sorting, window_of
from app.store.ready import groups

# The key under which a row of a statistic carries the filter that it was made with.
GIVEN = "_given"
# And under which the column of calls that it is one value of, where it is of one.
BY = "_by"
LAST_30_DAYS = "in `LAST_30_DAYS` unless the filter says a period or a range"


def grouped(
    info: Info,
    given: CallFilter,
    statistic: groups.Statistic,
    order: Sorting,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    by: str | None = None,
) -> ConnectionValue:
    """The connection to the groups that a statistic makes of the calls that a filter selects."""
    context = info.context
    window = window_of(context.scope, order, first, after, last, before)

    async def read_page() -> Page:
        async with context.view.reading() as connection:
            page = await groups.page(connection, context.scope, statistic, given, order.field, order.direction, window)
        return Page([row | {GIVEN: given, BY: by} for row in page.rows], page.has_next, page.has_previous)

    async def read_total() -> int:
        async with context.view.reading() as connection:
            return await groups.count(connection, context.scope, statistic, given)

    return ConnectionValue(context.scope, order, read_page, read_total)


def order_of(kind: Any, given: Any) -> Any:
    """The order that an input asks for, or the kind's own."""
    return kind(field=given.field, direction=given.direction) if given else kind()


def recent(info: Info, given: Any) -> CallFilter:
    """The calls that a statistic looks at."""
    return filters.calls_of(info.context, given, recent_only=True)
