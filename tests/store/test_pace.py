"""Of calls that are looked at nothing but an index is read, where it tells all that is asked for."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.calls import CallOutcome
from app.domain.filters import CallFilter, IntRange, NumberMatch, TypedNumber
from app.domain.pages import Window
from app.domain.scope import Reach
from app.store import pace
from app.store.finding import attempts, further
from app.store.lists import of_list
from app.store.nearest import looks_in_turn
from app.store.pace import Pace, pace_of
from app.store.said import seen_of
from app.store.search import needs_of
from app.store.slots import Prepared, prepared
from app.store.tables import IN_ORDER, LOOKED_AT, calls
from tests.conftest import NOW, SCOPE, House
from tests.store.test_finding import DOWN
from tests.store.test_said import fill, said_of

DIGITS, LONG = NumberMatch(contains=TypedNumber("5550")), IntRange(gte=700)
LENGTHS = ("duration", "talk", "ring", "wait", "hold")
OF_INDEX = (
    CallFilter(phone_number=DIGITS),
    CallFilter(caller_number=NumberMatch(ends_with=TypedNumber("45"))),
    CallFilter(dialed_number=NumberMatch(starts_with=TypedNumber("1316"))),
    CallFilter(destination_number=DIGITS),
    *[CallFilter(**{f"{name}_seconds": LONG}) for name in LENGTHS],
    CallFilter(phone_number=DIGITS, duration_seconds=LONG, contact_ids=("a", "b")),
)
COUNTS = {"people": (0, 3, 500, 0, 0, 0), "numbers": (0, 0, 0, 0, 1_500, 200), "a unit": (0, 0, 500, 1, 0, 0)}


@pytest.mark.parametrize("given", OF_INDEX)
def test_numbers_and_lengths_are_looked_at_in_an_index(given: CallFilter) -> None:
    assert pace_of(SCOPE, given, None) == Pace(pace.OF_INDEX, pace.READ_OF_INDEX, of_index=True)
    assert all(one.of_index for one in attempts(SCOPE, given, DOWN)[:-1])


@pytest.mark.parametrize("given", OF_INDEX)
def test_of_what_it_does_not_tell_each_call_is_read(given: CallFilter) -> None:
    beside = replace(given, outcome=(CallOutcome.MISSED, CallOutcome.BUSY))
    assert pace_of(SCOPE, beside, None) == Pace(pace.LOOKED_AT, pace.READ)
    limited = replace(SCOPE, reach=Reach(org_unit_ids=("a",)))
    assert pace_of(limited, given, None) == Pace(pace.LOOKED_AT, pace.READ)


@pytest.mark.parametrize(
    ("search", "counts", "of_index", "first"),
    [
        ("asha", "people", True, pace.SEARCHED),
        ("5550", "numbers", True, pace.OF_INDEX),
        ("5550", "people", True, pace.SEARCHED),
        ("wichita", "a unit", False, pace.SEARCHED),
    ],
)
def test_words_are_looked_for_in_the_index_unless_units_have_them(
    search: str, counts: str, of_index: bool, first: int
) -> None:
    said = seen_of(needs_of(search), iter(COUNTS[counts]))
    found = pace_of(SCOPE, CallFilter(search=search), said)
    assert (found.of_index, found.first) == (of_index, first)
    assert not pace_of(SCOPE, CallFilter(search=search), None).of_index


@pytest.mark.parametrize(
    ("found", "tried"),
    [(3, [None]), (4, [50_000, None]), (9, [40_000, None]), (12, [25_000, None]), (45, [7_500, None])],
)
@pytest.mark.parametrize("given", [CallFilter(phone_number=DIGITS), CallFilter(talk_seconds=LONG)])
def test_in_an_index_it_is_gone_on_by_three_times_as_many_as_were_enough_so_far(
    given: CallFilter, found: int, tried: list[int | None]
) -> None:
    assert [one.near for one in further(SCOPE, given, found, 50)] == tried


@pytest.mark.parametrize("given", [*OF_INDEX, CallFilter(search="ada"), CallFilter(search="5550")])
async def test_of_calls_that_do_not_fit_only_the_index_is_read(house: House, given: CallFilter) -> None:
    await fill(house)
    said = await said_of(house, given.search) if given.search else None
    many = said and replace(said, calls=10_000, known=tuple((term, frozenset()) for term, _ in said.known))
    first, *_ = attempts(house.scope, given, DOWN, many)
    asked = of_list(
        house.scope,
        select(calls.c.id, calls.c.notes),
        "calls",
        given,
        DOWN,
        Window(2),
        first,
        looks_in_turn(house.database.dialect),
    )
    ready = prepared(asked, house.database.dialect)
    plan = await _plan(house, ready)
    if house.database.dialect.name == "postgresql":
        (told,) = re.findall(r"FROM \(SELECT ([^()]*)FROM calls", ready.text)
        assert set(re.findall(r"calls\.(\w+)", told)) == {*IN_ORDER, *LOOKED_AT}
        # One after the other, until there are enough. Of few calls any index along the start is as good.
        looked_at = [at for at, line in enumerate(plan) if re.search(r"Index (Only )?Scan Backward using ix_", line)]
        assert [plan[at - 1].split()[-1] for at in looked_at] == ["Limit"], plan
        return
    page, *looked = [line for line in plan if line.startswith("SEARCH calls ")]
    assert "(workspace_id=? AND id=?)" in page
    assert any("COVERING INDEX ix_calls_looked_at (workspace_id=? AND started_at>?" in line for line in looked), plan


async def _plan(house: House, ready: Prepared) -> list[str]:
    """How an engine reads a statement, of few calls as of many."""
    is_sqlite = house.database.dialect.name == "sqlite"
    async with house.database.read() as connection:
        for slow in () if is_sqlite else ("seqscan", "sort"):
            await connection.exec_driver_sql(f"SET LOCAL enable_{slow} = off")
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN (COSTS OFF)"
        explained = await connection.exec_driver_sql(f"{explain} {ready.text}", ready.values((), (), NOW))
        return [row[-1] for row in explained]
