"""The words of the table: a parameter with a value of the vendor's, and the graph's question that means the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.sources import Provider
from tests.conftest import NOW

Payload = dict[str, Any]
Filter = dict[str, Any]  # the variable `$filter` of a query, as JSON
Names = tuple[str, ...]  # of records of the vendor's dataset


@dataclass(frozen=True)
class Selects:
    """`calls(filter:)` selects some records and leaves others out."""

    parameter: str
    value: str
    filter: Filter
    selects: Names
    leaves_out: Names


@dataclass(frozen=True)
class Sorts:
    """`calls(orderBy:)` gives the records that the filter selects, all of them, in this order."""

    parameter: str
    value: str
    order_by: dict[str, str] | None
    filter: Filter
    names: Names


@dataclass(frozen=True)
class Counts:
    """`callCounts` says these totals, inbound and outbound calls, for these numbers in this order."""

    parameter: str
    value: str
    filter: Filter | None
    counts: dict[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Recalls:
    """`contact(phoneNumber:) { calls(filter:) }` selects some records and leaves others out."""

    parameter: str
    value: str
    phone_number: str
    filter: Filter | None
    selects: Names
    leaves_out: Names


Row = Selects | Sorts | Counts | Recalls


@dataclass(frozen=True)
class Instead:
    """A parameter that neither filters nor sorts calls: the field or argument of the graph in its stead, and why."""

    field: str
    why: str


@dataclass(frozen=True)
class Vendor:
    """A vendor's dataset and rows. `now` is the moment at which the vendor, and the graph, are asked."""

    provider: Provider
    parameters: dict[str, str]
    records: dict[str, Payload]  # by name
    body: Any  # the records as the vendor would answer with them
    rows: tuple[Row, ...]
    instead: dict[str, Instead]
    now: datetime = NOW
    excluded_numbers: tuple[str, ...] = ()
