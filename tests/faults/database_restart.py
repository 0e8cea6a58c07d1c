"""PostgreSQL is stopped and started again while clients ask: how they are told, how soon, and how soon it is over.

Example: python -m tests.faults.database_restart --seconds 20 --clients 8
"""

import asyncio
import time
from dataclasses import dataclass

import httpx

from tests.faults.figures import Figure, parser, report
from tests.faults.load import Load, clients
from tests.faults.servers import PostgreSQL, Switchboard, postgresql, switchboard


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    load: Load
    ready: list[tuple[float, int]]
    gone_at: float
    starting_at: float
    back_at: float

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        told, recovered = self.load.told, self.load.first_good_after(self.back_at)
        unavailable = [one for one in self.load.asked if one.told == "503"]
        while_gone = {status for at, status in self.ready if self.gone_at < at < self.starting_at}
        return [
            Figure("answered well (200)", told["200"]),
            Figure("told it is unavailable (503)", told["503"]),
            Figure("503 without Retry-After", sum(not one.may_retry for one in unavailable), 0),
            *[Figure(f"told {other}", count, 0) for other, count in told.items() if other not in ("200", "503")],
            Figure("longest time to a 503, s", max((one.seconds for one in unavailable), default=0.0), 3),
            Figure("longest time to any answer, s", self.load.longest, 3.5),
            Figure("/readyz said ready while it was gone", int(200 in while_gone), 0),
            Figure("down, s", self.back_at - self.gone_at),
            Figure("recovered after its return, s", float("inf") if recovered is None else recovered, 5),
        ]


async def measure(store: PostgreSQL, server: Switchboard, seconds: float, count: int) -> Found:
    """A third of the time it is well, a third it is gone, a third it is well again."""
    load, over, ready = Load(), asyncio.Event(), list[tuple[float, int]]()
    asking = asyncio.create_task(clients(server.endpoint, load, count, over))
    watching = asyncio.create_task(_watch(server, ready, over))
    await asyncio.sleep(seconds / 3)
    await asyncio.to_thread(store.stop)
    gone_at = time.monotonic()
    await asyncio.sleep(seconds / 3)
    starting_at = time.monotonic()
    await asyncio.to_thread(store.start)
    back_at = time.monotonic()
    await asyncio.sleep(seconds / 3)
    over.set()
    await asyncio.gather(asking, watching)
    return Found(load, ready, gone_at, starting_at, back_at)


async def _watch(server: Switchboard, ready: list[tuple[float, int]], over: asyncio.Event) -> None:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        while not over.is_set():
            began = time.monotonic()
            ready.append((began, (await client.get(f"{server.address}/readyz")).status_code))
            await asyncio.sleep(0.1)


def main() -> None:
    """Runs it."""
    options = parser(__doc__, seconds=15, clients=8).parse_args()
    with postgresql() as store, switchboard(store.url) as server:
        report(asyncio.run(measure(store, server, options.seconds, options.clients)).figures)


if __name__ == "__main__":
    main()
