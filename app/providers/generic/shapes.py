"""Reads the domain's records from JSON, strictly: an object's keys are the fields' names, and what is wrong is told by its place."""

import math
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from app.domain import numbers
from app.domain.errors import RecordError
from app.domain.numbers import NumberKind, PhoneNumber

# A value, what to call its place, and the dialling region of national numbers, to the domain's value.
Read = Callable[[Any, str, str | None], Any]
_LARGEST = 2**31 - 1  # the graph's Int
_E164 = frozenset("+0123456789")


@cache
def reader_of(kind: Any) -> Read:
    """What reads values of a type of the domain."""
    arguments = get_args(kind)
    if NoneType in arguments:
        (inner,) = (reader_of(one) for one in arguments if one is not NoneType)
        return lambda value, place, region: None if value is None else inner(value, place, region)
    if get_origin(kind) is tuple:
        item = reader_of(arguments[0])
        return lambda value, place, region: _list(item, value, place, region)
    if kind is PhoneNumber:
        return _number
    if is_dataclass(kind):
        return _object(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value, place, region: _word(kind, value, place)
    return _PLAIN[get_origin(kind) or kind]


def _object(kind: Any) -> Read:
    hints = get_type_hints(kind)
    parts = [
        (field.name, _seconds if field.name.endswith("_seconds") else reader_of(hints[field.name]))
        for field in fields(kind)
    ]
    needed = [field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING]

    def read(value: Any, place: str, region: str | None) -> Any:
        _expect(isinstance(value, dict), place, "an object")
        for name in needed:
            if value.get(name) in (None, ""):
                raise RecordError(f"{place}.{name} is missing")
        said = {
            name: part(value[name], f"{place}.{name}", region)
            for name, part in parts
            if name in value and (value[name] is not None or name in needed)
        }
        return kind(**said)

    return read


def _list(item: Read, value: Any, place: str, region: str | None) -> tuple[Any, ...]:
    _expect(isinstance(value, list), place, "a list")
    return tuple(item(one, f"{place}[{at}]", region) for at, one in enumerate(value))


def _word(kind: type[Enum], value: Any, place: str) -> Enum:
    try:
        return kind(value)
    except ValueError as error:
        known = ", ".join(str(one.value) for one in kind)
        raise RecordError(f"{place} is {_shown(value)}; it is one of {known}") from error


def _number(value: Any, place: str, region: str | None) -> PhoneNumber | None:
    """A number as text, which is read as any vendor's, or as an object that says more of it than `raw`."""
    if isinstance(value, str):
        return numbers.parse(value, region)
    _expect(isinstance(value, dict) and isinstance(value.get("raw"), str), place, "a number, or an object with its raw")
    found = numbers.parse(value["raw"], region) or PhoneNumber(value["raw"], None, "", NumberKind.WITHHELD)
    e164, digits = value.get("e164", found.e164), value.get("digits", found.digits)
    if e164 is not None:
        is_one = isinstance(e164, str) and e164[:1] == "+" and _E164.issuperset(e164) and 6 <= len(e164) <= 17
        _expect(is_one, f"{place}.e164", "a number such as +9779810000078")
    _expect(isinstance(digits, str) and (not digits or digits.isdecimal()), f"{place}.digits", "digits")
    kind = _word(NumberKind, value.get("kind", found.kind.value), f"{place}.kind")
    return PhoneNumber(value["raw"], e164, digits, kind)  # type: ignore[arg-type]  # the enum that was asked for


def _instant(value: Any, place: str, _: str | None) -> datetime:
    try:
        found = datetime.fromisoformat(value)
        found.timestamp()
    except (TypeError, ValueError, OverflowError) as error:
        raise RecordError(f"{place} is {_shown(value)}; write it as 2024-05-20T13:45:00+05:45") from error
    if found.tzinfo is None:
        raise RecordError(f"{place} is {value!r} without its zone; write it as 2024-05-20T13:45:00+05:45")
    return found


def _text(value: Any, place: str, _: str | None) -> str:
    _expect(isinstance(value, str), place, "a text")
    return str(value)


def _whole(value: Any, place: str, _: str | None) -> int:
    _expect(type(value) is int and abs(value) <= _LARGEST, place, "a whole number of 32 bits")
    return int(value)


def _seconds(value: Any, place: str, region: str | None) -> int:
    _expect(type(value) is int and 0 <= value <= _LARGEST, place, "a whole number of seconds, not negative")
    return int(value)


def _real(value: Any, place: str, _: str | None) -> float:
    _expect(type(value) in (int, float) and math.isfinite(value), place, "a number")
    return float(value)


def _boolean(value: Any, place: str, _: str | None) -> bool:
    _expect(isinstance(value, bool), place, "true or false")
    return bool(value)


def _any_object(value: Any, place: str, _: str | None) -> Any:
    _expect(isinstance(value, dict), place, "an object")
    return value


_PLAIN: dict[Any, Read] = {
    str: _text,
    int: _whole,
    float: _real,
    bool: _boolean,
    datetime: _instant,
    dict: _any_object,
    Any: lambda value, place, region: value,
}


def _expect(holds: bool, place: str, wanted: str) -> None:
    if not holds:
        raise RecordError(f"{place} is not {wanted}")


def _shown(value: Any) -> str:
    return repr(value)[:60]
