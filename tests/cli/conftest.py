"""What tests of the command line share: the program, in a folder of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import rows
from tests.cli.program import Program, installed


@pytest.fixture
def switchboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> Iterator[Program]:
    """`switchboard` in an empty folder with a migrated store, and no setting set."""
    for name, _, _ in rows():
        monkeypatch.delenv(name, raising=False)
    shutil.copy(sqlite_template, tmp_path / "switchboard.sqlite")
    with installed(tmp_path, monkeypatch) as program:
        yield program
