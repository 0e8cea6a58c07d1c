"""The statistics that are figures: of all calls, by agent, and by outside number."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import strawberry
from strawberry import UNSET, argument

from app.domain.filters import CallFilter
from app.domain.pages import Row
from app.domain.ready import AgentSummaryOrder, UniqueContactOrder
from app.domain.scope import Right
from app.graphql.declare import CallFilterArgument, Info, root
from app.graphql.ready.compared import CompareArgument, earlier_of, with_earlier
from app.graphql.ready.groups import GIVEN, LAST_30_DAYS, recent
from app.graphql.ready.lists import listing
from app.graphql.types.call_analysis import CallAnalysis
from app.graphql.types.summaries import AgentSummaryConnection, CallSummary, UniqueContactConnection
from app.store.database import Connection
from app.store.ready import agent_summaries, unique_contacts
from app.store.ready.call_analysis import analysis
from app.store.ready.call_summary import summary

TimeZoneArgument = Annotated[
    ZoneInfo | None, argument(description="The zone of days; else the filter's, else the workspace's.")
]


@strawberry.type
class Summaries:
    """Root fields of figures."""

    unique_contacts = listing(
        UniqueContactConnection,
        f"The distinct outside numbers that there were calls with, each with its figures; {LAST_30_DAYS}. Withheld numbers are "
        "left out.",
        unique_contacts,
        UniqueContactOrder,
        "the latest call first where not given",
        "phone_number",
    )
    agent_summaries = listing(
        AgentSummaryConnection,
        f"The figures of each agent with calls; {LAST_30_DAYS}. Days are those of the filter's time zone, else of the workspace's.",
        agent_summaries,
        AgentSummaryOrder,
        "the most calls first where not given",
        "agent_id",
    )

    @root(
        CallAnalysis | None,
        f"Who dialled, answered and talked the most, the longest call, and averages; {LAST_30_DAYS}.",
        Right.STATS_READ,
    )
    @staticmethod
    async def call_analysis(
        info: Info,
        filter: CallFilterArgument = UNSET,
        timezone: TimeZoneArgument = UNSET,
        compare_to: CompareArgument = UNSET,
    ) -> Any:
        """Of all calls."""
        given = recent(info, filter)
        zone = timezone or given.timezone or info.context.zone

        async def read(connection: Connection, given: CallFilter) -> Row:
            return await analysis(connection, info.context.scope, given, zone)

        return await with_earlier(info, read, given, earlier_of(info, given, compare_to, zone))

    @root(
        CallSummary | None,
        f"The figures of all calls; {LAST_30_DAYS}. Days are those of the filter's time zone, else of the workspace's.",
        Right.STATS_READ,
    )
    @staticmethod
    async def call_summary(info: Info, filter: CallFilterArgument = UNSET, compare_to: CompareArgument = UNSET) -> Any:
        """Of all calls."""
        given = recent(info, filter)

        async def read(connection: Connection, given: CallFilter) -> Row:
            return await summary(connection, info.context.scope, given) | {GIVEN: given}

        return await with_earlier(info, read, given, earlier_of(info, given, compare_to))
