"""Where the recording of a call lies, for who has a link to it: nowhere, once it was removed or its call erased."""

from sqlalchemy import select

from app.domain.scope import Scope
from app.domain.sources import Source
from app.store import sources
from app.store.database import Connection
from app.store.tables import calls


async def place(connection: Connection, scope: Scope, call_id: str) -> tuple[str, Source] | None:
    """The vendor's address of a call's recording, and the call's source; None where there is no recording any more."""
    mine = calls.c.workspace_id == scope.workspace_id, calls.c.id == call_id
    row = (await connection.execute(select(calls.c.details, calls.c.source_id).where(*mine))).one_or_none()
    recording = (row.details or {}).get("recording") if row else None
    if row is None or not recording or not recording.get("url"):
        return None
    source = await sources.by_id(connection, scope, row.source_id)
    return None if source is None else (str(recording["url"]), source)
