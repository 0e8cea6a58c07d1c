"""Reads dead letters again, after their cause was mended."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.registry import spec_of
from app.store import rejected, sources
from app.store.database import Database
from app.sync.files import Unreadable
from app.sync.ingest import BATCH, Counts, ingest

Letters = Sequence[rejected.Rejected]


async def replay(database: Database, scope: Scope, source_name: str | None, now: datetime) -> Counts:
    """Saves every dead letter anew, as of its own receipt; what is rejected again stays one, with the newer reason."""
    total, after = Counts(), ""
    while True:
        async with database.read() as connection:
            letters = await rejected.listed(connection, scope, source_name, after, BATCH)
        if not letters:
            return total
        together: dict[tuple[str, datetime], list[rejected.Rejected]] = {}
        for letter in letters:
            together.setdefault((letter.source, letter.received_at), []).append(letter)
        for group in together.values():
            total += await _replay(database, scope, group)
        after = letters[-1].id


async def _replay(database: Database, scope: Scope, letters: Letters) -> Counts:
    """Replays letters that one source got at one moment, and removes those that are none any more."""
    counts = await _take(database, scope, letters)
    if counts.rejected == 0:
        mended = letters
    elif counts.rejected == len(letters):
        mended = []
    else:  # taking them again one by one changes nothing any more, but tells which they are
        mended = [letter for letter in letters if not (await _take(database, scope, [letter])).rejected]
    async with database.write() as connection:
        await rejected.remove(connection, scope, [letter.id for letter in mended])
    return counts


async def _take(database: Database, scope: Scope, letters: Letters) -> Counts:
    async with database.read() as connection:
        source: Source = await sources.required(connection, scope, letters[0].source)
    items = [Unreadable(one.payload, one.reason) if isinstance(one.payload, str) else one.payload for one in letters]
    return await ingest(database, scope, source, spec_of(source.provider), items, letters[0].received_at)
