"""Headers: those that every answer carries, which say what a browser must not do with it; and how to find one."""

from collections.abc import Iterable

Header = tuple[bytes, bytes]

# A page sets a policy of its own; everything else is no page, and may load and be framed by nothing.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ALL = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]
_NAMES = frozenset(name for name, _ in _ALL)


def header(headers: Iterable[Header], name: bytes) -> str:
    """The first header of a name, in small letters, of a request as ASGI has them; an empty text for none."""
    for one, value in headers:
        if one == name:
            return value.decode("latin-1")
    return ""


def secured(headers: Iterable[Header], *more: Header) -> list[Header]:
    """An answer's headers, with those of all answers and some more that it does not set by itself."""
    found = list(headers)
    given = {name for name, _ in found}
    if given.isdisjoint(_NAMES) and given.isdisjoint([name for name, _ in more]):  # nearly always
        return [*found, *_ALL, *more]
    return found + [header for header in (*_ALL, *more) if header[0] not in given]
