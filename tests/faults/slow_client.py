"""Clients send their request's body, or its head, a byte at a time: they are cut off, and nobody else notices.

Example: python -m tests.faults.slow_client --clients 50 --seconds 10
"""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.faults.figures import Figure, parser, report
from tests.faults.load import Load, clients
from tests.faults.servers import Switchboard, postgresql, switchboard

_BODY = b'{"query": "' + b" " * 5_000 + b'{ __typename }"}'
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Cut:
    """How a slow client ended: the status it was told, 0 for none, and after how long."""

    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    limit: float
    cuts: list[Cut]
    load: Load

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        others = self.load.told
        return [
            Figure("slow clients", len(self.cuts)),
            Figure("told they were too slow (408)", sum(cut.status == 408 for cut in self.cuts)),
            Figure("told anything else", sum(cut.status not in (0, 408) for cut in self.cuts), 0),
            Figure("cut off after, at the latest, s", max(cut.seconds for cut in self.cuts), self.limit + 1),
            Figure("cut off after, at the soonest, s", min(cut.seconds for cut in self.cuts)),
            Figure("others answered well (200)", others["200"]),
            Figure("others told anything else", sum(others.values()) - others["200"], 0),
            Figure("others' longest time to an answer, s", self.load.longest, 2),
        ]


async def measure(server: Switchboard, limit: float, count: int) -> Found:
    """Half of the slow ones dribble the body, half the head, while two others ask as usual."""
    load, over = Load(), asyncio.Event()
    asking = asyncio.create_task(clients(server.endpoint, load, 2, over))
    cuts = await asyncio.gather(*[_dribble(server.endpoint, head=number % 2 == 1) for number in range(count)])
    over.set()
    await asking
    return Found(limit, list(cuts), load)


async def _dribble(endpoint: str, head: bool) -> Cut:
    place = urlsplit(endpoint)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    began = time.monotonic()
    answer = asyncio.create_task(reader.readline())
    lines = f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
    request = f"{lines}Content-Length: {len(_BODY)}\r\n\r\n".encode()
    at_once, slowly = (b"", request) if head else (request, _BODY)
    try:
        writer.write(at_once)
        for byte in slowly:
            if answer.done():
                break
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(_PAUSE)
        said = await answer
    except ConnectionError:
        said = b""
    writer.close()
    answer.cancel()
    return Cut(int(said.split()[1]) if said else 0, time.monotonic() - began)


def main() -> None:
    """Runs it."""
    options = parser(__doc__, seconds=10, clients=20).parse_args()
    with postgresql() as store, switchboard(store.url, deadline_seconds=str(options.seconds)) as server:
        report(asyncio.run(measure(server, options.seconds, options.clients)).figures)


if __name__ == "__main__":
    main()
