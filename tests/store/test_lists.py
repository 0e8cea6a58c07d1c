"""A page read along the indexes of a few ids is the page of the list, for agents of a call's legs as well."""

import dataclasses
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Select, select

from app.domain.calls import CallLeg, CallRecord, LegKind
from app.domain.filters import CallFilter, DateTimeRange
from app.domain.pages import Position, Window
from app.domain.scope import Reach, Scope
from app.domain.times import to_ms
from app.store.lists import of_ids, of_list
from app.store.orders import sort_expression
from app.store.tables import agents, call_legs, calls
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, House
from tests.store.test_finding import DOWN, UP

PEOPLE = [an_agent(name) for name in ("Ada", "Bo", "Cy")]


def passed_on(number: int) -> CallRecord:
    """A call that one of three agents has, and of which others have a leg or two; three calls begin at one moment."""
    others = [PEOPLE[(number + step) % 3] for step in ((), (1,), (1, 1, 2))[number % 3]]
    return a_call(
        f"c{number:02}",
        started_at=NOW + timedelta(minutes=number // 3),
        agent=PEOPLE[number // 2 % 3] if number % 4 else None,
        legs=tuple(CallLeg(kind=LegKind.AGENT, agent=one) for one in others),
    )


async def read(house: House, statement: Select[Any]) -> list[tuple[Any, ...]]:
    async with house.database.read() as connection:
        return [tuple(row) for row in await connection.execute(statement)]


@pytest.mark.parametrize("limited", [False, True])
async def test_page_of_calls_that_agents_took_part_in_is_that_of_the_list(house: House, limited: bool) -> None:
    await save(house, *[passed_on(number) for number in range(24)])
    await save(house, dataclasses.replace(passed_on(5), started_at=NOW + timedelta(minutes=4)))  # told otherwise later
    ids = [id for (id,) in await read(house, select(agents.c.id).order_by(agents.c.name_key))]
    reach = Reach(agent_ids=tuple(ids[:2])) if limited else Reach()
    scope: Scope = dataclasses.replace(house.scope, reach=reach)
    chosen = select(calls.c.id, sort_expression(DOWN))
    place = Position(to_ms(NOW + timedelta(minutes=3)), (await read(house, select(calls.c.id)))[7][0])
    ranges = (None, DateTimeRange(from_=NOW + timedelta(minutes=2), to=NOW + timedelta(minutes=6)))
    seen = set()
    for asked, order, backward, after, range_ in product(
        ([ids[0]], ids[:2], ids, ["nobody"]), (DOWN, UP), (False, True), (None, place), ranges
    ):
        window = Window(4, **{"before" if backward else "after": after}, backward=backward)
        given = CallFilter(involved_agent_ids=tuple(asked), started_at=range_)
        wanted = await read(house, of_list(scope, chosen, "calls", given, order, window))
        found = await read(house, of_ids(scope, chosen, given, "involved_agent_ids", asked, order, window))
        assert found == wanted
        seen.add(len(found))
    assert {0, 5} <= seen


async def test_legs_begin_with_their_call_whatever_is_told_of_it_later(house: House) -> None:
    await save(house, passed_on(5))
    await save(house, dataclasses.replace(passed_on(5), started_at=NOW + timedelta(days=3)))
    same = (calls.c.workspace_id == call_legs.c.workspace_id) & (calls.c.id == call_legs.c.call_id)
    starts = await read(house, select(call_legs.c.call_started_at, calls.c.started_at).join(calls, same))
    assert starts
    assert all(leg == call == to_ms(NOW + timedelta(days=3)) for leg, call in starts)
