"""CallLeg: one step of a call's flow."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.domain.calls import LegKind, LegStatus
from app.graphql import mirror
from app.graphql.declare import column, detail, number_column, shows, to_one
from app.graphql.masking import shown_name

LazyAgent = Annotated["Agent", strawberry.lazy("app.graphql.types.agent")]  # type: ignore[name-defined]  # noqa: F821


@shows("call_legs")
@strawberry.type(
    description="One step of a call's flow: a queue, an agent dialled or answering, a transfer, the hang-up."
)
class CallLeg:
    """Mirrors domain.calls.CallLeg."""

    position = column(int, "position", "Its place in the call's flow, from 0.")
    kind = column(mirror.enum(LegKind), "kind", "What kind of step it was.")
    provider_kind = column(str | None, "provider_kind", "The vendor's word for the kind; null where it left it out.")
    status = column(mirror.enum(LegStatus) | None, "status", "What became of it; null where the vendor does not say.")
    provider_status = column(str | None, "provider_status", "The vendor's word for the status.")
    started_at = column(datetime | None, "started_at", "When it began; null where the vendor lists it without a time.")
    answered_at = column(datetime | None, "answered_at", "When it was answered.")
    ended_at = column(datetime | None, "ended_at", "When it ended.")
    talk_seconds = column(int | None, "talk_seconds", "Seconds talked in it.")
    ring_seconds = column(int | None, "ring_seconds", "Seconds it rang.")
    agent = to_one(LazyAgent | None, "agents", "agent_id", "The agent it concerned.")
    number = number_column("number", "The number it concerned.")
    name = column(str | None, "name", "Name of what it went through: a queue, a menu, a trunk.", mask=shown_name)
    provider_leg_id = column(str | None, "provider_leg_id", "The vendor's id of what it went through.")
    provider_ring_status = detail(
        str | None, "The vendor's undocumented ring value of the step (`ringst`), as it came.", "provider_ring_status"
    )
    application = detail(str | None, "The vendor's application that ran it.", "application")
    application_id = detail(str | None, "The vendor's id of that application.", "application_id")
    application_data = detail(str | None, "What that application was given.", "application_data")
    value = detail(str | None, "The step's own value, such as the keys pressed.", "value")
    time_group_id = detail(str | None, "The vendor's id of the agent's time group.", "time_group_id")
    time_group = detail(str | None, "The agent's time group.", "time_group")
