"""Domain values as the plain JSON of a `details` column: nothing that is missing or empty, instants as milliseconds."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any

from app.domain.times import to_ms

_AS_IT_IS = frozenset({str, int, float, bool, type(None), dict})


def plain(value: Any) -> Any:
    """The JSON form of a domain value; of a dataclass, an object of its fields that say something."""
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    write = _WRITERS.get(kind) or _WRITERS.setdefault(kind, _writer(kind))
    return write(value)


def _writer(kind: type) -> Callable[[Any], Any]:
    """How values of a type are written; worked out once a type, because every call has dozens of values."""
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, datetime):
        return to_ms
    if issubclass(kind, tuple | list):
        return lambda value: [plain(item) for item in value]
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no place in a details column")
    names = tuple(field.name for field in fields(kind))
    items_of = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)

    def write(value: Any) -> dict[str, Any]:
        found = {}
        for name, item in zip(names, items_of(value), strict=True):
            if item is not None and (item or type(item) not in _MAY_BE_EMPTY):
                found[name] = item if type(item) in _AS_IT_IS else plain(item)
        return found

    return write


_MAY_BE_EMPTY = frozenset({tuple, list, dict})
_WRITERS: dict[type, Callable[[Any], Any]] = {}
