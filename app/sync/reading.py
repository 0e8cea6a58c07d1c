"""Whether a list that is read page by page held still meanwhile: one that moved may have hidden a record between two."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.providers.api import Stream


@dataclass(slots=True)
class Reading:
    """What is known of one reading of a list, from its first page to the last one so far."""

    keys: set[bytes] = field(default_factory=set)
    records: int = 0
    # What the answers said of the whole list, each distinct number.
    totals: set[int] = field(default_factory=set)

    def add(self, stream: Stream, body: Any, records: list[Any]) -> bool:
        """Takes note of a page. Returns whether there may be another."""
        known = len(self.keys)
        self.records += len(records)
        self.keys.update(_key(stream, record) for record in records)
        total = stream.total(body)
        if total is not None:
            self.totals.add(total)
        # A page without anything new: the list moved, or the vendor gives the same page whatever is asked for.
        if stream.page_size is None or len(self.keys) == known:
            return False
        return self.records < total if total is not None else len(records) >= stream.page_size

    @property
    def held_still(self) -> bool:
        """Whether every record was told once, by what the vendor says of how many there are."""
        if not self.totals:
            return True
        return self.totals == {self.records} and len(self.keys) == self.records


def _key(stream: Stream, record: Any) -> bytes:
    fields = [record.get(name) for name in stream.key] if isinstance(record, dict) else []
    told = fields if any(value is not None for value in fields) else record
    return msgspec.json.encode(told, order="deterministic")
