"""How many calls a second one process takes in: mapped, numbered, matched and saved; from memory, and from a stand-in.

Example: python -m tests.benchmarks.ingest --calls 60000 --provider smartflo

`map` is what a vendor's payloads become without any store, and what its parts take of one core is told below it; `save` is
that and the store, from memory; `pull` is a whole pull of a vendor that answers over HTTP as fast as it can, from a process of
its own.
"""

import asyncio
import gc
import multiprocessing
import os
import tempfile
import time
from argparse import ArgumentParser
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain import numbers
from app.domain.calls import CallRecord
from app.domain.scope import Scope
from app.domain.sources import Locale, Provider
from app.domain.times import zone_named
from app.providers.registry import spec_of
from app.store import call_rows, calls, sources
from app.store.database import Database
from app.sync.attempt import Manner, attempt
from app.sync.clean import cleaned
from app.sync.filling import Filling
from app.sync.ingest import BATCH, Batch, Counts, Intake, Mark, _read, save
from app.sync.lease import new_holder
from tests.conftest import SCOPE, House
from tests.faults.servers import postgresql, prepared
from tests.standins import cloudphone
from tests.standins.book import Entry
from tests.standins.running import HASTY, STANDINS, UNPACED
from tests.web.serving import on_socket

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """One measurement."""

    what: str
    calls: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.what:24} {self.calls / self.seconds:>10,.0f} calls/s   {1e6 * self.seconds / self.calls:>7,.1f} us a call"


def payloads(provider: Provider, count: int) -> list[dict[str, Any]]:
    """Records as the stand-in tells them, over the last month, by when they began; some 50 numbers, 7 agents."""
    return [STANDINS[provider].record(entry) for entry in entries(count)]


def entries(count: int) -> list[Entry]:
    """Calls of the last month."""
    first = datetime.now(UTC).replace(microsecond=0) - 30 * DAY
    return [Entry(n + 1, at := (first + 29 * DAY * n / count).replace(microsecond=0), at) for n in range(count)]


def mapping(provider: Provider, rows: list[dict[str, Any]]) -> Rate:
    """Mapping alone."""
    spec = spec_of(provider)
    locale = Locale(zone_named(spec.default_zone), spec.default_region)
    numbers.parse.cache_clear()
    now, begun = datetime.now(UTC), time.perf_counter()
    for first in range(0, len(rows), BATCH):
        batch = Batch()
        for row in rows[first : first + BATCH]:
            _read(batch, spec, locale, row, now)
    return Rate("map", len(rows), time.perf_counter() - begun)


async def saving(url: str, provider: Provider, rows: list[dict[str, Any]], name: str) -> Rate:
    """Taking in what is in memory."""
    await prepared(url)
    database = Database(url)
    try:
        spec = spec_of(provider)
        source = await House(database).source(provider)
        numbers.parse.cache_clear()
        begun = time.perf_counter()
        intake = Intake(database, SCOPE, source, spec)
        async with Filling(spec, source.locale, partial(_saved, intake)) as filling:
            for first in range(0, len(rows), BATCH):
                await filling.add(rows[first : first + BATCH], datetime.now(UTC))
            await filling.end([], datetime.now(UTC))
        return Rate(f"save, {name}", len(rows), time.perf_counter() - begun)
    finally:
        await database.close()


async def _saved(intake: Intake, batch: Batch, mark: Mark | None) -> Counts:
    return await save(intake, batch, datetime.now(UTC), mark)


async def pulling(url: str, address: str, name: str) -> Rate:
    """Pulling a month from a vendor who answers at once."""
    await prepared(url)
    database = Database(url)
    try:
        house = House(database)
        source = await house.source(Provider.SMARTFLO)
        pulled = sources.Pulled(address, {"token": "env:BENCHMARK_TOKEN"}, datetime.now(UTC) - 31 * DAY)
        async with database.write() as connection:
            source = await sources.set_pulled(connection, SCOPE, source, pulled)
        manner = Manner(new_holder(), patience=HASTY, pace=UNPACED)
        begun, count = time.perf_counter(), 0
        async for page in attempt(database, SCOPE, source, manner):
            count += page.counts.new
        return Rate(f"pull, {name}", count, time.perf_counter() - begun)
    finally:
        await database.close()


