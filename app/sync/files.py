"""Cuts files into payloads, streaming: JSON bodies of any size, JSON lines, or a vendor's own text format."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

import ijson
import msgspec

from app.domain.errors import FileError
from app.providers.contract import ProviderSpec

_PEEK = 65_536
_DEEPEST = 200
_BOM = b"\xef\xbb\xbf"
_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A piece of a file that is no record: rejected by itself, while the rest of the file goes on."""

    text: str
    reason: str


def payloads(file: BinaryIO, spec: ProviderSpec, name: str) -> Iterator[Any]:
    """The payloads of a file, in its order. Raises FileError where the rest of the file cannot be read."""
    stream = io.BufferedReader(file, buffer_size=_PEEK) if isinstance(file, io.RawIOBase) else file
    head = stream.read(_PEEK)
    if not head.strip(_BOM + b" \t\r\n\x00"):
        raise FileError(f"{name} is empty.")
    whole = _Joined(head.removeprefix(_BOM), stream)
    if spec.lines is not None:
        yield from _text(whole, spec, name)
    elif _is_json_lines(head):
        yield from _json_lines(whole, spec)
    else:
        yield from _json_body(whole, head.removeprefix(_BOM), spec, name)


class _Joined(io.RawIOBase):
    """The head that was peeked at, then the rest, as one stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _text(stream: _Joined, spec: ProviderSpec, name: str) -> Iterator[Any]:
    assert spec.lines is not None
    text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", errors="replace", newline="")
    found = False
    for item in spec.lines(text):
        found = True
        yield item if isinstance(item, dict) else Unreadable(str(item), f"it is not a record of {spec.title}")
    if not found:
        raise FileError(f"{name} holds no record of {spec.title}.")


def _is_json_lines(head: bytes) -> bool:
    """Whether some line is a whole JSON value and another one begins in the next: no body is written like that.

    Not the first line alone is looked at, for that may be the broken one.
    """
    lines = [line.strip() for line in head.removeprefix(_BOM).splitlines() if line.strip()]
    opening = (b"{", b"[")
    return any(
        line.startswith(opening) and after.startswith(opening) and _is_json(line) for line, after in pairwise(lines)
    )


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except _NOT_JSON:
        return False
    return True


def _json_lines(stream: _Joined, spec: ProviderSpec) -> Iterator[Any]:
    for line in io.BufferedReader(stream):
        if not line.strip():
            continue
        try:
            body = msgspec.json.decode(line)
        except _NOT_JSON as error:
            yield Unreadable(line.decode(errors="replace").rstrip("\r\n"), f"it is not JSON: {error}")
            continue
        yield from spec.items(body)


def _json_body(stream: _Joined, head: bytes, spec: ProviderSpec, name: str) -> Iterator[Any]:
    prefix, envelope = _shape(head, spec)
    enveloped = bool(envelope)
    events = ijson.parse(_events(io.BufferedReader(stream)))
    try:
        for element in ijson.items(_watched(events, spec, envelope) if enveloped else events, prefix):
            if enveloped and len(envelope) < len(spec.envelope_paths):
                said = ", ".join(spec.envelope_paths)
                raise FileError(f"{name} holds a body that says {said} only after its records. Import it by itself.")
            if enveloped and isinstance(element, dict):
                element = envelope | element
            yield from spec.items(element)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        raise FileError(
            f"{name} is not valid JSON from some point on: {_short(error)}. What came before it is kept."
        ) from error


def _events(stream: Any) -> Iterator[tuple[str, Any]]:
    """The events of a JSON text, refused where it nests deeper than any record: its paths would fill the memory."""
    depth = 0
    for event in ijson.basic_parse(stream, use_float=True, multiple_values=True):
        if event[0].startswith("start"):
            depth += 1
            if depth > _DEEPEST:
                raise ijson.JSONError(f"it is nested more than {_DEEPEST} deep")
        elif event[0].startswith("end"):
            depth -= 1
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
    except (ijson.JSONError, UnicodeDecodeError):
        pass  # the head may end anywhere; reading the whole body will say where it is broken
    return "", envelope


def _short(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return " ".join((said.decode(errors="replace") if isinstance(said, bytes) else str(error)).split())[:200]
