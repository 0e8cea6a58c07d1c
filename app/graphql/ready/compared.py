"""The earlier range of a ready-made statistic: the argument that asks for it, and the field that has what it was then."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

import strawberry
from strawberry import argument

from app.domain.earlier import earlier
from app.domain.filters import CallFilter
from app.domain.pages import Row
from app.domain.statistics import Comparison
from app.graphql import mirror
from app.graphql.declare import Info
from app.store.database import Connection

if TYPE_CHECKING:  # made while the program runs, from the domain
    ComparisonEnum: TypeAlias = Comparison
else:
    ComparisonEnum = mirror.enum(Comparison)

CompareArgument = Annotated[
    ComparisonEnum | None, argument(description="An earlier range to measure, too, in `previous`.")
]
# The key under which a row of a statistic carries that of the earlier range.
PREVIOUS = "_previous"


def earlier_of(
    info: Info, given: CallFilter, comparison: Comparison | None, zone: ZoneInfo | None = None
) -> CallFilter | None:
    """The calls of the earlier range; None where none was asked for. Raises InputError where the range has no two ends."""
    return earlier(given, comparison, zone or given.timezone or info.context.zone) if comparison else None


async def with_earlier(
    info: Info,
    read: Callable[[Connection, CallFilter], Awaitable[Row]],
    given: CallFilter,
    earlier: CallFilter | None,
) -> Row:
    """The row of the calls, carrying that of the earlier ones where there is such a range."""
    async with info.context.view.reading() as connection:
        row = await read(connection, given)
        return row | {PREVIOUS: await read(connection, earlier)} if earlier else row


def previous(kind: Any, text: str) -> Any:
    """A field with the row of the earlier range, which the row carries."""

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return root.get(PREVIOUS)

    text = f"{text}, where the field was asked to compare; null where there is none."
    return strawberry.field(resolver=resolve, graphql_type=kind | None, description=text)
