"""A place in a list is written so that an engine begins there, and knows how much of the list is beyond it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.domain.filters import CallOrder, SortDirection
from app.domain.pages import Position, Window
from app.domain.times import to_ms
from app.store.slots import prepared
from app.store.tables import calls
from app.store.way import ANY, GATHERED, Way
from app.store.windows import limited
from tests.builders import a_call, save
from tests.conftest import NOW, House

MANY, LEFT = 1_000, 50


@pytest.mark.parametrize("way", [ANY, GATHERED])
@pytest.mark.parametrize("order", [CallOrder(), CallOrder(direction=SortDirection.ASC)])
async def test_of_the_calls_beyond_a_place_as_many_are_expected_as_there_are(
    house: House, order: CallOrder, way: Way
) -> None:
    """PostgreSQL expected hardly any of the last thousands, and looked up each of them rather than those few that fit."""
    if house.database.is_sqlite:
        pytest.skip("SQLite has no figures of what lies in a range.")
    later, last = (1, "") if order.direction is SortDirection.DESC else (-1, "z" * 32)  # an id that none comes after
    starts = [NOW + timedelta(minutes=later * n) for n in range(MANY)]
    await save(house, *[a_call(f"c{n}", started_at=start) for n, start in enumerate(starts)])
    place = Position(to_ms(starts[LEFT]), last)
    its = select(calls.c.id).where(calls.c.workspace_id == house.scope.workspace_id)
    ready = prepared(limited(house.scope, its, "calls", order, Window(MANY, place), way), house.database.dialect)
    async with house.database.write() as connection:
        await connection.execute(text("ANALYZE"))
        values = ready.values((), (), NOW)
        found = len((await connection.exec_driver_sql(ready.text, values)).all())
        plan = [row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {ready.text}", values)]
    (expected,) = [int(rows) for line in plan for rows in re.findall(r" calls .*rows=(\d+)", line)]
    assert found == LEFT
    assert LEFT * 0.9 <= expected <= LEFT * 1.1, plan
