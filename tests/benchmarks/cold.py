"""What a document costs that was never asked before: it is parsed, validated, judged and planned, and then answered."""

import json
import statistics
from collections.abc import Iterator, Sequence
from contextlib import closing

from tests.benchmarks.asking import Connection, prepared
from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import Workload

_DOCUMENTS = 60


def cold_ratio(engine: Server, reference: Server, workload: Workload, made_up: Company) -> float:
    """How long the engine takes for a new document, as a part of what the reference path does: the median of pairs."""
    sides = [prepared(server, workload, made_up, _DOCUMENTS) for server in (engine, reference)]
    with closing(Connection(sides[0])) as one, closing(Connection(sides[1])) as other:
        for connection in (one, other):
            connection.data(next(_unheard_of(sides[0].bodies, "Warm")))
        ratios = []
        for number, body in enumerate(_unheard_of(sides[0].bodies, "New")):
            turn = (one, other) if number % 2 else (other, one)
            took = {connection: connection.seconds(body) for connection in turn}
            ratios.append(took[one] / took[other])
    return statistics.median(ratios)


def _unheard_of(bodies: Sequence[bytes], name: str) -> Iterator[bytes]:
    """The same questions under names of their own, which makes each a document of its own."""
    for number, body in enumerate(bodies):
        asked = json.loads(body)
        _, _, rest = asked["query"].partition("(")
        yield json.dumps({**asked, "query": f"query {name}{number}({rest}"}).encode()
