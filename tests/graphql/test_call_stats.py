"""Groups of calls agree with plain Python on both engines: which there are, which calls they have, what they come to."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.domain.calls import CallDirection, CallOutcome
from app.domain.filters import CallFilter, CallOrder, DateTimeRange
from app.domain.pages import Window
from app.domain.sources import Provider
from app.domain.statistics import PROFILES, SPANS, CallGrouping
from app.graphql.call_groups import Asked, CallGroup, Wanted, call_groups
from app.graphql.context import Context
from app.graphql.filter_text import as_input
from app.store import pages
from app.sync.compacting import compact
from tests.conftest import House
from tests.graphql import plain_statistics
from tests.graphql.plain_statistics import keys, measures, moments
from tests.store.both import Both, in_both
from tests.store.plain_filter import MOMENTS, selects
from tests.store.random_filters import DATASET, fill, simple_filters, some

ZONES = tuple(
    map(
        ZoneInfo,
        ("UTC", "Asia/Kathmandu", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"),
    )
)
UTC_ZONE = ZONES[0]
WITHIN = 10
# A failing example is small as it is, and each further try asks two servers.
QUICK = (Phase.explicit, Phase.generate)
FIELDS = " ".join(
    ["total connected shortCalls inbound outbound internal abandoned answerRate abandonmentRate averageSpeedOfAnswer"]
    + ["uniqueContacts firstTimeContacts peakConcurrentCalls revenue serviceLevel(withinSeconds: 10)"]
    + [outcome.value.lower() for outcome in plain_statistics.OUTCOMES]
    + [f"{name} {{ calls sum average min max p50 p90 p95 p99 }}" for name in plain_statistics.DURATIONS]
)
QUERY = f"""query ($filter: CallFilter, $by: [CallGrouping!], $zone: TimeZone) {{
  callStats(filter: $filter, groupBy: $by, timezone: $zone) {{ {FIELDS} filter calls(first: 1000) {{ totalCount nodes {{ providerCallId }} }} }}
}}"""


async def fill_in_between(house: House) -> None:
    """Half of the dataset is in totals, and of the other half there are marks: totals and calls are both needed."""
    await fill(house, Provider.SMARTFLO)
    await compact(house.database, house.scope)
    await fill(house, Provider.CALLCAP)


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with in_both(request, tmp_path_factory.mktemp("both"), fill_in_between) as both:
        yield both


_STARTS = st.sampled_from([moment.replace(minute=minute) for moment in MOMENTS for minute in (0, 15)])
RANGES = st.builds(lambda one, other: DateTimeRange(from_=min(one, other), to=max(one, other)), _STARTS, _STARTS)
GROUPINGS = st.lists(st.sampled_from(CallGrouping), max_size=3, unique=True).map(tuple)
# Thousands of hours are too many; the test of too many groups is another one.
FEW = GROUPINGS.filter(lambda some: CallGrouping.HOUR not in some and (CallGrouping.DAY not in some or len(some) == 1))


def partition(chosen: list[Any], groupings: tuple[CallGrouping, ...], zone: ZoneInfo) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for known in chosen:
        for key in product(*[keys(one, known, zone) for one in groupings]):
            found.setdefault(key, []).append(known)
    return found


def empties(groups: dict[Any, Any], groupings: tuple[CallGrouping, ...], bounds: DateTimeRange, zone: ZoneInfo) -> int:
    """How many groups of time have no calls."""
    timed = [place for place, one in enumerate(groupings) if one in SPANS or one in PROFILES]
    if not timed:
        return 0 if groupings or groups else 1
    others = {tuple(value for place, value in enumerate(key) if place not in timed) for key in groups}
    if len(timed) == len(groupings):
        others.add(())
    return len(moments(bounds, groupings, zone)) * len(others) - len(groups)


async def grouped(house: House, asked: Asked) -> tuple[list[CallGroup], list[frozenset[str]]]:
    """The groups, and the calls that the filter of each selects."""
    async with Context(house.scope, house.zone, house.database, house.now) as context:
        groups = await call_groups(context, asked, Wanted())
        if not groups:
            return [], []
        async with context.view.reading() as connection:
            found = await pages.pages_of(
                connection,
                house.scope,
                "calls",
                [group.filter for group in groups],
                {"provider_call_id"},
                CallOrder(),
                Window(1000),
            )
    return groups, [frozenset(row["provider_call_id"] for row in page.rows) for page in found]


@settings(max_examples=25, phases=QUICK)
@given(FEW, simple_filters(), RANGES, st.sampled_from(ZONES))
def test_every_call_is_in_its_groups_and_their_filters_select_them(
    both: Both, groupings: tuple[CallGrouping, ...], given: CallFilter, bounds: DateTimeRange, zone: ZoneInfo
) -> None:
    asked = Asked(replace(given, started_at=bounds, timezone=given.timezone or zone), groupings, zone)
    expected = partition([known for known in DATASET if selects(asked.filter, known)], groupings, zone)
    sets = Counter(frozenset(known.key for known in group) for group in expected.values())
    sets[frozenset()] += empties(expected, groupings, bounds, zone)
    for groups, selected in both.each(lambda house: grouped(house, asked)):
        assert Counter(selected) == +sets
        assert [group.found["calls"] for group in groups] == [len(one) for one in selected]


@settings(max_examples=8, phases=QUICK)
@given(st.sampled_from([(), (CallGrouping.DIRECTION,), (CallGrouping.WEEK,)]), simple_filters(), RANGES)
def test_call_is_in_the_group_of_its_unit_and_of_each_one_above_it(
    both: Both, more: tuple[CallGrouping, ...], given: CallFilter, bounds: DateTimeRange
) -> None:
    asked = Asked(replace(given, started_at=bounds, timezone=UTC_ZONE), (CallGrouping.ORG_UNIT, *more), UTC_ZONE)
    expected = partition([known for known in DATASET if selects(asked.filter, known)], asked.groupings, UTC_ZONE)
    for groups, selected in both.each(lambda house: grouped(house, asked)):
        assert Counter(one for one in selected if one) == Counter(
            frozenset(known.key for known in group) for group in expected.values()
        )
        assert [group.found["calls"] for group in groups] == [len(one) for one in selected]


def test_the_dataset_has_calls_of_several_levels_and_of_none() -> None:
    levels = {len(known.call.org_units) for known in DATASET}
    assert 0 in levels
    assert max(levels) > 1


@settings(max_examples=12, phases=QUICK)
@given(
    st.lists(st.sampled_from([one for one in CallGrouping if one not in SPANS]), max_size=2, unique=True).map(tuple),
    simple_filters(),
    st.sampled_from(ZONES),
)
def test_measures_are_those_of_the_calls_one_by_one(
    both: Both, groupings: tuple[CallGrouping, ...], given: CallFilter, zone: ZoneInfo
) -> None:
    bounds = DateTimeRange(from_=datetime(2024, 1, 1, tzinfo=UTC), to=datetime(2025, 1, 1, tzinfo=UTC))
    everything = [known.call for known in DATASET]

    async def answered(house: House) -> list[dict[str, Any]]:
        said = as_input(house.scope, replace(given, started_at=bounds))
        names = [one.value for one in groupings]
        found: list[dict[str, Any]] = (await house.ask(QUERY, filter=said, by=names, zone=zone.key))["callStats"]
        return found

    for groups in both.each(answered):
        for group in groups:
            listed = {node["providerCallId"] for node in group["calls"]["nodes"]}
            calls = [known.call for known in DATASET if known.key in listed]
            assert group["calls"]["totalCount"] == len(calls)
            wanted = measures(calls, everything, WITHIN)
            for name, value in wanted.items():
                assert group[name] == pytest.approx(value), name


_TOLD = st.builds(
    CallFilter,
    direction=st.none() | some(*CallDirection),
    outcome=st.none() | some(*CallOutcome),
    providers=st.none() | some(*Provider),
)
_TIMES = [*SPANS, *PROFILES, CallGrouping.DIRECTION, CallGrouping.OUTCOME, CallGrouping.PROVIDER]
_AGENTS = [CallGrouping.AGENT, CallGrouping.AGENT_TAG, CallGrouping.WEEK, CallGrouping.WEEKDAY, CallGrouping.SOURCE]
_OF_TOTALS = st.sampled_from([_TIMES[1:], _AGENTS]).flatmap(
    lambda kinds: st.lists(st.sampled_from(kinds), max_size=2, unique=True).map(tuple)
)


@settings(max_examples=25, phases=QUICK)
@given(_OF_TOTALS, _TOLD, RANGES.filter(lambda bounds: bounds.from_ != bounds.to), st.sampled_from(ZONES))
def test_totals_tell_what_the_calls_do(
    both: Both, groupings: tuple[CallGrouping, ...], given: CallFilter, bounds: DateTimeRange, zone: ZoneInfo
) -> None:
    asked = Asked(replace(given, started_at=bounds, timezone=zone), groupings, zone)
    expected = partition([known for known in DATASET if selects(asked.filter, known)], groupings, zone)
    names = frozenset(
        ["calls", "connected", "talk_sum", "talk_n", "talk_max", "missed", "inbound", "answered_ring_sum"]
    )

    async def told(house: House) -> tuple[list[Any], list[Any]]:
        async with Context(house.scope, house.zone, house.database, house.now) as context:
            by_totals = await call_groups(context, asked, Wanted(names), "totals")
            by_calls = await call_groups(context, asked, Wanted(names | {"unique_contacts"}), "calls")
        assert context.read_from == {"totals": "TOTALS", "calls": "CALLS"}
        of_calls = [{name: one.found[name] for name in names} for one in by_calls]
        assert [one.key for one in by_totals] == [one.key for one in by_calls]
        return [{name: one.found[name] for name in names} for one in by_totals], of_calls

    for by_totals, by_calls in both.each(told):
        assert by_totals == by_calls
        assert sorted(one["calls"] for one in by_totals if one["calls"]) == sorted(map(len, expected.values()))
