"""A cancelled statement ends in the engine, too, and leaves the store as it was."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from app.store import interrupt
from app.store.database import Database

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_a_cancelled_statement_lets_go_at_once_and_the_store_goes_on(
    database: Database, engine_name: str, kind: str
) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3), getattr(database, kind)() as connection:
            await connection.execute(text(ENDLESS[engine_name]))
    assert time.monotonic() - begun < 2.3
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_nothing_of_a_cancelled_change_is_kept(database: Database, engine_name: str) -> None:
    async def change() -> None:
        async with database.write() as connection:
            await connection.execute(text("UPDATE workspaces SET timezone = 'Asia/Kathmandu'"))
            await connection.execute(text(ENDLESS[engine_name]))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(change(), 0.3)
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT timezone FROM workspaces"))).scalar_one() == "UTC"


@pytest.mark.parametrize("delay", [0, 0.0001, 0.001, 0.01])
async def test_a_statement_is_interrupted_however_soon_it_is_cancelled(tmp_path: Path, delay: float) -> None:
    connection = await interrupt.connect(str(tmp_path / "store.sqlite"))
    try:
        for _ in range(20):
            asking = asyncio.create_task(connection.execute(ENDLESS["sqlite"]).__aenter__())
            await asyncio.sleep(0)  # it is in the thread's queue
            await asyncio.sleep(delay)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            async with asyncio.timeout(1), connection.execute("SELECT 1") as cursor:
                assert await cursor.fetchone() == (1,)
    finally:
        await connection.close()


async def test_waiting_for_another_writer_is_given_up_by_the_task(tmp_path: Path) -> None:
    path = str(tmp_path / "store.sqlite")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    connection = await interrupt.connect(path, timeout=3, isolation_level=None)
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await connection.execute("BEGIN IMMEDIATE")
    assert time.monotonic() - begun < 2
    writer.close()
    await connection.close()
