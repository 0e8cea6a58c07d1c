"""Saves payloads: mapped, matched and written in one transaction a batch. Pull, push and file import all end here."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord
from app.domain.contacts import ContactRecord
from app.domain.errors import RecordError
from app.domain.numbers import PhoneNumber
from app.domain.scope import Scope
from app.domain.sources import Locale, Source
from app.providers.contract import Payload, ProviderSpec
from app.store import agents, calls, contacts, org_units, rejected, sources, tombstones
from app.store.database import Connection, Database
from app.store.trouble import RefusedError
from app.sync.clean import clean_json, cleaned
from app.sync.files import Unreadable
from app.sync.privacy import kept_agents, kept_calls, kept_contacts, kept_letters

Merge = Callable[[Payload, Payload], Payload]
Turn = AbstractContextManager[object]
AT_ONCE: Turn = nullcontext()
# What is written in a batch's own transaction, after its records: how far a stream has been read.
Mark = Callable[[Connection], Awaitable[None]]
_A_FEW = 8  # payloads are a millisecond or less
BATCH = 500  # a few hundred rows a statement is where both engines are quickest


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of records.

    `read` counts payloads and `rejected` those that could not be read; new, updated and unchanged count the calls,
    agents and leads that they told of. `folded` payloads told of a call that another one of the batch told of, too.
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    folded: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.read + other.read,
            self.new + other.new,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            self.folded + other.folded,
        )


@dataclass(slots=True)
class Heard:
    """What a list that is read told of, as far as it is saved; known before the mark of its last batch is written."""

    # The vendor's ids of its calls, as they are stored.
    told: set[str] = field(default_factory=set)
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """Where records go, and how."""

    database: Database
    scope: Scope
    source: Source
    spec: ProviderSpec
    # Held while the store is written to: processes that fill one SQLite file wait for each other by it without sleeping.
    turn: Turn = AT_ONCE
    heard: Heard | None = None


@dataclass(slots=True)
class Batch:
    """Payloads as they are mapped: one telling a call, and what is told of agents and contacts by themselves."""

    # With the moment of receipt.
    payloads: list[tuple[Any, datetime]] = field(default_factory=list)
    told: dict[str, calls.Told] = field(default_factory=dict)
    of_agents: list[agents.Told] = field(default_factory=list)
    of_contacts: list[contacts.Told] = field(default_factory=list)
    letters: list[tuple[Any, str]] = field(default_factory=list)
    folded: int = 0


async def ingest(
    database: Database,
    scope: Scope,
    source: Source,
    spec: ProviderSpec,
    payloads: Sequence[Any],
    now: datetime,
    turn: Turn = AT_ONCE,
    mark: Mark | None = None,
) -> Counts:
    """Saves one batch of a source's payloads, all of it or nothing. `mark` is kept with the batch or not at all."""
    intake, batch = Intake(database, scope, source, spec, turn), Batch()
    await read_into(batch, spec, source.locale, payloads, now)
    return await save(intake, batch, now, mark)


async def read_into(batch: Batch, spec: ProviderSpec, locale: Locale, payloads: Iterable[Any], now: datetime) -> None:
    """Maps payloads, and does what else needs no store before its one writer is held up by it.

    What else the process has to do gets its turn every few payloads: saving what was read before, above all.
    """
    for place, payload in enumerate(payloads, 1):
        batch.payloads.append((payload, now))
        _read(batch, spec, locale, payload, now)
        if place % _A_FEW == 0:
            await asyncio.sleep(0)


async def save(intake: Intake, batch: Batch, now: datetime, mark: Mark | None = None) -> Counts:
    """Saves what was read, all of it or nothing, with the mark.

    A payload that could not be read becomes a dead letter. Should the store refuse the batch for what is in it, it is
    saved again payload by payload, so that one bad record never takes others with it.
    """
    try:
        return await _save(intake, batch, now, mark)
    except RefusedError as error:
        if len(batch.payloads) == 1:
            return await _reject(intake, batch.payloads[0][0], error, now, mark)
        total = Counts()
        for place, (payload, at) in enumerate(batch.payloads, 1):
            one = Batch()
            await read_into(one, intake.spec, intake.source.locale, [payload], at)
            total += await save(intake, one, now, mark if place == len(batch.payloads) else None)
        return total


