"""NeverAttended: a contact whose calls an agent missed, and the two never talked after that."""

from datetime import datetime

import strawberry

from app.graphql.declare import column, number_column
from app.graphql.pagination import StatisticConnection
from app.graphql.ready.nested import calls_of, row_of
from app.graphql.types.agent import Agent
from app.graphql.types.call import Call
from app.graphql.types.contact import Contact

PAIR = ("agent_id", "phone_number")


@strawberry.type(
    description="An agent and a contact's number with missed or rejected inbound calls, and no connected call between them, in "
    "either direction, after those and among the calls that the filter selects."
)
class NeverAttended:
    """A row of store.ready.never_attended."""

    agent = row_of(Agent | None, "agents", "agent_id", "Who missed the calls.")
    contact = row_of(Contact | None, "contacts", "contact_id", "The contact of the last missed call.", "id")
    phone_number = number_column("phone_number", "The contact's number.")
    first_missed_at = column(datetime, "first_missed_at", "The first missed call since the two last talked.")
    last_missed_at = column(datetime, "last_missed_at", "The last missed call.")
    missed_calls = column(
        int,
        "missed_calls",
        "How many calls were missed or rejected since the two last talked: of `calls`, those of direction `INBOUND` and outcome "
        "`MISSED` or `REJECTED` that began at `firstMissedAt` or later.",
    )
    rejected_calls = column(int, "rejected_calls", "How many of them the agent rejected.")
    last_call = row_of(Call | None, "calls", "id", "The last missed call.")
    calls = calls_of(PAIR, "All calls between the two that the statistic's filter selects, newest first.")


NeverAttendedConnection = StatisticConnection[NeverAttended]
