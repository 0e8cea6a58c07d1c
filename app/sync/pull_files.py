"""Pulls a source whose vendor writes files: what was written since the last time, saved with how far that is."""

import asyncio
from collections.abc import AsyncGenerator

from app.store import source_files
from app.store.database import Connection
from app.sync.growing import Growing, Piece, files_at, pieces
from app.sync.ingest import BATCH, Counts, Mark, ingest
from app.sync.pull import Account, Progress


async def pull_files(account: Account) -> AsyncGenerator[Progress, None]:
    """Reads all that was written since the last time. Raises InputError where the files cannot be read."""
    files = await asyncio.to_thread(files_at, account.source.address or "")
    async with account.database.read() as connection:
        known = await source_files.positions(connection, account.scope, account.source.id)
    total = sum(file.size for file in files)
    read = sum(min(known.get(file.beginning, 0), file.size) for file in files)
    for file in files:
        position = known.get(file.beginning, 0)
        unread = pieces(file, position)
        while piece := await asyncio.to_thread(next, unread, None):
            read += piece.end - position
            position = piece.end
            percent = 100 if read >= total else int(100 * read / total)
            counts = await _save(account, file, piece, percent)
            yield Progress(file.path.name, percent, counts)
    async with account.database.write() as connection:
        await account.lease.confirm(connection)
        now = account.now()
        # What is left is a line that is still being written.
        await source_files.show_on_source(connection, account.scope, account.source.id, 100, now)


async def _save(account: Account, file: Growing, piece: Piece, percent: int) -> Counts:
    assert account.spec.lines is not None
    payloads = list(account.spec.lines(piece.lines))
    total = Counts()
    for first in range(0, max(len(payloads), 1), BATCH):
        last = first + BATCH >= len(payloads)
        total += await ingest(
            account.database,
            account.scope,
            account.source,
            account.spec,
            payloads[first : first + BATCH],
            account.now(),
            mark=_mark(account, file, piece, percent) if last else None,
        )
    return total


def _mark(account: Account, file: Growing, piece: Piece, percent: int) -> Mark:
    async def mark(connection: Connection) -> None:
        scope, source = account.scope, account.source
        await account.lease.confirm(connection)
        await source_files.put(connection, scope, source.id, file.beginning, piece.end, account.now())
        await source_files.show_on_source(connection, scope, source.id, percent, account.now())

    return mark
