"""Organisation units as rows: the tree that a call's payload tells, each level the parent of the next."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.ids import new_id
from app.domain.org_units import OrgUnitRecord
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.findable import set_words
from app.store.plain import plain
from app.store.search import words_of
from app.store.tables import org_units
from app.store.upsert import insert_into

Key = tuple[str, str]  # kind, vendor's id
_SAID = ("name", "external_id", "label", "parent_id", "details")


async def save(
    connection: Connection,
    scope: Scope,
    source_id: str,
    paths: Iterable[Sequence[OrgUnitRecord]],
    now: datetime,
) -> dict[Key, str]:
    """Creates and completes the units on each path from the top down; the id of each by kind and vendor's id."""
    told = _told(paths)
    if not told:
        return {}
    known = await _known(connection, scope, source_id, told)
    ids = {key: known[key]["id"] if key in known else new_id(now) for key in told}
    rows = [
        _row(scope, source_id, record, ids[key], ids.get(parent) if parent else None, known.get(key))
        for key, (record, parent) in told.items()
    ]
    changed = [row for row in rows if _differs(row, known.get((row["kind"], row["provider_unit_id"])))]
    if changed:
        insert = insert_into(connection, org_units)
        insert = insert.on_conflict_do_update(
            index_elements=["workspace_id", "source_id", "kind", "provider_unit_id"],
            set_={name: insert.excluded[name] for name in _SAID},
        )
        await connection.execute(insert, sorted(changed, key=lambda row: (row["kind"], row["provider_unit_id"])))
        saved = await _known(connection, scope, source_id, told)
        ids = {key: row["id"] for key, row in saved.items()}
        said = {row["id"]: words_of((row["name"], row["external_id"], row["label"])) for row in saved.values()}
        await set_words(connection, scope, "ORG_UNIT", said, known=said)
    return ids


def _told(paths: Iterable[Sequence[OrgUnitRecord]]) -> dict[Key, tuple[OrgUnitRecord, Key | None]]:
    told: dict[Key, tuple[OrgUnitRecord, Key | None]] = {}
    for path in paths:
        parent: Key | None = None
        for record in path:
            key = (record.kind.value, record.provider_unit_id)
            before, above = told.get(key, (record, None))
            told[key] = (_together(before, record), parent or above)
            parent = key
    return told


def _together(before: OrgUnitRecord, record: OrgUnitRecord) -> OrgUnitRecord:
    """What two records say of one unit; the later one where both say something."""
    said = {field.name: value for field in fields(record) if (value := getattr(record, field.name)) is not None}
    return record if before is record else replace(before, **said)


async def _known(
    connection: Connection, scope: Scope, source_id: str, keys: Iterable[Key]
) -> dict[Key, dict[str, Any]]:
    ids = sorted({provider_unit_id for _, provider_unit_id in keys})
    statement = select(org_units).where(
        org_units.c.workspace_id == scope.workspace_id,
        org_units.c.source_id == source_id,
        org_units.c.provider_unit_id.in_(ids),
    )
    rows = (dict(row) for row in (await connection.execute(statement)).mappings())
    return {(row["kind"], row["provider_unit_id"]): row for row in rows}


def _row(
    scope: Scope,
    source_id: str,
    record: OrgUnitRecord,
    id: str,
    parent_id: str | None,
    known: dict[str, Any] | None,
) -> dict[str, Any]:
    """The row of a record; what the record does not say keeps what was known."""
    said = {
        "name": record.name,
        "external_id": record.external_id,
        "label": record.label,
        "parent_id": parent_id,
        "details": {"campaign": plain(record.campaign)} if record.campaign else None,
    }
    kept = {name: value if value is not None else (known or {}).get(name) for name, value in said.items()}
    key = {"kind": record.kind.value, "provider_unit_id": record.provider_unit_id, "source_id": source_id}
    return {"workspace_id": scope.workspace_id, "id": id, **key, **kept, "details": kept["details"] or {}}


def _differs(row: dict[str, Any], known: dict[str, Any] | None) -> bool:
    return known is None or any(row[name] != known[name] for name in _SAID)
