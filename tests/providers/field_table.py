"""The words of the vendor field tables: where each field of a vendor's document is in the graph."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shown:
    """The field is a value of the graph: at this path, with this value for the recorded sample.

    `Call.legs[QUEUE].name` is any leg of that kind; a path through any other list means the first element with a value.
    """

    path: str
    value: Any


@dataclass(frozen=True)
class Kept:
    """The field says the same as another, or only steers the reading; it stays in the raw record. Why."""

    why: str


@dataclass(frozen=True)
class Envelope:
    """The field describes the vendor's answer (paging, messages), not a record; what stands in its place."""

    instead: str


@dataclass(frozen=True)
class Computed:
    """The vendor computes the field over many calls; the graph computes it from the same calls. From which."""

    measure: str


Place = Shown | Kept | Envelope | Computed
