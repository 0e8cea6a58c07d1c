"""UniqueContact, AgentSummary and CallSummary: figures by outside number, by agent, and of all calls."""

from typing import Annotated

import strawberry

from app.graphql.declare import column, number_column
from app.graphql.pagination import StatisticConnection
from app.graphql.ready.compared import previous
from app.graphql.ready.nested import calls_of, row_of
from app.graphql.types.agent import Agent
from app.graphql.types.contact import Contact
from app.graphql.types.figures import Failures, Figures

_HERE = strawberry.lazy("app.graphql.types.summaries")
UniqueContactOrLater = Annotated["UniqueContact", _HERE]
AgentSummaryOrLater = Annotated["AgentSummary", _HERE]
CallSummaryOrLater = Annotated["CallSummary", _HERE]
_UNIQUE = "How many distinct outside numbers the calls were with."
_WORKED = "Seconds of work: on each day of the filter's time zone from the first call's start to the last call's end, added up"


@strawberry.type(description="An outside number, and the figures of its calls with anybody in the company.")
class UniqueContact(Figures, Failures):
    """A row of store.ready.unique_contacts."""

    phone_number = number_column("phone_number", "The number.")
    contact = row_of(Contact | None, "contacts", "contact_id", "The contact of the last call.", "id")
    calls = calls_of(("phone_number",), "The calls with the number that the statistic's filter selects, newest first.")
    previous = previous(UniqueContactOrLater, "The figures of the number's calls in the earlier range")


@strawberry.type(description="An agent, and the figures of the agent's calls.")
class AgentSummary(Figures, Failures):
    """A row of store.ready.agent_summaries."""

    agent = row_of(Agent | None, "agents", "agent_id", "The agent, with code, number and tags.")
    unique_contacts = column(int, "unique_contacts", _UNIQUE)
    working_seconds = column(int, "working_seconds", f"{_WORKED}.")
    calls = calls_of(("agent_id",), "The agent's calls that the statistic's filter selects, newest first.")
    previous = previous(AgentSummaryOrLater, "The figures of the agent's calls in the earlier range")


@strawberry.type(description="The figures of all calls that a filter selects.")
class CallSummary(Figures, Failures):
    """The row of store.ready.call_summary."""

    agents = column(int, "agents", "How many agents took or made the calls.")
    unique_contacts = column(int, "unique_contacts", _UNIQUE)
    working_seconds = column(int, "working_seconds", f"{_WORKED}, of all agents.")
    previous = previous(CallSummaryOrLater, "The same of the earlier range")


UniqueContactConnection = StatisticConnection[UniqueContact]
AgentSummaryConnection = StatisticConnection[AgentSummary]
