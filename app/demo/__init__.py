"""A believable company to try the product with: invented people, 90 days of calls, told by three vendors.

The vendors' modules write the answers that their APIs would give, and `take` takes them the way that everything
takes: through the vendor's wire and `sync.ingest`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from app.demo import callcap, smartflo, voxcrow
from app.demo.company import OFFICES, Office, Size, teams
from app.demo.conversation import Conversation
from app.demo.days import day
from app.domain.scope import Scope
from app.domain.sources import Provider, Source
from app.providers.registry import spec_of
from app.store import pages, sources
from app.store.database import Connection, Database
from app.sync.ingest import AT_ONCE, BATCH, Counts, Turn, ingest

__all__ = ["FULL", "PARTS", "Part", "Size", "calls_of", "conversations", "is_fresh", "open_sources", "take"]

FULL = Size()
_BODIES = {Provider.VOXCROW: voxcrow.body, Provider.SMARTFLO: smartflo.body, Provider.CALLCAP: callcap.body}
_FRESH = timedelta(hours=1)  # a company that was asked so lately has little to add


@dataclass(frozen=True, slots=True)
class Part:
    """A share of one office's calls, which may be taken in any order, and by several processes at once."""

    office: Office
    number: int
    of: int


PARTS = tuple(Part(office, number, of=8) for number in range(8) for office in OFFICES)


async def open_sources(database: Database, scope: Scope, now: datetime) -> None:
    """Makes the company's sources in a workspace that is there already; what is there stays."""
    async with database.write() as connection:
        for office in OFFICES:
            if await sources.named(connection, scope, office.name) is None:
                await sources.add(connection, scope, office.name, office.provider, office.locale, now)


async def is_fresh(database: Database, scope: Scope, now: datetime, size: Size = FULL) -> bool:
    """Whether all of the company's calls were taken, and the last of them only lately."""
    async with database.read() as connection:
        found = [await sources.named(connection, scope, office.name) for office in OFFICES]
        last = [source.last_success_at for source in found if source and source.last_success_at]
        whole = len(last) == len(OFFICES) and await pages.count(connection, scope, "calls", None) >= size.calls
    return whole and now - min(last) < _FRESH


async def take(
    database: Database, scope: Scope, now: datetime, part: Part, size: Size = FULL, turn: Turn = AT_ONCE
) -> Counts:
    """Takes one part, up to `now`. Again at the same moment it changes nothing; later it adds what has happened.

    Processes that take parts at once share a `turn` to write (see `sync.ingest`).
    """
    async with database.read() as connection:
        source = await _source(connection, scope, part.office)
    calls = calls_of(now, size)[part.office.name]
    first, last = (len(calls) * edge // part.of for edge in (part.number, part.number + 1))
    spec, total = spec_of(part.office.provider), Counts()
    for at in range(first, last, BATCH):
        body = _BODIES[part.office.provider](calls[at : min(at + BATCH, last)], now)
        total += await ingest(database, scope, source, spec, list(spec.items(body)), now, turn)
    return total


@lru_cache(maxsize=1)  # a process takes several parts
def calls_of(now: datetime, size: Size) -> dict[str, list[Conversation]]:
    """The company's latest calls that were over at `now`, by office, oldest first."""
    found: dict[str, list[Conversation]] = {office.name: [] for office in OFFICES}
    for call in conversations(now, size):
        found[call.office.name].append(call)
    return found


def conversations(now: datetime, size: Size = FULL) -> list[Conversation]:
    """The company's latest calls that were over at `now`, oldest first."""
    first = now - timedelta(days=size.days)
    made = (call for call in _history(first, now, size) if first <= call.started_at and call.ended_at <= now)
    return sorted(made, key=lambda call: (call.started_at, call.office.name, call.serial))[-size.calls :]


def _history(first: datetime, now: datetime, size: Size) -> Iterator[Conversation]:
    for team in teams(size):
        zone = team.office.locale.zone
        on, last = first.astimezone(zone).date(), now.astimezone(zone).date()
        while on <= last:
            yield from day(team, on, size)
            on += timedelta(days=1)


async def _source(connection: Connection, scope: Scope, office: Office) -> Source:
    found = await sources.named(connection, scope, office.name)
    assert found is not None, "the company's sources are opened before its calls are taken"
    return found
