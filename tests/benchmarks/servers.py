"""The servers that are compared: how each is started on a store, asked, and understood."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import npm, postgraphile
from tests.benchmarks.stores import token_in
from tests.benchmarks.workloads import Variables, Workload

ROOT = Path(__file__).parents[2]
# A token's budget: it is kept, and lasts.
NEVER_SPENT = "1000000000"
Asked = Callable[[Workload, Variables], Any]
Told = Callable[[Workload, Any], Any]


class NotStartedError(Exception):
    """A server did not start; the message has what it said."""


def _document(workload: Workload, variables: Variables) -> Any:
    return {"query": workload.document, "variables": variables}


def _unchanged(_: Workload, found: Any) -> Any:
    return found


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of server. What starts it gets the store's address and says its command, environment and headers."""

    name: str
    # What its column of ratios is called: ours is so many times as quick as this one.
    compared: str
    command: Callable[[str, Path], Sequence[str]]
    settings: Mapping[str, str] = field(default_factory=dict)
    stores: tuple[str, ...] = ("sqlite", "postgresql")
    with_token: bool = False
    path: Callable[[Workload], str] = lambda _: "/graphql"
    asked: Asked = _document
    told: Told = _unchanged

    @property
    def needs_node(self) -> bool:
        """Whether it is one of those from npm."""
        return self.stores == ("postgresql",)


@dataclass(frozen=True, eq=False)
class Server:
    """One that runs."""

    kind: Kind
    port: int
    pid: int
    headers: Mapping[str, str]
    log: Path

    @property
    def name(self) -> str:
        """What it is called."""
        return self.kind.name

    def forget_log(self) -> None:
        """Empties its log, which has a line for each of many thousand requests."""
        os.truncate(self.log, 0)


def _python(module: str) -> Callable[[str, Path], Sequence[str]]:
    return lambda address, _: (sys.executable, "-m", module, address)


def _serve(_: str, __: Path) -> Sequence[str]:
    return sys.executable, "-m", "app.cli", "serve"


def _node(program: str) -> Callable[[str, Path], Sequence[str]]:
    return lambda address, cache: (*npm.tools().node, str(npm.folder(cache) / program), address)


def _ours(name: str, compared: str, **settings: str) -> Kind:
    """`switchboard serve` as users run it, with all of its protection."""
    given = {"budget_per_minute": NEVER_SPENT, "port": "0", **settings}
    named = {f"SWITCHBOARD_{setting.upper()}": value for setting, value in given.items()}
    return Kind(name, compared, _serve, named, with_token=True)


OURS = _ours("ours", "")
# More patience than users have: without the engine, 16 big pages at once take longer than anybody is let wait, each with
# connections of its loaders beside its own.
REFERENCE = _ours("reference", "times our reference path", engine="false", database_pool="48", deadline_seconds="120")
FLOOR = Kind(
    "floor",
    "of the hand-written floor",
    _python("tests.benchmarks.floor"),
    path=lambda workload: workload.route,
    asked=lambda _, variables: variables,
)
STOCK = Kind("stock", "times stock Strawberry", _python("tests.benchmarks.stock"))
POSTGRAPHILE = Kind(
    "postgraphile",
    "times PostGraphile 5",
    _node("postgraphile.mjs"),
    stores=("postgresql",),
    settings={"GRAPHILE_ENV": "production", "NODE_ENV": "production"},
    asked=postgraphile.asked,
    told=postgraphile.told,
)
MERCURIUS = Kind(
    "mercurius",
    "times Mercurius 16 with its JIT",
    _node("mercurius.mjs"),
    stores=("postgresql",),
    settings={"NODE_ENV": "production"},
)
KINDS = {one.name: one for one in (OURS, FLOOR, STOCK, REFERENCE, POSTGRAPHILE, MERCURIUS)}


@contextmanager
def running(kinds: Sequence[Kind], address: str, cache: Path) -> Iterator[list[Server]]:
    """Servers of a store for as long as the block, all started at once. Raises NotStartedError."""
    with ExitStack() as started:
        begun = [started.enter_context(_begun(kind, address, cache)) for kind in kinds]
        yield [Server(kind, _port(process, log), process.pid, headers, log) for kind, headers, process, log in begun]


Begun = tuple[Kind, Mapping[str, str], subprocess.Popen[str], Path]


@contextmanager
def _begun(kind: Kind, address: str, cache: Path) -> Iterator[Begun]:
    headers = {"content-type": "application/json"}
    if kind.with_token:
        headers["authorization"] = f"Bearer {asyncio.run(token_in(address))}"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SWITCHBOARD_DATABASE": address, **kind.settings}
    with tempfile.TemporaryDirectory(prefix="benchmark") as folder:
        log = Path(folder) / "log"
        with log.open("a") as stderr:
            process = subprocess.Popen(
                kind.command(address, cache), env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True
            )
        try:
            yield kind, headers, process, log
        finally:
            process.kill()
            process.communicate()


def _port(process: subprocess.Popen[str], log: Path) -> int:
    """The port, which a server prints once it listens: alone on its line, or at the end of an address."""
    assert process.stdout
    for line in process.stdout:
        if line.strip().isdigit() or line.startswith("Endpoint"):
            return int(line.split()[-1].rsplit(":")[-1].split("/")[0])
    raise NotStartedError(f"{process.args!r} did not start:\n{log.read_text()}")
