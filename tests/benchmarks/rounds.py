"""Rounds: every server in turn, in changing order, so that whatever else the machine does meets all of them."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from tests.benchmarks import load
from tests.benchmarks.asking import Connection, Requests, prepared
from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import Workload

_WARM_UP = 20
Rates = Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """The rounds of one workload on one store at one concurrency: requests a second, by server."""

    store: str
    connections: int
    workload: str
    rounds: Sequence[Rates]

    def ratio(self, one: str, other: str) -> float | None:
        """How many times as quick one server is as another: the median of the rounds; None where one did not run."""
        found = [rates[one] / rates[other] for rates in self.rounds if one in rates and other in rates]
        return statistics.median(found) if found else None

    def rate(self, name: str) -> float | None:
        """A server's requests a second, the median of the rounds."""
        found = [rates[name] for rates in self.rounds if name in rates]
        return statistics.median(found) if found else None


@dataclass(frozen=True)
class Plan:
    """What is measured of one store."""

    made_up: Company
    workloads: Sequence[Workload]
    connections: Sequence[int]
    rounds: int
    seconds: float
    # Is told what is measured next.
    progress: Callable[[str], None]
    load: Callable[[Requests, int, float, float, int], float] = load.rate

    @property
    def laps(self) -> int:
        """How often one server is measured, of each that runs."""
        return len(self.workloads) * len(self.connections) * self.rounds


def measured(store: str, servers: Sequence[Server], plan: Plan) -> Iterator[Measured]:
    """Everything that the plan says, of servers that run. Raises WrongAnswerError."""
    for workload in plan.workloads:
        asked = {server: prepared(server, workload, plan.made_up) for server in servers}
        usual = {server: _warm(requests) for server, requests in asked.items()}
        for connections in plan.connections:
            what = f"{store}: {workload.name}, {connections} at once"
            rounds = [_round(number, asked, usual, connections, plan, what) for number in range(plan.rounds)]
            yield Measured(store, connections, workload.name, rounds)


def _warm(requests: Requests) -> float:
    """Asks a few times, and returns how long an answer usually takes."""
    with closing(Connection(requests)) as connection:
        first = [connection.seconds(body) for body in requests.bodies[:3]]
        enough = 3 if min(first) > load.SLOW_SECONDS else _WARM_UP
        more = [connection.seconds(body) for body in islice(requests.bodies, 3, 3 + enough)]
    return statistics.median(more)


def _round(
    number: int,
    asked: Mapping[Server, Requests],
    usual: Mapping[Server, float],
    connections: int,
    plan: Plan,
    what: str,
) -> Rates:
    rates = {}
    for server in _turned(list(asked), number):
        plan.progress(f"{what}, round {number + 1}: {server.name}")
        rates[server.name] = plan.load(asked[server], connections, plan.seconds, usual[server], number)
        server.forget_log()
    return rates


def _turned(servers: list[Server], number: int) -> list[Server]:
    """Another one begins each round, and every second round goes backwards."""
    first = number // 2 % len(servers)
    turned = servers[first:] + servers[:first]
    return turned[::-1] if number % 2 else turned
