"""Reads dead letters again, after their cause was mended."""

from datetime import datetime

from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.registry import spec_of
from app.store import rejected, sources
from app.store.database import Database
from app.sync.files import Unreadable
from app.sync.ingest import BATCH, Counts, ingest


async def replay(database: Database, scope: Scope, source_name: str | None, now: datetime) -> Counts:
    """Saves every dead letter anew, as of its own receipt; what is rejected again stays one, with the newer reason."""
    total, after = Counts(), ""
    while True:
        async with database.read() as connection:
            letters = await rejected.listed(connection, scope, source_name, after, BATCH)
        if not letters:
            return total
        for letter in letters:
            total += await _replay_one(database, scope, letter)
        after = letters[-1].id


async def _replay_one(database: Database, scope: Scope, letter: rejected.Rejected) -> Counts:
    async with database.read() as connection:
        source: Source = await sources.required(connection, scope, letter.source)
    spec = spec_of(source.provider)
    item = Unreadable(letter.payload, letter.reason) if isinstance(letter.payload, str) else letter.payload
    counts = await ingest(database, scope, source, spec, [item], letter.received_at)
    if not counts.rejected:
        async with database.write() as connection:
            await rejected.remove(connection, scope, [letter.id])
    return counts
