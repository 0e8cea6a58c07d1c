"""The demo's company is made by several processes at once, all of it, and once."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from app.cli.demo import fill, prepared
from app.demo import Size
from app.settings import Settings

NOW = datetime(2026, 3, 18, 21, 17, 5, tzinfo=UTC)
SMALL = Size(agents=9, contacts=90, calls=900, days=21)


def test_processes_that_fill_one_store_lose_and_double_nothing(tmp_path: Path) -> None:
    settings = Settings(database=f"sqlite:///{tmp_path / 'demo.sqlite'}", workspace="demo")
    assert not asyncio.run(prepared(settings, NOW))
    counts = fill(settings, NOW, SMALL)
    assert (counts.read, counts.new, counts.rejected) == (900, 900, 0)
    again = fill(settings, NOW, SMALL)
    assert (again.read, again.new, again.updated, again.unchanged) == (900, 0, 0, 900)
    with sqlite3.connect(tmp_path / "demo.sqlite") as store:
        held = [store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("calls", "sources")]
    assert held == [900, 3]
