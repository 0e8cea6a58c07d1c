"""A page is the same whichever way its calls are come by, and is found however few fit and wherever they lie."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select

from app.domain.calls import CallDirection, CallOutcome
from app.domain.filters import (
    CallFilter,
    CallOrder,
    CallOrderField,
    DateTimeRange,
    IntRange,
    NumberMatch,
    OrgUnitMatch,
    SortDirection,
    TimeOfDayRange,
    TypedNumber,
    Weekday,
)
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.pages import SORT, Page, Position, Window
from app.domain.sources import Provider
from app.domain.times import to_ms
from app.store import finding, lists, pace, pages
from app.store.finding import _GATHERING, PAGE, Attempt, attempts, may_be_few
from app.store.lists import of_list
from app.store.nearest import looks_in_turn
from app.store.orders import sort_expression
from app.store.tables import calls
from app.store.way import ALONG
from app.store.weight import Allowance
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, House
from tests.store.both import Both, in_both
from tests.store.random_filters import FILTERS, STRATEGIES, fill

DOWN, UP = CallOrder(), CallOrder(direction=SortDirection.ASC)
NIGHT = TimeOfDayRange(from_=time(23, 45), to=time(0, 15))
# What is looked for in two steps.
FEW = [
    CallFilter(duration_seconds=IntRange(gt=3_600)),
    CallFilter(synced_at=DateTimeRange(from_=NOW), started_at=DateTimeRange(to=NOW)),
    CallFilter(outcome=(CallOutcome.VOICEMAIL, CallOutcome.BLOCKED)),
    CallFilter(agent_tags=("night",)),
    CallFilter(time_of_day=NIGHT, weekdays=(Weekday.SUNDAY,)),
    CallFilter(queues=("sales",), search="leak"),
    CallFilter(caller_number=NumberMatch(contains=TypedNumber("555"))),
    CallFilter(has_recording=True),
]
# What has an index along the start, or nothing to be gathered by.
PLAIN = [
    None,
    CallFilter(),
    CallFilter(started_at=DateTimeRange(to=NOW)),
    CallFilter(outcome=(CallOutcome.VOICEMAIL,)),
    CallFilter(outcome=(CallOutcome.VOICEMAIL, CallOutcome.BLOCKED), direction=(CallDirection.INBOUND,)),
    CallFilter(agent_ids=("a",), talk_seconds=IntRange(gt=3_600)),
    CallFilter(caller_number=NumberMatch(equals=TypedNumber("555"))),
    CallFilter(broadcast=False),
    CallFilter(connected=True),
    CallFilter(not_=CallFilter(search="leak")),
]

_ALONG = Attempt("along", ALONG)


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The dataset in a store of each engine."""
    with in_both(request, tmp_path_factory.mktemp("finding"), fill) as found:
        yield found


@pytest.mark.parametrize(("given", "few"), [(one, True) for one in FEW] + [(one, False) for one in PLAIN])
def test_calls_are_gathered_only_where_an_index_is_of_all_that_is_asked(given: CallFilter | None, few: bool) -> None:
    assert may_be_few(given, DOWN) is few
    assert not may_be_few(given, CallOrder(field=CallOrderField.DURATION))


async def found(house: House, given: CallFilter, order: CallOrder, window: Window, way: Attempt) -> list[str]:
    """The ids of a page that is come by in one way."""
    chosen: Select[Any] = select(calls.c.id, sort_expression(order).label(SORT))
    statement = of_list(house.scope, chosen, "calls", given, order, window, way, looks_in_turn(house.database.dialect))
    async with house.database.read() as connection:
        return [row.id for row in await connection.execute(statement)]


def looked_at(statement: str) -> int:
    """How many calls a statement of a page looks at, in either engine's way (see nearest)."""
    found = re.search(r"LIMIT 1 OFFSET (\d+)\)|LIMIT (\d+)\) AS", statement)
    assert found
    return int(found[1] or found[2])


def pages_of(both: Both, given: CallFilter, order: CallOrder, window: Window, *ways: Attempt) -> list[list[list[str]]]:
    """The page in each way, of each engine's store, which have ids of their own."""
    return [both.each(lambda house, way=way: found(house, given, order, window, way)) for way in ways]


@settings(max_examples=60)
@given(FILTERS, st.sampled_from([DOWN, UP]), st.booleans())
def test_page_is_the_same_along_the_start_as_any_way(
    both: Both, given: CallFilter, order: CallOrder, backward: bool
) -> None:
    window = Window(5, backward=backward)
    any_way, along = pages_of(both, given, order, window, PAGE, _ALONG)
    assert any_way == along


