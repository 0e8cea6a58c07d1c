"""Takes a file into a source, which is made with the first record that can be read: a wrong file leaves nothing."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from app.domain.errors import FileError, RecordError
from app.domain.scope import Scope
from app.domain.sources import Locale, Source
from app.domain.times import zone_named
from app.providers.contract import ProviderSpec
from app.providers.registry import PROVIDERS
from app.store import sources
from app.store.database import Database
from app.sync.clean import cleaned
from app.sync.files import Recordless, Unreadable, payloads
from app.sync.filling import Filling, into
from app.sync.ingest import BATCH, Counts, Intake, ingest

_PATIENCE = 20  # batches: a file without a readable record in so many is not read on
_SAMPLE = 100  # records that are shown to the other vendors


@dataclass(slots=True)
class Account:
    """Where records go: a source there is, or one to be made."""

    name: str
    spec: ProviderSpec
    locale: Locale
    source: Source | None


async def take(
    database: Database, scope: Scope, account: Account, file: BinaryIO, name: str, now: Callable[[], datetime]
) -> AsyncIterator[Counts]:
    """Saves a file batch by batch. Raises FileError where it breaks off, and where nothing of it can be read."""
    found, held = payloads(file, account.spec, name), list[list[Any]]()
    error, readable = None, False
    while error is None and len(held) < _PATIENCE:
        batch, error = _batch(found)
        if not batch:
            break
        held.append(batch)
        readable = readable or any(_refusal(item, account.spec, account.locale) is None for item in batch)
        if readable:
            source = await _opened(database, scope, account, now())
            save = into(Intake(database, scope, source, account.spec), now)
            async with Filling(account.spec, source.locale, save) as filling:
                async for counts in _saved(filling, held, error, found, now):
                    yield counts
            return
    if held:
        reason = _wrong_file(list(chain(*held)), account, name)
        if reason is None and account.source is not None:
            for part in held:
                yield await ingest(database, scope, account.source, account.spec, part, now())
        raise FileError(reason or _nothing_read(list(chain(*held)), account, name))
    if error:
        raise error


async def _saved(
    filling: Filling, held: list[list[Any]], error: FileError | None, found: Iterator[Any], now: Callable[[], datetime]
) -> AsyncIterator[Counts]:
    """Saves the batches that are held and those that follow. Raises FileError, with all before the broken place kept."""
    while held:
        for part in held:
            yield await filling.add(part, now())
        batch, error = ([], error) if error else _batch(found)
        held = [batch] if batch else []
    yield await filling.end([], now())
    if error:
        raise error


def _batch(found: Iterator[Any]) -> tuple[list[Any], FileError | None]:
    """The next payloads; what came before a broken place is a batch, too."""
    batch: list[Any] = []
    try:
        batch.extend(islice(found, BATCH))
    except FileError as error:
        return batch, error
    return batch, None


def _refusal(item: Any, spec: ProviderSpec, locale: Locale) -> str | None:
    """Why a payload is no record of the vendor; None where it is one."""
    if isinstance(item, Unreadable):
        return item.reason
    if not isinstance(item, dict):
        return "it is not an object"
    try:
        spec.records(cleaned(item), locale)
    except RecordError as error:
        return str(error)
    return None


async def _opened(database: Database, scope: Scope, account: Account, now: datetime) -> Source:
    if account.source is None:
        async with database.write() as connection:
            await sources.lock(connection, scope)
            account.source = await sources.named(connection, scope, account.name) or await sources.add(
                connection, scope, account.name, account.spec.provider, account.locale, now
            )
    return account.source


def _wrong_file(items: Sequence[Any], account: Account, name: str) -> str | None:
    """What is said of a file that has nothing to do with the account; None where it may have."""
    answer = next((item for item in items if isinstance(item, Recordless)), None)
    if answer:
        return f"{name}: {answer.reason} Ask for the records again, and import what is answered then."
    if other := _look_alike(items[:_SAMPLE], account.spec):
        word = other.provider.value.lower()
        return (
            f"{name} holds records of {other.title}, not of {account.spec.title}. Nothing of it was kept. "
            f"Run: switchboard import {word} {name} --source {word}"
        )
    return None


def _look_alike(items: Sequence[Any], spec: ProviderSpec) -> ProviderSpec | None:
    """The vendor that can read what this one cannot."""
    for other in PROVIDERS.values():
        locale = Locale(zone_named(other.default_zone), other.default_region)
        parts = chain.from_iterable(other.items(item) for item in items if not isinstance(item, Unreadable))
        if other is not spec and any(_refusal(part, other, locale) is None for part in islice(parts, _SAMPLE)):
            return other
    return None


def _nothing_read(items: Sequence[Any], account: Account, name: str) -> str:
    reason = _refusal(items[0], account.spec, account.locale)
    said = f"{name} could not be read as {account.spec.title}: {reason}."
    if len(items) > 1:
        said = f"{name}: none of {len(items):,} records could be read as {account.spec.title}. The first: {reason}."
    if account.source is None:
        return f"{said} Nothing was kept. Check the vendor, --timezone and --region, and try again."
    return f"{said} They are kept: switchboard rejected --source {account.name}"
