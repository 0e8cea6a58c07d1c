"""What protection costs: a token with budget, access log and masking against strangers with nothing of it.

Two servers on one store answer the same queries, a block of requests each in turn, so that whatever else the machine
does meets both. Of each round the ratio is taken, and of the ratios the median: in the time that a client waits, and
in the processor's time, which has the access log's writing in it, too.

    python -m tests.benchmarks.protection --rounds 15
    python -m tests.benchmarks.protection --database postgresql
"""

import argparse
import asyncio
import http.client
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from app.access.tokens import digest_of, new_secret
from app.domain.ids import new_id
from app.domain.scope import Reach, Right
from app.domain.tokens import Token
from app.store import tokens
from app.store.database import Database
from tests.conftest import SCOPE, House
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
# As much as no block spends: the budget is kept, and never spent.
_BUDGET = "1000000000"
_FLUSHED = 1.3


@dataclass(slots=True)
class Side:
    """A server, and who asks it."""

    server: Switchboard
    headers: dict[str, str]

    def block(self, query: str, count: int) -> tuple[float, float]:
        """The median seconds a request waits, and the processor's seconds a request takes, of so many."""
        body = json.dumps({"query": query})
        address = urlsplit(self.server.endpoint)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        waited, process = [], psutil.Process(self.server.process.pid)
        before = process.cpu_times()
        for _ in range(count):
            began = time.perf_counter()
            connection.request("POST", "/graphql", body, self.headers)
            answer = json.loads(connection.getresponse().read())
            waited.append(time.perf_counter() - began)
            assert answer["data"]["calls"]["nodes"], answer
        connection.close()
        time.sleep(_FLUSHED)  # what was noted is written by then
        after = process.cpu_times()
        return statistics.median(waited), (after.user + after.system - before.user - before.system) / count


def ratios(guarded: Side, open_: Side, query: str, rounds: int, count: int) -> tuple[list[float], list[float]]:
    """What the guarded side takes for each round, as a part of what the open one does: waiting, and the processor."""
    waiting, processor = [], []
    for number in range(rounds):
        sides = [guarded, open_] if number % 2 else [open_, guarded]
        found = {id(side): side.block(query, count) for side in sides}
        (wait, cpu), (plain_wait, plain_cpu) = found[id(guarded)], found[id(open_)]
        waiting.append(wait / plain_wait)
        processor.append(cpu / plain_cpu)
    return waiting, processor


async def fill(url: str) -> str:
    """Makes calls, and a token that may see no number whole. Returns its secret."""
    database = Database(url)
    try:
        told = [
            rows.row(
                f"c{n}", minute=n, caller=f"+97798110{n % CALLERS:05}", agent=f"Agent {n % AGENTS}", contact="Asha"
            )
            for n in range(CALLS)
        ]
        await rows.fill(House(database), told)
        secret, at = new_secret(SCOPE.workspace_id), datetime.now(UTC)
        rights = frozenset({Right.CALLS_READ, Right.STATS_READ})
        async with database.write() as connection:
            token = Token(new_id(at), "benchmark", rights, Reach(), at, None, None, None)
            await tokens.add(connection, SCOPE, token, digest_of(secret))
        return secret
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
    """The figures of every query; blocks last about so many seconds."""
    figures = []
    with store(kind) as url, ExitStack() as servers:
        secret = asyncio.run(fill(url))
        guard = switchboard(url, anonymous="false", budget_per_minute=_BUDGET, query_cost="1000000")
        plain = switchboard(url, anonymous="true", budget_per_minute="0", access_log="false")
        typed = {"content-type": "application/json"}
        guarded = Side(servers.enter_context(guard), {**typed, "authorization": f"Bearer {secret}"})
        open_ = Side(servers.enter_context(plain), typed)
        for name, query in QUERIES.items():
            wait, _ = open_.block(query, 30)
            guarded.block(query, 30)
            count = max(10, round(seconds / wait))
            waiting, processor = ratios(guarded, open_, query, rounds, count)
            figures += [
                Figure(f"{name}: milliseconds, unguarded", wait * 1000),
                Figure(f"{name}: waiting, guarded / unguarded", round(statistics.median(waiting), 3), MOST),
                Figure(f"{name}: processor, guarded / unguarded", round(statistics.median(processor), 3)),
                Figure(f"{name}: requests a round and side", str(count)),
            ]
    return figures


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=15, help="of a block each")
    parser.add_argument("--seconds", type=float, default=2.0, help="that a block lasts about")
    options = parser.parse_args()
    report(measure(options.database, options.rounds, options.seconds))


if __name__ == "__main__":
    main()
