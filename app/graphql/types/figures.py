"""The figures of calls that several statistics have: how many, how they ended, how long was talked."""

from datetime import datetime
from typing import Any

import strawberry

from app.domain.pages import Row
from app.graphql.declare import Info, column
from app.graphql.loaders.failed_of_row import failed_of_row
from app.graphql.ready.groups import BY, GIVEN
from app.graphql.ready.nested import row_of
from app.graphql.types.call import Call
from app.store.ready.failed import Failed


def mean(seconds: str, count: str, text: str) -> Any:
    """An average; null of nothing."""

    def resolve(root: strawberry.Parent[Any]) -> float | None:
        row: Row = root
        return row[seconds] / row[count] if row[count] else None

    return strawberry.field(resolver=resolve, graphql_type=float | None, description=text)


def _failed(failed: Failed, text: str) -> Any:
    """A figure that takes a statement of its own, for all rows of the page."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> int:
        by = root.get(BY)
        count = failed_of_row(info.context, root[GIVEN], failed, by)
        return int(await count.load(root[by] if by else ""))

    return strawberry.field(resolver=resolve, graphql_type=int, description=text)


@strawberry.type
class Figures:
    """The columns of store.ready.figures."""

    total = column(int, "total", "All calls.")
    inbound = column(int, "inbound", "Calls from outside, however they ended.")
    outbound = column(int, "outbound", "Calls to outside, however they ended.")
    internal = column(int, "internal", "Calls within the company.")
    answered = column(int, "answered", "Calls that were answered, however short.")
    answered_inbound = column(int, "answered_inbound", "Of those, the inbound ones.")
    answered_outbound = column(int, "answered_outbound", "Of those, the outbound ones.")
    missed = column(int, "missed", "Inbound calls with the outcome `MISSED`.")
    rejected = column(int, "rejected", "Inbound calls with the outcome `REJECTED`.")
    connected = column(
        int, "connected", "Calls that were answered, and talked on for longer than the workspace's threshold (2 s)."
    )
    connected_inbound = column(int, "connected_inbound", "Of those, the inbound ones.")
    connected_outbound = column(int, "connected_outbound", "Of those, the outbound ones.")
    duration_seconds = column(int, "duration_seconds", "The durations of all calls, start to end, added up.")
    talk_seconds = column(
        int,
        "talk_seconds",
        "Seconds that were talked in all; where a vendor gives only the whole length of an answered call, that counts.",
    )
    inbound_talk_seconds = column(int, "inbound_talk_seconds", "Of those, in inbound calls.")
    outbound_talk_seconds = column(int, "outbound_talk_seconds", "Of those, in outbound calls.")
    average_talk_seconds = mean(
        "connected_talk_seconds", "connected", "Seconds talked per connected call; null without any."
    )
    average_inbound_talk_seconds = mean(
        "connected_inbound_talk_seconds",
        "connected_inbound",
        "Seconds talked per connected inbound call; null without any.",
    )
    average_outbound_talk_seconds = mean(
        "connected_outbound_talk_seconds",
        "connected_outbound",
        "Seconds talked per connected outbound call; null without any.",
    )
    first_call_at = column(datetime | None, "first_call_at", "The first call; null without any.")
    last_call_at = column(datetime | None, "last_call_at", "The last call; null without any.")
    last_call = row_of(Call | None, "calls", "last_call_id", "The last call; null without any.")


@strawberry.type
class Failures:
    """The figures of calls that failed, which are of pairs rather than of calls one by one."""

    never_attended = _failed(
        Failed.NEVER_ATTENDED, "Missed and rejected calls that were never attended: the sum that `neverAttended` has."
    )
    not_picked_up = _failed(
        Failed.NOT_PICKED_UP, "Attempts at contacts who did not pick up: the sum that `notPickedUp` has."
    )
