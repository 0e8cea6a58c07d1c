"""One attempt at a source: its credentials opened, its turn taken, what is due pulled, and what went wrong kept."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from app.access.credentials import opened
from app.domain.errors import CredentialsError, InputError, TryLaterError, VendorError
from app.domain.pulls import Circuit, SourceState
from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.api import Pace
from app.providers.http import Patience, Vendor
from app.providers.registry import spec_of
from app.settings import Settings
from app.store import circuits
from app.store.database import Database
from app.sync.lease import HOLD, Lease, held, new_holder
from app.sync.pull import Account, Progress, pull
from app.sync.pull_files import pull_files

# A vendor who does not let us in is not asked every few minutes: some lock accounts for that.
_NOT_LET_IN = timedelta(hours=1)
_REFUSED = timedelta(minutes=5)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Manner:
    """How sources are pulled: all that is not said by the source or its vendor."""

    holder: str
    # What stored credentials are encrypted with.
    credentials_key: str = ""
    every: timedelta = timedelta(minutes=5)
    hold: timedelta = HOLD
    patience: Patience = field(default_factory=Patience)
    # In place of the vendor's documented pace; for stand-ins.
    pace: Pace | None = None


def manner_of(settings: Settings) -> Manner:
    """How sources are pulled, as the settings say, by this process."""
    return Manner(new_holder(), settings.credentials_key, timedelta(seconds=settings.sync_seconds))


def is_pulled(source: Source) -> bool:
    """Whether anything is to be asked of the source's vendor, or read of its files."""
    spec = spec_of(source.provider)
    return source.state is SourceState.ACTIVE and (spec.api is not None or spec.lines is not None)


async def attempt(database: Database, scope: Scope, source: Source, manner: Manner) -> AsyncGenerator[Progress, None]:
    """Pulls all that is due of a source.

    Raises VendorError and InputError, which are kept as the source's last error, and TakenError where another process
    is at it.
    """
    spec = spec_of(source.provider)
    lease = Lease(scope, source.id, manner.holder, manner.hold)
    async with held(database, lease):
        try:
            account = Account(database, scope, source, spec, lease, utc_now)
            async with httpx.AsyncClient(follow_redirects=False) as client:
                steps = (
                    pull(account, _vendor(account, manner, client), manner.every) if spec.api else pull_files(account)
                )
                async with aclosing(steps):
                    async for progress in steps:
                        yield progress
        except (VendorError, InputError) as error:
            await _failed(database, scope, source, manner, error)
            raise
        async with database.write() as connection:
            await circuits.went_well(connection, scope, source.id, utc_now())


def _vendor(account: Account, manner: Manner, client: httpx.AsyncClient) -> Vendor:
    spec, source = account.spec, account.source
    assert spec.api is not None
    address = source.address or spec.api.address
    if address is None:
        raise InputError(f"Say where the API of {source.name!r} is: switchboard source add … --address https://…")
    credentials = opened(source.credentials, manner.credentials_key)
    if missing := [name for name in spec.api.credentials if name not in credentials]:
        raise InputError(f"The source {source.name!r} lacks the credential {missing[0]!r}.")
    return Vendor(spec.api, spec.title, address, credentials, client, manner.patience, manner.pace)


async def _failed(
    database: Database, scope: Scope, source: Source, manner: Manner, error: VendorError | InputError
) -> None:
    """Opens the circuit: for as long as the vendor asked for, or longer with every failure in a row."""
    now = utc_now()
    async with database.write() as connection:
        before = await circuits.circuit(connection, scope, source.id)
        failures = before.failures + 1
        if isinstance(error, TryLaterError):
            pause = manner.patience.pause(failures, error.after)
        else:
            pause = _NOT_LET_IN if isinstance(error, CredentialsError) else _REFUSED
        await circuits.failed(connection, scope, source.id, Circuit(failures, now + pause, str(error), now))
