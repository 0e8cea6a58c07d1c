"""Agent: who works the phone, within one source."""

from datetime import datetime

import strawberry

from app.domain.agents import AgentDevice, AgentSettings
from app.engine.declared import Connected, Counted
from app.graphql import mirror
from app.graphql.declare import (
    call_count,
    calls_connection,
    column,
    computed,
    detail,
    number_column,
    shows,
    to_one,
)
from app.graphql.masking import shown_name
from app.graphql.pagination import Connection
from app.graphql.types.call import CallConnection, LazySource
from app.graphql.types.call_count import CallCount
from app.graphql.types.node import Node, node_id
from app.graphql.types.number import Number, number_columns, single_number


@shows("agents")
@strawberry.type(description="Who works the phone: an employee, a call taker, an extension.")
class Agent(Node):
    """A row of agents."""

    id = node_id("Agent")
    provider_agent_id = column(
        str | None, "provider_agent_id", "The vendor's id; null where it only gives a number or name."
    )
    name = column(str | None, "name", "Full name; null where only a number is known.", mask=shown_name)
    code = column(str | None, "code", "The code that the company gave.")
    number = number_column("number", "The agent's number or extension.")
    number_details = computed(
        Number | None, number_columns("number"), single_number("number"), "The number, kept four ways."
    )
    email = column(str | None, "email", "E-mail address.")
    tags = column(list[str], "tags", "The agent's tags.")
    registered_at = column(datetime | None, "registered_at", "When the agent was registered with the vendor.")
    modified_at = column(datetime | None, "modified_at", "When the vendor last changed the agent's record.")
    last_call_at = column(datetime | None, "last_call_at", "The agent's last call, as the vendor says.")
    last_sync_requested_at = column(
        datetime | None, "last_sync_requested_at", "When the vendor last asked the agent's device for its calls."
    )
    device = detail(mirror.output(AgentDevice) | None, "The agent's handset (Callyzer).", "device")
    settings = detail(mirror.output(AgentSettings) | None, "How the vendor's app is set up (Callyzer).", "settings")
    source = to_one(LazySource, "sources", "source_id", "Where the agent works.")
    calls = calls_connection(CallConnection, Connected("calls", "agent_id"), "The agent's calls, newest first.")
    call_count = call_count(
        CallCount | None, Counted("agent_id"), "How many calls the agent has; an error without `stats:read`."
    )


AgentConnection = Connection[Agent]
