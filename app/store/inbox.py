"""Messages that vendors pushed, kept before they are acknowledged, until what they tell is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.store.database import Connection
from app.store.source_tables import source_inbox
from app.store.tables import sources
from app.store.upsert import insert_new

# How long is remembered that a message came, so that it counts once however often it is sent.
REMEMBERED = timedelta(days=1)
_OURS = source_inbox.c


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `source` is the source's name."""

    id: str
    source: str
    source_id: str
    body: str
    received_at: datetime


async def add(connection: Connection, scope: Scope, source_id: str, id: str, body: str, now: datetime) -> None:
    """Keeps a message; one that came before stays as it is."""
    row = {
        "workspace_id": scope.workspace_id,
        "source_id": source_id,
        "id": id,
        "body": body,
        "received_at": to_ms(now),
        "done_at": None,
    }
    await insert_new(connection, source_inbox, [row])


async def waiting(connection: Connection, scope: Scope, limit: int) -> Sequence[Message]:
    """The messages that have not been read yet, in the order of their receipt."""
    same = (sources.c.workspace_id == _OURS.workspace_id) & (sources.c.id == _OURS.source_id)
    statement = (
        select(source_inbox, sources.c.name)
        .join(sources, same)
        .where(_OURS.workspace_id == scope.workspace_id, _OURS.done_at.is_(None))
        .order_by(_OURS.received_at, _OURS.id)
        .limit(limit)
    )
    return [
        Message(row.id, row.name, row.source_id, row.body, from_ms(row.received_at))
        for row in await connection.execute(statement)
    ]


async def done(connection: Connection, scope: Scope, message: Message, now: datetime) -> None:
    """Notes that all a message tells is stored, forgets what it said, and forgets older ones altogether."""
    mine = (_OURS.workspace_id == scope.workspace_id, _OURS.source_id == message.source_id)
    await connection.execute(
        update(source_inbox).where(*mine, _OURS.id == message.id).values(done_at=to_ms(now), body="")
    )
    await connection.execute(delete(source_inbox).where(*mine, _OURS.done_at < to_ms(now - REMEMBERED)))
