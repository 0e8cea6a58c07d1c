"""How long each kind of data is kept in a workspace, and the job that removes what is older."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, select, update

from app.domain.nobody import without_recording
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.access_tables import retention_rules
from app.store.database import Connection, Database
from app.store.removal import remove_calls
from app.store.tables import call_payloads, calls, rejected_records
from app.store.upsert import insert_into

BATCH = 300
# What one statement looks through: a week of calls, so that it is short also where there is nothing to remove.
_WINDOW = timedelta(days=7) // timedelta(milliseconds=1)


class Kind(Enum):
    """A kind of data with a life of its own."""

    # The whole call, with everything that hangs on it, and contacts that no call is left of.
    CALLS = "calls"
    # Where the recording lies; the vendor keeps the recording itself.
    RECORDINGS = "recordings"
    # Vendors' records as they came, dead letters included.
    PAYLOADS = "payloads"


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of each kind were removed."""

    calls: int = 0
    recordings: int = 0
    payloads: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(self.calls + other.calls, self.recordings + other.recordings, self.payloads + other.payloads)

    @property
    def total(self) -> int:
        """All of them together."""
        return self.calls + self.recordings + self.payloads


async def rules(connection: Connection, scope: Scope) -> dict[Kind, int]:
    """Days by kind; a kind without a rule is kept for ever."""
    statement = select(retention_rules.c.kind, retention_rules.c.days).where(
        retention_rules.c.workspace_id == scope.workspace_id
    )
    return {Kind(kind): days for kind, days in await connection.execute(statement)}


async def set_rule(connection: Connection, scope: Scope, kind: Kind, days: int | None) -> None:
    """Keeps a kind for that many days from the call's start on; None keeps it for ever."""
    if days is None:
        rule = (retention_rules.c.workspace_id == scope.workspace_id) & (retention_rules.c.kind == kind.value)
        await connection.execute(delete(retention_rules).where(rule))
        return
    insert = insert_into(connection, retention_rules)
    upsert = insert.on_conflict_do_update(index_elements=["workspace_id", "kind"], set_={"days": insert.excluded.days})
    await connection.execute(upsert, {"workspace_id": scope.workspace_id, "kind": kind.value, "days": days})


async def enforce(database: Database, scope: Scope, now: datetime) -> Removed:
    """Removes what is older than the workspace's rules allow. Harmless to run again."""
    removed = Removed()
    async for some in enforcing(database, scope, now):
        removed += some
    return removed


async def enforcing(database: Database, scope: Scope, now: datetime) -> AsyncGenerator[Removed]:
    """The same step by step, a few hundred rows a transaction: yields what each removed, and nothing is held meanwhile."""
    async with database.read() as connection:
        days = await rules(connection, scope)
    for kind in (kind for kind in Kind if kind in days):
        cutoff = to_ms(now - timedelta(days=days[kind]))
        async for low, high in _windows(database, scope, cutoff):
            async for count in _remove_window(database, scope, kind, low, high):
                yield Removed(**{kind.value: count})
        if kind is Kind.PAYLOADS:
            async for count in _remove_letters(database, scope, cutoff):
                yield Removed(**{kind.value: count})


async def _windows(database: Database, scope: Scope, cutoff: int) -> AsyncIterator[tuple[int, int]]:
    """The weeks that calls before the cutoff began in."""
    held = [calls.c.workspace_id == scope.workspace_id, calls.c.started_at < cutoff]
    while True:
        async with database.read() as connection:
            low = (await connection.execute(select(func.min(calls.c.started_at)).where(*held))).scalar()
        if low is None:
            return
        yield low, min(low + _WINDOW, cutoff)
        held[2:] = [calls.c.started_at >= low + _WINDOW]


def _remove_window(database: Database, scope: Scope, kind: Kind, low: int, high: int) -> AsyncIterator[int]:
    within = [calls.c.workspace_id == scope.workspace_id, calls.c.started_at >= low, calls.c.started_at < high]
    statement = select(calls.c.id).where(*within, *_HAVING[kind]).order_by(calls.c.started_at).limit(BATCH)
    return _repeatedly(database, scope, statement, _REMOVING[kind])


def _remove_letters(database: Database, scope: Scope, cutoff: int) -> AsyncIterator[int]:
    letter = rejected_records.c
    statement = select(letter.id).where(letter.workspace_id == scope.workspace_id, letter.received_at < cutoff)
    return _repeatedly(database, scope, statement.limit(BATCH), _delete_letters)


async def _repeatedly(
    database: Database,
    scope: Scope,
    statement: Select[Any],
    remove: Callable[[Connection, Scope, list[str]], Awaitable[None]],
) -> AsyncIterator[int]:
    while True:
        async with database.write() as connection:
            ids = list((await connection.execute(statement)).scalars())
            if ids:
                await remove(connection, scope, ids)
        yield len(ids)
        if len(ids) < BATCH:
            return


async def _remove_recordings(connection: Connection, scope: Scope, ids: list[str]) -> None:
    """Takes the link out of the call and out of its raw record, which holds it, too."""
    held = (calls.c.workspace_id == scope.workspace_id) & calls.c.id.in_(ids)
    details = dict((await connection.execute(select(calls.c.id, calls.c.details).where(held))).all())
    kept = (call_payloads.c.workspace_id == scope.workspace_id) & call_payloads.c.call_id.in_(ids)
    raw = dict((await connection.execute(select(call_payloads.c.call_id, call_payloads.c.payload).where(kept))).all())
    await connection.execute(
        update(calls)
        .where(calls.c.workspace_id == scope.workspace_id, calls.c.id == bindparam("row_id"))
        .values(has_recording=False, details=bindparam("left")),
        [
            {"row_id": id, "left": {name: value for name, value in known.items() if name != "recording"}}
            for id, known in details.items()
        ],
    )
    if raw:
        await connection.execute(
            update(call_payloads)
            .where(call_payloads.c.workspace_id == scope.workspace_id, call_payloads.c.call_id == bindparam("row_id"))
            .values(payload=bindparam("left")),
            [
                {"row_id": id, "left": without_recording(payload, details[id].get("recording", {}))}
                for id, payload in raw.items()
            ],
        )


async def _remove_payloads(connection: Connection, scope: Scope, ids: list[str]) -> None:
    held = (call_payloads.c.workspace_id == scope.workspace_id) & call_payloads.c.call_id.in_(ids)
    await connection.execute(delete(call_payloads).where(held))


async def _delete_letters(connection: Connection, scope: Scope, ids: list[str]) -> None:
    held = (rejected_records.c.workspace_id == scope.workspace_id) & rejected_records.c.id.in_(ids)
    await connection.execute(delete(rejected_records).where(held))


_HAS_PAYLOAD = exists().where(
    call_payloads.c.workspace_id == calls.c.workspace_id, call_payloads.c.call_id == calls.c.id
)
_HAVING: dict[Kind, list[ColumnElement[bool]]] = {
    Kind.CALLS: [],
    Kind.RECORDINGS: [calls.c.has_recording],
    Kind.PAYLOADS: [_HAS_PAYLOAD],
}
_REMOVING = {Kind.CALLS: remove_calls, Kind.RECORDINGS: _remove_recordings, Kind.PAYLOADS: _remove_payloads}
