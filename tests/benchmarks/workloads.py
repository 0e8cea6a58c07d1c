"""What is asked: five workloads, each a document and variables that differ from request to request."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.scope import Scope
from app.domain.times import rfc3339, to_ms
from app.graphql import ids
from tests.benchmarks.company import AGENTS, BEGIN, DAY, END, WORKSPACE, Company, agent_id, number_of

Variables = dict[str, Any]
_RANGE, _MONTH = 7 * DAY, 30 * DAY
_scope = Scope(WORKSPACE)
_CALLS = """query Calls($from: DateTime!, $to: DateTime!) {
  calls(first: %d, filter: {startedAt: {from: $from, to: $to}}) {
    nodes {
      id startedAt endedAt direction outcome durationSeconds talkSeconds phoneNumber dialedNumber queueName
      agent { id name }
      contact { id name }
    }
  }
}"""
_NESTED = """query Nested($agents: [ID!]!) {
  agents(first: 20, filter: {ids: $agents}) {
    nodes {
      id name
      calls(first: 10) { nodes { id startedAt direction outcome talkSeconds contact { id name } } }
    }
  }
}"""
_COUNTS = """query Counts($numbers: [PhoneNumber!]!, $from: DateTime!, $to: DateTime!) {
  callCounts(phoneNumbers: $numbers, filter: {startedAt: {from: $from, to: $to}}) {
    phoneNumber total inbound outbound internal
  }
}"""
_TINY = "query Tiny($id: ID!) { call(id: $id) { id startedAt direction outcome durationSeconds } }"


@dataclass(frozen=True)
class Workload:
    """A document, and what makes the variables of one request."""

    name: str
    document: str
    vary: Callable[[random.Random, Company], Variables]
    # Where a hand-written route answers the same.
    route: str

    def variables(self, made_up: Company, count: int, seed: int) -> list[Variables]:
        """The variables of so many requests; the same for the same seed."""
        dice = random.Random(f"{self.name} {seed}")
        return [self.vary(dice, made_up) for _ in range(count)]


def _range(dice: random.Random, length: int) -> Variables:
    begin = dice.randrange(to_ms(BEGIN), to_ms(END) - length, 1000)
    return {"from": rfc3339(begin), "to": rfc3339(begin + length)}


def _week(dice: random.Random, _: Company) -> Variables:
    return _range(dice, _RANGE)


def _some_agents(dice: random.Random, _: Company) -> Variables:
    return {"agents": [ids.encode("Agent", _scope, agent_id(one)) for one in dice.sample(range(AGENTS), 20)]}


def _some_numbers(dice: random.Random, made_up: Company) -> Variables:
    return {"numbers": [number_of(one) for one in dice.sample(range(made_up.contacts), 20)], **_range(dice, _MONTH)}


def _a_call(dice: random.Random, made_up: Company) -> Variables:
    return {"id": ids.encode("Call", _scope, made_up.call_id(dice.randrange(made_up.calls)))}


WORKLOADS = (
    Workload("page", _CALLS % 50, _week, "/calls/50"),
    Workload("big page", _CALLS % 1000, _week, "/calls/1000"),
    Workload("nested", _NESTED, _some_agents, "/agents"),
    Workload("counts", _COUNTS, _some_numbers, "/counts"),
    Workload("tiny", _TINY, _a_call, "/call"),
)
BY_NAME: Mapping[str, Workload] = {one.name: one for one in WORKLOADS}
