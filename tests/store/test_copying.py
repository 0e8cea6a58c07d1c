"""COPY into a server that answers no more ends in time, keeps nothing, and leaves the store usable."""

import os
import signal
import time

import pytest
from sqlalchemy import func, select, text

from app.domain.errors import StoreError
from app.store import copying
from app.store.database import Database
from app.store.tables import excluded_numbers
from app.store.upsert import insert_rows
from tests.conftest import SCOPE

SECONDS, SPARE = 0.5, 2.0  # what a busy machine may add


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)  # SQLite has no server, and no COPY
async def test_copy_to_a_server_that_is_frozen_ends_as_a_statement_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "STATEMENT_SECONDS", SECONDS - 1)
    rows = [(SCOPE.workspace_id, f"{n:040}", n) for n in range(60_000)]  # more than fits between the two
    began, frozen = time.monotonic(), list[int]()

    async def copy_into_a_frozen_one() -> None:
        async with database.write() as connection:
            frozen.append((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())
            os.kill(frozen[0], signal.SIGSTOP)
            await insert_rows(connection, excluded_numbers, rows)

    try:
        with pytest.raises(StoreError, match="did not answer in time"):
            await copy_into_a_frozen_one()
        assert time.monotonic() - began < SECONDS + SPARE
    finally:
        os.kill(frozen[0], signal.SIGCONT)
    async with database.write() as connection:
        await insert_rows(connection, excluded_numbers, rows[:100])
    async with database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(excluded_numbers))).scalar_one() == 100