async def _save(intake: Intake, batch: Batch, now: datetime, mark: Mark | None) -> Counts:
    scope, source, spec = intake.scope, intake.source, intake.spec
    calls.write_down(batch.told.values())
    with intake.turn:
        async with intake.database.write() as connection:
            await sources.lock(connection, scope)
            if stones := await tombstones.found(connection, scope):
                batch.told = await kept_calls(connection, scope, source, spec, batch.told, stones)
                batch.of_contacts = kept_contacts(batch.of_contacts, stones)
                batch.of_agents = kept_agents(batch.of_agents, stones)
            if spec.merge is not None:
                await _merge_with_stored(connection, scope, source, spec, batch)
            counts = await save_records(connection, scope, source, batch, now)
            letters = kept_letters(batch.letters, stones) if stones else batch.letters
            await rejected.add(connection, scope, source.id, letters, now)
            await sources.succeeded(connection, scope, source.id, now)
            if intake.heard is not None:
                intake.heard.told.update(batch.told)
                intake.heard.rejected += len(batch.letters)
            if mark is not None:
                await mark(connection)
    if counts.new:
        await intake.database.grown(counts.new)
    return replace(counts, read=len(batch.payloads), rejected=len(batch.letters), folded=batch.folded)


async def _reject(intake: Intake, payload: Any, error: Exception, now: datetime, mark: Mark | None) -> Counts:
    letter = payload.text if isinstance(payload, Unreadable) else payload
    letters, scope = [(cleaned(letter), cleaned(str(error)))], intake.scope
    if intake.heard is not None:
        intake.heard.rejected += 1
    async with intake.database.write() as connection:
        stones = await tombstones.found(connection, scope)
        kept = kept_letters(letters, stones) if stones else letters
        await rejected.add(connection, scope, intake.source.id, kept, now)
        if mark is not None:
            await mark(connection)
    return Counts(read=1, rejected=1)


def _read(batch: Batch, spec: ProviderSpec, locale: Locale, item: Any, now: datetime) -> None:
    if isinstance(item, Unreadable):
        batch.letters.append((cleaned(item.text), cleaned(item.reason)))
        return
    payload, text = clean_json(item)
    try:
        _sort_in(batch, spec, locale, payload, text, now)
    except RecordError as error:
        batch.letters.append((payload, str(error)))


def _sort_in(batch: Batch, spec: ProviderSpec, locale: Locale, payload: Any, text: bytes | None, now: datetime) -> None:
    if not isinstance(payload, dict):
        raise RecordError("it is not an object")
    for record in spec.records(payload, locale):
        match record:
            case CallRecord():
                told = calls.Told(record, payload, now, text)
                if spec.merge is None:  # else it may not be the last word
                    calls.write_down([told])
                before = batch.told.get(record.provider_call_id)
                batch.told[record.provider_call_id] = _newer(spec, locale, before, told) if before else told
                batch.folded += before is not None
            case AgentRecord():
                batch.of_agents.append(agents.Told(record, record.modified_at or now))
            case ContactRecord():
                at = record.lead.modified_at if record.lead else None
                batch.of_contacts.append(contacts.Told(record, at or now))
                batch.of_agents += [agents.Told(assignee, at or now) for assignee in record.assignees]


def _newer(spec: ProviderSpec, locale: Locale, before: calls.Told, told: calls.Told) -> calls.Told:
    """One telling of two of the same call: what both say together, where the vendor tells in pieces, else the newer."""
    if spec.merge is None:
        return told if told.version >= before.version else before
    return _together(spec.merge, spec, locale, before.payload, told)


def _together(
    merge: Merge, spec: ProviderSpec, locale: Locale, before: Mapping[str, Any], told: calls.Told
) -> calls.Told:
    """The call as an earlier payload and this one tell it. Raises RecordError."""
    earlier = dict(before)
    payload = merge(earlier, dict(told.payload))
    if payload == merge(earlier, earlier):  # nothing new is said
        payload = earlier
    for record in spec.records(payload, locale):
        if isinstance(record, CallRecord):
            return calls.Told(record, payload, told.received_at)
    return told


