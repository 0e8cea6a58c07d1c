"""What protection costs: viewers with a token, and with limits and masks, against strangers with nothing of it.

Three servers on one store answer the same requests in turn, request by request, so that whatever else the machine does
meets all of them:

- nothing: anybody is answered; no access log, no budget, no limits
- token: a viewer without limits who sees numbers; access log, cost and budget are kept
- masked: the same for a viewer limited to a source who sees no number whole (but where numbers are what is asked for)

Of what was asked at the same time the ratio is taken, and of the ratios the median: in the time that the client waits, and, by
rounds, in the processor's time, which has the access log's writing in it, too.

    python -m tests.benchmarks.protection --rounds 10
    python -m tests.benchmarks.protection --stores sqlite --workloads page tiny --into README.md
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit

import psutil

from app.domain.scope import Reach, Right
from tests.benchmarks import stores, tables
from tests.benchmarks.asking import PREPARED, Connection, Requests
from tests.benchmarks.company import Company, source_id
from tests.benchmarks.load import counted
from tests.benchmarks.servers import NEVER_SPENT
from tests.benchmarks.workloads import BY_NAME, Workload
from tests.faults.servers import Switchboard, switchboard

MARK = "<!-- python -m tests.benchmarks.protection --into README.md -->"
NOTHING, TOKEN, MASKED = "nothing", "token", "masked"
READS = frozenset({Right.CALLS_READ, Right.STATS_READ})
_STORES = {"sqlite": stores.sqlite_store, "postgresql": stores.postgresql_store}
_FLUSHED = 1.3  # seconds after which what was noted is written
_AT_ONCE = 8  # as many connections as a server has to its store


class Side:
    """A server, and what a client asks it for one workload."""

    def __init__(self, server: Switchboard, secret: str | None, bodies: Sequence[bytes]) -> None:
        self._process = psutil.Process(server.process.pid)
        port = urlsplit(server.endpoint).port
        assert port
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {secret}"} if secret else {})
        self._requests = Requests(server.address, port, "/graphql", headers, bodies)
        self._connection = Connection(self._requests)

    def ask(self, body: bytes) -> float:
        """How many seconds an answer takes."""
        began = time.perf_counter()
        answer = self._connection.ask(body)
        seconds = time.perf_counter() - began
        assert "errors" not in json.loads(answer), answer
        return seconds

    def warm(self) -> None:
        """Asks as many at once as the server has connections to the store, so that it has all of them from now on."""
        counted(replace(self._requests, bodies=self._requests.bodies[:40]), _AT_ONCE, 40, 0)

    def hang_up(self) -> None:
        """Lets go of the connection, which the server would close by itself after a while; the next request opens one."""
        self._connection.close()

    @property
    def worked(self) -> float:
        """The processor's seconds that the server has used so far."""
        used = self._process.cpu_times()
        return float(used.user + used.system)


Sides = Mapping[str, Side]


@dataclass(frozen=True)
class Found:
    """What the others take as a part of what the first side does: waiting, by request; and the processor, by round."""

    waiting: Mapping[str, list[float]]
    worked: Mapping[str, list[float]]

    def told(self, name: str) -> str:
        """The medians of both."""
        return f"{statistics.median(self.waiting[name]):.2f} ({statistics.median(self.worked[name]):.2f})"


def measured(sides: Sides, bodies: Sequence[bytes], rounds: int, seconds: float) -> Found:
    """Asks all sides in turn; a round lasts about so many seconds."""
    plain, *others = sides
    found = Found({name: [] for name in others}, {name: [] for name in others})
    usual = sum(min(side.ask(body) for body in bodies[:10]) for side in sides.values())
    asked = cycle(bodies)
    for _ in range(rounds):
        before = {name: side.worked for name, side in sides.items()}
        for turn in range(max(5, round(seconds / usual))):
            took = _turn(sides, next(asked), turn)
            for name in others:
                found.waiting[name].append(took[name] / took[plain])
        time.sleep(_FLUSHED)
        worked = {name: side.worked - before[name] for name, side in sides.items()}
        for name in others:
            found.worked[name].append(worked[name] / worked[plain])
        for side in sides.values():
            side.hang_up()
    return found


def _turn(sides: Sides, body: bytes, turn: int) -> dict[str, float]:
    """How long each takes for the same; another one begins every turn."""
    names = list(sides)
    first = turn % len(names)
    return {name: sides[name].ask(body) for name in names[first:] + names[:first]}


def of_store(url: str, workloads: Sequence[Workload], company: Company, rounds: int, seconds: float) -> Iterator[Found]:
    """What each workload comes to on one store."""
    kept = {"anonymous": "false", "budget_per_minute": NEVER_SPENT}
    reach = Reach(source_ids=(source_id(),))
    with ExitStack() as running:
        nothing = running.enter_context(
            switchboard(url, anonymous="true", budget_per_minute="0", access_log="false", query_cost="1000000")
        )
        guarded, limited = (running.enter_context(switchboard(url, **kept)) for _ in range(2))
        for workload in workloads:
            asked = workload.variables(company, PREPARED, 0)
            bodies = [json.dumps({"query": workload.document, "variables": one}).encode() for one in asked]
            by_number = {Right.NUMBERS_READ} if workload.name == "counts" else set()
            seen = asyncio.run(stores.token_in(url))
            hidden = asyncio.run(stores.token_in(url, READS | by_number, reach))
            sides = {
                NOTHING: Side(nothing, None, bodies),
                TOKEN: Side(guarded, seen, bodies),
                MASKED: Side(limited, hidden, bodies),
            }
            for side in sides.values():
                side.warm()
            yield measured(sides, bodies, rounds, seconds)


def table(store: str, workloads: Sequence[Workload], found: Sequence[Found]) -> str:
    """The ratios of one store."""
    rows = [
        ("a token, access log, cost and budget", [one.told(TOKEN) for one in found]),
        ("the same, limited to a source and masked", [one.told(MASKED) for one in found]),
    ]
    return tables.markdown(tables.STORES[store], [workload.name for workload in workloads], rows)


def main() -> None:
    """Measures and prints."""
    options = _parser().parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    company, workloads = Company(options.calls), [BY_NAME[name] for name in options.workloads]
    found = []
    for store in options.stores:
        with _STORES[store](options.cache, company) as url:
            of_each = list(of_store(url, workloads, company, options.rounds, options.seconds))
        found.append(table(store, workloads, of_each))
        print(f"{found[-1]}\n", flush=True)
    if options.into:
        options.into.write_text(tables.put_into(options.into.read_text(), "\n\n".join(found), MARK))


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--stores", nargs="+", choices=list(_STORES), default=list(_STORES))
    made.add_argument("--workloads", nargs="+", choices=list(BY_NAME), default=list(BY_NAME))
    made.add_argument("--calls", type=int, default=100_000, help="of the made-up company (%(default)s)")
    made.add_argument("--rounds", type=int, default=5, help="of so many seconds each (%(default)s)")
    made.add_argument("--seconds", type=float, default=4.0, help="that a round lasts about (%(default)s)")
    made.add_argument("--cache", type=Path, default=Path(gettempdir()) / "switchboard-benchmarks")
    made.add_argument("--into", type=Path, help="the Markdown file whose tables these become")
    return made


if __name__ == "__main__":
    main()
