"""Three mistakes that a puller must not make, made on purpose, so that the kill test is seen to catch them."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.domain.calls import CallRecord, Record
from app.domain.sources import Locale, Provider
from app.providers.contract import Payload
from app.providers.registry import PROVIDERS
from app.sync import pull
from app.sync.filling import Save
from app.sync.ingest import Batch, Counts, Intake, Mark

_into = pull.into
# Seconds between two transactions that should be one: a part of the second that a process lives, however busy the machine is.
PAUSE = 0.25


def marked_first(intake: Intake, clock: Callable[[], datetime]) -> Save:
    """Saves with the mark before what it marks."""
    right = _into(intake, clock)

    async def save(batch: Batch, mark: Mark | None) -> Counts:
        if mark:
            await right(Batch(), mark)
            await asyncio.sleep(PAUSE)
        return await right(batch, None)

    return save


def _marked_last(intake: Intake, clock: Callable[[], datetime]) -> Save:
    right = _into(intake, clock)

    async def save(batch: Batch, mark: Mark | None) -> Counts:
        counts = await right(batch, None)
        if mark:
            await asyncio.sleep(PAUSE)
            await right(Batch(), mark)
        return counts

    return save


def watermark_first(_: Provider) -> None:
    """What was read is marked as read before it is saved."""
    pull.into = marked_first


def watermark_outside(_: Provider) -> None:
    """What was read is marked as read in a transaction of its own, after it was saved."""
    pull.into = _marked_last


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


MISTAKES: dict[str, Callable[[Provider], None]] = {
    "watermark-first": watermark_first,
    "rows-without-key": rows_without_key,
    "watermark-outside": watermark_outside,
}
