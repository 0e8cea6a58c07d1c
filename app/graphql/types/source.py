"""Source: one configured account at a provider, and how fresh its records are."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import strawberry

from app.domain.pages import Row
from app.domain.pulls import SourceState, StreamState
from app.domain.scope import Right, Scope
from app.domain.sources import Provider
from app.domain.times import from_ms, to_ms
from app.engine.declared import Connected, Counted, ToMany
from app.graphql import mirror
from app.graphql.declare import Info, call_count, calls_connection, column, computed, resolved, shows, to_many
from app.graphql.loaders.rejected_of_source import rejected_of_source
from app.graphql.types.call import CallConnection
from app.graphql.types.call_count import CallCount
from app.graphql.types.node import Node, node_id

MANAGE = Right.SOURCES_MANAGE
_FILLING = ("filled_from", "filled_to", "fill_until")


async def _rejected(root: strawberry.Parent[Any], info: Info) -> Any:
    # A record that cannot be read is nobody's yet: it cannot be said whether it is within an agent's limit.
    if info.context.scope.reach.parts_sources:
        return None
    return await rejected_of_source(info.context).load(root["id"])


def _lag(root: strawberry.Parent[Any], info: Info) -> int | None:
    watermark = root["watermark"]
    return None if watermark is None else max(0, (to_ms(info.context.now) - watermark) // 1000)


def _percent_filled(row: Row, scope: Scope) -> int:
    state = {name: from_ms(row[name]) for name in _FILLING}
    at = state["filled_to"]
    return StreamState(row["name"], at, **state, swept_at=at).percent_filled


@shows("source_streams")
@strawberry.type(description="One list that a source's vendor keeps: its calls, its agents, its leads.")
class SourceStream:
    """A row of source_streams."""

    name = column(str, "name", "What the vendor calls it.")
    watermark = column(datetime, "watermark", "What the vendor told up to then has been taken.")
    filled_to = column(datetime, "filled_to", "How far back its history has been filled in; the newest comes first.")
    fill_until = column(datetime, "fill_until", "How far back its history is wanted.")
    percent_filled = computed(
        int, (*_FILLING, "name"), _percent_filled, "How much of the wanted history is there, 0 to 100."
    )


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
    state = column(mirror.enum(SourceState), "state", "Whether its vendor is asked for records.")
    watermark = column(
        datetime | None,
        "watermark",
        "What the vendor told of calls up to then has been taken; null before the first pull.",
    )
    lag_seconds = resolved(
        int | None, _lag, "How many seconds the watermark is behind; null before the first pull.", ("watermark",)
    )
    percent_filled = column(
        int | None, "percent_filled", "How much of the wanted history of calls is there, 0 to 100; null without a pull."
    )
    failures = column(int, "failures", "How often in a row pulling it failed; 0 where all is well.")
    retry_at = column(datetime | None, "open_until", "When it is tried again after a failure; null where all is well.")
    last_error = column(
        str | None, "last_error", "What went wrong last, until it goes well; null without `sources:manage`.", MANAGE
    )
    last_error_at = column(datetime | None, "last_error_at", "When that was; null without `sources:manage`.", MANAGE)
    streams = to_many(
        list[SourceStream],
        ToMany("source_streams", "source_id", ("source_id", "name")),
        "How far each of the vendor's lists has been read; none before the first pull.",
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
