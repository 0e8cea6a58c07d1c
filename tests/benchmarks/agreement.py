"""Whether servers answer the same: before anything is timed, and apart from how an instant is written."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from app.domain.times import to_ms
from app.graphql.scalars import read_instant
from tests.benchmarks.asking import Connection, WrongAnswerError, prepared
from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import Workload

_INSTANTS = {"startedAt", "endedAt"}
_ASKED = 5


def agree(servers: Sequence[Server], workloads: Sequence[Workload], made_up: Company) -> None:
    """Asks each the same and compares with the first. Raises WrongAnswerError, with the first difference."""
    for workload in workloads:
        wanted = _answers(servers[0], workload, made_up)
        if not any(map(_holds_something, wanted)):
            raise WrongAnswerError(f"{workload.name}: {servers[0].name} finds nothing, so nothing can be compared.")
        for server in servers[1:]:
            for ours, theirs in zip(wanted, _answers(server, workload, made_up), strict=True):
                if difference := differs(ours, theirs):
                    raise WrongAnswerError(f"{workload.name}: {servers[0].name} and {server.name} differ {difference}")


def _answers(server: Server, workload: Workload, made_up: Company) -> list[Any]:
    requests = prepared(server, workload, made_up, _ASKED)
    with closing(Connection(requests)) as connection:
        return [server.kind.told(workload, connection.data(body)) for body in requests.bodies]


def differs(ours: Any, theirs: Any, where: str = "data") -> str:
    """Where two answers differ, and in what; empty where they do not."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        pairs = ((f"{where}.{name}", _value(name, ours[name]), _value(name, theirs[name])) for name in ours)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = ((f"{where}[{place}]", *pair) for place, pair in enumerate(zip(ours, theirs, strict=True)))
    else:
        return "" if ours == theirs else f"in {where}: {str(ours)[:300]} and {str(theirs)[:300]}"
    return next((found for at, one, other in pairs if (found := differs(one, other, at))), "")


def _value(name: str, value: Any) -> Any:
    return to_ms(read_instant(value)) if name in _INSTANTS and isinstance(value, str) else value


def _holds_something(value: Any) -> bool:
    """Whether there is a value in it other than nothing and zero."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return any(map(_holds_something, inner)) if inner is not None else value not in (None, 0)
