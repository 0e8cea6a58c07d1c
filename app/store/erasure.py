"""Erases a person: a tombstone first, then their calls, contacts, dead letters, and what others' records say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update

from app.domain.labels import Label, LabelKind, rows_of
from app.domain.nobody import stored_leg_of_nobody, stored_of_nobody
from app.domain.privacy import Mask, Tombstones, mask_of
from app.domain.scope import Scope
from app.store import mentions, tombstones
from app.store.database import Connection, Database
from app.store.findable import set_words
from app.store.owners import CALL_WORDS
from app.store.privacy import BATCH, Person
from app.store.removal import forget_numbers, forget_words, remove_calls, remove_contacts
from app.store.search import words_of
from app.store.tables import (
    call_labels,
    call_legs,
    call_payloads,
    calls,
    contact_numbers,
    contacts,
    excluded_numbers,
    rejected_records,
)
from app.store.total_marks import mark
from app.store.upsert import insert_new

# The labels that free text finds a call by and that are not a person's (see store.calls).
_SEARCHED = {LabelKind.CAMPAIGN.value, LabelKind.QUEUE.value, LabelKind.DEPARTMENT.value}


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased. `mentions` are others' rows, agents' and units' too, that said one of the numbers."""

    calls: int
    contacts: int
    letters: int
    mentions: int


async def erase(database: Database, scope: Scope, person: Person, now: datetime, whole_calls: bool = False) -> Erased:
    """Erases a person, in short transactions; broken off, it is finished by erasing the person again.

    A call stays as one with nobody, so that counts stay what they were; with `whole_calls` it goes, too. From the
    first moment on, what comes in of the person is treated the same way (see sync.privacy).
    """
    async with database.write() as connection:
        stones = await tombstones.add(connection, scope, person.numbers, whole_calls, now)
    erased = 0
    while True:
        async with database.write() as connection:
            done = await _erase_some_calls(connection, scope, person, stones, whole_calls)
        if not done:
            break
        erased += done
    async with database.write() as connection:
        await _erase_contacts(connection, scope, person)
    letters = await _erase_letters(database, scope, person)
    mentioned = await mentions.hide(database, scope, person.numbers)
    async with database.write() as connection:
        await forget_numbers(connection, scope, person.numbers)
    return Erased(erased, len(person.contact_ids), letters, mentioned)


async def _erase_some_calls(
    connection: Connection, scope: Scope, person: Person, stones: Tombstones, whole_calls: bool
) -> int:
    statement = select(calls).where(calls.c.workspace_id == scope.workspace_id, person.calls).limit(BATCH)
    rows = [dict(row) for row in (await connection.execute(statement.with_for_update())).mappings()]
    ids = [row["id"] for row in rows]
    if whole_calls:
        await remove_calls(connection, scope, ids)
    elif rows:
        await _hide_calls(connection, scope, person, rows, stones)
    return len(rows)


async def _hide_calls(
    connection: Connection, scope: Scope, person: Person, rows: Sequence[dict[str, Any]], stones: Tombstones
) -> None:
    changes = {}
    for row in rows:
        tombstone = stones.of_number(row["phone_number"]) or stones.of_number(person.number)
        assert tombstone is not None
        hidden = tombstone.seal.of_call(row["source_id"], row["provider_call_id"])
        keys = {*person.numbers, row["phone_number"] or ""}
        changes[row["id"]] = stored_of_nobody(row, hidden, keys, mask_of(keys)) | {"content_hash": ""}
    await _update(connection, scope, changes)
    await mark(connection, scope, [row["started_at"] for row in rows])
    ids = sorted(changes)
    mask = mask_of(person.numbers)
    await _hide_legs(connection, scope, person, ids, mask)
    payloads = (call_payloads.c.workspace_id == scope.workspace_id) & call_payloads.c.call_id.in_(ids)
    await connection.execute(update(call_payloads).where(payloads).values(payload={}))
    await _set_labels(connection, scope, {id: change["details"] for id, change in changes.items()})
    await forget_numbers(connection, scope, {row["phone_number"] for row in rows} - {None})


