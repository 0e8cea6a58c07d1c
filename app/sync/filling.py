"""Takes in one batch after the other: the next is read while the last is saved, so that neither waits for the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from app.domain.errors import VendorError
from app.domain.sources import Locale
from app.providers.contract import ProviderSpec
from app.sync.ingest import BATCH, Batch, Counts, Intake, Mark, read_into, save

# Payloads that are held, and saved at once, where they come more quickly than the store takes them.
MOST = 2 * BATCH
# Saves a batch, with the mark.
Save = Callable[[Batch, Mark | None], Awaitable[Counts]]


def into(intake: Intake, clock: Callable[[], datetime]) -> Save:
    """Saves batches there; of one without payloads the mark alone."""

    async def save_one(batch: Batch, mark: Mark | None) -> Counts:
        if batch.payloads:
            return await save(intake, batch, clock(), mark)
        if mark is not None:
            async with intake.database.write() as connection:
                await mark(connection)
        return Counts()

    return save_one


class Filling:
    """Payloads on their way in, an async context manager.

    What is slow decides how much is saved at once: where payloads come slowly, each few as they come; where they come
    quickly, all that came meanwhile. While some are saved as many others are read: enough to be at for as long as
    the store takes.
    """

    def __init__(self, spec: ProviderSpec, locale: Locale, save: Save) -> None:
        self._spec, self._locale, self._save = spec, locale, save
        self._held = Batch()
        self._mark: Mark | None = None
        self._saving: asyncio.Task[Counts] | None = None

    async def add(self, payloads: Sequence[Any], now: datetime, mark: Mark | None = None) -> Counts:
        """Reads payloads that were received now. What became of those whose saving was over meanwhile.

        The mark is written with the last of them, or a later one that was saved at once with it and has its own.
        """
        counts = Counts()
        for first in range(0, len(payloads), BATCH):
            await self._read(payloads[first : first + BATCH], now)
            if mark is not None and first + BATCH >= len(payloads):
                self._mark = mark
            if self._saving is None or self._saving.done() or len(self._held.payloads) >= MOST:
                counts += await self._saved()
                self._saving = asyncio.ensure_future(self._save(*self._taken()))
        if mark is not None and not payloads:
            self._mark = mark
        return counts

    async def end(self, payloads: Sequence[Any], now: datetime, mark: Mark | None = None) -> Counts:
        """Saves the last payloads, too, with the mark in the transaction of the last of them."""
        some = max(len(payloads) - BATCH, 0)
        counts = await self.add(payloads[:some], now) + await self._saved()
        if self._held.payloads and len(self._held.payloads) + len(payloads) - some > BATCH:
            counts += await self._save(*self._taken())
        await self._read(payloads[some:], now)
        self._mark = mark or self._mark
        return counts + await self._save(*self._taken())

    async def _read(self, payloads: Sequence[Any], now: datetime) -> None:
        await read_into(self._held, self._spec, self._locale, payloads, now)

    def _taken(self) -> tuple[Batch, Mark | None]:
        taken, self._held, self._mark = (self._held, self._mark), Batch(), None
        return taken

    async def _saved(self) -> Counts:
        saving, self._saving = self._saving, None
        return await saving if saving else Counts()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """What was read before a vendor's trouble is saved; what is just being saved when anything else comes is undone."""
        if kind is not None and issubclass(kind, VendorError):
            await self._saved()
            await self._save(*self._taken())
        elif self._saving is not None:
            self._saving.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._saving