def _vendor(count: int, said: Connection) -> None:
    """A vendor whose answers are written already, but for their brackets."""
    told = entries(count)
    began = [entry.began for entry in told]
    written = [msgspec.json.encode(cloudphone.record(entry)) for entry in told]

    async def records(request: Request) -> Response:
        given = request.query_params
        low, high = (
            bisect_left(began, datetime.strptime(given[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=cloudphone.ZONE))
            for name in ("from_date", "to_date")
        )
        start = low + (int(given["page"]) - 1) * int(given["limit"])
        page = b",".join(written[start : min(high, start + int(given["limit"]))])
        return Response(b'{"count":%d,"results":[%b]}' % (high - low, page), media_type="application/json")

    async def serve() -> None:
        async with on_socket(Starlette(routes=[Route("/call/records", records)])) as listening:
            said.send(listening.port)
            await asyncio.Event().wait()

    asyncio.run(serve())


@contextmanager
def vendor(count: int) -> Iterator[str]:
    """The address of one in a process of its own."""
    os.environ["BENCHMARK_TOKEN"] = "x"  # it lets everybody in
    context = multiprocessing.get_context("spawn")
    hears, says = context.Pipe(duplex=False)
    process = context.Process(target=_vendor, args=(count, says), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{hears.recv()}"
    finally:
        process.kill()
        process.join()


def parts(provider: Provider, rows: list[dict[str, Any]]) -> Iterator[Rate]:
    """What a call's parts take of one core, without any store."""
    spec, scope = spec_of(provider), Scope("main")
    locale, now = Locale(zone_named(spec.default_zone), spec.default_region), datetime.now(UTC)
    numbers.parse.cache_clear()

    def took(what: str, work: Callable[[], object]) -> Rate:
        begun = time.process_time()
        work()
        return Rate(f"  {what}", len(rows), time.process_time() - begun)

    yield took("made storable", lambda: [cleaned(row) for row in rows])
    yield took("read, numbers included", lambda: [spec.records(row, locale) for row in rows])
    told = [
        calls.Told(one, row, now) for row in rows for one in spec.records(row, locale) if isinstance(one, CallRecord)
    ]
    yield took("JSON, hash, words", lambda: calls.write_down(told))
    nobody = calls.Relations({}, {}, {}, {})
    yield took("rows", lambda: [_rows(scope, one, nobody, now) for one in told])


def _rows(scope: Scope, one: calls.Told, relations: calls.Relations, now: datetime) -> object:
    of_call = call_rows.row_of(scope, "source", "call", one, relations, now)
    return (
        of_call,
        list(call_rows.legs_of(scope, "call", one, relations)),
        list(call_rows.labels_of(scope, "call", one)),
    )


def main() -> None:
    """The command."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=60_000)
    options.add_argument("--provider", default="smartflo", choices=[one.value.lower() for one in STANDINS])
    options.add_argument("--engine", default="both", choices=["sqlite", "postgresql", "both"])
    given = options.parse_args()
    provider = Provider[given.provider.upper()]
    rows = payloads(provider, given.calls)
    gc.freeze()  # as the commands do
    gc.set_threshold(50_000, 10, 5)
    print(mapping(provider, rows))
    for part in parts(provider, rows):
        print(part)
    with vendor(given.calls) as address:
        if given.engine != "postgresql":
            with tempfile.TemporaryDirectory() as folder:
                _measured(
                    f"sqlite:///{folder}/a.sqlite", f"sqlite:///{folder}/b.sqlite", "SQLite", rows, address, given
                )
        if given.engine != "sqlite":
            with postgresql() as one, postgresql() as other:
                _measured(one.url, other.url, "PostgreSQL", rows, address, given)


def _measured(one: str, other: str, name: str, rows: list[dict[str, Any]], address: str, given: Any) -> None:
    provider = Provider[given.provider.upper()]
    print(asyncio.run(saving(one, provider, rows, name)), flush=True)
    if provider is Provider.SMARTFLO:
        print(asyncio.run(pulling(other, address, name)), flush=True)


if __name__ == "__main__":
    main()
