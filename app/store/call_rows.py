"""A call as rows: its own, and those of its legs, labels and words. Pure, so that it can be read and tried alone."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import msgspec

from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord
from app.domain.details import CallDetails
from app.domain.labels import Label, LabelKind, fold, rows_of
from app.domain.numbers import PhoneNumber, country_of
from app.domain.org_units import OrgUnitKind
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.former_names import words_beside
from app.store.plain import plain, writer_of
from app.store.search import words_of

Row = dict[str, Any]
NUMBERS = ("phone_number", "caller_number", "dialed_number", "destination_number")
_NO_NUMBER = (None, None, None)
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
# What a leg says beside its columns.
_leg_details = writer_of(
    (
        "provider_ring_status",
        "application",
        "application_id",
        "application_data",
        "value",
        "time_group_id",
        "time_group",
    )
)
_details_but_labels = writer_of(tuple(field.name for field in fields(CallDetails) if field.name != "labels"))
_encode, _encode_sorted = msgspec.json.Encoder().encode, msgspec.json.Encoder(order="deterministic").encode


class Written(NamedTuple):
    """What is stored of a telling and refers to nothing else in the store, its JSON as text already."""

    details: bytes
    payload: str
    # All that is told beside the columns: a call may change in its flow, or in an unknown field alone.
    said: bytes
    of_legs: tuple[str, ...]
    labelled: "Labelled"
    # By the kind of text they stand in (see store.search); without those of the contact's name (see store.former_names).
    words: dict[str, Collection[str]]


@dataclass(frozen=True)
class Told:
    """A record of a call with its raw payload and the moment of receipt."""

    record: CallRecord
    payload: Mapping[str, Any]
    received_at: datetime
    # The payload's JSON, where it was written already.
    text: bytes | None = None

    @cached_property
    def written(self) -> Written:
        """Half of the work on a call's rows; none of it needs the store."""
        record = self.record
        labelled, said = _labelled(record.details.labels), _details_but_labels(record.details)
        if labelled.plain:
            said["labels"] = labelled.plain
        details = _encode_sorted(said)
        return Written(
            details=details,
            payload=(self.text or _encode(self.payload)).decode(),
            said=b"\n".join((details, _encode_sorted(record.legs), _encode_sorted(self.payload))),
            of_legs=tuple([_encode(_leg_details(leg)).decode() for leg in record.legs]),
            labelled=labelled,
            words={
                "CALL": labelled.words,
                "NOTE": words_of(_notes(record)),
                "INSIGHT": words_of(summary.text for summary in record.details.summaries),
            },
        )

    @property
    def version(self) -> int:
        """What decides which of two tellings is newer."""
        return to_ms(self.record.modified_at or self.received_at)


@dataclass(frozen=True, slots=True)
class Relations:
    """The rows that a batch of calls refers to, saved before it."""

    # The id of an agent by its record; none of one that says too little to know an agent by.
    agents: Mapping[AgentRecord, str]
    # The id of a contact by its number's key; a withheld number has none.
    contacts: Mapping[str, str]
    org_units: Mapping[tuple[str, str], str]
    # The name that a contact's calls are found by as well, by its id.
    contact_names: Mapping[str, str]


def row_of(scope: Scope, source_id: str, id: str, one: Told, relations: Relations, now: datetime) -> Row:
    """The row of a call, every column of it. Its content hash is over all that is told and what that refers to."""
    record, written = one.record, one.written
    number, agent, contact = record.phone_number, record.agent, record.contact
    phone_number, phone_number_raw, phone_number_kind = _number(number)
    caller_number, caller_number_raw, caller_number_kind = _number(record.caller_number)
    dialed_number, dialed_number_raw, dialed_number_kind = _number(record.dialed_number)
    destination_number, destination_number_raw, destination_number_kind = _number(record.destination_number)
    row: Row = {  # one display, for this runs for every call
        "workspace_id": scope.workspace_id,
        "source_id": source_id,
        "provider_call_id": record.provider_call_id,
        "direction": record.direction._value_,
        "outcome": record.outcome._value_,
        "kind": record.kind._value_,
        "agent_id": agent and relations.agents.get(agent),
        "contact_id": relations.contacts.get(phone_number) if phone_number else None,
        "has_recording": record.details.recording is not None,
        "started_at": to_ms(record.started_at),
        "answered_at": record.answered_at and to_ms(record.answered_at),
        "ended_at": record.ended_at and to_ms(record.ended_at),
        "modified_at": record.modified_at and to_ms(record.modified_at),
        "provider_synced_at": record.provider_synced_at and to_ms(record.provider_synced_at),
        "duration_seconds": record.duration_seconds,
        "talk_seconds": record.talk_seconds,
        "ring_seconds": record.ring_seconds,
        "wait_seconds": record.wait_seconds,
        "hold_seconds": record.hold_seconds,
        "hold_count": record.hold_count,
        "provider_status": record.provider_status,
        "provider_status_key": fold(record.provider_status) if record.provider_status else None,
        "notes": record.notes,
        "revenue": record.revenue,
        "billed_minutes": record.billed_minutes,
        "charges": record.charges,
        "agent_name_key": fold(agent.name) if agent and agent.name else None,
        "contact_name_key": fold(contact.name) if contact and contact.name else None,
        "review_rank": _review_rank(record) if record.details.review else None,
        "phone_number": phone_number,
        "phone_number_raw": phone_number_raw,
        "phone_number_kind": phone_number_kind,
        "caller_number": caller_number,
        "caller_number_raw": caller_number_raw,
        "caller_number_kind": caller_number_kind,
        "dialed_number": dialed_number,
        "dialed_number_raw": dialed_number_raw,
        "dialed_number_kind": dialed_number_kind,
        "destination_number": destination_number,
        "destination_number_raw": destination_number_raw,
        "destination_number_kind": destination_number_kind,
        **(_org_unit_columns(record, relations) if record.org_units else _NO_ORG_UNITS),
        **written.labelled.shown,
    }
    row["content_hash"] = hashlib.blake2b(_encode(tuple(row.values())) + written.said, digest_size=16).hexdigest()
    row["details"] = written.details.decode()
    row["id"], row["version"], row["synced_at"], row["deleted_at"] = id, one.version, to_ms(now), None
    row["phone_country"] = country_of(number.e164) if number and number.e164 else None
    return row


