"""Headers: those that every answer carries, which say what a browser must not do with it; and how to find one."""

from collections.abc import Iterable, MutableMapping
from typing import Any

Header = tuple[bytes, bytes]

# A page sets a policy of its own; everything else is no page, and may load and be framed by nothing.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ALL = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]
# Where a request's scope keeps its headers by their names, once somebody has asked.
_BY_NAME = "switchboard.headers"
_NAMES = frozenset(name for name, _ in ALL)


def header(scope: MutableMapping[str, Any], name: bytes) -> str:
    """The first header of a name, in small letters, of a request as ASGI has it; an empty text for none."""
    if _BY_NAME not in scope:
        scope[_BY_NAME] = dict(reversed(scope["headers"]))  # which leaves the first of each name
    value: bytes | None = scope[_BY_NAME].get(name)
    return value.decode("latin-1") if value else ""


def secured(headers: Iterable[Header], *more: Header) -> list[Header]:
    """An answer's headers, with those of all answers and some more that it does not set by itself."""
    found = list(headers)
    given = {name for name, _ in found}
    if given.isdisjoint(_NAMES) and given.isdisjoint([name for name, _ in more]):  # nearly always
        return [*found, *ALL, *more]
    return found + [header for header in (*ALL, *more) if header[0] not in given]
