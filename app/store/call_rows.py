"""A call as rows: its own, and those of its legs, labels and words. Pure, so that it can be read and tried alone."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from app.domain.agents import AgentRecord
from app.domain.calls import CallLeg, CallRecord
from app.domain.contacts import ContactRecord
from app.domain.ids import new_id
from app.domain.labels import LabelKind, fold, rows_of
from app.domain.numbers import PhoneNumber, country_of
from app.domain.org_units import OrgUnitKind
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.plain import plain
from app.store.search import words_of

Row = dict[str, Any]
_INSTANTS = ("started_at", "answered_at", "ended_at", "modified_at", "provider_synced_at")
_SECONDS = ("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds", "hold_count")
_AS_THEY_ARE = (*_SECONDS, "provider_status", "notes", "revenue", "billed_minutes", "charges")
NUMBERS = ("phone_number", "caller_number", "dialed_number", "destination_number")
_instants, _as_they_are, _numbers = attrgetter(*_INSTANTS), attrgetter(*_AS_THEY_ARE), attrgetter(*NUMBERS)
_NUMBER_COLUMNS = {role: (role, f"{role}_raw", f"{role}_kind") for role in (*NUMBERS, "number")}
_LEVELS = {
    "corporate_id": OrgUnitKind.CORPORATE,
    "division_id": OrgUnitKind.DIVISION,
    "location_id": OrgUnitKind.LOCATION,
    "campaign_id": OrgUnitKind.CAMPAIGN,
}
_NO_ORG_UNITS = dict.fromkeys((*_LEVELS, "organisation_key"))
_SHOWN_LABELS = {
    LabelKind.QUEUE: "queue_name",
    LabelKind.DEPARTMENT: "department_name",
    LabelKind.IVR: "ivr_name",
    LabelKind.CAMPAIGN: "campaign_name",
    LabelKind.BROADCAST: "broadcast_name",
    LabelKind.TRUNK: "trunk_name",
}
_SEARCHED_LABELS = {LabelKind.CAMPAIGN, LabelKind.REFERENCE, LabelKind.QUEUE, LabelKind.DEPARTMENT}
_LEG_DETAILS = (
    "provider_ring_status",
    "application",
    "application_id",
    "application_data",
    "value",
    "time_group_id",
    "time_group",
)
_leg_details = attrgetter(*_LEG_DETAILS)


class Written(NamedTuple):
    """What is stored of a telling and refers to nothing else in the store, its JSON as text already."""

    details: bytes
    payload: str
    # Of all that is told beside the columns: a call may change in its flow, or in an unknown field alone.
    digest: bytes
    of_legs: tuple[str, ...]
    labels: list[tuple[LabelKind, str, str | None]]
    # By the kind of text they stand in (see store.search).
    words: dict[str, set[str]]


@dataclass(frozen=True)
class Told:
    """A record of a call with its raw payload and the moment of receipt."""

    record: CallRecord
    payload: Mapping[str, Any]
    received_at: datetime

    @cached_property
    def written(self) -> Written:
        """Half of the work on a call's rows; none of it needs the store."""
        record = self.record
        details = msgspec.json.encode(plain(record.details), order="deterministic")
        said = msgspec.json.encode([record.legs, self.payload], order="deterministic")
        return Written(
            details=details,
            payload=msgspec.json.encode(self.payload).decode(),
            digest=_digest(details + said),
            of_legs=tuple(msgspec.json.encode(_said(leg)).decode() for leg in record.legs),
            labels=sorted(rows_of(record.details.labels), key=lambda one: (one[0].value, one[1])),
            words={kind: words_of(texts(record)) for kind, texts in _TEXTS.items()},
        )

    @property
    def version(self) -> int:
        """What decides which of two tellings is newer."""
        return to_ms(self.record.modified_at or self.received_at)


@dataclass(frozen=True, slots=True)
class Relations:
    """The rows that a batch of calls refers to, saved before it."""

    agents: Mapping[AgentRecord, str]
    contacts: Mapping[str, str]
    org_units: Mapping[tuple[str, str], str]

    def agent(self, record: AgentRecord | None) -> str | None:
        """The id of a record's agent; None where the record says too little to know one by."""
        return self.agents.get(record) if record else None

    def contact(self, number: PhoneNumber | None) -> str | None:
        """The id of the contact of a number; None for a withheld number, or none."""
        return self.contacts.get(number.key or "") if number else None


