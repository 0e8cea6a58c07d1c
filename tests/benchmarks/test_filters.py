"""A page of every field of a call's filter is measured, and the slowest are put into a table."""

import asyncio
import re
from pathlib import Path

import pytest

from app.graphql.schema import schema
from tests.benchmarks import stores, tables
from tests.benchmarks.company import Company
from tests.benchmarks.filters import BEGIN_TABLE, FILTERS, main, measured, shortened


def test_every_field_that_calls_are_filtered_by_is_measured() -> None:
    fields = schema()._schema.type_map["CallFilter"].fields  # type: ignore[attr-defined]
    assert {re.split(r"\W", one)[0] for one in FILTERS} == fields.keys()


def test_page_of_every_filter_is_answered(tmp_path: Path) -> None:
    with stores.sqlite_store(tmp_path, Company(500)) as address:
        found = asyncio.run(measured(address, 1))
    assert found.keys() == {*FILTERS}
    assert all(milliseconds > 0 for milliseconds in found.values())


def test_table_of_the_slowest_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "README.md"
    text.write_text(f"before\n{BEGIN_TABLE}\n{tables.END}\nafter\n")
    main(["--size", "200", "--stores", "sqlite", "--times", "1", f"--cache={tmp_path}", f"--into={text}"])
    told = capsys.readouterr().out
    assert all(f"`{shortened(one)}`" in told for one in FILTERS)
    assert "| milliseconds | SQLite |" in text.read_text()
    assert text.read_text().endswith("after\n")
