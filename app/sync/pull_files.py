"""Pulls a source whose vendor writes files: what was written since the last time, saved with how far that is."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from app.store import source_files
from app.store.database import Connection
from app.sync.filling import Filling, into
from app.sync.growing import Growing, Piece, files_at, pieces
from app.sync.ingest import Intake, Mark
from app.sync.pull import Account, Progress


async def pull_files(account: Account) -> AsyncGenerator[Progress, None]:
    """Reads all that was written since the last time. Raises InputError where the files cannot be read."""
    files = await asyncio.to_thread(files_at, account.source.address or "")
    async with account.database.read() as connection:
        known = await source_files.positions(connection, account.scope, account.source.id)
    total = sum(file.size for file in files)
    read = sum(min(known.get(file.beginning, 0), file.size) for file in files)
    intake = Intake(account.database, account.scope, account.source, account.spec)
    async with Filling(account.spec, account.source.locale, into(intake, account.now)) as filling:
        for file in files:
            position = known.get(file.beginning, 0)
            unread = pieces(file, position)
            while piece := await asyncio.to_thread(next, unread, None):
                read += piece.end - position
                position = piece.end
                percent = _percent(read, total)
                mark = _mark(account, file, piece, percent)
                yield Progress(
                    file.path.name, percent, await filling.add(_payloads(account, piece), account.now(), mark)
                )
            # Each file has a mark of its own, so that nothing of one is saved with another.
            if (counts := await filling.end([], account.now())).read:
                yield Progress(file.path.name, _percent(read, total), counts)
    async with account.database.write() as connection:
        await account.lease.confirm(connection)
        now = account.now()
        # What is left is a line that is still being written.
        await source_files.show_on_source(connection, account.scope, account.source.id, 100, now)


def _percent(read: int, total: int) -> int:
    return 100 if read >= total else int(100 * read / total)


def _payloads(account: Account, piece: Piece) -> list[Any]:
    assert account.spec.lines is not None
    return list(account.spec.lines(piece.lines))


def _mark(account: Account, file: Growing, piece: Piece, percent: int) -> Mark:
    async def mark(connection: Connection) -> None:
        scope, source = account.scope, account.source
        await account.lease.confirm(connection)
        await source_files.put(connection, scope, source.id, file.beginning, piece.end, account.now())
        await source_files.show_on_source(connection, scope, source.id, percent, account.now())

    return mark
