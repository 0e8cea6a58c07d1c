"""The statistics that are figures: of all calls, by agent, and by outside number."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import strawberry
from strawberry import UNSET, argument

from app.domain.ready import AgentSummaryOrder, UniqueContactOrder
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
from app.graphql.ready.groups import GIVEN, LAST_30_DAYS, grouped, order_of, recent
from app.graphql.ready.orders import AgentSummaryOrderArgument, UniqueContactOrderArgument
from app.graphql.types.call_analysis import CallAnalysis
from app.graphql.types.summaries import AgentSummaryConnection, CallSummary, UniqueContactConnection
from app.store.ready import agent_summaries, unique_contacts
from app.store.ready.call_analysis import analysis
from app.store.ready.call_summary import summary

TimeZoneArgument = Annotated[
    ZoneInfo | None, argument(description="The zone of days; else the filter's, else the workspace's.")
]


@strawberry.type
class Summaries:
    """Root fields of figures."""

    @root(
        UniqueContactConnection | None,
        f"The distinct outside numbers that there were calls with, each with its figures; {LAST_30_DAYS}. Withheld numbers are "
        "left out.",
        Right.STATS_READ,
    )
    @staticmethod
    async def unique_contacts(
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: UniqueContactOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """By number."""
        given, order = recent(info, filter), order_of(UniqueContactOrder, order_by)
        return grouped(info, given, unique_contacts, order, first, after, last, before, "phone_number")

    @root(
        AgentSummaryConnection | None,
        f"The figures of each agent with calls; {LAST_30_DAYS}. Days are those of the filter's time zone, else of the workspace's.",
        Right.STATS_READ,
    )
    @staticmethod
    async def agent_summaries(
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: AgentSummaryOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """By agent."""
        given, order = recent(info, filter), order_of(AgentSummaryOrder, order_by)
        return grouped(info, given, agent_summaries, order, first, after, last, before, "agent_id")

    @root(
        CallAnalysis | None,
        f"Who dialled, answered and talked the most, the longest call, and averages; {LAST_30_DAYS}.",
        Right.STATS_READ,
    )
    @staticmethod
    async def call_analysis(info: Info, filter: CallFilterArgument = UNSET, timezone: TimeZoneArgument = UNSET) -> Any:
        """Of all calls."""
        given = recent(info, filter)
        zone = timezone or given.timezone or info.context.zone
        async with info.context.view.reading() as connection:
            return await analysis(connection, info.context.scope, given, zone)

    @root(
        CallSummary | None,
        f"The figures of all calls; {LAST_30_DAYS}. Days are those of the filter's time zone, else of the workspace's.",
        Right.STATS_READ,
    )
    @staticmethod
    async def call_summary(info: Info, filter: CallFilterArgument = UNSET) -> Any:
        """Of all calls."""
        given = recent(info, filter)
        async with info.context.view.reading() as connection:
            return await summary(connection, info.context.scope, given) | {GIVEN: given}
