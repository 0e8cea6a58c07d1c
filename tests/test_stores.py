"""The stores that tests are given: each is as it was made, whatever an earlier test did to it."""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import asyncpg
import pytest

from tests.conftest import _named, _run_on
from tests.stores import PostgreSQLCopies

WORKSPACES = "SELECT id, timezone FROM workspaces ORDER BY id"


@pytest.fixture
def copies(postgresql: str, postgresql_template: str) -> Iterator[PostgreSQLCopies]:
    """Copies of a template of their own."""
    template = f"{postgresql_template}_of_copies"
    asyncio.run(_run_on(postgresql, f"DROP DATABASE IF EXISTS {template}"))
    asyncio.run(_run_on(postgresql, f"CREATE DATABASE {template} TEMPLATE {postgresql_template}"))
    asyncio.run(_run_on(_named(postgresql, template), "DROP SCHEMA IF EXISTS kept CASCADE"))
    found = PostgreSQLCopies(partial(_named, postgresql), template)
    yield found
    found.close()


def asked(server: str, name: str, statement: str = WORKSPACES) -> list[Any]:
    """The rows that a statement gives."""

    async def run() -> list[Any]:
        connection = await asyncpg.connect(_named(server, name))
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_store_comes_back_as_it_was_whatever_its_rows_became(copies: PostgreSQLCopies, postgresql: str) -> None:
    template, name = copies.copy()
    made = asked(postgresql, name)
    for change in ("UPDATE workspaces SET timezone = 'Asia/Kathmandu'", "DELETE FROM workspaces"):
        asked(postgresql, name, change)
        assert asked(postgresql, name) != made
        copies.take_back(template, name)
        assert copies.copy() == (template, name)
        assert asked(postgresql, name) == made


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE workspaces ADD COLUMN more text",
        "CREATE TABLE more (id text)",
        "CREATE INDEX more ON workspaces (timezone)",
        "CREATE FUNCTION more() RETURNS text LANGUAGE sql AS 'SELECT NULL'",
        "ANALYZE workspaces",
        "INSERT INTO workspaces (id, timezone, connected_above_seconds, created_at) "
        "SELECT 'w' || n, 'UTC', 2, 0 FROM generate_series(1, 3000) n",
    ],
)
def test_store_that_is_another_than_by_a_few_rows_is_given_to_nobody_again(
    copies: PostgreSQLCopies, postgresql: str, change: str
) -> None:
    template, name = copies.copy()
    asked(postgresql, name, change)
    copies.take_back(template, name)
    _, another = copies.copy()
    assert another != name
    assert asked(postgresql, another) == [("main", "UTC")]


def test_what_fills_a_store_is_done_once_for_all_its_copies(copies: PostgreSQLCopies, postgresql: str) -> None:
    filled: list[str] = []

    def fill(address: str) -> None:
        filled.append(address)
        asyncio.run(_run_on(address, "UPDATE workspaces SET timezone = 'Asia/Kathmandu'"))

    for _ in range(3):
        template, name = copies.copy("Nepal", fill)
        assert asked(postgresql, name) == [("main", "Asia/Kathmandu")]
        copies.take_back(template, name)
    assert len(filled) == 1
    assert asked(postgresql, copies.copy()[1]) == [("main", "UTC")]
