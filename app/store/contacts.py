"""Contacts as rows: one outside number has one history over every source of the workspace."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from app.domain.contacts import ContactRecord
from app.domain.ids import new_id
from app.domain.labels import fold
from app.domain.numbers import NumberKind, PhoneNumber
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.findable import add_numbers, set_pairs, set_words
from app.store.former_names import leave_to_calls, words_beside
from app.store.owners import CONTACT_WORDS
from app.store.plain import plain
from app.store.search import words_of
from app.store.tables import calls, contact_numbers, contacts
from app.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Told:
    """A record of a contact, and when what it says was true."""

    record: ContactRecord
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedContacts:
    """Which contact each number belongs to, and how many contacts changed."""

    by_number: dict[str, str]
    new: set[str]
    updated: set[str]
    # The name of each, by which its calls are found as well; none of one that was renamed (see former_names).
    names: dict[str, str]


def keys_of(record: ContactRecord) -> list[str]:
    """What a contact is matched by: its numbers, but no withheld ones and no extensions."""
    return [key for number in record.numbers if number.kind is not NumberKind.INTERNAL and (key := number.key)]


async def save(connection: Connection, scope: Scope, told: Sequence[Told], now: datetime) -> SavedContacts:
    """Matches each record to a contact by its numbers, creating and completing contacts as needed."""
    known = [one for one in told if keys_of(one.record)]
    if not known:
        return SavedContacts({}, set(), set(), {})
    keys = sorted({key for one in known for key in keys_of(one.record)})
    by_number = await _by_number(connection, scope, keys)
    fresh = _missing(scope, known, by_number, now)
    if fresh:
        await insert_new(connection, contacts, [fresh[key] for key in sorted(fresh)])
    rows = await _rows(connection, scope, set(by_number.values()), fresh)
    by_number = await _link_numbers(connection, scope, known, by_number, rows, keys)
    before = {id: row["name"] for id, row in rows.items()}
    changed = _take_in_all(rows, by_number, known)
    await leave_to_calls(connection, scope, _renamed(rows, before))
    if changed:
        await _update(connection, [rows[id] for id in sorted(changed)])
    new = {row["id"] for row in fresh.values()} & rows.keys()
    updated = {id for id, names in changed.items() if names != {"told_at"}}
    await make_findable(connection, scope, [rows[id] for id in sorted(updated | new)])
    names = {id: row["name"] for id, row in rows.items() if row["name"] and not row["is_renamed"]}
    return SavedContacts(by_number, new, updated - new, names)


async def forget_unused(connection: Connection, scope: Scope, ids: Set[str]) -> None:
    """Deletes those of the contacts of whom nothing is told any more: a newer telling gave their last call to another.

    A lead is somebody whatever their calls.
    """
    if not ids:
        return
    called = select(calls.c.contact_id).where(
        calls.c.workspace_id == scope.workspace_id, calls.c.contact_id.in_(sorted(ids))
    )
    leads = select(contacts.c.id).where(
        contacts.c.workspace_id == scope.workspace_id, contacts.c.id.in_(sorted(ids)), contacts.c.is_lead
    )
    used = set((await connection.execute(called.distinct())).scalars()) | set(
        (await connection.execute(leads)).scalars()
    )
    if unused := sorted(ids - used):
        for kind in CONTACT_WORDS:
            await set_words(connection, scope, kind, {}, known=unused)
        for table, owner in ((contact_numbers, contact_numbers.c.contact_id), (contacts, contacts.c.id)):
            await connection.execute(delete(table).where(table.c.workspace_id == scope.workspace_id, owner.in_(unused)))


async def _by_number(connection: Connection, scope: Scope, keys: Sequence[str]) -> dict[str, str]:
    """The contact of each number; of several, the one known longest."""
    statement = (
        select(contact_numbers.c.number, contact_numbers.c.contact_id)
        .where(contact_numbers.c.workspace_id == scope.workspace_id, contact_numbers.c.number.in_(keys))
        .order_by(contact_numbers.c.contact_id.desc())
    )
    return dict((await connection.execute(statement)).all())


def _missing(scope: Scope, told: Sequence[Told], by_number: dict[str, str], now: datetime) -> dict[str, dict[str, Any]]:
    """Rows for contacts of whom no number is known yet, by the number they will be known by."""
    fresh: dict[str, dict[str, Any]] = {}
    claimed: set[str] = set()
    for one in told:
        keys = keys_of(one.record)
        owned = any(key in by_number or key in claimed for key in keys)
        claimed.update(keys)
        if owned:
            continue
        fresh[keys[0]] = {
            "workspace_id": scope.workspace_id,
            "id": new_id(now),
            "identity": keys[0],
            "name": None,
            "name_key": None,
            "email": None,
            "told_at": 0,
            "lead_status_key": None,
            "is_lead": False,
            "details": {},
            "is_renamed": False,
        }
    return fresh


async def _rows(
    connection: Connection, scope: Scope, ids: set[str], identities: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """The rows as they stand now, ours or another writer's, by id."""
    held = contacts.c.id.in_(sorted(ids)) | contacts.c.identity.in_(sorted(identities))
    statement = select(contacts).where(contacts.c.workspace_id == scope.workspace_id, held)
    return {row["id"]: dict(row) for row in (await connection.execute(statement)).mappings()}


