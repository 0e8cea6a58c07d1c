"""Cuts files into payloads, streaming: JSON bodies of any size, JSON lines, or a vendor's own text format."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import ijson
import msgspec

from app.domain.errors import FileError
from app.providers.contract import ProviderSpec

_PEEK = 65_536
_BOM = b"\xef\xbb\xbf"


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
    """Whether the first line is a whole JSON value and another one begins after it."""
    first, _, rest = head.removeprefix(_BOM).lstrip().partition(b"\n")
    if rest.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        msgspec.json.decode(first)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _json_lines(stream: _Joined, spec: ProviderSpec) -> Iterator[Any]:
    for line in io.BufferedReader(stream):
        if not line.strip():
            continue
        try:
            body = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError) as error:
            yield Unreadable(line.decode(errors="replace").rstrip("\r\n"), f"it is not JSON: {error}")
            continue
        yield from spec.items(body)


def _json_body(stream: _Joined, head: bytes, spec: ProviderSpec, name: str) -> Iterator[Any]:
    prefix, envelope = _shape(head, spec)
    try:
        for element in ijson.items(io.BufferedReader(stream), prefix, use_float=True, multiple_values=True):
            if envelope and isinstance(element, dict):
                element = envelope | element
            yield from spec.items(element)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        raise FileError(
            f"{name} is not valid JSON from some point on: {_short(error)}. What came before it is kept."
        ) from error


def _shape(head: bytes, spec: ProviderSpec) -> tuple[str, dict[str, Any]]:
    """Where the records stand in a body, and the scalars before them that they need. Found out on its beginning."""
    wanted = {path.removesuffix(".item"): path for path in spec.item_paths if path.endswith("item")}
    wanted = {("" if path == "item" else key): path for key, path in wanted.items()}
    envelope: dict[str, Any] = {}
    try:
        for prefix, event, value in ijson.parse(io.BytesIO(head), use_float=True):
            if event == "start_array" and prefix in wanted:
                return wanted[prefix], envelope
            if prefix in spec.envelope_paths and event in ("string", "number"):
                envelope[prefix] = value
    except (ijson.JSONError, UnicodeDecodeError):
        pass  # the head may end anywhere; reading the whole body will say where it is broken
    return "", envelope


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
