"""Servers are replaced under load, one after another on one socket: not one request is lost.

The socket is handed from outside, as systemd does; the next server listens on it before the last one is told to stop.
A 503 with Retry-After is no lost request: it is what a machine says that is too busy for the clients it has.

Example: python -m tests.faults.rolling_restart --restarts 3 --clients 12
"""

import asyncio
import socket
from dataclasses import dataclass

from tests.faults.figures import Figure, parser, report
from tests.faults.load import Load, clients
from tests.faults.servers import Switchboard, postgresql


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    load: Load
    stops: list[float]
    codes: list[int]

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        told = self.load.told
        return [
            Figure("restarts", len(self.stops)),
            Figure("answered well (200)", told["200"]),
            Figure("asked to come again (503)", told["503"]),
            *[Figure(f"lost: {other}", count, 0) for other, count in told.items() if other not in ("200", "503")],
            Figure("requests lost", sum(told.values()) - told["200"] - told["503"], 0),
            Figure("longest time to an answer, s", self.load.longest, 5),
            Figure("longest time from SIGTERM to the end, s", max(self.stops), 30),
            Figure("ended other than by the signal", sum(code not in (0, -15) for code in self.codes), 0),
        ]


async def measure(database: str, restarts: int, count: int, pause: float = 0.5) -> Found:
    """Half of the clients keep their connections, half open one for each request."""
    load, over = Load(), asyncio.Event()
    stops: list[float] = []
    codes: list[int] = []
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        server = await asyncio.to_thread(Switchboard, database, listener)
        kept, fresh = count - count // 2, count // 2
        asking = [
            asyncio.create_task(clients(server.endpoint, load, kept, over)),
            asyncio.create_task(clients(server.endpoint, load, fresh, over, fresh=True)),
        ]
        try:
            for _ in range(restarts):
                await asyncio.sleep(pause)
                after = await asyncio.to_thread(Switchboard, database, listener)
                before, server = server, after
                stops.append(await asyncio.to_thread(before.terminate))
                codes.append(before.process.returncode)
                before.kill()
            await asyncio.sleep(pause)
            over.set()
            await asyncio.gather(*asking)
        finally:
            server.kill()
    return Found(load, stops, codes)


def main() -> None:
    """Runs it."""
    made = parser(__doc__, seconds=1, clients=12)
    made.add_argument("--restarts", type=int, choices=range(1, 21), default=3, help="how many, up to 20")
    options = made.parse_args()
    with postgresql() as store:
        report(asyncio.run(measure(store.url, options.restarts, options.clients, options.seconds)).figures)


if __name__ == "__main__":
    main()
