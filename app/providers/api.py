"""A vendor's API as data: its streams, how each pages and tells of changes, its pace, and how a request is signed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.pulls import Window


class Changes(Enum):
    """How a stream tells what is new or changed since it was last read."""

    # The vendor can be asked for what came or changed within a window of time.
    MODIFIED = "MODIFIED"
    # It cannot: the calls of the last while are read again, by when they began.
    TRAILING = "TRAILING"
    # It knows no times at all: the list is read whole, now and then.
    WHOLE = "WHOLE"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a vendor. `path` stands under the source's address, unless it is an address itself."""

    path: str
    method: str = "GET"
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """A page that is wanted."""

    # None for a list that is read whole.
    window: Window | None
    # Whether the window is of when records changed, rather than of when calls began.
    changed: bool
    # From 1.
    page: int
    # The source's zone, for vendors who are asked in local times.
    zone: ZoneInfo
    # The source's dialling region, for vendors who are asked for national numbers.
    region: str | None = None
    # Whose calls, for a vendor who tells them by the outside number only.
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One list that a vendor keeps. The engine of `sync` reads it by nothing but this."""

    name: str
    # What its records tell of, for people: calls, agents, leads.
    holds: str
    # The fields that together tell one record of the list from another.
    key: tuple[str, ...]
    request: Callable[[Ask], Request]
    # The records of an answer as the vendor listed them; None where the answer has no such list.
    listed: Callable[[Any], list[Any] | None]
    changes: Changes
    # How many records all pages have together, as an answer says it; None where it does not say.
    total: Callable[[Any], int | None] = lambda _: None
    # Records of a full page; None where everything comes at once.
    page_size: int | None = None
    # What of the time before the watermark is read again each time.
    overlap: timedelta = timedelta(hours=24)
    # How much is asked for at once. One window more than this has to be within what the vendor allows.
    step_days: int = 1
    # The longest window that the vendor answers.
    longest: timedelta | None = None
    # How many of the last days are read again once a day, by when calls began: for what was changed or deleted late.
    swept_days: int = 7
    # At most how often it is asked for changes, or read whole.
    every: timedelta = timedelta(0)
    # Whether calls are had only by the outside number, one number a request.
    by_number: bool = False
    # Whether all calls of a window are told, so that one that is told no more was deleted.
    tells_deleted: bool = True
    # By how much it tells calls of beyond a window; where it tells more than that, its zone is not what we think.
    told_beyond: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a vendor may be asked."""

    requests: int = 5
    seconds: float = 1.0

    @property
    def spacing(self) -> float:
        """Seconds between the starts of two requests."""
        return self.seconds / self.requests


@dataclass(frozen=True, slots=True)
class RecordingHosts:
    """Where a vendor keeps recordings, beside its API's own address."""

    # A name that begins with a dot stands for all names that end so.
    names: tuple[str, ...] = ()
    # Whether they are asked for with the account's credentials.
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Api:
    """How a vendor's records are fetched."""

    # Where its API is, unless the source says another; None where each customer has their own.
    address: str | None
    # The names of the credentials that a source needs.
    credentials: tuple[str, ...]
    # Puts the credentials into a request.
    signed: Callable[[Request, Mapping[str, str]], Request]
    streams: tuple[Stream, ...]
    pace: Pace = Pace()
    recordings: RecordingHosts = RecordingHosts()


def bearer(request: Request, credentials: Mapping[str, str]) -> Request:
    """The request with the credential `token` as a bearer, in the way most vendors have it."""
    return with_header(request, "Authorization", f"Bearer {credentials['token']}")


def with_header(request: Request, name: str, value: str) -> Request:
    """The request with one more header."""
    headers = {**request.headers, name: value}
    return Request(request.path, request.method, request.params, request.json, headers)
