"""Calls as rows: upserted by the vendor's id, with legs, labels, words and the raw record; a stale telling changes nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select

from app.domain.agents import AgentRecord
from app.domain.calls import CallLeg, CallRecord
from app.domain.contacts import ContactRecord
from app.domain.ids import new_id
from app.domain.labels import LabelKind, fold
from app.domain.numbers import PhoneNumber
from app.domain.org_units import OrgUnitKind
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.findable import add_numbers, set_words
from app.store.plain import plain
from app.store.tables import call_labels, call_legs, call_payloads, calls
from app.store.upsert import insert_into, insert_new

_INSTANTS = ("started_at", "answered_at", "ended_at", "modified_at", "provider_synced_at")
_SECONDS = ("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds", "hold_count")
_AS_THEY_ARE = (*_SECONDS, "provider_status", "notes", "revenue", "billed_minutes", "charges")
_NUMBERS = ("phone_number", "caller_number", "dialed_number", "destination_number")
_LEVELS = {
    "corporate_id": OrgUnitKind.CORPORATE,
    "division_id": OrgUnitKind.DIVISION,
    "location_id": OrgUnitKind.LOCATION,
    "campaign_id": OrgUnitKind.CAMPAIGN,
}
_SHOWN_LABELS = {
    "queue_name": LabelKind.QUEUE,
    "department_name": LabelKind.DEPARTMENT,
    "ivr_name": LabelKind.IVR,
    "campaign_name": LabelKind.CAMPAIGN,
    "broadcast_name": LabelKind.BROADCAST,
    "trunk_name": LabelKind.TRUNK,
}
# What says who wrote the row and when, rather than what the call was: not part of its content.
_BOOKKEEPING = {"id", "version", "content_hash", "synced_at"}


@dataclass(frozen=True, slots=True)
class Told:
    """A record of a call with its raw payload and the moment of receipt."""

    record: CallRecord
    payload: Mapping[str, Any]
    received_at: datetime

    @property
    def version(self) -> int:
        """What decides which of two tellings is newer."""
        return to_ms(self.record.modified_at or self.received_at)


# What is stored of a call: its id, version and content hash.
Known = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Relations:
    """The rows that a batch of calls refers to, saved before it."""

    agents: Mapping[AgentRecord, str]
    contacts: Mapping[str, str]
    org_units: Mapping[tuple[str, str], str]

    def agent(self, record: AgentRecord | None) -> str | None:
        """The id of a record's agent; None where the record says too little to know one by."""
        return self.agents.get(record) if record else None


@dataclass(frozen=True, slots=True)
class SavedCalls:
    """What became of a batch: ids of calls that are new, and of those that changed. The others were known so."""

    new: set[str]
    updated: set[str]


async def payloads(
    connection: Connection, scope: Scope, source_id: str, provider_call_ids: Sequence[str]
) -> dict[str, Any]:
    """The raw records that are kept of calls, by the vendor's id."""
    statement = (
        select(calls.c.provider_call_id, call_payloads.c.payload)
        .join(
            call_payloads,
            (call_payloads.c.workspace_id == calls.c.workspace_id) & (call_payloads.c.call_id == calls.c.id),
        )
        .where(
            calls.c.workspace_id == scope.workspace_id,
            calls.c.source_id == source_id,
            calls.c.provider_call_id.in_(provider_call_ids),
        )
    )
    return dict((await connection.execute(statement)).all())


async def save(
    connection: Connection,
    scope: Scope,
    source_id: str,
    told: Mapping[str, Told],
    known: Mapping[str, Known],
    relations: Relations,
    now: datetime,
) -> SavedCalls:
    """Upserts calls, by the vendor's id. `told` holds one telling a call, `known` what is stored of them."""
    rows = [_row(scope, source_id, one, relations, now) for _, one in sorted(told.items())]
    rows = [row for row in rows if _news(row, known.get(row["provider_call_id"]))]
    if not rows:
        return SavedCalls(set(), set())
    ids = await _upsert(connection, rows)
    saved = {
        ids[row["provider_call_id"]]: told[row["provider_call_id"]] for row in rows if row["provider_call_id"] in ids
    }
    before = {id for id, _, _ in known.values()}
    new = {row["id"] for row in rows} & saved.keys() - before
    await _replace_parts(connection, scope, saved, relations, known=saved.keys() - new)
    await add_numbers(connection, scope, (row[role] for row in rows for role in _NUMBERS))
    return SavedCalls(new, saved.keys() - new)


