"""The five workloads as PostGraphile is asked for them, and its answers as ours would be.

Its graph is made of the tables: other names, ids that hold a table's keys, instants as milliseconds. The documents ask for
the same values nevertheless. Where its lists take no node ids, the keys that are in them are given.
"""

import base64
import json
from typing import Any

from app.domain.scope import Scope
from app.domain.times import to_ms
from app.graphql import ids
from app.graphql.scalars import read_instant
from tests.benchmarks.company import WORKSPACE
from tests.benchmarks.workloads import Variables, Workload

_scope = Scope(WORKSPACE)
_MINE = f'condition: {{workspaceId: "{WORKSPACE}"}}'
_NEWEST = "orderBy: [STARTED_AT_DESC, ROW_ID_DESC]"
_CALLS = """query Calls($from: BigInt!, $to: BigInt!) {
  calls(first: %d, MINE, NEWEST, filter: {startedAt: {greaterThanOrEqualTo: $from, lessThan: $to}}) {
    nodes {
      id startedAt endedAt direction outcome durationSeconds talkSeconds phoneNumber dialedNumber queueName
      agent: workspaceAgent { id name }
      contact: workspaceContact { id name }
    }
  }
}"""
_NESTED = """query Nested($agents: [String!]!) {
  agents(first: 20, MINE, orderBy: [NAME_KEY_ASC, ROW_ID_ASC], filter: {rowId: {in: $agents}}) {
    nodes {
      id name
      calls: callsByWorkspaceIdAndAgentId(first: 10, NEWEST) {
        nodes { id startedAt direction outcome talkSeconds contact: workspaceContact { id name } }
      }
    }
  }
}"""
_COUNTS = """query Counts($numbers: [String!]!, $from: BigInt!, $to: BigInt!) {
  callCounts(numbers: $numbers, since: $from, until: $to) { nodes { phoneNumber total inbound outbound internal } }
}"""
_TINY = """query Tiny($id: String!) {
  call(workspaceId: "main", rowId: $id) { id startedAt direction outcome durationSeconds }
}"""
_DOCUMENTS = {
    name: text.replace("MINE", _MINE).replace("NEWEST", _NEWEST)
    for name, text in {
        "page": _CALLS % 50,
        "big page": _CALLS % 1000,
        "nested": _NESTED,
        "counts": _COUNTS,
        "tiny": _TINY,
    }.items()
}
# Its 64-bit integers are texts; ours are numbers, or instants.
_NUMBERS = {"startedAt", "endedAt", "durationSeconds", "talkSeconds"}


def asked(workload: Workload, variables: Variables) -> Variables:
    """The body of a request."""
    return {
        "query": _DOCUMENTS[workload.name],
        "variables": {name: _written(name, value) for name, value in variables.items()},
    }


def _written(name: str, value: Any) -> Any:
    if name in ("from", "to"):
        return str(to_ms(read_instant(value)))
    if name == "id":
        return ids.decode_as(_scope, "Call", value)
    if name == "agents":
        return [ids.decode_as(_scope, "Agent", one) for one in value]
    return value


def told(workload: Workload, data: Any) -> Any:
    """The data of an answer, as ours has it."""
    if workload.name == "counts":
        return {"callCounts": data["callCounts"]["nodes"]}
    return _read(data)


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _read_field(name, inner) for name, inner in value.items()}


def _read_field(name: str, value: Any) -> Any:
    if name in _NUMBERS and value is not None:
        return int(value)
    return _node_id(value) if name == "id" else _read(value)


def _node_id(text: str) -> str:
    table, _, id = json.loads(base64.b64decode(text))
    return ids.encode(table, _scope, id)
