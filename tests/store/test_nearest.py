"""Calls nearest to a page's beginning are looked at in each engine's own way, and those that fit are the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.filters import CallFilter, CallOrder
from app.domain.pages import Position, Window
from app.store.filters import predicate_of
from app.store.finding import Attempt
from app.store.lists import of_list
from app.store.tables import LOOKED_AT, calls
from app.store.way import ALONG, FAR_ALONG
from tests.conftest import House
from tests.store.both import Both, in_both
from tests.store.random_filters import STRATEGIES, fill
from tests.store.test_finding import DOWN, UP

TOLD = [name for name in LOOKED_AT if name in STRATEGIES]


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The dataset in a store of each engine."""
    with in_both(request, tmp_path_factory.mktemp("nearest"), fill) as found:
        yield found


@settings(max_examples=80)
@given(
    st.fixed_dictionaries({}, optional={name: STRATEGIES[name] for name in (*TOLD, "started_at")}),
    st.sampled_from([DOWN, UP]),
    st.booleans(),
    st.none() | st.integers(0, 40),
    st.integers(0, 50),
    st.integers(1, 6),
    st.sampled_from([ALONG, FAR_ALONG]),
)
def test_page_has_all_that_fit_of_the_calls_that_are_looked_at(
    both: Both,
    fields: dict[str, Any],
    order: CallOrder,
    backward: bool,
    begun: int | None,
    near: int,
    size: int,
    way: Any,
) -> None:
    filter, attempt = CallFilter(**fields), Attempt("near", way, near=near, of_index=True)

    async def looked_at(house: House) -> None:
        met = await in_order(house, filter, downwards=(order is DOWN) != backward)
        place = met[begun] if begun is not None and begun < len(met) else None
        beyond = met[met.index(place) + 1 :] if place else met
        # Of the very start of the place those before it may be counted as well.
        counted = met[[start for start, *_ in met].index(place[0]) :] if place else met
        window = Window(size, **{"before" if backward else "after": place and Position(*place[:2])}, backward=backward)
        asked = of_list(house.scope, select(calls.c.id), "calls", filter, order, window, attempt)
        async with house.database.read() as connection:
            page = [*(await connection.execute(asked)).scalars()]
        assert page == [id for _, id, fits in beyond if fits][: size + 1][: len(page)]
        assert len(page) >= min(size + 1, sum(one[2] for one in counted[:near] if one in beyond))

    both.each(looked_at)


async def in_order(house: House, filter: CallFilter, downwards: bool) -> list[tuple[int, str, bool]]:
    """The calls in the range of the start, when and who they are, and whether they fit."""
    async with house.database.read() as connection:
        fits = set((await connection.execute(select(calls.c.id).where(predicate_of(house.scope, filter)))).scalars())
        within = predicate_of(house.scope, CallFilter(started_at=filter.started_at, include_excluded_numbers=True))
        rows = sorted(await connection.execute(select(calls.c.started_at, calls.c.id).where(within)))
    return [(start, id, id in fits) for start, id in (rows[::-1] if downwards else rows)]
