"""Reads values that the family writes in more than one shape: a list or its only element, one key or another."""

import re
from collections.abc import Iterator
from typing import Any

from app.providers.payload import Object, seconds, text

_WORDED_SECONDS = re.compile(r"(\d+)\s*(?:s|secs?|seconds?)", re.IGNORECASE)
_CLOCK_SECONDS = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2})")


def listed(value: Any) -> list[Any]:
    """A list without its blanks; an object or a text that stands alone counts as a list of one."""
    values = value if isinstance(value, list) else () if value is None else (value,)
    return [item for item in values if (isinstance(item, dict) and item) or text(item)]


def entries(payload: Object, key: str) -> Iterator[Object]:
    """The objects of a list, or the one object that stands in its place."""
    return (item for item in listed(payload.get(key)) if isinstance(item, dict))


def first(entry: Object, *keys: str) -> str | None:
    """The first of these keys that has a text."""
    for key in keys:  # a loop, for this runs twenty times a record
        if found := text(entry.get(key)):
            return found
    return None


def worded_seconds(value: Any, field: str) -> int | None:
    """Seconds that the vendor types as text: "12", "12 sec", "0:12" or "N.A.". Raises RecordError."""
    written = text(value) or ""
    if not written or written.isdecimal():
        return seconds(value, field)
    if found := _WORDED_SECONDS.fullmatch(written):
        return seconds(found[1], field)
    if found := _CLOCK_SECONDS.fullmatch(written):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
    return seconds(value, field)


def strings(value: Any) -> Iterator[str]:
    """Every text within a value of any shape, in its order; without recursion, for the shape is the sender's choice."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, str) and item.strip():
            yield item.strip()
