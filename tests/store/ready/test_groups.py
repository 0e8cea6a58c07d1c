"""The lists of the ready-made statistics hold what plain Python finds in all calls, on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.activity import edges
from app.domain.filters import CallFilter, SortDirection, Weekday
from app.domain.ready import ReturnState
from app.store.ready import agent_summaries, groups, never_attended, not_picked_up, unique_contacts
from app.store.ready.activity import activity
from app.store.ready.call_analysis import analysis
from app.store.ready.call_summary import summary
from app.store.ready.daily import daily
from app.store.ready.failed import Failed, failed_calls
from app.store.ready.unreturned import Unreturned
from app.store.ready.working import worked
from tests.conftest import House
from tests.store.both import Both, in_both
from tests.store.random_filters import FILTERS
from tests.store.ready import plain
from tests.store.ready.asked import Names, by_pair, fill, rows_of, shown, walked

LISTS = [never_attended, not_picked_up, Unreturned(ReturnState.ALL), unique_contacts, agent_summaries]
ZONES = [
    *(ZoneInfo(name) for name in ("UTC", "Asia/Kathmandu", "Asia/Kolkata")),
    *(ZoneInfo(name) for name in ("America/New_York", "Australia/Lord_Howe", "Africa/Cairo")),
]
LENGTHS = {known.key: (plain.talked(known.call), known.call.started_at) for known in plain.DATASET}
STARTS = {known.key: known.call.started_at for known in plain.DATASET}
NAMES: dict[int, Names] = {}


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The dataset in a store of each engine."""
    with in_both(request, tmp_path_factory.mktemp("ready"), fill) as found:
        yield found


async def names_of(house: House) -> Names:
    found = NAMES.setdefault(id(house), Names())
    await found.learn(house)
    return found


@settings(max_examples=20)
@given(FILTERS)
def test_never_attended_are_pairs_with_a_missed_call_and_no_talk_after_it(both: Both, filter: CallFilter) -> None:
    async def found(house: House) -> Any:
        rows = await rows_of(house, never_attended, filter)
        wanted = ("first_missed_at", "last_missed_at", "missed_calls", "rejected_calls")
        return by_pair(rows, await names_of(house), *wanted)

    assert both.asked(found) == plain.never_attended(filter)


@settings(max_examples=20)
@given(FILTERS)
def test_not_picked_up_are_pairs_with_attempts_and_no_talk_on_any(both: Both, filter: CallFilter) -> None:
    async def found(house: House) -> Any:
        rows = await rows_of(house, not_picked_up, filter)
        return by_pair(rows, await names_of(house), "first_attempt_at", "last_attempt_at", "attempts")

    assert both.asked(found) == plain.not_picked_up(filter)


@settings(max_examples=10)
@given(FILTERS, st.sampled_from(ReturnState))
def test_unreturned_are_numbers_whose_last_missed_calls_nobody_returned(
    both: Both, filter: CallFilter, state: ReturnState
) -> None:
    async def found(house: House) -> Any:
        rows = await rows_of(house, Unreturned(state), filter)
        wanted = ("first_missed_at", "last_missed_at", "missed_calls", "returned_at", "seconds_to_return", "attempts")
        return {row["phone_number"]: shown(row, *wanted) for row in rows}

    assert both.asked(found) == plain.unreturned(filter, state)


@settings(max_examples=12)
@given(FILTERS)
def test_unique_contacts_have_the_figures_of_their_calls(both: Both, filter: CallFilter) -> None:
    async def found(house: House) -> Any:
        rows = await rows_of(house, unique_contacts, filter)
        return {row["phone_number"]: shown(row, *plain.FIGURES) for row in rows}

    assert both.asked(found) == plain.unique_contacts(filter)


