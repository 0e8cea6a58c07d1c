"""Dead letters: records that could not be read, with their payload and the reason, until they are replayed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, func, select

from app.domain.ids import new_id
from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.store.database import Connection
from app.store.tables import rejected_records, sources
from app.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Rejected:
    """One dead letter. `source` is the source's name."""

    id: str
    source: str
    payload: Any
    reason: str
    received_at: datetime


async def add(
    connection: Connection, scope: Scope, source_id: str, letters: Iterable[tuple[Any, str]], now: datetime
) -> None:
    """Keeps payloads with their reasons. A payload that is kept already gets the newer reason, not a second letter."""
    rows: dict[str, dict[str, Any]] = {}
    for payload, reason in letters:
        digest = hashlib.blake2b(msgspec.json.encode(payload, order="deterministic"), digest_size=16).hexdigest()
        rows[digest] = {
            "workspace_id": scope.workspace_id,
            "id": new_id(now),
            "source_id": source_id,
            "digest": digest,
            "payload": payload,
            "reason": reason,
            "received_at": to_ms(now),
        }
    if rows:
        insert = insert_into(connection, rejected_records)
        insert = insert.on_conflict_do_update(
            index_elements=["workspace_id", "source_id", "digest"], set_={"reason": insert.excluded.reason}
        )
        await connection.execute(insert, [rows[digest] for digest in sorted(rows)])


async def listed(
    connection: Connection, scope: Scope, source: str | None, after: str = "", limit: int = 100
) -> list[Rejected]:
    """Dead letters in the order of their receipt, from after the letter `after`; of all sources where none is named."""
    letter = rejected_records
    statement = (
        select(letter, sources.c.name)
        .join(sources, (sources.c.workspace_id == letter.c.workspace_id) & (sources.c.id == letter.c.source_id))
        .where(letter.c.workspace_id == scope.workspace_id, letter.c.id > after)
        .order_by(letter.c.id)
        .limit(limit)
    )
    if source is not None:
        statement = statement.where(sources.c.name == source)
    return [
        Rejected(row.id, row.name, row.payload, row.reason, from_ms(row.received_at))
        for row in await connection.execute(statement)
    ]


async def all_listed(connection: Connection, scope: Scope, source: str | None) -> list[Rejected]:
    """Every dead letter, in the order of their receipt."""
    found: list[Rejected] = []
    while letters := await listed(connection, scope, source, found[-1].id if found else ""):
        found += letters
    return found


async def remove(connection: Connection, scope: Scope, ids: Sequence[str]) -> None:
    """Removes dead letters that were replayed."""
    await connection.execute(
        delete(rejected_records).where(
            rejected_records.c.workspace_id == scope.workspace_id, rejected_records.c.id.in_(ids)
        )
    )


async def counts(connection: Connection, scope: Scope, source_ids: Sequence[str]) -> dict[str, int]:
    """How many dead letters each source has."""
    letter = rejected_records
    statement = (
        select(letter.c.source_id, func.count())
        .where(letter.c.workspace_id == scope.workspace_id, letter.c.source_id.in_(source_ids))
        .group_by(letter.c.source_id)
    )
    found = {id: int(number) for id, number in (await connection.execute(statement))}
    return {id: found.get(id, 0) for id in source_ids}