GATHERED = sorted(name for name in STRATEGIES if name not in ("connected", "has_notes", "without", "timezone"))


@pytest.mark.parametrize("name", GATHERED)
def test_page_is_the_same_where_calls_are_gathered(both: Both, name: str) -> None:
    tried = set()

    @settings(max_examples=8, derandomize=True)
    @given(STRATEGIES[name], STRATEGIES["timezone"], st.sampled_from([DOWN, UP]), st.booleans())
    def compare(value: Any, zone: Any, order: CallOrder, backward: bool) -> None:
        given, window = CallFilter(**{name: value}, timezone=zone), Window(4, backward=backward)
        any_way, gathered = pages_of(both, given, order, window, PAGE, _GATHERING)
        assert any_way == gathered
        tried.add(may_be_few(given, order))

    compare()
    assert tried


@settings(max_examples=25)
@given(STRATEGIES["weekdays"], STRATEGIES["time_of_day"], STRATEGIES["timezone"])
def test_page_of_hours_of_some_weekdays_is_the_same_gathered_day_by_day(
    both: Both, weekdays: Any, hours: Any, zone: Any
) -> None:
    given = CallFilter(weekdays=weekdays, time_of_day=hours, timezone=zone)
    any_way, gathered = pages_of(both, given, DOWN, Window(4), PAGE, _GATHERING)
    assert any_way == gathered
    assert may_be_few(given, DOWN)


@pytest.mark.parametrize(
    ("given", "tried"), [(CallFilter(time_of_day=NIGHT), 9), (CallFilter(weekdays=(Weekday.SUNDAY,)), 8), (FEW[0], 9)]
)
async def test_hours_are_gathered_of_ever_more_days(house: House, given: CallFilter, tried: int) -> None:
    at = datetime(2024, 5, 19, 0, 5, tzinfo=UTC)  # a Sunday
    await save(
        house, *[a_call(f"c{n}", started_at=at - timedelta(days=7 * n), duration_seconds=5_000) for n in range(20)]
    )
    for order, backward in product((DOWN, UP), (False, True)):
        downwards = (order is DOWN) != backward
        everything = [f"c{n}" for n in (range(20) if downwards else range(19, -1, -1))]
        assert await walked(house, given, order, backward) == everything
        for size in (1, 3, 19, 30):
            assert len(attempts(house.scope, given, order)) - 1 == tried
            found_by = [
                await found(house, given, order, Window(size, backward=backward), one)
                for one in attempts(house.scope, given, order)
            ]
            whole = found_by[-1]
            assert all(one == whole[: len(one)] for one in found_by)


async def walked(house: House, given: CallFilter, order: CallOrder, backward: bool, size: int = 2) -> list[str]:
    """All calls that fit, two at a time, from one end of the list to the other; of many calls more at a time are enough."""
    keys: list[str] = []
    place: Position | None = None
    while True:
        window = Window(size, **{"before" if backward else "after": place}, backward=backward)
        async with house.database.read() as connection:
            page: Page = await pages.page(connection, house.scope, "calls", {"provider_call_id"}, given, order, window)
        rows = page.rows[::-1] if backward else page.rows
        keys += [row["provider_call_id"] for row in rows]
        if not (page.has_previous if backward else page.has_next):
            return keys
        place = Position(rows[-1][SORT], rows[-1]["id"])


@pytest.mark.parametrize("met_first", [0, 1, 3, 100])
@pytest.mark.parametrize("read", [1, 4, 1_000])
async def test_list_is_whole_however_far_is_looked_at_first(
    house: House, monkeypatch: pytest.MonkeyPatch, met_first: int, read: int
) -> None:
    for first, most in (("LOOKED_AT", "READ"), ("OF_INDEX", "READ_OF_INDEX")):
        monkeypatch.setattr(pace, first, met_first)
        monkeypatch.setattr(pace, most, read)
    long = {3, 4, 5, 11, 12}
    await save(
        house,
        *[
            a_call(f"c{n:02}", started_at=NOW + timedelta(minutes=n), duration_seconds=4_000 if n in long else 60)
            for n in range(14)
        ],
    )
    of_index = CallFilter(duration_seconds=IntRange(gt=3_600))
    beside = replace(of_index, outcome=tuple(CallOutcome))
    for one, order, backward in product((of_index, beside), (DOWN, UP), (False, True)):
        downwards = (order is DOWN) != backward
        assert attempts(house.scope, one, order)[0].of_index is (one is of_index)
        assert await walked(house, one, order, backward) == sorted((f"c{n:02}" for n in long), reverse=downwards)


