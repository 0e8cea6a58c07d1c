"""Registered documents: the queries that a server in trusted mode answers, by the hash of their text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from app.domain.errors import InputError
from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.store.access_tables import documents
from app.store.database import Connection
from app.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Registration:
    """A document as the list shows it."""

    digest: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be registered."""

    digest: str
    name: str
    text: str


async def add(connection: Connection, scope: Scope, new: Iterable[NewDocument], now: datetime) -> int:
    """Registers documents; how many were not yet."""
    known = {one.digest for one in await listed(connection, scope)}
    rows = {one.digest: one for one in new if one.digest not in known}
    values = [
        {
            "workspace_id": scope.workspace_id,
            "digest": one.digest,
            "name": one.name,
            "text": one.text,
            "created_at": to_ms(now),
        }
        for one in rows.values()
    ]
    await insert_new(connection, documents, values)
    return len(values)


async def found(connection: Connection, scope: Scope, digest: str) -> str | None:
    """The text of the registered document with this hash."""
    ours = documents.c.workspace_id == scope.workspace_id
    return (
        await connection.execute(select(documents.c.text).where(ours, documents.c.digest == digest))
    ).scalar_one_or_none()


async def listed(connection: Connection, scope: Scope) -> list[Registration]:
    """Every registered document, by name."""
    statement = (
        select(documents.c.digest, documents.c.name, documents.c.created_at)
        .where(documents.c.workspace_id == scope.workspace_id)
        .order_by(documents.c.name, documents.c.digest)
    )
    rows = (await connection.execute(statement)).all()
    return [Registration(row.digest, row.name, from_ms(row.created_at)) for row in rows]


async def remove(connection: Connection, scope: Scope, digest: str) -> Registration:
    """Ends the registration of the document whose hash begins so. Raises InputError where that is none, or several."""
    matching = [one for one in await listed(connection, scope) if digest and one.digest.startswith(digest.lower())]
    if len(matching) != 1:
        said = f"{len(matching)} documents have a hash" if matching else "No document has a hash"
        raise InputError(f"{said} that begins with {digest!r}. See: switchboard documents list")
    gone = documents.c.workspace_id == scope.workspace_id
    await connection.execute(delete(documents).where(gone, documents.c.digest == matching[0].digest))
    return matching[0]
