"""A page read along the indexes of a few ids is the page of the list, for agents of a call's legs as well."""

import dataclasses
import json
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
from app.graphql.ids import encode
from app.store.lists import are_few, of_ids, of_list
from app.store.orders import sort_expression
from app.store.tables import agents, call_legs, calls
from app.store.weight import Allowance
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, House, compiled_answer
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


async def test_branches_are_made_only_as_long_as_the_request_may_have_conditions(house: House) -> None:
    asked = [f"agent {number}" for number in range(33)]
    given, scope = CallFilter(agent_ids=tuple(asked)), house.scope
    limited = dataclasses.replace(scope, reach=Reach(agent_ids=tuple(f"a{number}" for number in range(900))))
    with Allowance(left=2_500):
        assert are_few(scope, given, "agent_ids", asked[:20])
        assert not are_few(scope, given, "agent_ids", asked[:21])
        assert not are_few(limited, given, "agent_ids", asked[:3])  # what they may see stands in each branch
    with Allowance():
        assert are_few(limited, given, "agent_ids", asked[:10])
        assert not are_few(scope, CallFilter(involved_agent_ids=tuple(asked)), "involved_agent_ids", asked)


async def test_many_lists_of_many_agents_weigh_no_more_than_one_request_may(house: House) -> None:
    await save(house, *[passed_on(number) for number in range(24)])
    known = [id for (id,) in await read(house, select(agents.c.id))]
    ids = [encode("Agent", house.scope, id) for id in (*known, *[f"nobody{number}" for number in range(57)])]
    wanted = f"first: 3, filter: {{agentIds: {json.dumps(ids)}}}"
    fields = " ".join(f"a{number}: calls({wanted}) {{ nodes {{ startedAt }} }}" for number in range(10))
    with Allowance():
        compiled = await compiled_answer(house, f"{{ {fields} }}", {})
    async with house.statements() as statements:
        with Allowance():
            told = await house.ask(f"{{ {fields} }}")
    by_branch = [one for one in statements if one.count("UNION ALL") > 50]
    assert 0 < len(by_branch) < 5  # the others were read along the start
    assert isinstance(compiled, bytes)  # the engine steps aside for none of it
    assert json.loads(compiled) == told
    assert len({str(one) for one in told.values()}) == 1
    assert len(told["a9"]["nodes"]) == 3
