"""Makes a payload storable: what no JSON text or database can hold becomes the replacement character."""

import json
import math
import re
from typing import Any

import msgspec

_REPLACEMENT = "\ufffd"
_written, _packed = msgspec.json.Encoder().encode, msgspec.msgpack.Encoder().encode
_STRICT = json.JSONEncoder(allow_nan=False)
# How MessagePack begins a number that is not finite; no text has these bytes. JSON has no such number: `null` is written.
_NOT_FINITE = re.compile(rb"\xcb[\x7f\xff][\xf0-\xff]")


def cleaned(payload: Any) -> Any:
    """The payload itself, or a copy without NUL characters, lone surrogates and numbers that are not finite."""
    return clean_json(payload)[0]


def clean_json(payload: Any) -> tuple[Any, bytes | None]:
    """The same, and its JSON where it is at hand, as it is for what was clean."""
    try:
        text = _written(payload)
        if _NOT_FINITE.search(_packed(payload)):
            _STRICT.encode(payload)
        if b"\\u0000" not in text:
            return payload, text
    except (ValueError, msgspec.MsgspecError, OverflowError, TypeError, RecursionError):
        pass
    return _clean(payload), None


def _clean(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return value.replace("\0", _REPLACEMENT).encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return str(value)
    if depth > 100:  # deeper than any record, and than any encoder's patience
        return _REPLACEMENT
    if isinstance(value, dict):
        return {_clean(str(key)): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, depth + 1) for item in value]
    return value
