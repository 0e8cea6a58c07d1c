"""Decodes a JSON text whatever numbers are in it: one that no machine holds stays a text, so that its record is told."""

import json
from decimal import Decimal
from math import isfinite
from typing import Any

import msgspec

NOT_JSON = (ValueError, RecursionError)  # msgspec's, json's and Unicode's errors are ValueErrors
_LONGEST_INTEGER = 18  # digits that any reader of JSON takes for a number; more stay text


def decoded(text: bytes) -> Any:
    """The value of a JSON text, a number that no machine holds as its text. Raises one of NOT_JSON."""
    try:
        return msgspec.json.decode(text)
    except msgspec.ValidationError:  # it is JSON, but a number in it is out of range
        return json.loads(text, parse_int=_integer, parse_float=lambda digits: number(Decimal(digits)))


def number(value: Decimal) -> float | str:
    """The number, or its text where it is too large for one."""
    found = float(value)
    return found if isfinite(found) else str(value)


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits
