"""The exclude list in the graph: who may sees it in pages, and the workspace's administrators change it."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import strawberry
from strawberry import UNSET, argument

from app.domain.errors import InputError
from app.domain.excluded import ExcludedNumberOrder
from app.domain.filters import TypedNumber
from app.domain.pages import Page
from app.domain.scope import Right
from app.graphql import mirror
from app.graphql.declare import AfterArgument, BeforeArgument, FirstArgument, Info, LastArgument, root
from app.graphql.filters import MAX_LIST
from app.graphql.pagination import ConnectionValue, window_of
from app.graphql.ready.groups import order_of
from app.graphql.rights import demand_all
from app.graphql.types.excluded_number import ExcludedNumberConnection, ExcludedNumbersChange
from app.store import excluded

if TYPE_CHECKING:  # made while the program runs, from the domain
    OrderInput: TypeAlias = Any
else:
    OrderInput = mirror.input_type(ExcludedNumberOrder)
OrderArgument = Annotated[
    OrderInput | None, argument(description="How they are sorted; by the number where not given.")
]
NumbersArgument = Annotated[
    list[TypedNumber],
    argument(
        description="The numbers, at most 500. One without its country code is taken where only one can be meant; where one"
        " is not clear, none is taken."
    ),
]


@strawberry.type
class ExcludedQuery:
    """The root field of the list."""

    @root(
        ExcludedNumberConnection | None,
        "The numbers whose calls `includeExcludedNumbers: false` leaves out; a viewer who sees some of the calls only sees the"
        " numbers of those.",
        Right.NUMBERS_READ,
    )
    @staticmethod
    async def excluded_numbers(
        info: Info,
        order_by: OrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """The list, in pages."""
        context = info.context
        order = order_of(ExcludedNumberOrder, order_by)
        window = window_of(context.scope, order, first, after, last, before)

        async def read_page() -> Page:
            async with context.view.reading() as connection:
                return await excluded.page(connection, context.scope, order, window)

        async def read_total() -> int:
            async with context.view.reading() as connection:
                return await excluded.count(connection, context.scope)

        return ConnectionValue(context.scope, order, read_page, read_total)


@strawberry.type
class ExcludedMutation:
    """The root fields that change it. Each is a transaction of its own, and does no harm when it is sent again."""

    @root(
        ExcludedNumbersChange | None,
        "Puts numbers on the exclude list, all or none. From then on `includeExcludedNumbers: false` leaves their calls out, old"
        " ones and new ones.",
        Right.ADMIN,
    )
    @staticmethod
    async def add_excluded_numbers(info: Info, phone_numbers: NumbersArgument) -> Any:
        """To the list."""
        context, numbers = info.context, _checked(info, phone_numbers)
        async with context.database.write() as connection:
            return await excluded.add(connection, context.scope, numbers, context.now)

    @root(
        ExcludedNumbersChange | None,
        "Takes numbers off the exclude list, all or none. Their calls count everywhere again.",
        Right.ADMIN,
    )
    @staticmethod
    async def remove_excluded_numbers(info: Info, phone_numbers: NumbersArgument) -> Any:
        """From the list."""
        context, numbers = info.context, _checked(info, phone_numbers)
        async with context.database.write() as connection:
            return await excluded.remove(connection, context.scope, numbers)


def _checked(info: Info, numbers: list[TypedNumber]) -> list[TypedNumber]:
    demand_all(info.context.scope, "The exclude list")
    if len(numbers) > MAX_LIST:
        raise InputError(f"phoneNumbers has {len(numbers)} values; at most {MAX_LIST} are allowed. Send several.")
    return numbers