async def known_of(connection: Connection, scope: Scope, source_id: str, keys: Sequence[str]) -> dict[str, Known]:
    """What is stored of the calls of these vendor's ids."""
    statement = select(calls.c.provider_call_id, calls.c.id, calls.c.version, calls.c.content_hash).where(
        calls.c.workspace_id == scope.workspace_id,
        calls.c.source_id == source_id,
        calls.c.provider_call_id.in_(keys),
    )
    return {key: (id, version, digest) for key, id, version, digest in (await connection.execute(statement))}


def is_stale(told: Told, known: Known | None) -> bool:
    """Whether a newer version of the call is stored."""
    return known is not None and told.version < known[1]


def _news(row: dict[str, Any], known: Known | None) -> bool:
    return known is None or (row["version"] >= known[1] and row["content_hash"] != known[2])


async def _upsert(connection: Connection, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Writes the rows and gives the ids they have by the vendor's id; a row that became stale meanwhile is not there."""
    insert = insert_into(connection, calls)
    kept = {"workspace_id", "id", "source_id", "provider_call_id"}
    upsert = insert.on_conflict_do_update(
        index_elements=["workspace_id", "source_id", "provider_call_id"],
        set_={column.name: insert.excluded[column.name] for column in calls.columns if column.name not in kept},
        where=insert.excluded.version >= calls.c.version,
    ).returning(calls.c.provider_call_id, calls.c.id)
    return dict((await connection.execute(upsert, rows)).all())


def _row(scope: Scope, source_id: str, one: Told, relations: Relations, now: datetime) -> dict[str, Any]:
    record = one.record
    row: dict[str, Any] = {
        "workspace_id": scope.workspace_id,
        "source_id": source_id,
        "provider_call_id": record.provider_call_id,
        "direction": record.direction.value,
        "outcome": record.outcome.value,
        "kind": record.kind.value,
        "agent_id": relations.agent(record.agent),
        "contact_id": relations.contacts.get(_key(record.phone_number) or ""),
        "has_recording": record.details.recording is not None,
        "details": plain(record.details),
    }
    row |= {name: None if (at := getattr(record, name)) is None else to_ms(at) for name in _INSTANTS}
    row |= {name: getattr(record, name) for name in _AS_THEY_ARE}
    for role in _NUMBERS:
        row |= _number(role, getattr(record, role))
    row |= _org_unit_columns(record, relations)
    row |= _names(record)
    digest = hashlib.blake2b(msgspec.json.encode(row, order="deterministic"), digest_size=16).hexdigest()
    fresh = {"id": new_id(record.started_at), "version": one.version, "synced_at": to_ms(now)}
    return row | fresh | {"content_hash": _with_parts(digest, one)}


def _with_parts(digest: str, one: Told) -> str:
    """The hash over the call, its legs and its raw record: a call may change in its flow, or in an unknown field alone."""
    parts = msgspec.json.encode([one.record.legs, one.payload], order="deterministic")
    return hashlib.blake2b(digest.encode() + parts, digest_size=16).hexdigest()


def _key(number: PhoneNumber | None) -> str | None:
    return number.key if number else None


def _number(role: str, number: PhoneNumber | None) -> dict[str, str | None]:
    if number is None:
        return {role: None, f"{role}_raw": None, f"{role}_kind": None}
    return {role: number.key, f"{role}_raw": number.raw, f"{role}_kind": number.kind.value}


def _org_unit_columns(record: CallRecord, relations: Relations) -> dict[str, str | None]:
    by_kind = {unit.kind: unit for unit in record.org_units}
    found = {
        column: relations.org_units.get((kind.value, by_kind[kind].provider_unit_id)) if kind in by_kind else None
        for column, kind in _LEVELS.items()
    }
    names = [fold(unit.name or "") for unit in record.org_units]
    return found | {"organisation_key": "\x1f".join(names) or None}


def _names(record: CallRecord) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column, kind in _SHOWN_LABELS.items():
        shown[column] = next((la.name or la.id for la in record.details.labels if la.kind is kind), None)
    agent, contact = record.agent, record.contact
    shown["agent_name_key"] = fold(agent.name) if agent and agent.name else None
    shown["contact_name_key"] = fold(contact.name) if contact and contact.name else None
    shown["provider_status_key"] = fold(record.provider_status) if record.provider_status else None
    return shown | {"review_rank": _review_rank(record)}


def _review_rank(record: CallRecord) -> int | None:
    review = record.details.review
    if review is None or review.major is None or not (review.major.id or "").isdecimal():
        return None
    minor = review.minor.id if review.minor and (review.minor.id or "").isdecimal() else "0"
    return (int(review.major.id or 0) % 1000) * 10**15 + int(minor or 0) % 10**15


async def _replace_parts(
    connection: Connection, scope: Scope, saved: Mapping[str, Told], relations: Relations, known: Iterable[str]
) -> None:
    """Writes what hangs on the calls anew; `known` names those that may have such rows already."""
    if stale := sorted(known):
        for table in (call_legs, call_labels, call_payloads):
            await connection.execute(
                delete(table).where(table.c.workspace_id == scope.workspace_id, table.c.call_id.in_(stale))
            )
    await insert_new(
        connection, call_legs, [row for id, one in saved.items() for row in _legs(scope, id, one, relations)]
    )
    await insert_new(connection, call_labels, [row for id, one in saved.items() for row in _labels(scope, id, one)])
    raw = [{"workspace_id": scope.workspace_id, "call_id": id, "payload": one.payload} for id, one in saved.items()]
    await insert_new(connection, call_payloads, raw)
    await set_words(connection, scope, "CALL", {id: _texts(one.record) for id, one in saved.items()}, known=stale)


def _legs(scope: Scope, call_id: str, one: Told, relations: Relations) -> Iterable[dict[str, Any]]:
    for position, leg in enumerate(one.record.legs):
        yield {
            "workspace_id": scope.workspace_id,
            "call_id": call_id,
            "position": position,
            "kind": leg.kind.value,
            "provider_kind": leg.provider_kind,
            "status": leg.status.value if leg.status else None,
            "provider_status": leg.provider_status,
            "started_at": plain(leg.started_at),
            "answered_at": plain(leg.answered_at),
            "ended_at": plain(leg.ended_at),
            "talk_seconds": leg.talk_seconds,
            "ring_seconds": leg.ring_seconds,
            "agent_id": relations.agent(leg.agent),
            **_number("number", leg.number),
            "name": leg.name,
            "provider_leg_id": leg.provider_leg_id,
            "details": _leg_details(leg),
        }


def _leg_details(leg: CallLeg) -> dict[str, Any]:
    names = (
        "provider_ring_status",
        "application",
        "application_id",
        "application_data",
        "value",
        "time_group_id",
        "time_group",
    )
    return {name: value for name in names if (value := getattr(leg, name)) is not None}


def _labels(scope: Scope, call_id: str, one: Told) -> Iterable[dict[str, Any]]:
    keys = {(label.kind.value, key) for label in one.record.details.labels for key in label.keys}
    for kind, key in sorted(keys):
        yield {"workspace_id": scope.workspace_id, "kind": kind, "key": key, "call_id": call_id}


def _texts(record: CallRecord) -> Iterable[str | None]:
    """What free text finds a call by, beside the names of its agent, contact and organisation units."""
    details, contact = record.details, record.contact
    searched = (LabelKind.CAMPAIGN, LabelKind.REFERENCE, LabelKind.QUEUE, LabelKind.DEPARTMENT)
    yield record.notes
    yield details.wrap_up.note if details.wrap_up else None
    yield contact.name if isinstance(contact, ContactRecord) else None
    yield from (summary.text for summary in details.summaries)
    yield from (label.name or label.id for label in details.labels if label.kind in searched)
