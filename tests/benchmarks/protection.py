"""What protection costs: a token with budget, access log and masking against strangers with nothing of it.

Two servers on one store answer the same queries in turn, request by request, so that whatever else the machine does
meets both. Of each pair the ratio is taken, and of the ratios the median: in the time that the client waits, and, by
rounds, in the processor's time, which has the access log's writing in it, too.

    python -m tests.benchmarks.protection --rounds 10
    python -m tests.benchmarks.protection --database postgresql
"""

import argparse
import asyncio
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from app.domain.scope import Right
from app.store.database import Database
from tests.benchmarks.asking import Connection, Requests
from tests.benchmarks.load import counted
from tests.benchmarks.servers import NEVER_SPENT
from tests.benchmarks.stores import token_in
from tests.conftest import House
from tests.faults.figures import Figure, report
from tests.faults.servers import Switchboard, postgresql, prepared, switchboard
from tests.graphql import rows

CALLS, AGENTS, CALLERS = 2_000, 20, 300
QUERIES = {
    "1 call": "{ calls(first: 1) { nodes { id phoneNumber } } }",
    "50 calls with agent and contact": """{ calls(first: 50) { nodes { id startedAt direction outcome talkSeconds phoneNumber
      agent { name number } contact { name phoneNumber } } } }""",
}
MOST = 1.05
# No number is seen whole.
_RIGHTS = frozenset({Right.CALLS_READ, Right.STATS_READ})
_FLUSHED = 1.3
_AT_ONCE = 8


class Side:
    """A server, and a client that it knows."""

    def __init__(self, server: Switchboard, headers: dict[str, str]) -> None:
        self._process = psutil.Process(server.process.pid)
        port = urlsplit(server.endpoint).port
        assert port
        self._requests = Requests(server.address, port, "/graphql", {"content-type": "application/json", **headers}, ())
        self._connection = Connection(self._requests)

    def ask(self, query: str) -> float:
        """How many seconds an answer takes."""
        body = _body(query)
        began = time.perf_counter()
        answer = self._connection.ask(body)
        seconds = time.perf_counter() - began
        assert json.loads(answer)["data"]["calls"]["nodes"], answer
        return seconds

    def warm(self, query: str, times: int = 40) -> None:
        """Asks as many at once as the server has connections to the store, so that it has all of them from now on."""
        self.hang_up()
        counted(replace(self._requests, bodies=[_body(query)]), _AT_ONCE, times, 0)

    def hang_up(self) -> None:
        """Lets go of the connection, which the server would close by itself after a while; the next request opens one."""
        self._connection.close()

    @property
    def worked(self) -> float:
        """The processor's seconds that the server has used so far."""
        used = self._process.cpu_times()
        return float(used.user + used.system)


def _body(query: str) -> bytes:
    return json.dumps({"query": query}).encode()


def one_round(guarded: Side, plain: Side, query: str, count: int) -> tuple[list[float], float]:
    """What the guarded side takes, as a part of what the plain one does: waiting, by request, and the processor."""
    for side in (guarded, plain):
        side.hang_up()
    before = [side.worked for side in (guarded, plain)]
    waiting = []
    for number in range(count):
        took = {side: side.ask(query) for side in ((guarded, plain) if number % 2 else (plain, guarded))}
        waiting.append(took[guarded] / took[plain])
    time.sleep(_FLUSHED)  # what was noted is written by then
    worked = [side.worked - earlier for side, earlier in zip((guarded, plain), before, strict=True)]
    return waiting, worked[0] / worked[1]


async def fill(url: str) -> None:
    """Makes calls."""
    database = Database(url)
    try:
        told = [
            rows.row(
                f"c{n}", minute=n, caller=f"+97798110{n % CALLERS:05}", agent=f"Agent {n % AGENTS}", contact="Asha"
            )
            for n in range(CALLS)
        ]
        await rows.fill(House(database), told)
    finally:
        await database.close()


@contextmanager
def store(kind: str) -> Iterator[str]:
    """The address of an empty store."""
    if kind == "postgresql":
        with postgresql() as server:
            yield server.url
        return
    folder = Path(tempfile.mkdtemp(prefix="benchmark"))
    try:
        url = f"sqlite:///{folder / 'store.sqlite'}"
        asyncio.run(prepared(url))
        yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(kind: str, rounds: int, seconds: float) -> Sequence[Figure]:
    """The figures of every query; rounds last about so many seconds."""
    figures = []
    with store(kind) as url, ExitStack() as servers:
        asyncio.run(fill(url))
        secret = asyncio.run(token_in(url, _RIGHTS))
        guard = switchboard(url, anonymous="false", budget_per_minute=NEVER_SPENT, query_cost="1000000")
        bare = switchboard(url, anonymous="true", budget_per_minute="0", access_log="false")
        guarded = Side(servers.enter_context(guard), {"authorization": f"Bearer {secret}"})
        plain = Side(servers.enter_context(bare), {})
        for name, query in QUERIES.items():
            for side in (guarded, plain):
                side.warm(query)
                wait = min(side.ask(query) for _ in range(20))
            count = max(10, round(seconds / 2 / wait))
            found = [one_round(guarded, plain, query, count) for _ in range(rounds)]
            waiting = statistics.median(ratio for ratios, _ in found for ratio in ratios)
            figures += [
                Figure(f"{name}: pairs of requests", count * rounds),
                Figure(f"{name}: waiting, guarded / plain", round(waiting, 3), MOST),
                Figure(f"{name}: processor, guarded / plain", round(statistics.median(one for _, one in found), 3)),
            ]
    return figures


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=10, help="of so many seconds each")
    parser.add_argument("--seconds", type=float, default=4.0, help="that a round lasts about")
    options = parser.parse_args()
    report(measure(options.database, options.rounds, options.seconds))


if __name__ == "__main__":
    main()
