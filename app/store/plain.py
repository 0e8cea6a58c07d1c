"""Domain values as the plain JSON of a `details` column: nothing that is missing or empty, instants as milliseconds."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from app.domain.times import to_ms


@lru_cache(maxsize=256)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def plain(value: Any) -> Any:
    """The JSON form of a domain value; of a dataclass, an object of its fields that say something."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return to_ms(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        found = ((name, getattr(value, name)) for name in _names(type(value)))
        return {name: plain(item) for name, item in found if item is not None and item != () and item != {}}
    raise TypeError(f"{type(value).__name__} has no place in a details column")
