"""How much memory a big page takes: what the server's process grows by, at most, while it answers one."""

import re
from contextlib import closing
from pathlib import Path

from tests.benchmarks.asking import Connection, prepared
from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import BY_NAME

_IDLE_AFTER, _PAGES = 200, 20
_RESET_PEAK = "5"


def peak_over_idle(server: Server, made_up: Company) -> float:
    """In MB: the peak of so many big pages over what a server that has answered only small ones keeps.

    Pages of the store's file that are mapped are the system's cache and do not count.
    """
    small, big = (prepared(server, BY_NAME[name], made_up, _IDLE_AFTER) for name in ("page", "big page"))
    process = Path(f"/proc/{server.pid}")
    with closing(Connection(small)) as connection:
        for body in small.bodies:
            connection.ask(body)
    idle = _kept(process)
    (process / "clear_refs").write_text(_RESET_PEAK)
    with closing(Connection(big)) as connection:
        for body in big.bodies[:_PAGES]:
            connection.ask(body)
    status = _status(process)
    return (status["VmHWM"] - status["RssFile"] - idle) / 1024


def _kept(process: Path) -> int:
    status = _status(process)
    return status["VmRSS"] - status["RssFile"]


def _status(process: Path) -> dict[str, int]:
    """The kilobytes that Linux tells of a process."""
    return {name: int(size) for name, size in re.findall(r"(\w+):\s+(\d+) kB", (process / "status").read_text())}