@settings(max_examples=12)
@given(FILTERS, st.sampled_from(ZONES))
def test_agents_have_the_figures_of_their_calls_and_days(both: Both, filter: CallFilter, zone: ZoneInfo) -> None:
    filter = replace(filter, timezone=zone)

    async def found(house: House) -> Any:
        rows, names = await rows_of(house, agent_summaries, filter), await names_of(house)
        wanted = (*plain.FIGURES, "unique_contacts", "working_seconds")
        return {names.agents[row["agent_id"]]: shown(row, *wanted) for row in rows}

    assert both.asked(found) == plain.agent_summaries(filter)


@settings(max_examples=10)
@given(FILTERS, st.sampled_from(ZONES))
def test_summary_has_the_figures_of_all_calls(both: Both, filter: CallFilter, zone: ZoneInfo) -> None:
    filter = replace(filter, timezone=zone)

    async def found(house: House) -> Any:
        async with house.database.read() as connection:
            row = await summary(connection, house.scope, filter)
        return shown(row, *plain.FIGURES, "unique_contacts", "working_seconds", "agents")

    calls = plain.looked_at(filter)
    assert both.asked(found) == (
        *plain.figures(calls),
        len(plain.by(plain.outside_of, calls)),
        plain.working_seconds(calls, filter),
        len(plain.by(plain.agent_of, calls)),
    )


@settings(max_examples=10)
@given(FILTERS, st.sampled_from(Failed))
def test_failed_calls_are_those_of_the_lists_by_agent_by_number_and_in_all(
    both: Both, filter: CallFilter, which: Failed
) -> None:
    async def found(house: House) -> Any:
        names = await names_of(house)
        numbers = sorted({number for known in plain.DATASET if (number := plain.number_of(known))})
        async with house.database.read() as connection:
            asked = (connection, house.scope, filter, which)
            of_agents = await failed_calls(*asked, "agent_id", list(names.agents))
            of_numbers = await failed_calls(*asked, "phone_number", numbers)
            (total,) = await failed_calls(*asked, None, ())
        return (
            {name: count for name, count in zip(names.agents.values(), of_agents, strict=True) if count},
            {number: count for number, count in zip(numbers, of_numbers, strict=True) if count},
            total,
        )

    of_all = plain.failed(filter, which, lambda _: "")
    expected = (plain.failed(filter, which, key) for key in (plain.agent_of, plain.number_of))
    assert both.asked(found) == (*expected, of_all.get("", 0))


@settings(max_examples=20)
@given(FILTERS, st.sampled_from(ZONES))
def test_analysis_names_the_best_the_longest_and_the_days(both: Both, filter: CallFilter, zone: ZoneInfo) -> None:
    async def found(house: House) -> Any:
        async with house.database.read() as connection:
            row = await analysis(connection, house.scope, filter, zone)
        best = [row[name] and row[name][figure] for name, figure in plain.BEST.items()]
        longest = (await names_of(house)).calls.get(row["longest_call_id"] or "")
        return [row["total"], row["talk_seconds"], row["days"], best, longest and LENGTHS[longest]]

    assert both.asked(found) == plain.analysis(filter, zone)


@settings(max_examples=12)
@given(
    FILTERS,
    st.sampled_from(ZONES),
    st.sampled_from([(540, 1080), (0, 1440), (555, 700), (600, 601), (0, 90)]),
    st.lists(st.sampled_from(Weekday), max_size=2),
)
def test_activity_is_what_plain_python_finds_by_day_and_slot(
    both: Both, filter: CallFilter, zone: ZoneInfo, hours: tuple[int, int], excluded: list[Weekday]
) -> None:
    filter = replace(filter, timezone=zone)

    async def found(house: House) -> Any:
        async with house.database.read() as connection:
            slots = await activity(connection, house.scope, filter, hours, excluded)
        amounts = [
            ((day, slot.first, slot.first < hours[0]), (one.total, one.connected, one.talk_seconds))
            for slot in slots
            for day, one in slot.by_day.items()
        ]
        return {key: amount for key, amount in amounts if amount[0]}

    assert both.asked(found) == plain.active(filter, hours, excluded)