async def _merge_with_stored(
    connection: Connection, scope: Scope, source: Source, spec: ProviderSpec, batch: Batch
) -> None:
    """Pieces of a call may lie in several batches and files: what is stored is a telling, too."""
    assert spec.merge is not None
    stored = await calls.payloads(connection, scope, source.id, sorted(batch.told))
    for key, payload in stored.items():
        if not payload:  # of a call that is nobody's any more: there are no pieces
            continue
        told = batch.told.pop(key)
        try:
            batch.told[key] = _together(spec.merge, spec, source.locale, payload, told)
        except RecordError as error:
            batch.letters.append((told.payload, str(error)))


async def save_records(connection: Connection, scope: Scope, source: Source, batch: Batch, now: datetime) -> Counts:
    """Writes a mapped batch: first what calls refer to, then the calls."""
    known = await calls.known_of(connection, scope, source.id, sorted(batch.told))
    # A stale telling changes nothing, neither the call nor what is known of its agent and contact.
    told = [one for key, one in batch.told.items() if not calls.is_stale(one, known.get(key))]
    saved_agents = await agents.save(connection, scope, source.id, [*batch.of_agents, *_agents_of(told)], now)
    saved_contacts = await contacts.save(connection, scope, [*batch.of_contacts, *_contacts_of(told)], now)
    units = await org_units.save(connection, scope, source.id, [one.record.org_units for one in told], now)
    relations = calls.Relations(saved_agents.ids, saved_contacts.by_number, units, saved_contacts.names)
    fresh = {one.record.provider_call_id: one for one in told}
    saved = await calls.save(connection, scope, source.id, fresh, known, relations, now)
    await contacts.forget_unused(connection, scope, saved.left_contacts)
    told_alone = _count_alone(batch, saved_agents, saved_contacts)
    unchanged = len(batch.told) - len(saved.new) - len(saved.updated)
    return told_alone + Counts(new=len(saved.new), updated=len(saved.updated), unchanged=unchanged)


def _agents_of(told: Iterable[calls.Told]) -> list[agents.Told]:
    """What calls say of agents, each distinct record once, as of the latest call that says it."""
    latest: dict[AgentRecord, datetime] = {}
    for one in told:
        for record in (one.record.agent, *[leg.agent for leg in one.record.legs]):
            if record is not None and latest.get(record, one.record.started_at) <= one.record.started_at:
                latest[record] = one.record.started_at
    return [agents.Told(record, at) for record, at in latest.items()]


def _contacts_of(told: Iterable[calls.Told]) -> list[contacts.Told]:
    """What calls say of the outside party, its number at least; each distinct word once, as of the latest call that says it."""
    latest: dict[tuple[PhoneNumber, ContactRecord | None], datetime] = {}
    for one in told:
        if (number := one.record.phone_number) is not None:
            key, at = (number, one.record.contact), one.record.started_at
            if latest.get(key, at) <= at:
                latest[key] = at
    return [
        contacts.Told(replace(record or ContactRecord(), numbers=(number,)), at)
        for (number, record), at in latest.items()
    ]


def _count_alone(batch: Batch, saved_agents: agents.SavedAgents, saved_contacts: contacts.SavedContacts) -> Counts:
    """Agents and leads that were records of their own count like calls; those that calls brought along do not."""
    ids: Mapping[AgentRecord, str] = saved_agents.ids
    agent_ids = {id for one in batch.of_agents if (id := ids.get(one.record))}
    contact_ids = {
        saved_contacts.by_number[key]
        for one in batch.of_contacts
        for key in contacts.keys_of(one.record)
        if key in saved_contacts.by_number
    }
    new = len(agent_ids & saved_agents.new) + len(contact_ids & saved_contacts.new)
    updated = len(agent_ids & saved_agents.updated) + len(contact_ids & saved_contacts.updated)
    return Counts(new=new, updated=updated, unchanged=len(agent_ids) + len(contact_ids) - new - updated)