async def test_page_of_many_takes_one_statement_and_one_of_few_no_more_than_three(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "OF_INDEX", 3)
    await save(
        house, *[a_call(f"c{n}", started_at=NOW + timedelta(minutes=n), duration_seconds=n * 100) for n in range(9)]
    )
    for longer, sent in ((0, 1), (850, 2), (700, 3)):
        async with house.statements() as statements:
            told = await house.ask(
                f"{{ calls(first: 2, filter: {{durationSeconds: {{gt: {longer}}}}}) {{ nodes {{ durationSeconds }} }} }}"
            )
        assert len(statements) == sent
        assert ("duration_seconds" in statements[-1]) is (sent < 3)  # no call is left to be looked at
        lengths = [one["durationSeconds"] for one in told["calls"]["nodes"]]
        assert lengths == [n * 100 for n in range(8, 0, -1) if n * 100 > longer][:2]


@pytest.mark.parametrize("order", [DOWN, UP])
@pytest.mark.parametrize("placed", ["after", "before", "range"])
@pytest.mark.parametrize(
    ("left", "sent"),
    [
        (20, [2, 0]),  # how long a whole list is nobody asks
        (7, [2, 2, 0]),
        (3, [2, 2, 1_000, 1_000]),  # one fits, so it is gone on to more of them before
        (1, [2, 2]),
    ],
)
async def test_none_are_gathered_where_all_calls_that_are_left_were_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch, left: int, sent: list[int], placed: str, order: CallOrder
) -> None:
    monkeypatch.setattr(pace, "OF_INDEX", 2)
    long, later = {0, 1, 16}, 1 if order is DOWN else -1
    starts = [NOW + timedelta(minutes=later * n) for n in range(20)]
    await save(
        house, *[a_call(f"c{n}", started_at=starts[n], duration_seconds=700 if n in long else 60) for n in range(20)]
    )
    filter, window, backward = CallFilter(duration_seconds=IntRange(gt=600)), Window(3), placed == "before"
    if left < 20 and placed == "range":
        within = DateTimeRange(to=starts[left]) if order is DOWN else DateTimeRange(from_=starts[left - 1])
        filter = replace(filter, started_at=within)
    elif left < 20:
        window = Window(3, **{placed: Position(to_ms(starts[left]), "" if order is DOWN else "z")}, backward=backward)
    shown = order if not (backward and left < 20) else UP if order is DOWN else DOWN
    async with house.statements() as statements, house.database.read() as connection:
        page = await pages.page(connection, house.scope, "calls", {"provider_call_id"}, filter, shown, window)
    told = [row["provider_call_id"] for row in (page.rows if shown is order else page.rows[::-1])]
    assert told == [f"c{n}" for n in sorted(long, reverse=True) if n < left]
    gathered = ["LIMIT 1000000000000" in statement for statement in statements]
    looks = [0 if all_of_them else looked_at(one) for all_of_them, one in zip(gathered, statements, strict=True)]
    assert looks == sent


async def test_a_question_is_not_too_large_for_how_few_calls_there_are(house: House) -> None:
    night = 'timezone: "America/New_York", timeOfDay: {from: "00:00", to: "00:05"}'
    lists = [
        f"d{at}: calls(filter: {{weekdays: [{day.value}], {night}}}) {{ nodes {{ id }} }}"
        for at, day in enumerate(Weekday)
    ]
    with Allowance():
        assert len(await house.ask(f"{{ {' '.join(lists)} }}")) == 7