async def _update(connection: Connection, scope: Scope, changes: dict[str, dict[str, Any]]) -> None:
    for id, change in changes.items():
        this = (calls.c.workspace_id == scope.workspace_id) & (calls.c.id == id)
        await connection.execute(update(calls).where(this).values(change))


async def _hide_legs(connection: Connection, scope: Scope, person: Person, call_ids: Sequence[str], mask: Mask) -> None:
    statement = select(call_legs).where(
        call_legs.c.workspace_id == scope.workspace_id, call_legs.c.call_id.in_(call_ids)
    )
    legs = [dict(row) for row in (await connection.execute(statement)).mappings()]
    if not legs:
        return
    changes = [stored_leg_of_nobody(leg, set(person.numbers), mask) for leg in legs]
    changing = (
        "provider_kind",
        "provider_status",
        "name",
        "number",
        "number_raw",
        "number_kind",
        "provider_leg_id",
        "details",
    )
    keys = ("workspace_id", "call_id", "position")
    this = and_(*[call_legs.c[name] == bindparam(f"key_{name}") for name in keys])
    await connection.execute(
        update(call_legs).where(this).values({name: bindparam(f"new_{name}") for name in changing}),
        [
            {f"key_{name}": leg[name] for name in keys} | {f"new_{name}": (leg | change)[name] for name in changing}
            for leg, change in zip(legs, changes, strict=True)
        ],
    )


async def _set_labels(connection: Connection, scope: Scope, details: dict[str, dict[str, Any]]) -> None:
    """Writes labels and words anew from what is left of the details."""
    ids = sorted(details)
    held = (call_labels.c.workspace_id == scope.workspace_id) & call_labels.c.call_id.in_(ids)
    await connection.execute(delete(call_labels).where(held))
    rows, said = [], {}
    for id in ids:
        labels = details[id].get("labels", [])
        kept = rows_of(Label(LabelKind(one["kind"]), one.get("name"), one.get("id")) for one in labels)
        row: dict[str, Any] = {"workspace_id": scope.workspace_id, "call_id": id}
        rows += [row | {"kind": kind.value, "key": key, "name": name} for kind, key, name in kept]
        said[id] = words_of(one.get("name") or one.get("id") for one in labels if one["kind"] in _SEARCHED)
    await insert_new(connection, call_labels, rows)
    await forget_words(connection, scope, CALL_WORDS, ids)
    await set_words(connection, scope, "CALL", said)


async def _erase_contacts(connection: Connection, scope: Scope, person: Person) -> None:
    numbers, ids = person.numbers, person.contact_ids
    await remove_contacts(connection, scope, ids)
    # Somebody else who shares a number keeps the other ones, and is known by none that was erased.
    links = (contact_numbers.c.workspace_id == scope.workspace_id) & contact_numbers.c.number.in_(numbers)
    await connection.execute(delete(contact_numbers).where(links))
    known_by = (contacts.c.workspace_id == scope.workspace_id) & contacts.c.identity.in_(numbers)
    await connection.execute(update(contacts).where(known_by).values(identity="id:" + contacts.c.id))
    listed = (excluded_numbers.c.workspace_id == scope.workspace_id) & excluded_numbers.c.number.in_(numbers)
    await connection.execute(delete(excluded_numbers).where(listed))


async def _erase_letters(database: Database, scope: Scope, person: Person) -> int:
    async with database.read() as connection:
        ids = [letter.id for letter in await mentions.letters(connection, scope, person.numbers)]
    for start in range(0, len(ids), BATCH):
        async with database.write() as connection:
            some = rejected_records.c.id.in_(ids[start : start + BATCH])
            await connection.execute(
                delete(rejected_records).where(rejected_records.c.workspace_id == scope.workspace_id, some)
            )
    return len(ids)
