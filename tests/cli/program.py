"""The program as its users run it: arguments and standard input in; an exit code and two streams out."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli import main, server


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


@dataclass
class Program:
    """`switchboard` in an empty folder, with a store of its own and no setting but those of `environment`."""

    folder: Path
    patch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Ended:
        """Runs a command to its end."""
        streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (stdin, b"", b"")]
        with self.patch.context() as patch:
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            patch.setattr(sys, "argv", ["switchboard", *arguments])
            code = _exit_code()
        return Ended(code, *(_written(stream) for stream in streams[1:]))

    def file(self, name: str, content: str | bytes) -> str:
        """Writes a file into the folder; its name."""
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    def setting(self, name: str, text: str) -> None:
        """Sets a setting for the runs to come."""
        self.patch.setenv(f"SWITCHBOARD_{name}", text)


def _exit_code() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _written(stream: Any) -> str:
    stream.flush()
    return str(stream.buffer.getvalue().decode())


@contextmanager
def installed(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The program in a folder; how it tunes its process is left out, since the tests share theirs."""
    patch.chdir(folder)
    patch.setattr(sys.modules["app.cli.main"], "_collect_seldom", lambda: None)
    patch.setattr(server, "configure", lambda _: None)
    patch.setenv("COLUMNS", "200")
    patch.setenv("TERMINAL_WIDTH", "200")
    patch.setenv("NO_COLOR", "1")
    yield Program(folder, patch)
