"""How much memory a big page takes: what the server's process grows by, at most, while it answers one."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from tests.benchmarks.asking import Connection, prepared
from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import BY_NAME

# Small pages enough to fill SQLite's page cache, of 64 MB; then the access log is written, which has a cache, too.
_IDLE_AFTER, _WRITTEN_SECONDS = 2_000, 2
_MORE = 20
_LOOK_EVERY = 0.0005


@dataclass(frozen=True)
class Growth:
    """In MB: what the first big page takes over idle, and what more of them take over that."""

    first: float
    more: float


def growth(server: Server, made_up: Company) -> Growth:
    """What is seen of a server that has answered only small pages, while it answers big ones.

    Of the first page, a part is kept: its plan, and pages of SQLite's that it has read. Linux's own peak has the mapped
    pages of the store's file in it, which come and go; so the process is looked at every half a millisecond.
    """
    _ask(server, made_up, "page", _IDLE_AFTER)
    time.sleep(_WRITTEN_SECONDS)
    with _watched(server.pid) as kilobytes:
        _ask(server, made_up, "big page", 1)
        first = len(kilobytes)
        _ask(server, made_up, "big page", _MORE)
    highest = max(kilobytes[:first])
    return Growth((highest - kilobytes[0]) / 1024, (max(kilobytes) - highest) / 1024)


def _ask(server: Server, made_up: Company, name: str, count: int) -> None:
    requests = prepared(server, BY_NAME[name], made_up, count)
    with closing(Connection(requests)) as connection:
        for body in requests.bodies:
            connection.ask(body)


@contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """What a process keeps beside mapped files, in kilobytes, over and over for as long as the block."""
    ended = Event()
    with open(f"/proc/{pid}/status", "rb") as status:
        found = [_kept(status.fileno())]

        def watch() -> None:
            while not ended.wait(_LOOK_EVERY):
                found.append(_kept(status.fileno()))

        watching = Thread(target=watch)
        watching.start()
        try:
            yield found
        finally:
            ended.set()
            watching.join()


def _kept(status: int) -> int:
    size = re.search(rb"RssAnon:\s+(\d+) kB", os.pread(status, 8192, 0))
    assert size
    return int(size[1])
