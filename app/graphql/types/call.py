"""Call: the conversation, with everything that any vendor says of it."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.domain.calls import CallDirection, CallKind, CallOutcome
from app.domain.details import CallDetails
from app.domain.filters import INSIGHTS
from app.domain.labels import Label, LabelKind
from app.domain.pages import Row
from app.domain.scope import Right, Scope
from app.engine.declared import ToMany
from app.graphql import mirror
from app.graphql.declare import column, computed, details_of, number_column, shows, to_many, to_one
from app.graphql.masking import shown_name
from app.graphql.pagination import Connection
from app.graphql.rights import LABEL_RIGHTS
from app.graphql.types.call_leg import CallLeg
from app.graphql.types.node import Node, node_id
from app.graphql.types.number import ROLE_COLUMNS, CallNumber, call_numbers, number_columns
from app.graphql.types.org_unit import OrgUnit
from app.graphql.types.recording import Recording, recording_of

LazyAgent = Annotated["Agent", strawberry.lazy("app.graphql.types.agent")]  # type: ignore[name-defined]  # noqa: F821
LazyContact = Annotated["Contact", strawberry.lazy("app.graphql.types.contact")]  # type: ignore[name-defined]  # noqa: F821
LazySource = Annotated["Source", strawberry.lazy("app.graphql.types.source")]  # type: ignore[name-defined]  # noqa: F821


def _connected(row: Row, scope: Scope) -> bool:
    """The same rule as store.filters.connected."""
    talked = row["talk_seconds"] if row["talk_seconds"] is not None else row["duration_seconds"] or 0
    return row["outcome"] == CallOutcome.ANSWERED.value and talked > scope.connected_above_seconds


CallLabel: Any = mirror.output(Label)


def _labels(row: Row, scope: Scope) -> list[Row]:
    found = [label for label in (row["details"] or {}).get("labels", []) if _may_see(scope, label)]
    return [label | {"name": shown_name(scope, label.get("name"))} for label in found]


def _may_see(scope: Scope, label: Row) -> bool:
    """Of the features of a call, its review and its rescue are hidden as those are."""
    kind = LabelKind(label["kind"])
    if kind is LabelKind.FEATURE and label.get("name") in INSIGHTS:
        kind = LabelKind[label["name"]]
    return kind not in LABEL_RIGHTS or scope.may(LABEL_RIGHTS[kind])


@shows("calls")
@strawberry.type(description="One conversation, or one attempt at it, as a vendor recorded it.")
@details_of(CallDetails)
class Call(Node):
    """The fields that are columns or relations; the rest come from CallDetails."""

    id = node_id("Call")
    provider_call_id = column(str, "provider_call_id", "The vendor's id of the call.")
    started_at = column(datetime, "started_at", "When the call began.")
    answered_at = column(
        datetime | None, "answered_at", "When it was answered; null if it was not, or the vendor does not tell."
    )
    ended_at = column(
        datetime | None, "ended_at", "When it ended; null while it goes on, or where the vendor does not tell."
    )
    modified_at = column(
        datetime | None, "modified_at", "When the vendor last changed the record; null where it does not tell."
    )
    provider_synced_at = column(
        datetime | None, "provider_synced_at", "When the vendor itself received the call (Callyzer)."
    )
    synced_at = column(datetime, "synced_at", "When Switchboard last saved a change of the call.")
    deleted_at = column(
        datetime | None,
        "deleted_at",
        "When it was noticed that the vendor has the call no more; null while it has, and where it cannot tell.",
    )
    direction = column(mirror.enum(CallDirection), "direction", "Who called whom, seen from the company.")
    outcome = column(mirror.enum(CallOutcome), "outcome", "How the call ended.")
    provider_status = column(str | None, "provider_status", "The vendor's own word for the outcome.")
    kind = column(mirror.enum(CallKind), "kind", "A call or a text conversation.")
    connected = computed(
        bool,
        ("outcome", "talk_seconds", "duration_seconds"),
        _connected,
        "Answered, and talked on for longer than the workspace's threshold (2 s). Where a vendor gives only the whole "
        "length of an answered call, that counts.",
    )
    duration_seconds = column(int | None, "duration_seconds", "Start to end in seconds, as the vendor counts it.")
    talk_seconds = column(int | None, "talk_seconds", "Seconds after the answer; null where the vendor does not tell.")
    ring_seconds = column(int | None, "ring_seconds", "Seconds of ringing; null where the vendor does not tell.")
    wait_seconds = column(
        int | None, "wait_seconds", "Seconds of waiting in queues; null where the vendor does not tell."
    )
    hold_seconds = column(int | None, "hold_seconds", "Seconds on hold; null where the vendor does not tell.")
    hold_count = column(
        int | None, "hold_count", "How often the caller was put on hold; null where the vendor does not tell."
    )
    phone_number = number_column("phone_number", "The outside party; null for internal calls and withheld numbers.")
    caller_number = number_column("caller_number", "Who called.")
    dialed_number = number_column("dialed_number", "What was dialled (DID, DNIS).")
    destination_number = number_column("destination_number", "Who it rang.")
    numbers = computed(
        list[CallNumber],
        [name for role_column in ROLE_COLUMNS.values() for name in number_columns(role_column)],
        call_numbers,
        "Every number of the call with its role: raw text, E.164, digits and kind.",
    )
    queue_name = column(str | None, "queue_name", "The first queue the call went through.")
    department_name = column(str | None, "department_name", "The department that was called.")
    ivr_name = column(str | None, "ivr_name", "The menu the caller heard.")
    campaign_name = column(str | None, "campaign_name", "The campaign the call belongs to.")
    broadcast_name = column(str | None, "broadcast_name", "The broadcast the call belongs to.")
    trunk_name = column(str | None, "trunk_name", "The trunk that carried the call.", mask=shown_name)
    labels = computed(
        list[CallLabel], ("details",), _labels, "The words the vendor sorts the call by, each with its kind."
    )
    recording = computed(Recording | None, ("id", "details"), recording_of, "The recording; null where there is none.")
    notes = column(str | None, "notes", "What somebody wrote about the call.", Right.NOTES_READ)
    revenue = column(float | None, "revenue", "Revenue entered for the call, in the account's currency.")
    billed_minutes = column(float | None, "billed_minutes", "Minutes that the vendor charges for.")
    charges = column(float | None, "charges", "What the vendor charges, in the account's currency.")
    has_recording = column(bool, "has_recording", "Whether there is a recording.")
    agent = to_one(LazyAgent | None, "agents", "agent_id", "Who worked the phone; null where nobody is known to have.")
    contact = to_one(
        LazyContact | None,
        "contacts",
        "contact_id",
        "The outside person, over all sources; null without a number to know them by.",
    )
    source = to_one(LazySource, "sources", "source_id", "Where the record came from.")
    corporate = to_one(OrgUnit | None, "org_units", "corporate_id", "The top organisation unit of the call.")
    division = to_one(OrgUnit | None, "org_units", "division_id", "The division of the call.")
    location = to_one(OrgUnit | None, "org_units", "location_id", "The location of the call.")
    campaign = to_one(OrgUnit | None, "org_units", "campaign_id", "The advertising campaign of the call.")
    legs = to_many(
        list[CallLeg],
        ToMany("call_legs", "call_id", ("call_id", "position")),
        "The steps of the call's flow, in the vendor's order.",
    )


CallConnection = Connection[Call]
