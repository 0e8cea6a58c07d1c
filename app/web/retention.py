"""The retention job of a server: removes what is older than the rules allow, now and then, gently, one process at a time."""

import time
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import structlog

from app.domain.access_log import Access
from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.store import retention_runs
from app.store.access_log import AccessLog
from app.store.database import Database
from app.store.retention import Removed, enforcing
from app.sync.work import Work
from app.web.metrics import Metrics

# How long a process that says nothing keeps the turn: longer than any transaction of the job may take.
_HOLD = timedelta(minutes=2)
# How often a process looks whether it is its turn: as a part of the interval, and in seconds.
_LOOKS, _MOST_SECONDS = 20, 300.0
_PROGRESS_SECONDS = 30
log = structlog.get_logger()


class Retention(Work):
    """Looks every now and then whether it is due, and by whom; first a while after the start, when there is other work."""

    def __init__(
        self, database: Database, scope: Scope, every: timedelta, metrics: Metrics, access_log: AccessLog | None
    ) -> None:
        super().__init__()
        self._database, self._scope, self._every = database, scope, every
        self._metrics, self._access_log = metrics, access_log
        self._name = str(uuid4())

    async def _run(self) -> None:
        pause = min(self._every.total_seconds() / _LOOKS, _MOST_SECONDS)
        while not await self._stopped_within(pause):
            try:
                if await self._claimed():
                    await self._round()
            except Exception as error:  # whatever it is, the next look may go well
                self._metrics.retention_failed()
                known = isinstance(error, StoreError)
                reason = error.detail if isinstance(error, StoreError) else type(error).__name__
                log.error("retention", reason=reason, exc_info=None if known else error)

    async def _claimed(self) -> bool:
        now = datetime.now(UTC)
        async with self._database.read() as connection:
            if not await retention_runs.is_due(connection, self._scope, self._name, now, self._every):
                return False
        async with self._database.write() as connection:
            return await retention_runs.claim(connection, self._scope, self._name, now, self._every, _HOLD)

    async def _round(self) -> None:
        """Enforces the rules once. Where that fails we keep the turn, and go on at the next look or leave it to others."""
        began = datetime.now(UTC)
        done = await self._enforced(began)
        async with self._database.write() as connection:
            await retention_runs.release(connection, self._scope, self._name, began if done else None)
        if done:
            self._metrics.retention_done()

    async def _enforced(self, began: datetime) -> bool:
        """Whether it came to the end: not where the server stops, or another process took the turn over."""
        removed = Removed()
        try:
            async with aclosing(enforcing(self._database, self._scope, began)) as steps:
                told = held = last = time.monotonic()
                async for some in steps:
                    removed += some
                    self._metrics.retention_removed(some)
                    now = time.monotonic()
                    if now - told > _PROGRESS_SECONDS:
                        self._tell("retention goes on", removed)
                        told = now
                    if now - held > _HOLD.total_seconds() / 4:
                        if not await self._kept():
                            return False
                        held = now
                    # At most half of the time: the rest is for who writes calls.
                    if await self._stopped_within(now - last):
                        return False
                    last = time.monotonic()
            return True
        finally:
            self._written_down(began, removed)

    async def _kept(self) -> bool:
        async with self._database.write() as connection:
            return await retention_runs.keep(connection, self._scope, self._name, datetime.now(UTC), _HOLD)

    def _tell(self, what: str, removed: Removed) -> None:
        log.info(what, calls=removed.calls, recordings=removed.recordings, payloads=removed.payloads)

    def _written_down(self, at: datetime, removed: Removed) -> None:
        if not removed.total:
            return
        self._tell("retention", removed)
        if self._access_log:
            self._access_log.note(Access(at, "server", "server", "", "retention", removed.total, "retention", 0))
