"""Calls as rows: upserted by the vendor's id, with legs, labels, words and the raw record; a stale telling changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from app.domain.ids import new_ids
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.call_rows import NUMBERS, Relations, Row, Told, labels_of, legs_of, row_of, words_of_call
from app.store.database import Connection
from app.store.findable import add_lines, add_numbers, set_words
from app.store.owners import CALL_WORDS
from app.store.start_lags import widen
from app.store.tables import call_labels, call_legs, call_payloads, calls
from app.store.total_marks import mark
from app.store.upsert import insert_all, insert_rows, put_newer

__all__ = ["Known", "Relations", "SavedCalls", "Told", "is_stale", "known_of", "payloads", "save", "write_down"]


class Known(NamedTuple):
    """What is stored of a call."""

    id: str
    version: int
    content_hash: str
    contact_id: str | None
    deleted_at: int | None
    started_at: int


@dataclass(frozen=True, slots=True)
class SavedCalls:
    """What became of a batch: ids of calls that are new, and of those that changed. The others were known so."""

    new: set[str]
    updated: set[str]
    # The contacts whom calls that changed named before.
    left_contacts: set[str]


def write_down(told: Iterable[Told]) -> None:
    """Does the part of saving tellings that needs no store, before the store's one writer is held up by it."""
    for one in told:
        _ = one.written


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
    """Upserts calls, by the vendor's id. `told` holds one telling a call, `known` what is stored of them.

    The workspace is locked (see `sources.lock`), so that what is known stays true until the transaction ends.
    """
    keys = sorted(told)
    ids = [known[key].id if key in known else id for key, id in zip(keys, _ids(told, keys), strict=True)]
    made = [row_of(scope, source_id, id, told[key], relations, now) for key, id in zip(keys, ids, strict=True)]
    rows = [row for row in made if _is_news(row, known.get(row["provider_call_id"]))]
    if not rows:
        return SavedCalls(set(), set(), set())
    await insert_all(connection, calls, [row for row in rows if row["provider_call_id"] not in known])
    changed = [row for row in rows if row["provider_call_id"] in known]
    await put_newer(connection, calls, ("workspace_id", "source_id", "provider_call_id"), changed)
    saved = {row["id"]: told[row["provider_call_id"]] for row in rows}
    updated = {before.id for before in known.values()} & saved.keys()
    await _replace_parts(connection, scope, saved, relations, updated)
    await add_numbers(connection, scope, {row[role] for row in rows for role in NUMBERS})
    await add_lines(
        connection, scope, {row[role] for row in rows for role in NUMBERS if row[role] != row["phone_number"]}
    )
    await widen(connection, scope, rows)
    was = [known[key].started_at for row in rows if (key := row["provider_call_id"]) in known]
    await mark(connection, scope, [*was, *[row["started_at"] for row in rows]])
    return SavedCalls(saved.keys() - updated, updated, _left(rows, known))


def _ids(told: Mapping[str, Told], keys: Sequence[str]) -> list[str]:
    return new_ids(to_ms(told[key].record.started_at) for key in keys)


def _left(rows: Iterable[Row], known: Mapping[str, Known]) -> set[str]:
    """The contacts whom calls named before and name no more."""
    changes = [(known.get(row["provider_call_id"]), row["contact_id"]) for row in rows]
    return {before.contact_id for before, now in changes if before and before.contact_id and before.contact_id != now}


async def known_of(connection: Connection, scope: Scope, source_id: str, keys: Sequence[str]) -> dict[str, Known]:
    """What is stored of the calls of these vendor's ids."""
    kept = [calls.c[name] for name in Known._fields]
    statement = select(calls.c.provider_call_id, *kept).where(
        calls.c.workspace_id == scope.workspace_id,
        calls.c.source_id == source_id,
        calls.c.provider_call_id.in_(keys),
    )
    return {key: Known(*stored) for key, *stored in (await connection.execute(statement))}


def is_stale(told: Told, known: Known | None) -> bool:
    """Whether a newer version of the call is stored."""
    return known is not None and told.version < known.version


def _is_news(row: Row, known: Known | None) -> bool:
    if known is None:
        return True
    told_anew = row["content_hash"] != known.content_hash or known.deleted_at is not None
    return row["version"] >= known.version and told_anew


async def _replace_parts(
    connection: Connection, scope: Scope, saved: Mapping[str, Told], relations: Relations, known: Iterable[str]
) -> None:
    """Writes what hangs on the calls anew; `known` names those that may have such rows already."""
    if stale := sorted(known):
        for table in (call_legs, call_labels, call_payloads):
            await connection.execute(
                delete(table).where(table.c.workspace_id == scope.workspace_id, table.c.call_id.in_(stale))
            )
    legs = [row for id, one in saved.items() for row in legs_of(scope, id, one, relations)]
    await insert_rows(connection, call_legs, legs)
    labels = [row for id, one in saved.items() for row in labels_of(scope, id, one)]
    await insert_rows(connection, call_labels, sorted(labels, key=itemgetter(1, 2, 3)))  # as they lie in the store
    raw = [(scope.workspace_id, id, one.written.payload) for id, one in saved.items()]
    await insert_rows(connection, call_payloads, raw)
    every = {id: words_of_call(one, relations) for id, one in saved.items()}
    for kind in CALL_WORDS:
        said = {id: words for id, of_call in every.items() if (words := of_call[kind])}
        await set_words(connection, scope, kind, said, known=stale)
