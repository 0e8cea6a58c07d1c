"""The access log as a hash chain: each row's digest covers the row before it, so that no row can be changed unseen."""

import hashlib
import json.encoder
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.domain.times import to_ms

# What the first row follows.
GENESIS = "0" * 64


class Access(NamedTuple):
    """One answer that was given: to whom, when, to which document, and how much of it."""

    at: datetime
    viewer_key: str
    viewer_name: str
    # SHA-256 of the document's text.
    document: str
    operation: str | None
    # Rows that went out.
    rows: int
    # How it was answered: by a compiled plan, by the reference execution, from an export.
    path: str
    # The HTTP status.
    status: int


@dataclass(frozen=True, slots=True)
class Link:
    """An access at its place in the chain."""

    position: int
    access: Access
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    position: int = 0
    digest: str = GENESIS


class BrokenChainError(Exception):
    """A row of the log is not what was written: the first such row's position, and how it was found."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"row {position:,}: {reason}")
        self.position, self.reason = position, reason


def linked(head: Head, accesses: Iterable[Access]) -> Iterator[Link]:
    """The links that accesses make after the head of a chain."""
    position, digest = head.position, head.digest
    for access in accesses:
        position += 1
        digest = _digest(position, digest, access)
        yield Link(position, access, digest)


def checked(head: Head, links: Iterable[Link]) -> Head:
    """The head after links that follow another head. Raises BrokenChainError at the first that does not."""
    for link in links:
        expected = head.position + 1
        if link.position != expected:
            raise BrokenChainError(min(expected, link.position), "a row is missing, or one was put in")
        if link.digest != _digest(link.position, head.digest, link.access):
            raise BrokenChainError(link.position, "it, or the row before it, was changed")
        head = Head(link.position, link.digest)
    return head


def _digest(position: int, previous: str, access: Access) -> str:
    """A list in JSON is read in one way only: no two different rows have one text.

    It is put together here as `json.dumps` would write it, at a third of the price: there is one of these a request.
    """
    operation = "null" if access.operation is None else _text(access.operation)
    texts = f"{_text(access.viewer_key)},{_text(access.viewer_name)},{_text(access.document)},{operation}"
    text = f'[{position},"{previous}",{to_ms(access.at)},{texts},{access.rows},{_text(access.path)},{access.status}]'
    return hashlib.sha256(text.encode()).hexdigest()


_text = json.encoder.encode_basestring_ascii
