"""Clients go away while the database works for them: how soon that and its statements end, and how the next are answered.

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
_AT_MOST = 6  # seconds that anything is waited for
_STILL_AT_WORK = """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'switchboard' AND state = 'active' AND wait_event_type = 'Lock'
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    waiting: int
    given_up_after: float
    ended_after: float
    load: Load

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        return [
            Figure("statements at work when the clients left", self.waiting),
            Figure("their requests were given up after, s", self.given_up_after, 1),
            Figure("the statements ended after, s", self.ended_after, 2),
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
            began = time.monotonic()
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        given_up, ended = await asyncio.gather(_given_up(server, count, began), _until(watcher, 0, began))
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        for _ in range(count * 2):
            await ask(client, server.endpoint, load)
    return Found(waiting, given_up, ended, load)


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


async def _given_up(server: Switchboard, count: int, began: float) -> float:
    """Waits until the server has logged of so many requests that nobody waited. Returns how long after the beginning."""
    while time.monotonic() - began < _AT_MOST and server.log.count("status=499") < count:  # noqa: ASYNC110  # a log
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def _until(watcher: Any, count: int, began: float | None = None) -> float:
    """Waits until so many statements are at work. Returns how long after the beginning."""
    began = began or time.monotonic()
    while time.monotonic() - began < _AT_MOST:
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
