"""Keeps totals: sums up what has changed since, one short transaction a day of calls, so that nobody waits for long."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

import structlog

from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.store import sources, summing
from app.store.database import Connection, Database
from app.store.summing import Terms
from app.sync.work import Work

_LONGEST_PAUSE = 300.0
log = structlog.get_logger()


async def compact(database: Database, scope: Scope) -> int:
    """Sums up all that is marked, and everything where the workspace's settings have changed; how many days it was."""
    return len([one async for one in compacting(database, scope)])


async def compacting(database: Database, scope: Scope) -> AsyncGenerator[int]:
    """The same step by step, the latest day first: yields when each begins. Broken off, the next time goes on with it.

    What is marked behind it, while it goes back through the days, is left for the next time.
    """
    async with database.read() as connection:
        terms = await summing.wanted(connection, scope)
        fits = await summing.built(connection, scope) == terms
        if terms is None or (fits and await summing.latest_marked(connection, scope) is None):
            return
    if not fits:
        await _begin_anew(database, scope, terms)
    before: int | None = None
    while True:
        async with database.write() as connection:
            await sources.lock(connection, scope)
            if await summing.built(connection, scope) != terms:
                return
            before = await summing.sum_up(connection, scope, terms, before)
        if before is None:
            return
        yield before


async def _begin_anew(database: Database, scope: Scope, terms: Terms) -> None:
    """Has no totals, marks what there are calls of, and only then lets totals be read and made; by one process alone.

    The row that says what they are built with is not there meanwhile: where it is, another process was quicker.
    """
    async with database.write() as connection:
        await sources.lock(connection, scope)
        if await summing.built(connection, scope) != terms:
            await summing.set_built(connection, scope, None)
    while True:
        async with database.write() as connection:
            if await _is_built(connection, scope):
                return
            if not await summing.forget_some(connection, scope):
                break
    end: int | None = None
    while True:
        async with database.write() as connection:
            if await _is_built(connection, scope):
                return
            end = await summing.mark_some(connection, scope, end)
            if end is None:
                await summing.set_built(connection, scope, terms)
                return


async def _is_built(connection: Connection, scope: Scope) -> bool:
    await sources.lock(connection, scope)
    return await summing.built(connection, scope) is not None


class Compacting(Work):
    """Looks every few seconds whether anything has changed, and sums it up; the workspace's lock keeps others from it."""

    def __init__(self, database: Database, scope: Scope, every: timedelta) -> None:
        super().__init__()
        self._database, self._scope, self._every = database, scope, every.total_seconds()

    async def _run(self) -> None:
        pause = self._every
        while not await self._stopped_within(pause):
            began = time.monotonic()
            try:
                await self._round()
                # A quarter of the time at most: the rest is for who writes calls.
                pause = max(self._every, 3 * (time.monotonic() - began))
            except Exception as error:  # whatever it is, a later round may go well
                pause = min(2 * pause, _LONGEST_PAUSE)
                known = isinstance(error, StoreError)
                reason = error.detail if isinstance(error, StoreError) else type(error).__name__
                log.error("compacting", reason=reason, exc_info=None if known else error)

    async def _round(self) -> None:
        async with aclosing(compacting(self._database, self._scope)) as days:
            last = time.monotonic()
            async for _ in days:
                # Half of it while there is a history to catch up with.
                if await self._stopped_within(time.monotonic() - last):
                    return
                last = time.monotonic()