def _number(number: PhoneNumber | None) -> tuple[str | None, str | None, str | None]:
    """A number as it is compared, as the vendor wrote it, and its kind."""
    return (number.key, number.raw, number.kind._value_) if number else _NO_NUMBER


def _org_unit_columns(record: CallRecord, relations: Relations) -> Row:
    ids = {unit.kind: relations.org_units.get((unit.kind.value, unit.provider_unit_id)) for unit in record.org_units}
    names = [fold(unit.name or "") for unit in record.org_units]
    return {column: ids.get(kind) for column, kind in _LEVELS.items()} | {"organisation_key": _joined(names)}


def _joined(names: list[str]) -> str | None:
    return "\x1f".join(names) or None


class Labelled(NamedTuple):
    """What the labels of a call come to."""

    # Kind, key and text for each thing that the call can be found by.
    rows: tuple[tuple[str, str, str | None], ...]
    # The labels as the details hold them.
    plain: list[dict[str, str]]
    # The first label of each kind that is shown, by its column.
    shown: Mapping[str, str | None]
    # The words that free text finds the call by.
    words: frozenset[str]


@lru_cache(maxsize=4096)  # most calls of a queue, or of a campaign, have the same labels
def _labelled(labels: tuple[Label, ...]) -> Labelled:
    shown: dict[str, str | None] = dict.fromkeys(_SHOWN_LABELS.values())
    for label in labels:
        if (column := _SHOWN_LABELS.get(label.kind)) and shown[column] is None:
            shown[column] = label.name or label.id
    searched = words_of(label.name or label.id for label in labels if label.kind in _SEARCHED_LABELS)
    rows = tuple((kind.value, key, name) for kind, key, name in rows_of(labels))
    return Labelled(rows, plain(labels), shown, frozenset(searched))


def _review_rank(record: CallRecord) -> int | None:
    review = record.details.review
    if review is None or review.major is None or not (review.major.id or "").isdecimal():
        return None
    minor = review.minor.id if review.minor and (review.minor.id or "").isdecimal() else "0"
    return (int(review.major.id or 0) % 1000) * 10**15 + int(minor or 0) % 10**15


def words_of_call(one: Told, relations: Relations) -> dict[str, Collection[str]]:
    """What a call is found by, by the kind of text that it stands in: of its contact's name what the contact lacks."""
    record, words = one.record, one.written.words
    if record.contact is None or record.contact.name is None:
        return words
    contact_id = relations.contacts.get(_number(record.phone_number)[0] or "", "")
    beside = words_beside(record.contact.name, relations.contact_names.get(contact_id))
    return words | {"CALL": {*words["CALL"], *beside}} if beside else words


def legs_of(scope: Scope, call_id: str, one: Told, relations: Relations) -> Iterator[tuple[Any, ...]]:
    """The rows of a call's legs, in the order of its flow; the values in that of the table's columns."""
    started_at = to_ms(one.record.started_at)
    for position, (leg, details) in enumerate(zip(one.record.legs, one.written.of_legs, strict=True)):
        yield (
            scope.workspace_id,
            call_id,
            position,
            started_at,
            leg.kind._value_,
            leg.provider_kind,
            leg.status and leg.status._value_,
            leg.provider_status,
            leg.started_at and to_ms(leg.started_at),
            leg.answered_at and to_ms(leg.answered_at),
            leg.ended_at and to_ms(leg.ended_at),
            leg.talk_seconds,
            leg.ring_seconds,
            leg.agent and relations.agents.get(leg.agent),
            *_number(leg.number),
            leg.name,
            leg.provider_leg_id,
            details,
        )


def labels_of(scope: Scope, call_id: str, one: Told) -> Iterator[tuple[Any, ...]]:
    """The rows that labels are filtered by: one for each name and each id; the values in the order of the columns."""
    for kind, key, name in one.written.labelled.rows:
        yield scope.workspace_id, kind, key, call_id, name


def _notes(record: CallRecord) -> tuple[str | None, ...]:
    return record.notes, record.details.wrap_up.note if record.details.wrap_up else None
