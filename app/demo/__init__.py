"""A believable company to try the product with: invented people, 90 days of calls, told by three vendors.

The vendors' modules write the answers that their APIs would give, and `fill` takes them the way that everything
takes: through the vendor's wire and `sync.ingest`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from app.demo import callcap, smartflo, voxcrow
from app.demo.company import Office, Size, teams
from app.demo.conversation import Conversation
from app.demo.days import day
from app.domain.scope import Scope
from app.domain.sources import Provider, Source
from app.providers.registry import spec_of
from app.store import sources
from app.store.database import Database
from app.sync.ingest import BATCH, Counts, ingest

__all__ = ["FULL", "Size", "conversations", "fill"]

FULL = Size()
_BODIES = {Provider.VOXCROW: voxcrow.body, Provider.SMARTFLO: smartflo.body, Provider.CALLCAP: callcap.body}


async def fill(
    database: Database, scope: Scope, now: datetime, on_progress: Callable[[int, int], None], size: Size = FULL
) -> Counts:
    """Puts the demo into a workspace that is there already; `on_progress` is told the calls taken, and of how many.

    Again at the same moment it changes nothing; later it adds what has happened in the meantime.
    """
    found = conversations(now, size)
    total = Counts()
    on_progress(0, len(found))
    for office, calls in _by_office(found):
        source = await _source(database, scope, office, now)
        spec = spec_of(office.provider)
        for at in range(0, len(calls), BATCH):
            body = _BODIES[office.provider](calls[at : at + BATCH], now)
            total += await ingest(database, scope, source, spec, list(spec.items(body)), now)
            on_progress(total.read, len(found))
    return total


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


def _by_office(calls: list[Conversation]) -> Iterator[tuple[Office, list[Conversation]]]:
    for office in dict.fromkeys(call.office for call in calls):
        yield office, [call for call in calls if call.office is office]


async def _source(database: Database, scope: Scope, office: Office, now: datetime) -> Source:
    async with database.write() as connection:
        found = await sources.named(connection, scope, office.name)
        return found or await sources.add(connection, scope, office.name, office.provider, office.locale, now)
