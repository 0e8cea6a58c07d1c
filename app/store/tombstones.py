"""Tombstones as rows: who was erased, told by keyed hashes alone, so that what comes in later can be known for theirs."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from app.domain.errors import StoreError
from app.domain.privacy import Seal, Tombstones, said_forms
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.settings import Settings
from app.store.access_tables import tombstone_keys, tombstones
from app.store.database import Connection
from app.store.tables import calls, workspaces
from app.store.upsert import insert_into, insert_new


async def found(connection: Connection, scope: Scope) -> Tombstones | None:
    """All tombstones, for what comes in with this transaction; None where nobody was erased.

    Nobody can be erased until the transaction ends: what it saves would not be seen by the erasing, nor know of it.
    Raises StoreError where a key is not there that some were made with, rather than bring erased persons back.
    """
    await _lock(connection, scope, shared=True)
    rows = await connection.execute(
        select(tombstones.c.digest, tombstones.c.key_id, tombstones.c.whole_calls).where(
            tombstones.c.workspace_id == scope.workspace_id
        )
    )
    digests, used = dict[str, bool](), set[str]()
    for digest, key_id, whole_calls in rows:
        digests[digest] = whole_calls
        used.add(key_id)
    if not used:
        return None
    seals = [seal for seal in await _seals(connection, scope) if seal.id in used]
    if len(seals) < len(used):
        raise StoreError(
            "Persons were erased with another SWITCHBOARD_TOMBSTONE_KEY. Set that one again: "
            "without it nothing can be taken in, because it would bring them back."
        )
    return Tombstones(seals, digests)


async def add(
    connection: Connection, scope: Scope, numbers: Sequence[str], whole_calls: bool, now: datetime
) -> Tombstones:
    """Makes tombstones of numbers, by their keys, and waits for what is just being taken in. All there are then."""
    await _lock(connection, scope, shared=False)
    known = await found(connection, scope)
    newest = next(iter(await _seals(connection, scope)), None) or await _own_seal(connection, scope)
    rows = []
    for number in numbers:
        tombstone = known.of_number(number) if known else None
        seal = tombstone.seal if tombstone else newest
        digests = {seal.of_number(number), *map(seal.of_text, said_forms(number))}
        row = {"workspace_id": scope.workspace_id, "key_id": seal.id, "created_at": to_ms(now)}
        rows += [row | {"digest": digest, "whole_calls": whole_calls} for digest in sorted(digests)]
    insert = insert_into(connection, tombstones)
    upsert = insert.on_conflict_do_update(
        index_elements=["workspace_id", "digest"], set_={"whole_calls": insert.excluded.whole_calls}
    )
    await connection.execute(upsert, rows)
    after = await found(connection, scope)
    assert after is not None
    return after


async def known_of_nobody(
    connection: Connection, scope: Scope, source_id: str, provider_call_ids: Iterable[str]
) -> set[str]:
    """Which of these ids, each of a nobody's call, are in the store."""
    statement = select(calls.c.provider_call_id).where(
        calls.c.workspace_id == scope.workspace_id,
        calls.c.source_id == source_id,
        calls.c.provider_call_id.in_(sorted(provider_call_ids)),
    )
    return set((await connection.execute(statement)).scalars())


async def rename_calls(connection: Connection, scope: Scope, source_id: str, ids: Mapping[str, str]) -> None:
    """Gives calls that turn out to be an erased person's the id of a nobody's call; `ids` from the old to the new."""
    if not ids:
        return
    statement = (
        update(calls)
        .where(
            calls.c.workspace_id == scope.workspace_id,
            calls.c.source_id == source_id,
            calls.c.provider_call_id == bindparam("before"),
        )
        .values(provider_call_id=bindparam("after"))
    )
    await connection.execute(statement, [{"before": before, "after": after} for before, after in sorted(ids.items())])


async def _lock(connection: Connection, scope: Scope, shared: bool) -> None:
    """Holds the workspace's row; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        row = select(workspaces.c.id).where(workspaces.c.id == scope.workspace_id)
        await connection.execute(row.with_for_update(read=shared, key_share=not shared))


async def _seals(connection: Connection, scope: Scope) -> list[Seal]:
    """The keys there are, the settings' own first. Read here rather than handed down, so that no caller can forget it."""
    stored = select(tombstone_keys.c.secret).where(tombstone_keys.c.workspace_id == scope.workspace_id)
    secrets_known = [Settings().tombstone_key, *(await connection.execute(stored)).scalars()]
    return [Seal(scope.workspace_id, secret.encode()) for secret in secrets_known if secret]


async def _own_seal(connection: Connection, scope: Scope) -> Seal:
    secret = secrets.token_urlsafe(32)
    await insert_new(connection, tombstone_keys, [{"workspace_id": scope.workspace_id, "secret": secret}])
    return Seal(scope.workspace_id, secret.encode())
