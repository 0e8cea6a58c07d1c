"""The work list: whose missed calls nobody has returned."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import strawberry
from strawberry import UNSET, argument

from app.domain.ready import ReturnState, UnreturnedOrder
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
from app.graphql.ready.compared import CompareArgument
from app.graphql.ready.groups import LAST_30_DAYS, order_of
from app.graphql.ready.lists import connected, order_argument
from app.graphql.types.unreturned import UnreturnedCallsConnection
from app.store.ready.unreturned import Unreturned

if TYPE_CHECKING:  # made while the program runs, from the domain
    UnreturnedOrderArgument: TypeAlias = Any
else:
    UnreturnedOrderArgument = order_argument(UnreturnedOrder, "by age, the oldest first, where not given")
mirror.enum(ReturnState)
StateArgument = Annotated[ReturnState, argument(description="Which of them: those that are open unless given.")]


@strawberry.type
class UnreturnedQuery:
    """Root fields of the work list."""

    @root(
        UnreturnedCallsConnection | None,
        "Whom to call back: contacts' numbers with missed or rejected calls, open or returned, the oldest first; "
        f"{LAST_30_DAYS}. A talk with any agent in either direction returns them. Only calls that the filter selects are looked "
        "at, for the missed calls and for the talk; withheld numbers are left out.",
        Right.STATS_READ,
    )
    @staticmethod
    async def unreturned_calls(
        info: Info,
        filter: CallFilterArgument = UNSET,
        state: StateArgument = ReturnState.OPEN,
        order_by: UnreturnedOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
        compare_to: CompareArgument = UNSET,
    ) -> Any:
        """By number."""
        page = (first, after, last, before)
        return connected(info, Unreturned(state), None, filter, compare_to, order_of(UnreturnedOrder, order_by), page)
