"""Reads the paths of the field tables out of domain records: what the graph is to show, before there is a graph."""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any

from app.domain.calls import CallRecord
from app.domain.labels import LabelKind
from app.domain.numbers import PhoneNumber
from app.domain.times import rfc3339, to_ms

# Fields of Call that name its first label of a kind.
_LABEL_NAMES = {
    "queue_name": LabelKind.QUEUE,
    "department_name": LabelKind.DEPARTMENT,
    "ivr_name": LabelKind.IVR,
    "campaign_name": LabelKind.CAMPAIGN,
    "broadcast_name": LabelKind.BROADCAST,
    "trunk_name": LabelKind.TRUNK,
}


def shown(call: CallRecord, path: str) -> list[Any]:
    """The values at a path such as `Call.legs[QUEUE].name`, as JSON shows them; just the first where it says no kind."""
    start, *names = path.split(".")
    assert start == "Call", path
    found: Iterator[Any] = iter([call])
    for name in names:
        found = _step(found, *name.rstrip("]").split("["))
    values = [_json(value) for value in found if value is not None]
    return values if "[" in path else values[:1]


def _step(values: Iterator[Any], name: str, kind: str | None = None) -> Iterator[Any]:
    for value in values:
        found = _field(value, re.sub(r"[A-Z]", lambda capital: "_" + capital[0].lower(), name))
        items = found if isinstance(found, tuple) else () if found is None else (found,)
        yield from (item for item in items if kind is None or item.kind.value == kind)


def _field(value: Any, name: str) -> Any:
    if isinstance(value, CallRecord) and name in _LABEL_NAMES:
        kind = _LABEL_NAMES[name]
        return next((one.name or one.id for one in value.details.labels if one.kind is kind), None)
    if isinstance(value, CallRecord) and not hasattr(value, name):
        value = value.details
    return getattr(value, name)


def _json(value: Any) -> Any:
    if isinstance(value, PhoneNumber):
        return value.e164 or value.digits
    if isinstance(value, datetime):
        return rfc3339(to_ms(value))
    return value.value if isinstance(value, Enum) else value


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The paths of all single values within a JSON value, `a.b[].c`; an empty list or object counts as a value."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(item, f"{path}[]")
    else:
        yield path
