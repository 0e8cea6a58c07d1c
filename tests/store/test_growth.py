"""A new store on PostgreSQL is planned for as it grows, and rows go in by many a statement, however many there are."""

import pytest
from sqlalchemy import text

from app.domain.scope import Scope
from app.store.database import Database
from app.store.finding_tables import words
from app.store.upsert import insert_new
from tests.conftest import House
from tests.graphql.rows import fill, row

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


async def rows_planned_for(database: Database) -> float:
    async with database.read() as connection:
        known = text("SELECT reltuples FROM pg_class WHERE oid = CAST('calls' AS regclass)")
        return float((await connection.execute(known)).scalar_one())


async def test_the_first_calls_of_a_store_are_counted_before_many_more_come(house: House) -> None:
    assert await rows_planned_for(house.database) <= 0
    await fill(house, [row(f"c{n}", minute=n) for n in range(250)])
    assert await rows_planned_for(house.database) == 250


async def test_a_table_that_is_large_already_is_not_looked_at_again(house: House) -> None:
    await fill(house, [row(f"c{n}", minute=n) for n in range(250)])
    other = Database(house.database.url.render_as_string(hide_password=False).replace("+asyncpg", ""))
    sent: list[str] = []
    other.watch(lambda statement: sent.append(statement.text))
    await other.grown(300)
    await other.close()
    assert sent
    assert not [one for one in sent if one.startswith("ANALYZE")]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 1_000, 4_097, 5_003])
async def test_any_number_of_rows_goes_in_once_each(house: House, count: int) -> None:
    said = [
        {"workspace_id": "main", "word": f"w{n}", "owner_kind": "CALL", "owner_id": f"o{n % 7}"} for n in range(count)
    ]
    async with house.database.write() as connection:
        await insert_new(connection, words, said)
        await insert_new(connection, words, said)
        found = await connection.execute(words.select().where(words.c.workspace_id == Scope("main").workspace_id))
        assert sorted(found.mappings(), key=str) == sorted(said, key=str)
