"""Stand-ins on sockets of this machine, and sources of a house that pull from them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Queue
from types import ModuleType
from typing import Any, cast

from starlette.applications import Starlette

from app.domain.calls import CallRecord
from app.domain.sources import Locale, Provider, Source
from app.domain.times import zone_named
from app.providers.api import Pace
from app.providers.http import Patience
from app.providers.registry import spec_of
from app.store import sources
from app.sync.attempt import Manner, attempt
from app.sync.lease import new_holder
from app.sync.pull import Progress
from tests.conftest import House
from tests.standins import acefone, callcap, callyzer, smartflo, voxcrow
from tests.standins.book import Book, Entry
from tests.standins.mischief import Mischief
from tests.web.serving import on_socket

# The stand-in of every vendor that has a client.
STANDINS: dict[Provider, ModuleType] = {
    Provider.VOXCROW: voxcrow,
    Provider.CALLCAP: callcap,
    Provider.SMARTFLO: smartflo,
    Provider.ACEFONE: acefone,
    Provider.CALLYZER: callyzer,
}
# Waits for nothing longer than a test may.
HASTY = Patience(first_seconds=0.01, silence_seconds=0.5, answer_seconds=5)
UNPACED = Pace(requests=10_000)


@dataclass
class Standin:
    """A vendor's account that is asked over a real socket."""

    provider: Provider
    book: Book
    mischief: Mischief
    address: str
    _keys: dict[int, str] = field(default_factory=dict)

    @property
    def locale(self) -> Locale:
        """How the account's times and numbers are read."""
        spec = spec_of(self.provider)
        return Locale(zone_named(spec.default_zone), spec.default_region)

    def told(self) -> dict[str, int]:
        """What the account holds: the seconds of each call that can be read, by the id that it is stored under."""
        return {self.key_of(entry): entry.seconds for entry in self.book.entries.values() if not entry.broken}

    def key_of(self, entry: Entry) -> str:
        """The id that a call is stored under."""
        if entry.number not in self._keys:
            self._keys[entry.number] = self._key_of(entry)
        return self._keys[entry.number]

    def _key_of(self, entry: Entry) -> str:
        record = STANDINS[self.provider].record(Entry(entry.number, entry.began, entry.changed, entry.seconds))
        payload = next(iter(spec_of(self.provider).items(record)))
        (call,) = spec_of(self.provider).records(payload, self.locale)
        return cast("CallRecord", call).provider_call_id


@asynccontextmanager
async def standing_in(
    provider: Provider, now: Callable[[], datetime] = lambda: datetime.now(UTC), **options: Any
) -> AsyncIterator[Standin]:
    """A vendor's stand-in with an empty account."""
    book = Book(now)
    mischief = Mischief(STANDINS[provider].app(book, **options))
    async with on_socket(cast("Starlette", mischief)) as listening:
        yield Standin(provider, book, mischief, f"http://127.0.0.1:{listening.port}")


@contextmanager
def in_thread(provider: Provider, calls: int, over: timedelta) -> Iterator[Standin]:
    """A vendor's stand-in with calls, for what has an event loop of its own: the command line."""
    ready, done = Queue[Standin](), threading.Event()

    async def serve() -> None:
        async with standing_in(provider) as standin:
            standin.book.fill(calls, over)
            ready.put(standin)
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield ready.get(timeout=10)
    finally:
        done.set()
        thread.join()


async def source_of(
    house: House, standin: Standin, history: timedelta = timedelta(days=3), **credentials: str
) -> Source:
    """A source that pulls from a stand-in. The numbers of a vendor who is asked by number are known as leads'."""
    if standin.provider is Provider.VOXCROW:
        leads = [{"id": number, "details": {"contact_numbers": [f"977-{number}"]}} for number in voxcrow.NUMBERS]
        await house.take(Provider.CALLYZER, {"result": leads}, "leads")
    source = await house.source(standin.provider)
    places = {name: f"env:{name.upper()}" for name in STANDINS[standin.provider].CREDENTIALS}
    pulled = sources.Pulled(standin.address, places | credentials, standin.book.now() - history)
    async with house.database.write() as connection:
        return await sources.set_pulled(connection, house.scope, source, pulled)


async def pull(house: House, source: Source, **manner: Any) -> list[Progress]:
    """Pulls all that is due, as the command does once."""
    given = {"holder": new_holder(), "patience": HASTY, "pace": UNPACED, "every": timedelta(minutes=5), **manner}
    return [progress async for progress in attempt(house.database, house.scope, source, Manner(**given))]