async def test_calls_of_a_few_agents_sources_or_units_are_read_off_the_index_of_each(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [an_agent(name, tags=(tag,)) for name, tag in (("Ada", "night"), ("Bo", "night"), ("Cy", "day"))]
    units = (OrgUnitRecord(kind=OrgUnitKind.DIVISION, provider_unit_id="7", name="East"),)
    both = (*units, OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id="7", name="Seven"))
    made = [
        a_call(
            f"c{n:02}",
            started_at=NOW + timedelta(minutes=n // 2),
            agent=people[n % 3],
            org_units=both if n < 9 else units,
        )
        for n in range(12)
    ]
    await save(house, *made)
    every = [f"c{n:02}" for n in range(12)]
    for most in (0, 1, 64):
        monkeypatch.setattr(lists, "MOST", most)
        for asked, keys in (
            (CallFilter(agent_tags=("NIGHT",)), [key for n, key in enumerate(every) if n % 3 < 2]),
            (CallFilter(agent_names=("cy",)), every[2::3]),
            (CallFilter(agent_names=("nobody",)), []),
            (CallFilter(providers=(Provider.CALLYZER,)), []),
            (CallFilter(org_unit_provider_ids=("7",)), every),
            (CallFilter(org_unit=OrgUnitMatch(kinds=(OrgUnitKind.LOCATION,), provider_ids=("7",))), every[:9]),
            (CallFilter(org_unit=OrgUnitMatch(kinds=())), []),
            (CallFilter(direction=tuple(CallDirection)), every),
            (CallFilter(outcome=(CallOutcome.VOICEMAIL, CallOutcome.BLOCKED)), []),
            (CallFilter(agent_names=("cy",), started_at=DateTimeRange(to=NOW + timedelta(minutes=2))), every[2:4:3]),
        ):
            for order, backward in product((DOWN, UP), (False, True)):
                found_keys = await walked(house, asked, order, backward)
                assert sorted(found_keys) == keys
                assert len(found_keys) == len(keys)


def test_every_field_that_calls_are_gathered_by_is_one_of_a_filter() -> None:
    assert {field.name for field in dataclasses.fields(CallFilter)} >= finding._GATHERED | finding._SINGLE


@pytest.mark.parametrize(
    ("between", "wanted"),
    [
        (IntRange(gte=61, lte=63), [61, 62, 63]),
        (IntRange(gt=60, lt=64, gte=62), [62, 63]),
        (IntRange(gte=61, lte=63, ne=62), [61, 63]),
        (IntRange(gte=63, lte=61), []),
        (IntRange(gte=50, lt=58), list(range(50, 58))),
        (IntRange(gte=50, lte=58), list(range(50, 59))),  # one too many to be read along the index of each
        (IntRange(gte=62), list(range(62, 70))),
        (IntRange(gt=2_147_483_646, lte=2_147_483_647), []),
        (IntRange(gte=-2_147_483_648, lt=-2_147_483_647, lte=0), []),
        (IntRange(gt=-2_147_483_648, lte=2_147_483_647), list(range(50, 70))),
    ],
    ids=str,
)
async def test_calls_of_a_few_lengths_are_read_off_the_index_of_each(
    house: House, between: IntRange, wanted: list[int]
) -> None:
    lengths = [*range(50, 70), None]
    made = [
        a_call(f"c{n}", started_at=NOW + timedelta(minutes=n // 3), duration_seconds=length)
        for n, length in enumerate(lengths * 3)
    ]
    await save(house, *made)
    given = CallFilter(duration_seconds=between)
    keys = sorted(one.provider_call_id for one in made if one.duration_seconds in wanted)
    for order, backward in product((DOWN, UP), (False, True)):
        assert sorted(await walked(house, given, order, backward)) == keys
    asked = "query ($most: Int) { calls(first: 100, filter: {durationSeconds: %s}) { nodes { durationSeconds } } }"
    bounds = {field.name: getattr(between, field.name) for field in dataclasses.fields(between)}
    text = ", ".join(f"{name}: {bound}" for name, bound in bounds.items() if bound is not None and name != "lte")
    for most in (bounds["lte"], 1, bounds["lte"]):  # of one plan, with other values in its places
        told = await house.ask(asked % f"{{{text}, lte: $most}}", most=most)
        lengths_found = sorted(one["durationSeconds"] for one in told["calls"]["nodes"])
        assert lengths_found == sorted(3 * wanted if most != 1 else [])


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize("ranged", [None, DateTimeRange(from_=NOW, to=NOW + timedelta(days=1))])
async def test_nothing_is_beyond_a_call_that_is_gone(house: House, side: str, ranged: DateTimeRange | None) -> None:
    made = [a_call(f"c{n}", started_at=NOW + timedelta(minutes=n), duration_seconds=n * 100) for n in range(9)]
    await save(house, *made)
    of_index = CallFilter(duration_seconds=IntRange(gt=100), started_at=ranged)
    for one, order, backward, id in product(
        (of_index, replace(of_index, outcome=tuple(CallOutcome))), (DOWN, UP), (False, True), ("~", " ")
    ):
        window = Window(5, **{side: Position(None, id)}, backward=backward)
        async with house.database.read() as connection:
            page = await pages.page(connection, house.scope, "calls", {"id"}, one, order, window)
        assert page.rows == []
