"""One view of the store for a whole request, whatever others write meanwhile."""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.domain.errors import StoreError
from app.graphql.context import Context
from app.graphql.schema import schema
from app.store.database import Connection, Database
from app.store.tables import calls
from app.store.view import View
from tests.builders import a_call
from tests.conftest import House
from tests.sync.records import take


async def number_of_calls(connection: Connection) -> int:
    return int((await connection.execute(select(func.count()).select_from(calls))).scalar_one())


async def test_what_is_written_meanwhile_is_not_seen(house: House) -> None:
    await take(house, a_call("one"))
    view = View(house.database)
    async with view.reading() as connection:
        before = await number_of_calls(connection)
    await take(house, a_call("two"))
    async with view.reading() as connection:
        after = await number_of_calls(connection)
    await view.close()
    later = View(house.database)
    async with later.reading() as connection:
        assert (before, after, await number_of_calls(connection)) == (1, 1, 2)
    await later.close()


async def test_list_its_total_and_the_counts_of_one_answer_agree_while_calls_come_in(house: House) -> None:
    await take(house, a_call("first"))

    async def come_in() -> None:
        for place in range(20):
            await take(house, a_call(f"c{place}"))

    coming = asyncio.create_task(come_in())
    query = "{ calls(first: 50) { totalCount nodes { id } } sources { callCount { total } } }"
    while not coming.done():
        async with Context(house.scope, house.zone, house.database, house.now) as context:
            data = (await schema().execute(query, context_value=context)).data
        assert data is not None
        total = data["calls"]["totalCount"]
        assert (len(data["calls"]["nodes"]), data["sources"][0]["callCount"]["total"]) == (total, total)
    await coming


async def test_readers_of_one_view_take_turns(database: Database) -> None:
    view = View(database)

    async def read(number: int) -> int:
        async with view.reading() as connection:
            return int((await connection.execute(text(f"SELECT {number}"))).scalar_one())

    assert await asyncio.gather(*[read(number) for number in range(20)]) == list(range(20))
    await view.close()


async def test_statement_that_fails_leaves_the_view_usable(database: Database) -> None:
    view = View(database)
    with pytest.raises(DBAPIError):
        async with view.reading() as connection:
            await connection.execute(text("SELECT nothing_of_the_kind"))
    async with view.reading() as connection:
        assert await number_of_calls(connection) == 0
    await view.close()


async def test_nothing_is_read_once_the_request_is_over(database: Database) -> None:
    view = View(database)
    await view.close()
    with pytest.raises(StoreError, match="over"):
        async with view.reading():
            pass
