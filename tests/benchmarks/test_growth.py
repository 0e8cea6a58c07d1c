"""The growth of answers is measured of what the server answers, put into a table and drawn."""

import asyncio
from pathlib import Path

import pytest

from tests.benchmarks import stores, tables
from tests.benchmarks.company import Company
from tests.benchmarks.growth import BEGIN_TABLE, QUESTIONS, main, measured


def test_every_question_is_measured(tmp_path: Path) -> None:
    with stores.sqlite_store(tmp_path, Company(500)) as address:
        found = asyncio.run(measured(address, 1))
    assert found.keys() == {asked.name for asked in QUESTIONS}
    assert all(milliseconds > 0 for milliseconds in found.values())


def test_table_and_picture_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    text, picture = tmp_path / "README.md", tmp_path / "growth.png"
    text.write_text(f"before\n{BEGIN_TABLE}\n{tables.END}\nafter\n")
    main(
        [
            *["--sizes", "200", "400", "--stores", "sqlite", "--times", "1"],
            f"--cache={tmp_path}",
            f"--plot={picture}",
            f"--into={text}",
        ]
    )
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "| 180 days by day |" in text.read_text()
    assert "SQLite, 400" in capsys.readouterr().out
