"""PostgreSQL freezes while clients ask (SIGSTOP: connections stay, nothing answers), and later goes on.

Example: python -m tests.faults.frozen_database --seconds 40 --clients 12
"""

import asyncio
import time
from dataclasses import dataclass

from tests.faults.figures import Figure, parser, report
from tests.faults.load import Load, clients
from tests.faults.servers import PostgreSQL, Switchboard, postgresql, switchboard


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    load: Load
    frozen_at: float
    thawed_at: float

    @property
    def figures(self) -> list[Figure]:
        """The table. A statement that was under way when all froze has its whole nine seconds."""
        told, recovered = self.load.told, self.load.first_good_after(self.thawed_at)
        during = [one for one in self.load.asked if self.frozen_at <= one.at and one.at + 4 < self.thawed_at]
        fine = ("200", "503", "504")
        return [
            Figure("answered well (200)", told["200"]),
            Figure("told it is unavailable (503)", told["503"]),
            *[Figure(f"told {other}", count, 0) for other, count in told.items() if other not in fine],
            Figure("asked while frozen", len(during)),
            Figure("of these longest time to an answer, s", max((one.seconds for one in during), default=0.0), 3),
            Figure("longest time to any answer, s", self.load.longest, 10),
            Figure("frozen, s", self.thawed_at - self.frozen_at),
            Figure("recovered after its return, s", float("inf") if recovered is None else recovered, 5),
        ]


async def measure(store: PostgreSQL, server: Switchboard, seconds: float, count: int) -> Found:
    """A fifth of the time it is well, three fifths frozen, a fifth well again."""
    load, over = Load(), asyncio.Event()
    asking = asyncio.create_task(clients(server.endpoint, load, count, over))
    await asyncio.sleep(seconds / 5)
    frozen_at = time.monotonic()
    store.freeze()
    try:
        await asyncio.sleep(seconds * 3 / 5)
    finally:
        thawed_at = time.monotonic()
        store.thaw()
    await asyncio.sleep(seconds / 5)
    over.set()
    await asking
    return Found(load, frozen_at, thawed_at)


def main() -> None:
    """Runs it."""
    options = parser(__doc__, seconds=30, clients=12).parse_args()
    with postgresql() as store, switchboard(store.url) as server:
        report(asyncio.run(measure(store, server, options.seconds, options.clients)).figures)


if __name__ == "__main__":
    main()
