"""Cuts files into payloads, streaming: JSON bodies of any size, JSON lines, or a vendor's own text format."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, BinaryIO

import ijson

from app.domain.errors import FileError
from app.providers.answers import error_said
from app.providers.contract import ProviderSpec, Unreadable
from app.providers.decoded import NOT_JSON, decoded, number
from app.sync.streams import peeked

__all__ = ["Recordless", "Unreadable", "payloads"]

_DEEPEST = 200
# The last two: an integer of thousands of digits, which Python will not convert.
_BROKEN = (ijson.JSONError, UnicodeDecodeError, RecursionError, SystemError, ValueError)


@dataclass(frozen=True, slots=True)
class Recordless(Unreadable):
    """A body that has no record: the vendor's error, or statistics, saved where records were expected."""


def payloads(file: BinaryIO, spec: ProviderSpec, name: str) -> Iterator[Any]:
    """The payloads of a file, in its order. Raises FileError where the rest of the file cannot be read."""
    head, stream = peeked(file)
    if not head.strip(b" \t\r\n\x00"):
        raise FileError(f"{name} is empty.")
    if spec.lines is not None and not head.lstrip().startswith((b"{", b"[")):
        yield from _text(stream, spec, name)
    elif _is_json_lines(head):
        yield from _json_lines(stream, spec)
    else:
        yield from _json_body(stream, head, spec, name)


def _text(stream: io.BufferedReader, spec: ProviderSpec, name: str) -> Iterator[Any]:
    assert spec.lines is not None
    found = False
    for item in spec.lines(io.TextIOWrapper(stream, encoding="utf-8", newline="")):
        found = True
        yield item
    if not found:
        raise FileError(f"{name} holds no record of {spec.title}.")


def _is_json_lines(head: bytes) -> bool:
    """Whether some line is a whole JSON value and another one begins in the next: no body is written like that.

    Not the first line alone is looked at, for that may be the broken one.
    """
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    opening = (b"{", b"[")
    return any(
        line.startswith(opening) and after.startswith(opening) and _is_json(line) for line, after in pairwise(lines)
    )


def _is_json(line: bytes) -> bool:
    try:
        decoded(line)
    except NOT_JSON:
        return False
    return True


def _json_lines(stream: io.BufferedReader, spec: ProviderSpec) -> Iterator[Any]:
    for line in stream:
        if not line.strip():
            continue
        try:
            body = decoded(line)
        except NOT_JSON as error:
            yield Unreadable(line.decode(errors="replace").rstrip("\r\n"), f"it is not JSON: {error}")
            continue
        yield from _of_body(body, spec)


def _of_body(body: Any, spec: ProviderSpec) -> Iterator[Any]:
    """The payloads of a whole body; what it is where it has none though it is not plainly empty."""
    if said := error_said(body):
        reason = f"the body is an error answer of {spec.title}: {said[:300].rstrip('.')}."
        yield Recordless(json.dumps(body, ensure_ascii=False), reason)
        return
    found = False
    for item in spec.items(body):
        found = True
        yield item
    if not found and not _is_empty(body):
        yield Recordless(json.dumps(body, ensure_ascii=False), f"the body holds no record of {spec.title}.")


def _is_empty(body: Any) -> bool:
    """Whether a body says that there is nothing: by an empty list, object or null, at most a level within."""
    values = list(body.values()) if isinstance(body, dict) else []
    values += [inner for value in values if isinstance(value, dict) for inner in value.values()]
    return not body or any(value in (None, [], {}) for value in values)


def _json_body(stream: io.BufferedReader, head: bytes, spec: ProviderSpec, name: str) -> Iterator[Any]:
    prefix, envelope = _shape(head, spec)
    enveloped, kept = bool(envelope), f"Check that the file is whole and {spec.title}'s."
    events = ijson.parse(_events(stream))
    try:
        for element in ijson.items(_watched(events, spec, envelope) if enveloped else events, prefix):
            if enveloped and len(envelope) < len(spec.envelope_paths):
                said = ", ".join(spec.envelope_paths)
                raise FileError(f"{name} holds a body that says {said} only after its records. Import it by itself.")
            if enveloped and isinstance(element, dict):
                element = envelope | element
            yield from spec.items(element) if prefix else _of_body(element, spec)
            kept = "What came before it is kept."
    except _BROKEN as error:
        raise FileError(f"{name} is not valid JSON from some point on: {_short(error)}. {kept}") from error


def _events(stream: Any) -> Iterator[tuple[str, Any]]:
    """The events of a JSON text, refused where it nests deeper than any record: its paths would fill the memory.

    ijson's own floats stop at the first number that is too large for one, so that it is asked for decimals.
    """
    depth = 0
    for event in ijson.basic_parse(stream, use_float=False, multiple_values=True):
        if event[0].startswith("start"):
            depth += 1
            if depth > _DEEPEST:
                raise ijson.JSONError(f"it is nested more than {_DEEPEST} deep")
        elif event[0].startswith("end"):
            depth -= 1
        elif type(event[1]) is Decimal:
            event = event[0], number(event[1])
        yield event


def _watched(
    events: Iterator[tuple[str, str, Any]], spec: ProviderSpec, envelope: dict[str, Any]
) -> Iterator[tuple[str, str, Any]]:
    """The events, while `envelope` keeps what the body says that is being read: there may be several in a file."""
    for prefix, event, value in events:
        if prefix == "" and event == "start_map":
            envelope.clear()
        elif prefix in spec.envelope_paths and event in ("string", "number"):
            envelope[prefix] = value
        yield prefix, event, value


def _shape(head: bytes, spec: ProviderSpec) -> tuple[str, dict[str, Any]]:
    """Where the records stand in a body, and the scalars before them that they need. Found out on its beginning.

    A body that says those scalars only after its records is no stream: it is read as one value.
    """
    wanted = {path.removesuffix(".item"): path for path in spec.item_paths if path.endswith("item")}
    wanted = {("" if path == "item" else key): path for key, path in wanted.items()}
    envelope: dict[str, Any] = {}
    try:
        for prefix, event, value in ijson.parse(_events(io.BytesIO(head))):
            if event == "start_array" and prefix in wanted:
                streamed = prefix == "" or len(envelope) == len(spec.envelope_paths)
                return (wanted[prefix], envelope) if streamed else ("", {})
            if prefix in spec.envelope_paths and event in ("string", "number"):
                envelope[prefix] = value
    except _BROKEN:
        pass  # the head may end anywhere; reading the whole body will say where it is broken
    return "", envelope


def _short(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return " ".join((said.decode(errors="replace") if isinstance(said, bytes) else str(error)).split())[:200]