def row_of(scope: Scope, source_id: str, one: Told, relations: Relations, now: datetime) -> Row:
    """The row of a call, every column of it. Its content hash is over all that is told and what that refers to."""
    record, written = one.record, one.written
    number, agent = record.phone_number, record.agent
    said: Row = {
        "workspace_id": scope.workspace_id,
        "source_id": source_id,
        "provider_call_id": record.provider_call_id,
        "direction": record.direction.value,
        "outcome": record.outcome.value,
        "kind": record.kind.value,
        "agent_id": agent and relations.agent(agent),
        "contact_id": number and relations.contact(number),
        "has_recording": record.details.recording is not None,
        "details": msgspec.Raw(written.details),
    }
    for name, at in zip(_INSTANTS, _instants(record), strict=True):
        said[name] = at and to_ms(at)
    said.update(zip(_AS_THEY_ARE, _as_they_are(record), strict=True))
    said |= _org_unit_columns(record, relations)
    said |= _names(record)
    for role, found in zip(NUMBERS, _numbers(record), strict=True):
        _set_number(said, role, found)
    said["content_hash"] = _digest(msgspec.json.encode(list(said.values())) + written.digest).hex()
    said["details"] = written.details.decode()
    said["id"], said["version"] = new_id(record.started_at), one.version
    said["synced_at"], said["deleted_at"] = to_ms(now), None
    said["phone_country"] = country_of(number.e164) if number and number.e164 else None
    return said


def _digest(told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=16).digest()


def _set_number(row: Row, role: str, number: PhoneNumber | None) -> None:
    known, raw, kind = _NUMBER_COLUMNS[role]
    if number is None:
        row[known] = row[raw] = row[kind] = None
    else:
        row[known], row[raw], row[kind] = number.key, number.raw, number.kind.value


def _org_unit_columns(record: CallRecord, relations: Relations) -> Row:
    if not record.org_units:
        return _NO_ORG_UNITS
    ids = {unit.kind: relations.org_units.get((unit.kind.value, unit.provider_unit_id)) for unit in record.org_units}
    names = [fold(unit.name or "") for unit in record.org_units]
    return {column: ids.get(kind) for column, kind in _LEVELS.items()} | {"organisation_key": _joined(names)}


def _joined(names: list[str]) -> str | None:
    return "\x1f".join(names) or None


def _names(record: CallRecord) -> Row:
    """The first label of each kind that is shown, and the folded names to sort by."""
    shown: Row = dict.fromkeys(_SHOWN_LABELS.values())
    for label in record.details.labels:
        if (column := _SHOWN_LABELS.get(label.kind)) and shown[column] is None:
            shown[column] = label.name or label.id
    agent, contact = record.agent, record.contact
    shown["agent_name_key"] = fold(agent.name) if agent and agent.name else None
    shown["contact_name_key"] = fold(contact.name) if contact and contact.name else None
    shown["provider_status_key"] = fold(record.provider_status) if record.provider_status else None
    shown["review_rank"] = _review_rank(record)
    return shown


def _review_rank(record: CallRecord) -> int | None:
    review = record.details.review
    if review is None or review.major is None or not (review.major.id or "").isdecimal():
        return None
    minor = review.minor.id if review.minor and (review.minor.id or "").isdecimal() else "0"
    return (int(review.major.id or 0) % 1000) * 10**15 + int(minor or 0) % 10**15


def legs_of(scope: Scope, call_id: str, one: Told, relations: Relations) -> Iterator[Row]:
    """The rows of a call's legs, in the order of its flow."""
    for position, (leg, details) in enumerate(zip(one.record.legs, one.written.of_legs, strict=True)):
        row: Row = {
            "workspace_id": scope.workspace_id,
            "call_id": call_id,
            "position": position,
            "call_started_at": to_ms(one.record.started_at),
            "kind": leg.kind.value,
            "provider_kind": leg.provider_kind,
            "status": leg.status.value if leg.status else None,
            "provider_status": leg.provider_status,
            "started_at": leg.started_at and to_ms(leg.started_at),
            "answered_at": leg.answered_at and to_ms(leg.answered_at),
            "ended_at": leg.ended_at and to_ms(leg.ended_at),
            "talk_seconds": leg.talk_seconds,
            "ring_seconds": leg.ring_seconds,
            "agent_id": relations.agent(leg.agent),
            "name": leg.name,
            "provider_leg_id": leg.provider_leg_id,
            "details": details,
        }
        _set_number(row, "number", leg.number)
        yield row


def _said(leg: CallLeg) -> Row:
    return {name: value for name, value in zip(_LEG_DETAILS, _leg_details(leg), strict=True) if value is not None}


def labels_of(scope: Scope, call_id: str, one: Told) -> Iterator[Row]:
    """The rows that labels are filtered by: one for each name and each id."""
    for kind, key, name in one.written.labels:
        yield {"workspace_id": scope.workspace_id, "kind": kind.value, "key": key, "call_id": call_id, "name": name}


def _labels_and_names(record: CallRecord) -> Iterator[str | None]:
    """What free text finds a call by, beside the names of its agent, contact and organisation units."""
    yield record.contact.name if isinstance(record.contact, ContactRecord) else None
    yield from (label.name or label.id for label in record.details.labels if label.kind in _SEARCHED_LABELS)


def _notes(record: CallRecord) -> Iterator[str | None]:
    yield record.notes
    yield record.details.wrap_up.note if record.details.wrap_up else None


def _insights(record: CallRecord) -> Iterator[str | None]:
    yield from (summary.text for summary in record.details.summaries)


# The texts of a call by what they need the right to see (see store.search).
_TEXTS = {"CALL": _labels_and_names, "NOTE": _notes, "INSIGHT": _insights}
