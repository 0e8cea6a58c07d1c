"""Domain values as the plain JSON of a `details` column: nothing that is missing or empty, instants as milliseconds."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from app.domain.times import to_ms

_AS_IT_IS = frozenset({str, int, float, bool, type(None), dict})
_MAY_BE_EMPTY = frozenset({tuple, list, dict})
_WRITERS: dict[type, Callable[[Any], Any]] = {}


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
    return writer_of(tuple(field.name for field in fields(kind)))


def writer_of(names: tuple[str, ...]) -> Callable[[Any], dict[str, Any]]:
    """Makes an object of those of these attributes that say something.

    Its text names each field: most say nothing, and a test of an attribute takes a tenth of a turn of a loop.
    """
    tests = "".join(
        f"""
    item = value.{name}
    if item is not None and (item or type(item) not in may_be_empty):
        found["{name}"] = item if type(item) in as_it_is else plain(item)"""
        for name in names
    )
    text = f"def write(value):\n    found = {{}}{tests}\n    return found"
    made: dict[str, Any] = {"plain": plain, "as_it_is": _AS_IT_IS, "may_be_empty": _MAY_BE_EMPTY}
    exec(compile(text, "<plain>", "exec"), made)  # noqa: S102  # of fields' names alone
    write: Callable[[Any], dict[str, Any]] = made["write"]
    return write
