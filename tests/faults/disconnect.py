"""Clients go away while the database works for them: how soon its statements end, and whether the next are answered.

Example: python -m tests.faults.disconnect --clients 5
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx

from tests.faults.figures import Figure, parser, report
from tests.faults.load import Load, ask
from tests.faults.servers import PostgreSQL, Switchboard, postgresql, switchboard

_QUERY = "{ calls(first: 5) { nodes { id } } }"  # one statement that reads the calls
_STILL_AT_WORK = """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'switchboard' AND state = 'active' AND wait_event_type = 'Lock'
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    waiting: int
    ended_after: float
    load: Load

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        return [
            Figure("statements at work when the clients left", self.waiting),
            Figure("all of them ended after, s", self.ended_after, 2),
            Figure("then answered well (200)", self.load.told["200"]),
            Figure("then told anything else", len(self.load.asked) - self.load.told["200"], 0),
        ]


async def measure(store: PostgreSQL, server: Switchboard, count: int) -> Found:
    """Another session locks a table, so that reading it lasts; then the readers leave."""
    load = Load()
    async with _locked(store.url) as watcher:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            asking = [asyncio.create_task(client.post(server.endpoint, json={"query": _QUERY})) for _ in range(count)]
            await _until(watcher, count)
            waiting = await watcher.fetchval(_STILL_AT_WORK)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        ended_after = await _until(watcher, 0)
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        for _ in range(count * 2):
            await ask(client, server.endpoint, load)
    return Found(waiting, ended_after, load)


@asynccontextmanager
async def _locked(url: str) -> AsyncIterator[Any]:
    """The calls, locked; gives a connection to watch with."""
    locker, watcher = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        async with locker.transaction():
            await locker.execute("LOCK TABLE calls IN ACCESS EXCLUSIVE MODE")
            yield watcher
    finally:
        await locker.close()
        await watcher.close()


async def _until(watcher: Any, count: int) -> float:
    """Waits until so many statements are at work. Returns how long that took; gives up after six seconds."""
    began = time.monotonic()
    while time.monotonic() - began < 6:
        if await watcher.fetchval(_STILL_AT_WORK) == count:
            break
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def main() -> None:
    """Runs it."""
    options = parser(__doc__, seconds=10, clients=5).parse_args()
    with postgresql() as store, switchboard(store.url, database_pool=str(options.clients)) as server:
        report(asyncio.run(measure(store, server, options.clients)).figures)


if __name__ == "__main__":
    main()
