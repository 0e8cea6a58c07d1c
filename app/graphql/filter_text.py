"""A filter as the graph's input has it, so that whoever was answered with one can ask with it."""

import dataclasses
from datetime import datetime, time
from enum import Enum
from typing import Any, get_args
from zoneinfo import ZoneInfo

from app.domain.filters import END_OF_DAY
from app.domain.scope import Scope
from app.domain.times import rfc3339, to_ms
from app.graphql import ids, mirror
from app.graphql.filters import ID_TYPES


def as_input(scope: Scope, given: Any) -> dict[str, Any]:
    """The JSON of a filter: what it says, by the names of the graph."""
    kind: type = type(given)
    return {
        member.graph_name: _plain(scope, member.annotation, value)
        for member in mirror.members(kind)
        if (value := getattr(given, member.name)) is not None
    }


def _plain(scope: Scope, annotation: Any, value: Any) -> Any:
    if isinstance(value, tuple):
        element = mirror.element(annotation)
        return [_plain(scope, element, item) for item in value]
    inner = [part for part in get_args(annotation) if part is not type(None)]
    wanted = inner[0] if inner else annotation
    if wanted in ID_TYPES:
        return ids.encode(ID_TYPES[wanted], scope, value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return rfc3339(to_ms(value))
    if isinstance(value, time):
        return "24:00" if value == END_OF_DAY else value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    return as_input(scope, value) if dataclasses.is_dataclass(value) else value
