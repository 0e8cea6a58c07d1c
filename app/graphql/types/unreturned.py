"""UnreturnedCalls: a contact's missed calls, and whether and by whom they were returned."""

from datetime import datetime
from typing import Any

import strawberry

from app.domain.times import to_ms
from app.graphql.declare import Info, column, number_column
from app.graphql.pagination import StatisticConnection
from app.graphql.ready.nested import calls_of, row_of
from app.graphql.types.agent import Agent
from app.graphql.types.call import Call
from app.graphql.types.contact import Contact


def _age(root: strawberry.Parent[Any], info: Info) -> int | None:
    open_since = root["first_missed_at"]
    return None if root["returned_at"] is not None else max(0, to_ms(info.context.now) - int(open_since)) // 1000


@strawberry.type(
    description="A contact's number with missed or rejected inbound calls: the last run of them, with no connected call between "
    "them, and the connected call that returned them, in either direction and of whichever agent."
)
class UnreturnedCalls:
    """A row of store.ready.unreturned."""

    phone_number = number_column("phone_number", "The contact's number.")
    contact = row_of(Contact | None, "contacts", "contact_id", "The contact of the last missed call.", "id")
    first_missed_at = column(datetime, "first_missed_at", "The first missed call of the run.")
    last_missed_at = column(datetime, "last_missed_at", "The last missed call of the run.")
    missed_calls = column(int, "missed_calls", "How often the contact tried: missed or rejected calls of the run.")
    attempts = column(
        int,
        "attempts",
        "How often anybody dialled the number in vain since `firstMissedAt`, until the calls were returned.",
    )
    last_call = row_of(Call | None, "calls", "id", "The last missed call.")
    is_open = strawberry.field(
        resolver=lambda root: root["returned_at"] is None,
        graphql_type=bool,
        description="Whether nobody has talked with the contact since.",
    )
    age_seconds = strawberry.field(
        resolver=_age,
        graphql_type=int | None,
        description="Seconds since `firstMissedAt`; null once the calls were returned.",
    )
    returned_at = column(datetime | None, "returned_at", "When the calls were returned; null while they are open.")
    seconds_to_return = column(
        int | None, "seconds_to_return", "Seconds from `firstMissedAt` to `returnedAt`; null while they are open."
    )
    returned_call = row_of(
        Call | None, "calls", "returned_call_id", "The call that returned them: the contact's own, where it is inbound."
    )
    returned_by = row_of(
        Agent | None,
        "agents",
        "agent_id",
        "Who returned them; null while they are open, and where no agent is known.",
        "returned_call_id",
    )
    calls = calls_of(("phone_number",), "All calls with the number that the statistic's filter selects, newest first.")


UnreturnedCallsConnection = StatisticConnection[UnreturnedCalls]
