"""Source: one configured account at a provider, and how fresh its records are."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import strawberry

from app.domain.sources import Provider
from app.engine.declared import Connected, Counted
from app.graphql import mirror
from app.graphql.declare import Info, call_count, calls_connection, column, resolved, shows
from app.graphql.loaders.rejected_of_source import rejected_of_source
from app.graphql.types.call import CallConnection
from app.graphql.types.call_count import CallCount
from app.graphql.types.node import Node, node_id


async def _rejected(root: strawberry.Parent[Any], info: Info) -> Any:
    # A record that cannot be read is nobody's yet: it cannot be said whether it is within an agent's limit.
    if info.context.scope.reach.parts_sources:
        return None
    return await rejected_of_source(info.context).load(root["id"])


@shows("sources")
@strawberry.type(description="One configured account at a provider.")
class Source(Node):
    """A row of sources."""

    id = node_id("Source")
    name = column(str, "name", "The name the company gave it.")
    provider = column(mirror.enum(Provider), "provider", "The vendor.")
    timezone = column(ZoneInfo, "timezone", "The zone that the vendor's local times are read in.")
    region = column(str | None, "region", "The dialling region that its national numbers are read in (ISO 3166).")
    created_at = column(datetime, "created_at", "When the source was set up.")
    last_success_at = column(
        datetime | None, "last_success_at", "When records were last taken; null before the first time."
    )
    rejected_records = resolved(
        int | None,
        _rejected,
        "How many records could not be read and wait to be replayed; null for viewers limited to agents, tags or units.",
    )
    calls = calls_connection(CallConnection, Connected("calls", "source_id"), "The source's calls, newest first.")
    call_count = call_count(
        CallCount | None, Counted("source_id"), "How many calls the source has; an error without `stats:read`."
    )
