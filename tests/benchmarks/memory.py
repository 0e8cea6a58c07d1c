"""How much memory a big page takes: what the server's process grows by, at most, while it answers one."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread

from tests.benchmarks.asking import Connection, prepared
from tests.benchmarks.company import Company
from tests.benchmarks.servers import Server
from tests.benchmarks.workloads import BY_NAME

# Small pages enough to fill SQLite's page cache, of 64 MB, which is kept, and no request's own.
_IDLE_AFTER = 2_000
# Big pages few enough to be over before the access log is written once more, which has caches of its own.
_PAGES, _WRITTEN_SECONDS = 5, 2
_LOOK_EVERY = 0.0005


def peak_over_idle(server: Server, made_up: Company) -> float:
    """In MB: the most that is seen while big pages are answered, over what a server keeps that has answered small ones.

    Linux's own peak has the mapped pages of the store's file in it, which are the system's cache, and come and go. So the
    process is looked at every half a millisecond, some fifty times a page.
    """
    _ask(server, made_up, "page", _IDLE_AFTER)
    time.sleep(_WRITTEN_SECONDS)
    with _watched(server.pid) as kilobytes:
        idle = kilobytes[0]
        _ask(server, made_up, "big page", _PAGES)
    return (max(kilobytes) - idle) / 1024


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
