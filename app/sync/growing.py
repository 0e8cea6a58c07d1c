"""Reads files that grow and are rotated: only whole lines, each once, wherever the file has been moved meanwhile."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import InputError

# Some 300 lines: fewer than are saved at once, so that each transaction has the position of what it saves.
PIECE = 65_536
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole lines of a file."""

    lines: list[str]
    # Where in the file the next ones begin.
    end: int


@dataclass(frozen=True, slots=True)
class Growing:
    """A file as it was when it was looked at."""

    path: Path
    # What it is known by, whatever its name: a digest of its first line that tells something.
    beginning: str
    size: int


def files_at(place: str) -> list[Growing]:
    """The files of a directory, or a file and what it was rotated to, oldest first. Raises InputError where nothing is there.

    One of which not even a line is there yet, and packed ones, are left out: those were read before they were packed.
    """
    path = Path(place)
    if not path.exists() and not path.parent.is_dir():
        raise InputError(f"There is nothing at {place}.")
    try:
        if path.is_dir():
            found = [one for one in path.iterdir() if ".csv" in one.name]
        else:
            found = [one for one in path.parent.iterdir() if one.name.startswith(path.name)]
        read = [one for one in found if one.is_file() and not one.name.endswith(_PACKED)]
        known = [one for one in map(_looked_at, sorted(read, key=lambda one: one.stat().st_mtime)) if one]
    except OSError as error:
        raise InputError(f"{error.filename or place} cannot be read: {error.strerror}.") from error
    return list({one.beginning: one for one in sorted(known, key=lambda one: one.size)}.values())


def _looked_at(path: Path) -> Growing | None:
    with suppress(FileNotFoundError), path.open("rb") as file:
        if beginning := _beginning(file):
            return Growing(path, beginning, path.stat().st_size)
    return None


def _beginning(file: BinaryIO) -> str | None:
    """A header is the same in every file, so that the first line with a digit counts: it has a time, or an id."""
    whole, _, _ = file.read(_HEAD).rpartition(b"\n")
    for line in whole.split(b"\n"):
        if any(48 <= byte < 58 for byte in line):
            return hashlib.blake2b(line.strip(), digest_size=16).hexdigest()
    return None


def pieces(file: Growing, position: int) -> Iterator[Piece]:
    """What a file has from a position on, as far as it was when it was looked at.

    Nothing where another file has taken its name since. A last line that is still being written is left for the next time.
    """
    with suppress(FileNotFoundError), file.path.open("rb") as opened:
        if _beginning(opened) != file.beginning:
            return
        while position < file.size:
            opened.seek(position)
            read = opened.read(min(PIECE, file.size - position))
            whole = read[: read.rfind(b"\n") + 1]
            if not whole and len(read) == PIECE:  # no line is that long: it is one that cannot be read
                whole = read
            if not whole:
                return
            position += len(whole)
            yield Piece(whole.decode("utf-8", "replace").split("\n"), position)
