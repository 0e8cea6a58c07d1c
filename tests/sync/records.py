"""Saves domain records as a vendor's payloads are saved; equal records come in equal payloads."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from app.domain.calls import Record
from app.domain.errors import RecordError
from app.domain.sources import Locale, Provider
from app.providers.contract import Payload, ProviderSpec
from app.sync.ingest import Counts, ingest
from tests.conftest import House


class Records:
    """A vendor whose payloads are the words of records."""

    def __init__(
        self, provider: Provider = Provider.SMARTFLO, merge: Callable[[Payload, Payload], Payload] | None = None
    ):
        self._known: dict[str, Record] = {}
        self.spec = ProviderSpec(provider, "Records", "UTC", None, records=self._read, items=iter, merge=merge)

    def payload(self, record: Record | str) -> Any:
        """The payload of a record; of a text, one that cannot be read for the reason that the text says."""
        said = record if isinstance(record, str) else repr(record)
        if not isinstance(record, str):
            self._known[said] = record
        return {"said": said}

    def _read(self, payload: Payload, _: Locale) -> tuple[Record, ...]:
        if payload["said"] not in self._known:
            raise RecordError(payload["said"])
        return (self._known[payload["said"]],)


async def take(
    house: House,
    *records: Record | str,
    now: datetime | None = None,
    source: str | None = None,
    provider: Provider = Provider.SMARTFLO,
) -> Counts:
    """Takes records in as one batch; a text among them is a record that cannot be read, with that as the reason."""
    vendor = Records(provider)
    return await ingest_all(house, vendor, [vendor.payload(record) for record in records], now, source)


async def ingest_all(
    house: House, vendor: Records, payloads: Sequence[Any], now: datetime | None = None, source: str | None = None
) -> Counts:
    """Takes payloads of such a vendor in as one batch."""
    found = await house.source(vendor.spec.provider, source)
    return await ingest(house.database, house.scope, found, vendor.spec, payloads, now or house.now)
