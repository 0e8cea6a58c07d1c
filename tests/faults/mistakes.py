"""Three mistakes that a puller must not make, made on purpose, so that the kill test is seen to catch them."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.calls import CallRecord, Record
from app.domain.sources import Locale, Provider
from app.providers.contract import Payload
from app.providers.registry import PROVIDERS
from app.sync import pull
from app.sync.ingest import Batch, Counts, Mark
from app.sync.pull import Account

_save = pull._save
# Seconds between two transactions that should be one: a part of the second that a process lives, however busy the machine is.
PAUSE = 0.25


def watermark_first(_: Provider) -> None:
    """What was read is marked as read before it is saved."""

    async def save(account: Account, batch: Batch, read: Any, mark: Mark | None = None) -> Counts:
        if mark:
            await _alone(account, mark)
            await asyncio.sleep(PAUSE)
        return await _save(account, batch, read)

    pull._save = save


def watermark_outside(_: Provider) -> None:
    """What was read is marked as read in a transaction of its own, after it was saved."""

    async def save(account: Account, batch: Batch, read: Any, mark: Mark | None = None) -> Counts:
        counts = await _save(account, batch, read)
        if mark:
            await asyncio.sleep(PAUSE)
            await _alone(account, mark)
        return counts

    pull._save = save


def rows_without_key(provider: Provider) -> None:
    """Each telling of a call is a call of its own."""
    spec = PROVIDERS[provider]

    def records(payload: Payload, locale: Locale) -> tuple[Record, ...]:
        found = spec.records(payload, locale)
        return tuple(
            replace(one, provider_call_id=f"{one.provider_call_id}/{secrets.token_hex(4)}")
            if isinstance(one, CallRecord)
            else one
            for one in found
        )

    PROVIDERS[provider] = replace(spec, records=records)


async def _alone(account: Account, mark: Mark) -> None:
    async with account.database.write() as connection:
        await mark(connection)


MISTAKES: dict[str, Callable[[Provider], None]] = {
    "watermark-first": watermark_first,
    "rows-without-key": rows_without_key,
    "watermark-outside": watermark_outside,
}
