"""NotPickedUp: a contact whom an agent dialled, and never talked to."""

from datetime import datetime

import strawberry

from app.graphql.declare import column, number_column
from app.graphql.pagination import StatisticConnection
from app.graphql.ready.nested import calls_of, row_of
from app.graphql.types.agent import Agent
from app.graphql.types.call import Call
from app.graphql.types.contact import Contact
from app.graphql.types.never_attended import PAIR


@strawberry.type(
    description="An agent and a contact's number whom the agent dialled, with no connected call among these outgoing ones."
)
class NotPickedUp:
    """A row of store.ready.not_picked_up."""

    agent = row_of(Agent | None, "agents", "agent_id", "Who dialled.")
    contact = row_of(Contact | None, "contacts", "contact_id", "The contact of the last attempt.", "id")
    phone_number = number_column("phone_number", "The contact's number.")
    first_attempt_at = column(datetime, "first_attempt_at", "The first attempt.")
    last_attempt_at = column(datetime, "last_attempt_at", "The last attempt.")
    attempts = column(int, "attempts", "How many attempts there were: of `calls`, those of direction `OUTBOUND`.")
    last_call = row_of(Call | None, "calls", "id", "The last attempt.")
    calls = calls_of(PAIR, "All calls between the two that the statistic's filter selects, newest first.")


NotPickedUpConnection = StatisticConnection[NotPickedUp]
