"""Requests as they go over the wire, prepared before anything is timed; and asking one by one."""

import http.client
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import Workload

# As many different requests are prepared of each workload: fewer than a second of any but the slowest.
PREPARED = 300
_PATIENCE = 120


class WrongAnswerError(Exception):
    """A server answered with an error, or something else than ours."""


@dataclass(frozen=True)
class Requests:
    """What one server is asked for one workload."""

    server: str
    port: int
    path: str
    headers: Mapping[str, str]
    bodies: Sequence[bytes]


def prepared(server: Server, workload: Workload, made_up: Company, count: int = PREPARED, seed: int = 0) -> Requests:
    """So many requests; every server gets the same variables."""
    asked = [server.kind.asked(workload, variables) for variables in workload.variables(made_up, count, seed)]
    return Requests(
        server.name,
        server.port,
        server.kind.path(workload),
        server.headers,
        [json.dumps(one).encode() for one in asked],
    )


class Connection:
    """One connection, on which requests are asked one after another."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._connection = http.client.HTTPConnection("127.0.0.1", requests.port, timeout=_PATIENCE)

    def ask(self, body: bytes) -> bytes:
        """The answer's bytes. Raises WrongAnswerError unless it is 200."""
        self._connection.request("POST", self._requests.path, body, dict(self._requests.headers))
        answer = self._connection.getresponse()
        found = answer.read()
        if answer.status != 200:
            raise WrongAnswerError(f"{self._requests.server} answered {answer.status}: {found[:500].decode()}")
        return found

    def data(self, body: bytes) -> Any:
        """The answer's data. Raises WrongAnswerError where it has errors."""
        found = json.loads(self.ask(body))
        if found.get("errors") or found.get("data") is None:
            raise WrongAnswerError(f"{self._requests.server} answered {str(found)[:500]}")
        return found["data"]

    def seconds(self, body: bytes) -> float:
        """How long an answer takes."""
        began = time.perf_counter()
        self.ask(body)
        return time.perf_counter() - began

    def close(self) -> None:
        """Hangs up."""
        self._connection.close()


def shuffled(bodies: Sequence[bytes], seed: object) -> list[bytes]:
    """The bodies in an order that is the same for the same seed."""
    return random.Random(str(seed)).sample(list(bodies), len(bodies))
