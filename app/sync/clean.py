"""Makes a payload storable: what no JSON text or database can hold becomes the replacement character."""

import json
import math
from typing import Any

import msgspec

_REPLACEMENT = "\ufffd"
_STRICT = json.JSONEncoder(allow_nan=False)


def cleaned(payload: Any) -> Any:
    """The payload itself, or a copy without NUL characters, lone surrogates and numbers that are not finite."""
    try:
        text = msgspec.json.encode(payload)
        if b"null" in text and msgspec.json.decode(text) != payload:  # so an infinite number is written, too
            _STRICT.encode(payload)
        if b"\\u0000" not in text:
            return payload
    except (ValueError, msgspec.MsgspecError, OverflowError, TypeError, RecursionError):
        pass
    return _clean(payload)


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