@settings(max_examples=12)
@given(
    FILTERS,
    st.sampled_from(ZONES),
    st.sampled_from([(540, 1080), (0, 1440), (555, 700)]),
    st.lists(st.sampled_from(Weekday), max_size=2),
)
def test_days_are_what_plain_python_finds_one_by_one_with_their_slots_and_together(
    both: Both, filter: CallFilter, zone: ZoneInfo, hours: tuple[int, int], excluded: list[Weekday]
) -> None:
    filter = replace(filter, timezone=zone)

    async def found(house: House) -> Any:
        async with house.database.read() as connection:
            days, whole = await daily(connection, house.scope, filter, hours, excluded)
            seconds = await worked(connection, house.scope, filter)
        wanted = (*plain.FIGURES, "last_ended_at")
        slots = {
            (day.date, begins, begins < hours[0]): (one.total, one.connected, one.talk_seconds)
            for day in days
            for begins, one in zip(edges(*hours), day.slots, strict=False)
            if one.total
        }
        by_day = {day.date: (*shown(day.figures, *wanted), seconds.get(day.date, 0)) for day in days}
        lasts = [(await names_of(house)).calls[day.figures["last_call_id"]] for day in days if day.figures["total"]]
        return by_day, slots, shown(whole, *wanted), [STARTS[last] for last in lasts]

    by_day = plain.days(filter, excluded)
    every = [one for calls in by_day.values() for one in calls]
    assert both.asked(found) == (
        {day: plain.of_day(calls, filter) for day, calls in by_day.items()},
        plain.active(filter, hours, excluded),
        plain.of_day(every, filter)[:-1],
        [max(one.call.started_at for one in calls) for calls in by_day.values() if calls],
    )


@pytest.mark.parametrize("statistic", LISTS[3:], ids=lambda statistic: statistic.__name__)
def test_groups_of_some_values_are_those_of_the_list(both: Both, statistic: Any) -> None:
    @settings(max_examples=6)
    @given(FILTERS, st.integers(1, 5))
    def some(filter: CallFilter, step: int) -> None:
        async def found(house: House) -> bool:
            by = "agent_id" if statistic is agent_summaries else "phone_number"
            every = {row[by]: row for row in await rows_of(house, statistic, filter)}
            wanted = list(every)[::step]
            async with house.database.read() as connection:
                rows = await groups.rows_by(connection, house.scope, statistic, filter, by, [*wanted, "nobody"])
            return rows == {key: {name: every[key][name] for name in rows[key]} for key in wanted}

        assert both.asked(found)

    some()


def test_the_dataset_has_something_of_every_statistic() -> None:
    for statistic in (plain.never_attended, plain.not_picked_up):
        assert len(statistic(CallFilter())) >= 5


@pytest.mark.parametrize("statistic", LISTS, ids=str)
@pytest.mark.parametrize("backward", [False, True])
def test_pages_together_are_the_list_in_order(both: Both, statistic: Any, backward: bool) -> None:
    @settings(max_examples=4)
    @given(st.sampled_from(list(statistic.SORTS)), st.sampled_from(list(SortDirection)), st.integers(1, 5))
    def walk(field: Any, way: SortDirection, size: int) -> None:
        async def found(house: House) -> list[bool]:
            ids = await walked(house, statistic, field, way, size, backward)
            rows = await rows_of(house, statistic, CallFilter())

            def place(row: Any) -> Any:
                value = row[statistic.SORTS[field]]
                return -1 if value is None else value, row["id"]

            expected = [row["id"] for row in sorted(rows, key=place, reverse=way is SortDirection.DESC)]
            return [ids == expected, len(ids) > size]

        assert both.asked(found) == [True, True]

    walk()


def test_a_row_is_known_by_its_last_call(both: Both) -> None:
    async def found(house: House) -> Any:
        names = await names_of(house)
        rows = await rows_of(house, not_picked_up, CallFilter())
        return {names.calls[row["id"]]: row["last_attempt_at"] for row in rows}

    last = both.asked(found, same=False)
    assert all(STARTS[key].timestamp() * 1000 == at for key, at in last.items())
