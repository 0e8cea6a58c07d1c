"""Root fields that are lists of groups of calls: the arguments that each of them has, and how they become a connection."""

from typing import Annotated, Any

from strawberry import UNSET, argument

from app.domain.scope import Right
from app.graphql import mirror
from app.graphql.declare import (
    AfterArgument,
    BeforeArgument,
    CallFilterArgument,
    FirstArgument,
    Info,
    LastArgument,
    root,
)
from app.graphql.pagination import ConnectionValue, window_of
from app.graphql.ready.compared import CompareArgument, earlier_of
from app.graphql.ready.groups import Grouping, grouped, order_of, recent
from app.store.ready.groups import Statistic


def listing(kind: Any, text: str, statistic: Statistic, order: type, sorted_by: str, by: str | None = None) -> Any:
    """A root field that is a connection to the groups of a statistic; `by` is the column that they are a value of."""

    async def resolve(
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: Any = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
        compare_to: CompareArgument = UNSET,
    ) -> Any:
        page = (first, after, last, before)
        return connected(info, statistic, by, filter, compare_to, order_of(order, order_by), page)

    resolve.__annotations__["order_by"] = order_argument(order, sorted_by)
    return root(kind | None, text, Right.STATS_READ)(resolve)


def order_argument(order: type, sorted_by: str) -> Any:
    """The argument that says how a list is sorted."""
    return Annotated[mirror.input_type(order) | None, argument(description=f"How they are sorted; {sorted_by}.")]


def connected(
    info: Info,
    statistic: Statistic,
    by: str | None,
    filter: Any,
    compare_to: Any,
    order: Any,
    page: tuple[int | None, str | None, int | None, str | None],
) -> ConnectionValue:
    """The connection that the arguments of a list ask for."""
    given = recent(info, filter)
    asked = Grouping(statistic, by, given, earlier_of(info, given, compare_to))
    return grouped(info, asked, order, window_of(info.context.scope, order, *page))
