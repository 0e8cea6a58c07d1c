"""Calls nearest to a page's beginning are looked at in either way on each engine, and those that fit are the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.filters import CallFilter, CallOrder, DateTimeRange, IntRange, NumberMatch, TypedNumber
from app.domain.pages import Position, Window
from app.store.filters import predicate_of
from app.store.finding import Attempt
from app.store.lists import of_list
from app.store.nearest import goes_on
from app.store.pace import pace_of
from app.store.tables import calls
from app.store.way import ALONG, FAR_ALONG, Way
from app.store.weight import Allowance
from tests.builders import a_call, save
from tests.conftest import NOW, SCOPE, House
from tests.store.both import Both, in_both
from tests.store.plain_filter import MOMENTS, PARTS
from tests.store.random_filters import fill
from tests.store.test_finding import DOWN, UP
from tests.store.test_said import said_of

_PARTS = st.sampled_from(PARTS).map(TypedNumber)
_NUMBERS = st.one_of(*[st.builds(NumberMatch, **{place: _PARTS}) for place in ("starts_with", "ends_with", "contains")])
_LENGTHS = st.builds(IntRange, gte=st.sampled_from([0, 2, 3])) | st.builds(IntRange, lt=st.sampled_from([3, 60, 61]))
_ENDS = st.none() | st.sampled_from([one + timedelta(milliseconds=late) for one in MOMENTS for late in (0, 1)])
_NUMBERED = ("phone_number", "caller_number", "dialed_number", "destination_number")
_LONG = ("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds")
_ASKED = st.one_of(
    *[st.fixed_dictionaries({name: _NUMBERS}) for name in _NUMBERED],
    *[st.fixed_dictionaries({name: _LENGTHS}) for name in _LONG],
    st.fixed_dictionaries({"phone_number": _NUMBERS, "duration_seconds": _LENGTHS}),
    st.fixed_dictionaries({"search": st.sampled_from(["ada", "832", "leak ada", "316-832-5555 ada", "nobody"])}),
    # Which ones is seen in the store: each engine's have ids of their own.
    st.fixed_dictionaries({"agent_ids": st.just(()), "contact_ids": st.just(())}, optional={"talk_seconds": _LENGTHS}),
)
_RANGED = st.builds(DateTimeRange, from_=st.none(), to=_ENDS) | st.builds(DateTimeRange, from_=_ENDS, to=_ENDS)
Call = tuple[int, str, bool]


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The dataset in a store of each engine."""
    with in_both(request, tmp_path_factory.mktemp("nearest"), fill) as found:
        yield found


@settings(max_examples=150)
@given(
    _ASKED,
    st.none() | _RANGED,
    st.sampled_from([DOWN, UP]),
    st.booleans(),
    st.none() | st.integers(0, 40),
    st.booleans(),
    st.integers(0, 50),
    st.integers(1, 6),
    st.sampled_from([ALONG, FAR_ALONG]),
)
def test_page_has_all_that_fit_of_the_calls_that_are_looked_at(
    both: Both,
    fields: dict[str, Any],
    ranged: DateTimeRange | None,
    order: CallOrder,
    backward: bool,
    begun: int | None,
    known: bool,
    near: int,
    size: int,
    way: Way,
) -> None:
    async def looked_at(house: House) -> None:
        filter = await in_store(house, CallFilter(**fields, started_at=ranged))
        met = await in_order(house, filter, downwards=(order is DOWN) != backward)
        place = met[begun] if begun is not None and begun < len(met) else None
        beyond = met[met.index(place) + 1 :] if place else met
        # Of the very start of the place those before it may be counted as well.
        counted = met[[start for start, *_ in met].index(place[0]) :] if place else met
        position = place and Position(place[0] if known else None, place[1])
        window = Window(size, **{"before" if backward else "after": position}, backward=backward)
        attempt = Attempt("near", way, near=near, of_index=True)
        if filter.search:
            attempt = attempt.knowing(await said_of(house, filter.search))

        async def found(in_turn: bool) -> list[str]:
            asked = of_list(house.scope, select(calls.c.id), "calls", filter, order, window, attempt, in_turn)
            async with house.database.read() as connection:
                return [*(await connection.execute(asked)).scalars()]

        assert await found(in_turn=True) == fitting(beyond[:near])[: size + 1]
        page = await found(in_turn=False)
        assert page == fitting(beyond)[: len(page)]
        assert min(size + 1, len(set(fitting(counted[:near])) & set(fitting(beyond)))) <= len(page) <= size + 1
        async with house.database.read() as connection:
            on = (await connection.execute(goes_on(house.scope, filter, order, window, near))).scalar_one()
        assert bool(on) is (len(counted) > near)

    both.each(looked_at)


def fitting(met: list[Call]) -> list[str]:
    return [id for _, id, fits in met if fits]


async def in_store(house: House, filter: CallFilter) -> CallFilter:
    """The filter with ids of agents and contacts, most of them, where it asks for some."""
    if filter.agent_ids is None:
        return filter
    async with house.database.read() as connection:
        named = [
            tuple(sorted(set((await connection.execute(select(column).where(column.is_not(None)))).scalars()))[1:])
            for column in (calls.c.agent_id, calls.c.contact_id)
        ]
    return replace(filter, agent_ids=named[0], contact_ids=named[1])


async def in_order(house: House, filter: CallFilter, downwards: bool) -> list[Call]:
    """The calls in the range of the start, when and who they are, and whether they fit."""
    async with house.database.read() as connection:
        fits = set((await connection.execute(select(calls.c.id).where(predicate_of(house.scope, filter)))).scalars())
        within = predicate_of(house.scope, CallFilter(started_at=filter.started_at, include_excluded_numbers=True))
        rows = sorted(await connection.execute(select(calls.c.started_at, calls.c.id).where(within)))
    return [(start, id, id in fits) for start, id in (rows[::-1] if downwards else rows)]


async def test_calls_outside_of_a_range_are_not_among_those_that_are_looked_at(house: House) -> None:
    made = [a_call(f"c{n:02}", started_at=NOW + timedelta(minutes=n), duration_seconds=800) for n in range(30)]
    await save(house, *made)
    filter = CallFilter(duration_seconds=IntRange(gte=700), started_at=DateTimeRange(to=NOW + timedelta(minutes=3)))
    assert pace_of(house.scope, filter, None).of_index
    attempt = Attempt("near", ALONG, near=10, of_index=True)
    for in_turn in (False, True):
        chosen = select(calls.c.provider_call_id)
        asked = of_list(house.scope, chosen, "calls", filter, DOWN, Window(5), attempt, in_turn)
        async with house.database.read() as connection:
            assert [*(await connection.execute(asked)).scalars()] == ["c02", "c01", "c00"]


@pytest.mark.parametrize("again", [False, True])
def test_either_way_is_weighed_once(again: bool) -> None:
    filter = CallFilter(duration_seconds=IntRange(gte=700), phone_number=NumberMatch(contains=TypedNumber("123")))
    attempt = Attempt("near", ALONG, near=10, again=again, of_index=True)
    drawn = []
    for in_turn in (False, True):
        with Allowance() as allowance:
            before = allowance.left
            of_list(SCOPE, select(calls.c.id), "calls", filter, DOWN, Window(5), attempt, in_turn)
            drawn.append((before - allowance.left > 0, allowance.compiled))
    (of_one, compiled), other = drawn
    assert other == (of_one, compiled)
    assert of_one is not again
    assert compiled > 0
