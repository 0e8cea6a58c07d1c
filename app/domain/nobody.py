"""What stays of a call once it is nobody's: as it comes in, and as it is stored."""

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from app.domain.agents import AgentRecord
from app.domain.calls import CallLeg, CallRecord, LegKind
from app.domain.details import CallDetails, Review, WrapUp
from app.domain.labels import LabelKind
from app.domain.numbers import PhoneNumber
from app.domain.privacy import Mask

# What stays of a call that is nobody's: how the company handled it. Whatever else a vendor tells is gone.
NUMBER_ROLES = ("phone_number", "caller_number", "dialed_number", "destination_number")
_LABELS_OF_A_PERSON = {LabelKind.LEAD, LabelKind.REFERENCE}
_STEPS_OF_THE_COMPANY = {LegKind.IVR, LegKind.QUEUE, LegKind.DEPARTMENT, LegKind.AGENT, LegKind.MISSED_AGENT}
_KEPT_DETAILS = (
    "labels", "disposition", "hangup", "circle", "dialer", "crm_status", "custom_status", "call_hint", "rings",
    "support_api_call", "from_broadcast", "ivr_option", "provider_account", "sip_agent_ids",
)  # fmt: skip


def of_nobody(record: CallRecord, provider_call_id: str, person: Set[str], mask: Mask) -> CallRecord:
    """A call without whom it was with: when, how long, how it ended and who of the company took it are still true.

    `person` are the keys of the person's numbers, and `mask` hides them in what the company wrote itself.
    """
    return replace(
        record,
        phone_number=None,
        caller_number=_ours(record.caller_number, person),
        dialed_number=_ours(record.dialed_number, person),
        destination_number=_ours(record.destination_number, person),
        provider_call_id=provider_call_id,
        provider_status=mask.value(record.provider_status),
        agent=_agent_of_nobody(record.agent, person, mask),
        contact=None,
        org_units=mask.value(record.org_units),
        notes=None,
        legs=tuple(_leg_of_nobody(leg, person, mask) for leg in record.legs),
        details=mask.value(_details_of_nobody(record.details)),
    )


def _ours(number: PhoneNumber | None, person: Set[str]) -> PhoneNumber | None:
    return number if number and number.key and number.key not in person else None


def _agent_of_nobody(agent: AgentRecord | None, person: Set[str], mask: Mask) -> AgentRecord | None:
    masked: AgentRecord | None = mask.value(agent and replace(agent, number=None))
    return masked and agent and replace(masked, number=_ours(agent.number, person))


def _leg_of_nobody(leg: CallLeg, person: Set[str], mask: Mask) -> CallLeg:
    return CallLeg(
        kind=leg.kind,
        provider_kind=mask.value(leg.provider_kind),
        status=leg.status,
        provider_status=mask.value(leg.provider_status),
        started_at=leg.started_at,
        answered_at=leg.answered_at,
        ended_at=leg.ended_at,
        talk_seconds=leg.talk_seconds,
        ring_seconds=leg.ring_seconds,
        agent=_agent_of_nobody(leg.agent, person, mask),
        number=_ours(leg.number, person) if leg.agent else None,
        name=mask.value(leg.name) if leg.kind in _STEPS_OF_THE_COMPANY else None,
    )


def _details_of_nobody(details: CallDetails) -> CallDetails:
    kept = {name: getattr(details, name) for name in _KEPT_DETAILS}
    kept["labels"] = tuple(one for one in details.labels if one.kind not in _LABELS_OF_A_PERSON)
    wrap_up, review = details.wrap_up, details.review
    if wrap_up and wrap_up.name:
        kept["wrap_up"] = WrapUp(name=wrap_up.name)
    if review and (review.major or review.minor):
        kept["review"] = Review(major=review.major, minor=review.minor)
    return CallDetails(**kept)


def stored_of_nobody(row: Mapping[str, Any], provider_call_id: str, person: Set[str], mask: Mask) -> dict[str, Any]:
    """The same for a call that is stored: the columns that change."""
    change: dict[str, Any] = {}
    for role in NUMBER_ROLES:
        if role == "phone_number" or row[role] is None or row[role] in person:
            change |= {role: None, f"{role}_raw": None, f"{role}_kind": None}
    names = [name for name in row if name == "provider_status" or name.endswith("_name")]
    return (
        change
        | {name: mask.value(row[name]) for name in names}
        | dict.fromkeys(("contact_id", "contact_name_key", "notes", "phone_country"))
        | {"provider_call_id": provider_call_id, "has_recording": False}
        | {"details": mask.value(_stored_details_of_nobody(row["details"]))}
    )


def stored_leg_of_nobody(row: Mapping[str, Any], person: Set[str], mask: Mask) -> dict[str, Any]:
    """The same for a leg that is stored."""
    change: dict[str, Any] = {name: mask.value(row[name]) for name in ("provider_kind", "provider_status", "name")}
    if row["agent_id"] is None or row["number"] is None or row["number"] in person:
        change |= {"number": None, "number_raw": None, "number_kind": None}
    if LegKind(row["kind"]) not in _STEPS_OF_THE_COMPANY:
        change["name"] = None
    return change | {"provider_leg_id": None, "details": {}}


def _stored_details_of_nobody(details: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: details[name] for name in _KEPT_DETAILS if name in details}
    if labels := [one for one in kept.pop("labels", ()) if LabelKind(one["kind"]) not in _LABELS_OF_A_PERSON]:
        kept["labels"] = labels
    parts = {"wrap_up": ("name",), "review": ("major", "minor")}
    for part, names in parts.items():
        if found := {name: details[part][name] for name in names if name in details.get(part, {})}:
            kept[part] = found
    return kept


def without_recording(payload: Any, recording: Mapping[str, Any]) -> Any:
    """A raw record without the link, or the id, of its recording; a link may have been told without its scheme."""
    told = {text for text in (recording.get("url"), recording.get("provider_recording_id")) if text}
    told |= {text.split("://", 1)[1] for text in told if "://" in text}

    def cleared(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cleared(item) for key, item in value.items()}
        if isinstance(value, list):
            return [cleared(item) for item in value]
        return None if isinstance(value, str) and value.strip().lstrip("/") in told else value

    return cleared(payload)
