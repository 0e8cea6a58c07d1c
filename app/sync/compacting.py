"""Keeps totals: sums up what has changed since, one short transaction a day of calls, so that nobody waits for long."""

from collections.abc import AsyncGenerator

from app.domain.scope import Scope
from app.store import sources, summing
from app.store.database import Connection, Database
from app.store.summing import Terms


async def compact(database: Database, scope: Scope) -> int:
    """Sums up all that is marked, and everything where the workspace's settings have changed; how many days it was."""
    return len([one async for one in compacting(database, scope)])


async def compacting(database: Database, scope: Scope) -> AsyncGenerator[int]:
    """The same step by step, the latest day first: yields when each begins. Broken off, the next time goes on with it.

    What is marked behind it, while it goes back through the days, is left for the next time.
    """
    before: int | None = None
    while True:
        async with database.read() as connection:
            terms = await summing.wanted(connection, scope)
            fits = terms is not None and await summing.built(connection, scope) == terms
            if fits and await summing.latest_marked(connection, scope, before) is None:
                return
        if terms is None:
            return
        if not fits:
            await _begin_anew(database, scope, terms)
            continue
        async with database.write() as connection:
            await sources.lock(connection, scope)
            if await summing.built(connection, scope) != terms:
                continue
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