async def _link_numbers(
    connection: Connection,
    scope: Scope,
    told: Sequence[Told],
    by_number: dict[str, str],
    rows: dict[str, dict[str, Any]],
    keys: Sequence[str],
) -> dict[str, str]:
    by_identity = {row["identity"]: id for id, row in rows.items()}
    links: dict[tuple[str, str], PhoneNumber] = {}
    for one in told:
        matched = set(keys_of(one.record))
        numbers = [number for number in one.record.numbers if number.key in matched]
        owner = next(
            (found for n in numbers if (found := by_number.get(n.key or "") or by_identity.get(n.key or ""))), None
        )
        for number in numbers:
            # A number of somebody else in the batch stays theirs alone, as if they had come in a batch before.
            if owner and (key := number.key) and key not in by_number and by_identity.setdefault(key, owner) == owner:
                links.setdefault((key, owner), number)
    if not links:
        return by_number
    await insert_new(
        connection,
        contact_numbers,
        [
            {"workspace_id": scope.workspace_id, "number": key, "contact_id": owner}
            | {"number_raw": links[key, owner].raw, "number_kind": links[key, owner].kind.value}
            for key, owner in sorted(links)
        ],
    )
    await add_numbers(connection, scope, [key for key, _ in links])
    return await _by_number(connection, scope, keys)


def _take_in_all(
    rows: dict[str, dict[str, Any]], by_number: dict[str, str], told: Sequence[Told]
) -> dict[str, set[str]]:
    """Takes in all that is told, oldest first; the columns that changed, by contact."""
    changed: dict[str, set[str]] = {}
    for one in sorted(told, key=lambda one: one.at):
        id = next((by_number[key] for key in keys_of(one.record) if key in by_number), None)
        if id in rows and (change := _take_in(rows[id], one)):
            changed.setdefault(id, set()).update(change)
    return changed


def _take_in(row: dict[str, Any], one: Told) -> Set[str]:
    """Puts what a record says into a row: gaps always, the rest where the record is not older.

    The columns that changed; the moment alone may move on, which is written but is no change.
    """
    said = _values(one.record)
    newer = to_ms(one.at) >= row["told_at"]
    if "details" in said:
        said["details"] = row["details"] | said["details"] if newer else said["details"] | row["details"]
    change = {k: v for k, v in said.items() if row[k] != v and (newer or not row[k] or k == "details")}
    if newer and said and to_ms(one.at) != row["told_at"]:
        change["told_at"] = to_ms(one.at)
    row.update(change)
    return change.keys()


def _renamed(rows: dict[str, dict[str, Any]], before: dict[str, str | None]) -> dict[str, str]:
    """The name before of each contact that lacks a word of it now and never was renamed; it was from now on."""
    renamed = {
        id: name
        for id, row in rows.items()
        if not row["is_renamed"] and (name := before[id]) and words_beside(name, row["name"])
    }
    for id in renamed:
        rows[id]["is_renamed"] = True
    return renamed


def _values(record: ContactRecord) -> dict[str, Any]:
    """The columns that a record says something of."""
    said: dict[str, Any] = {}
    if record.name:
        said |= {"name": record.name, "name_key": fold(record.name)}
    if record.email:
        said["email"] = record.email
    if record.lead:
        said["is_lead"] = True
        if record.lead.status:
            said["lead_status_key"] = fold(record.lead.status)
    details = {"profile": plain(record.profile), "lead": plain(record.lead)}
    if found := {key: value for key, value in details.items() if value}:
        said["details"] = found
    return said


async def _update(connection: Connection, rows: list[dict[str, Any]]) -> None:
    changing = ("name", "name_key", "email", "told_at", "lead_status_key", "is_lead", "details", "is_renamed")
    statement = (
        update(contacts)
        .where(contacts.c.workspace_id == bindparam("key_workspace"), contacts.c.id == bindparam("key_id"))
        .values({name: bindparam(f"new_{name}") for name in changing})
    )
    await connection.execute(
        statement,
        [
            {"key_workspace": row["workspace_id"], "key_id": row["id"]}
            | {f"new_{name}": row[name] for name in changing}
            for row in rows
        ],
    )


async def make_findable(connection: Connection, scope: Scope, rows: list[dict[str, Any]]) -> None:
    """Replaces the words of contacts, and their pairs, by those of their rows."""
    if not rows:
        return
    profiles = {row["id"]: row["details"].get("profile", {}) for row in rows}
    named = {row["id"]: words_of((row["name"], row["email"])) for row in rows}
    placed = {id: words_of((profile.get("company"), profile.get("city"))) for id, profile in profiles.items()}
    await set_words(connection, scope, "CONTACT", named, known=named)
    await set_words(connection, scope, "PROFILE", placed, known=placed)
    await set_pairs(connection, scope, named, placed)
