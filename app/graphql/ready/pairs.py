"""The statistics of agents and contacts who missed each other."""

from typing import Any

import strawberry
from strawberry import UNSET

from app.domain.ready import NeverAttendedOrder, NotPickedUpOrder
from app.domain.scope import Right
from app.graphql.declare import (
    AfterArgument,
    BeforeArgument,
    CallFilterArgument,
    FirstArgument,
    Info,
    LastArgument,
    root,
)
from app.graphql.ready.groups import LAST_30_DAYS, grouped, order_of, recent
from app.graphql.ready.orders import NeverAttendedOrderArgument, NotPickedUpOrderArgument
from app.graphql.types.never_attended import NeverAttendedConnection
from app.graphql.types.not_picked_up import NotPickedUpConnection
from app.store.ready import never_attended, not_picked_up


@strawberry.type
class Pairs:
    """Root fields; each is a connection."""

    @root(
        NeverAttendedConnection | None,
        "Contacts whose calls an agent missed or rejected, and the two never talked after that, in either direction; "
        f"{LAST_30_DAYS}. Only calls that the filter selects are looked at, for the missed call and for the talk. Calls without an "
        "agent or a number are nobody's: `unreturnedCalls` has those without an agent.",
        Right.STATS_READ,
    )
    @staticmethod
    async def never_attended(
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: NeverAttendedOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """By agent and number."""
        given, order = recent(info, filter), order_of(NeverAttendedOrder, order_by)
        return grouped(info, given, never_attended, order, first, after, last, before)

    @root(
        NotPickedUpConnection | None,
        "Contacts whom an agent dialled, and never talked to on any of these calls; "
        f"{LAST_30_DAYS}. Only calls that the filter selects are looked at, and none without an agent or a number.",
        Right.STATS_READ,
    )
    @staticmethod
    async def not_picked_up(
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: NotPickedUpOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """By agent and number."""
        given, order = recent(info, filter), order_of(NotPickedUpOrder, order_by)
        return grouped(info, given, not_picked_up, order, first, after, last, before)
