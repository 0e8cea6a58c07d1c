"""Follows every source for as long as the process runs: each by itself, so that one vendor's trouble delays no other."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta

import structlog

from app.domain.errors import InputError, StoreError, VendorError
from app.domain.scope import Scope
from app.domain.sources import Source
from app.store import circuits, source_leases, sources
from app.store.database import Database
from app.sync.attempt import Manner, attempt, is_pulled, utc_now
from app.sync.ingest import Counts
from app.sync.lease import TakenError
from app.sync.pull import Progress
from app.sync.work import Work

# How often is looked whether there are other sources, and whether another process has let go of one.
LOOK = timedelta(seconds=10)
log = structlog.get_logger()


class Following(Work):
    """Pulls the workspace's sources whenever they are due; pages that a stop breaks off are asked for again next time."""

    def __init__(
        self,
        database: Database,
        scope: Scope,
        manner: Manner,
        look: timedelta = LOOK,
        tell: Callable[[Source, Progress], None] = lambda *_: None,
    ) -> None:
        """`tell` hears of every page, for a display."""
        super().__init__()
        self._database, self._scope, self._manner = database, scope, manner
        self._look, self._tell = look.total_seconds(), tell

    async def _run(self) -> None:
        """A task a source, begun when the source is there, and again should it ever end."""
        async with asyncio.TaskGroup() as tasks:
            followed: dict[str, asyncio.Task[None]] = {}
            while not self._stopping.is_set():
                for source in filter(is_pulled, await self._sources()):
                    if source.name not in followed or followed[source.name].done():
                        followed[source.name] = tasks.create_task(self._follow(source.name))
                await self._stopped_within(self._look)

    async def _sources(self) -> list[Source]:
        """The sources; none for now where they cannot be read."""
        try:
            async with self._database.read() as connection:
                return list(await sources.listed(connection, self._scope))
        except StoreError as error:
            log.error("pull", reason=error.detail)
        except Exception as error:  # whatever it is, the next look may go well, and those that are followed go on
            log.error("pull", reason=type(error).__name__, exc_info=error)
        return []

    async def _follow(self, name: str) -> None:
        wait = 0.0
        while not await self._stopped_within(wait):
            try:
                async with self._database.read() as connection:
                    source = await sources.named(connection, self._scope, name)
                if source is None or not is_pulled(source):
                    return
                wait = await self._wait(source)
                if not wait:
                    await self._pull(source)
                    wait = self._manner.every.total_seconds()
            except TakenError:
                wait = self._look
            except StoreError as error:
                log.error("pull", source=name, reason=error.detail)
                wait = self._look
            except Exception as error:  # whatever it is, the others go on, and the next attempt may go well
                log.error("pull", source=name, reason=type(error).__name__, exc_info=error)
                wait = self._manner.every.total_seconds()

    async def _wait(self, source: Source) -> float:
        """How long the source is to be left alone: its circuit is open, or another process pulls it."""
        now = utc_now()
        async with self._database.read() as connection:
            found = await circuits.circuit(connection, self._scope, source.id)
            free = await source_leases.is_free(connection, self._scope, source.id, self._manner.holder, now)
        pause = (found.open_until - now).total_seconds() if found.open_until else 0.0
        return min(max(pause, 0.05), self._look) if pause > 0 else 0.0 if free else self._look

    async def _pull(self, source: Source) -> None:
        total = Counts()
        try:
            async with aclosing(attempt(self._database, self._scope, source, self._manner)) as pages:
                async for page in pages:
                    total += page.counts
                    self._tell(source, page)
                    if self._stopping.is_set():
                        break
        except (VendorError, InputError) as error:
            log.warning("pull", source=source.name, reason=str(error))
        if total.read:
            log.info("pulled", source=source.name, records=total.read, **_counted(total))


def _counted(total: Counts) -> dict[str, int]:
    return {"new": total.new, "updated": total.updated, "rejected": total.rejected}
