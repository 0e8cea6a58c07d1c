"""What a vendor's folder gives to the rest of the house: how its files are cut up, and what a payload means."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.calls import Record
from app.domain.sources import Locale, Provider
from app.providers.api import Api

# One decoded vendor record: a JSON object, or the rows of a CSV that tell one call.
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A piece of a file that is no record: rejected by itself, while the rest of the file goes on."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """One vendor. Adding another is a folder with a `wire.py` that makes one of these, and a line in the registry."""

    provider: Provider
    title: str
    # How a new source of this vendor reads times and numbers until it is told otherwise; shown when it is created.
    default_zone: str
    default_region: str | None
    # A payload to its records. Pure and total: it returns, or raises RecordError with the reason.
    records: Callable[[Payload, Locale], tuple[Record, ...]]
    # Any decoded body, or an element of one, to its payloads: `{"results": [...]}`, a list, or one record.
    # What is no object comes out as it is, so that it is rejected by name rather than lost.
    items: Callable[[Any], Iterator[Any]]
    # Where a JSON body keeps its records, as ijson prefixes, so that a body of any size can be streamed: each element
    # found there is handed to `items`.
    item_paths: tuple[str, ...] = ("item",)
    # Scalars of the body that its records need, as ijson prefixes; they are put into each element under the same key.
    envelope_paths: tuple[str, ...] = ()
    # Lines of text to payloads, for a vendor whose files are not JSON. A broken line spoils no other.
    lines: Callable[[Iterable[str]], Iterator[Payload | Unreadable]] | None = None
    # Two payloads of one call to one, for a vendor that tells a call in several records. None: the newer one counts.
    merge: Callable[[Payload, Payload], Payload] | None = None
    # Whether what it pushes carries the secret itself rather than a signature made with it.
    pushes_with_secret: bool = False
    # How its records are fetched; None where they come as files.
    api: Api | None = None
