"""A file as one stream of valid UTF-8, though its beginning was read already and some bytes of it are no text."""

import codecs
import io
from typing import Any, BinaryIO

PEEK = 65_536
BOM = b"\xef\xbb\xbf"


def peeked(file: BinaryIO) -> tuple[bytes, io.BufferedReader]:
    """The beginning of a file, and all of it as a stream. A bad byte is the replacement character in both."""
    stream = io.BufferedReader(file, buffer_size=PEEK) if isinstance(file, io.RawIOBase) else file
    head = stream.read(PEEK).removeprefix(BOM)
    return head.decode(errors="replace").encode(), io.BufferedReader(_Text(head, stream))


class _Text(io.RawIOBase):
    """The head, then the rest, decoded and encoded again: a character may lie across two pieces."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        ended = False
        while not self._ready and not ended:
            piece, self._head = self._head or self._rest.read(PEEK), b""
            ended = not piece
            self._ready = self._decoder.decode(piece, final=ended).encode()
        given, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)
