"""How much memory a big page takes: what the server's process grows by, at most, while it answers one."""

import re
import statistics
from contextlib import closing
from pathlib import Path

from tests.benchmarks.asking import Connection, prepared
from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import BY_NAME

# Small pages enough to fill SQLite's page cache, of 64 MB, which is kept, and no request's own.
_IDLE_AFTER, _PAGES = 2_000, 20
_RESET_PEAK = "5"


def peak_over_idle(server: Server, made_up: Company) -> float:
    """In MB: the peak while a big page is answered, over what a server keeps that has answered only small ones.

    The median of some pages. Pages of the store's file that are mapped do not count: they are the system's cache, and
    SQLite lets go of them now and then, which would look like a peak.
    """
    _ask(server, made_up, "page", _IDLE_AFTER)
    process = Path(f"/proc/{server.pid}")
    idle = _kept(process, "VmRSS")
    peaks = []
    requests = prepared(server, BY_NAME["big page"], made_up, _PAGES)
    with closing(Connection(requests)) as connection:
        for body in requests.bodies:
            (process / "clear_refs").write_text(_RESET_PEAK)
            connection.ask(body)
            peaks.append(_kept(process, "VmHWM"))
    return (statistics.median(peaks) - idle) / 1024


def _ask(server: Server, made_up: Company, name: str, count: int) -> None:
    requests = prepared(server, BY_NAME[name], made_up, count)
    with closing(Connection(requests)) as connection:
        for body in requests.bodies:
            connection.ask(body)


def _kept(process: Path, size: str) -> int:
    """Kilobytes, without what is mapped of files."""
    status = dict(re.findall(r"(\w+):\s+(\d+) kB", (process / "status").read_text()))
    return int(status[size]) - int(status["RssFile"])
