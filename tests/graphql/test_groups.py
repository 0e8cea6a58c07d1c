"""Groups of calls as a page asks for them: spans of time, order, choice, comparison, drilling down, and who may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.scope import Reach, Right
from app.store import rows
from app.store.tables import workspaces
from app.sync.compacting import compact
from tests.builders import a_call, save
from tests.conftest import NOW, House
from tests.graphql.rows import fill, row

MORNING_MAY = {"from": "2024-05-20T00:00:00Z", "to": "2024-05-21T00:00:00Z"}
DAY = {"startedAt": MORNING_MAY}
STATS = """query ($filter: CallFilter, $by: [CallGrouping!], $zone: TimeZone, $having: [MeasureRange!], $order: CallStatsOrder,
  $first: Int, $compare: Comparison) {
  callStats(filter: $filter, groupBy: $by, timezone: $zone, having: $having, orderBy: $order, first: $first,
    compareTo: $compare) {
    total duration { average sum } answerRate filter previous { total }
    key { start end hourOfDay weekday direction outcome agent { name } country durationFrom durationBelow }
  }
}"""


async def stats(house: House, by: list[str], **variables: Any) -> list[dict[str, Any]]:
    given = {"filter": DAY} | variables
    found: list[dict[str, Any]] = (await house.ask(STATS, by=by, **given))["callStats"]
    return found


async def refused(house: House, by: list[str], **variables: Any) -> str:
    answer = await house.answer(STATS, by=by, **({"filter": DAY} | variables))
    assert answer["data"] == {"callStats": None}
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


@pytest.fixture
async def morning(house: House) -> House:
    """From 8 o'clock in UTC on 20 May 2024: Anna's three calls and Zoe's two, one of them missed."""
    told = [
        row("a", agent="Anna", duration=10),
        row("b", agent="Anna", minute=65, duration=20),
        row("c", agent="Anna", minute=70),
    ]
    told += [
        row("d", agent="Zoe", minute=75, outcome="MISSED"),
        row("e", agent="Zoe", minute=200, direction="OUTBOUND"),
    ]
    await fill(house, told)
    return house


async def test_without_grouping_all_calls_are_one_group(morning: House) -> None:
    (group,) = await stats(morning, [])
    assert (group["total"], group["duration"], group["answerRate"]) == (5, {"average": 15, "sum": 30}, 0.8)


async def test_no_calls_are_a_group_of_zeros_whose_averages_are_null(house: House) -> None:
    (group,) = await stats(house, [])
    assert (group["total"], group["duration"], group["answerRate"]) == (0, {"average": None, "sum": 0}, None)


async def test_hours_without_calls_are_there_with_zeros(morning: House) -> None:
    groups = await stats(morning, ["HOUR"])
    assert [group["total"] for group in groups] == [0] * 8 + [1, 3, 0, 1] + [0] * 12
    assert groups[9]["key"]["start"] == "2024-05-20T09:00:00Z"
    assert groups[9]["key"]["end"] == "2024-05-20T10:00:00Z"


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours", "days"),
    [
        ("America/New_York", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z", 25, 1),
        ("America/New_York", "2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z", 23, 1),
        ("Australia/Lord_Howe", "2024-04-06T13:00:00Z", "2024-04-07T13:30:00Z", 25, 1),
        ("Africa/Cairo", "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z", 23, 1),
        ("Asia/Kathmandu", "2024-05-19T18:15:00Z", "2024-05-21T18:15:00Z", 48, 2),
    ],
)
async def test_days_have_as_many_hours_as_the_clock_shows(
    house: House, zone: str, start: str, end: str, hours: int, days: int
) -> None:
    given = {"startedAt": {"from": start, "to": end}}
    assert len(await stats(house, ["HOUR"], filter=given, zone=zone)) == hours
    found = await stats(house, ["DAY"], filter=given, zone=zone)
    assert len(found) == days
    assert (found[0]["key"]["start"], found[-1]["key"]["end"]) == (start, end)


async def test_a_profile_has_every_hour_of_every_weekday(morning: House) -> None:
    groups = await stats(morning, ["WEEKDAY", "HOUR_OF_DAY"])
    assert len(groups) == 7 * 24
    busy = {(group["key"]["weekday"], group["key"]["hourOfDay"]): group["total"] for group in groups if group["total"]}
    assert busy == {("MONDAY", 8): 1, ("MONDAY", 9): 3, ("MONDAY", 11): 1}


async def test_groups_come_by_most_calls_unless_asked_otherwise(morning: House) -> None:
    assert [group["key"]["agent"]["name"] for group in await stats(morning, ["AGENT"])] == ["Anna", "Zoe"]
    upwards = {"measure": "CALLS", "direction": "ASC"}
    assert [group["total"] for group in await stats(morning, ["AGENT"], order=upwards)] == [2, 3]
    assert [group["total"] for group in await stats(morning, ["AGENT"], order=upwards, first=1)] == [2]


async def test_groups_without_the_measure_come_last_both_ways(morning: House) -> None:
    for direction in ("ASC", "DESC"):
        order = {"measure": "DURATION_AVERAGE", "direction": direction}
        groups = await stats(morning, ["AGENT"], order=order)
        assert [group["duration"]["average"] for group in groups] == [15, None]
        groups = await stats(morning, ["AGENT", "DIRECTION", "WEEK"], order=order)
        assert groups[-1]["duration"]["average"] is None


@pytest.mark.parametrize("by", [["AGENT"], ["AGENT", "DAY"]])
async def test_groups_are_chosen_by_their_measures(morning: House, by: list[str]) -> None:
    assert [group["total"] for group in await stats(morning, by, having=[{"measure": "CALLS", "gte": 3}])] == [3]
    assert [group["total"] for group in await stats(morning, by, having=[{"measure": "ANSWER_RATE", "lt": 1}])] == [2]
    assert await stats(morning, by, having=[{"measure": "DURATION_AVERAGE", "gt": 15}]) == []


async def test_the_filter_of_a_group_lists_its_calls(morning: House) -> None:
    listed = "query ($filter: CallFilter) { calls(filter: $filter) { totalCount } }"
    for by in (["HOUR"], ["AGENT", "OUTCOME"], ["DURATION_BAND"], ["COUNTRY"], ["QUEUE"], ["WEEKDAY", "HOUR_OF_DAY"]):
        for group in await stats(morning, by):
            assert (await morning.ask(listed, filter=group["filter"]))["calls"]["totalCount"] == group["total"]


async def test_the_day_before_stands_beside_each_hour(morning: House) -> None:
    following = {"startedAt": {"from": "2024-05-21T00:00:00Z", "to": "2024-05-22T00:00:00Z"}}
    groups = await stats(morning, ["HOUR"], filter=following, compare="PREVIOUS_PERIOD")
    assert [group["previous"]["total"] for group in groups][8:12] == [1, 3, 0, 1]
    assert not any(group["total"] for group in groups)


@pytest.mark.parametrize(
    ("compare", "start", "end"),
    [
        ("SAME_PERIOD_LAST_WEEK", "2024-05-27", "2024-05-28"),
        ("SAME_PERIOD_LAST_MONTH", "2024-06-20", "2024-06-21"),
        ("SAME_PERIOD_LAST_YEAR", "2025-05-20", "2025-05-21"),
    ],
)
async def test_a_range_is_compared_with_an_earlier_one(morning: House, compare: str, start: str, end: str) -> None:
    given = {"startedAt": {"from": f"{start}T00:00:00Z", "to": f"{end}T00:00:00Z"}}
    (group,) = await stats(morning, [], filter=given, compare=compare)
    assert (group["total"], group["previous"]["total"]) == (0, 5)


async def test_comparison_needs_both_ends(morning: House) -> None:
    given = {"startedAt": {"from": "2024-05-20T00:00:00Z"}}
    assert await refused(morning, [], filter=given, compare="PREVIOUS_PERIOD") == "BAD_USER_INPUT"


async def test_more_than_a_thousand_groups_are_refused_and_first_helps(house: House) -> None:
    await fill(house, [row(f"c{n}", caller=f"+97798110{n:05}") for n in range(1001)])
    assert await refused(house, ["PHONE_NUMBER"]) == "TOO_MANY_GROUPS"
    assert len(await stats(house, ["PHONE_NUMBER"], first=10)) == 10
    years = {"startedAt": {"from": "2020-01-01T00:00:00Z", "to": "2024-01-01T00:00:00Z"}}
    for by in (["HOUR"], ["DAY"], ["WEEK", "DAY"]):
        assert await refused(house, by, filter=years) == "TOO_MANY_GROUPS"


@pytest.mark.parametrize("by", ["HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"])
async def test_ends_of_time_are_no_server_errors(house: House, by: str) -> None:
    for first, end in (("0001-01-02", "0001-01-05"), ("9999-12-28", "9999-12-30")):
        given = {"startedAt": {"from": f"{first}T00:00:00Z", "to": f"{end}T00:00:00Z"}}
        for zone in ("America/New_York", "Pacific/Auckland"):
            answer = await house.answer(STATS, by=[by], filter=given, zone=zone)
            assert "INTERNAL" not in str(answer)


async def test_before_the_first_year_there_is_nothing_to_compare_with(house: House) -> None:
    given = {"startedAt": {"from": "0001-01-02T00:00:00Z", "to": "0001-06-02T00:00:00Z"}}
    for compare in ("PREVIOUS_PERIOD", "SAME_PERIOD_LAST_YEAR", "SAME_PERIOD_LAST_WEEK"):
        assert await refused(house, [], filter=given, compare=compare) == "BAD_USER_INPUT"


async def test_each_service_level_has_the_threshold_that_it_was_asked_with(house: House) -> None:
    rung = (3, 15, 40, None)
    called = [a_call(f"c{n}", started_at=NOW - timedelta(hours=n + 1), ring_seconds=one) for n, one in enumerate(rung)]
    await save(house, *called, replace(called[1], provider_call_id="before", started_at=NOW - timedelta(hours=26)))
    query = """query ($within: Int!) { callStats(filter: {period: TODAY}, compareTo: PREVIOUS_PERIOD) {
      serviceLevel soon: serviceLevel(withinSeconds: 5) late: serviceLevel(withinSeconds: $within) ...Never
      previous { soon: serviceLevel(withinSeconds: 5) later: serviceLevel(withinSeconds: 15) } } }
      fragment Never on CallStats { never: serviceLevel(withinSeconds: 0) }"""
    (group,) = (await house.ask(query, within=40))["callStats"]
    assert group == {
        "serviceLevel": 0.5, "soon": 0.25, "late": 0.75, "never": 0.0, "previous": {"soon": 0.0, "later": 1.0},
    }  # fmt: skip


async def test_eleven_thresholds_and_ones_out_of_bounds_are_refused(house: House) -> None:
    many = " ".join(f"l{n}: serviceLevel(withinSeconds: {n})" for n in range(11))
    for asked in (many, "serviceLevel(withinSeconds: -1)", "serviceLevel(withinSeconds: 86401)"):
        answer = await house.answer(f"{{ callStats {{ {asked} }} }}")
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_too_many_groupings_and_sizes_out_of_bounds_are_refused(house: House) -> None:
    six = ["DIRECTION", "OUTCOME", "AGENT", "SOURCE", "QUEUE", "IVR"]
    assert await refused(house, six) == "BAD_USER_INPUT"
    assert await refused(house, [], first=1001) == "BAD_USER_INPUT"


async def test_numbers_and_calls_need_their_own_rights(morning: House) -> None:
    stranger = replace(morning, scope=replace(morning.scope, rights=frozenset({Right.STATS_READ})))
    assert await refused(stranger, ["PHONE_NUMBER"]) == "FORBIDDEN"
    answer = await stranger.answer("{ callStats(filter: {period: YEAR_TO_DATE}) { total calls { totalCount } } }")
    assert answer["data"] == {"callStats": [{"total": 5, "calls": None}]}
    assert [error["path"] for error in answer["errors"]] == [["callStats", 0, "calls"]]
    nobody = replace(morning, scope=replace(morning.scope, rights=frozenset({Right.CALLS_READ})))
    assert await refused(nobody, []) == "FORBIDDEN"


async def as_anna(morning: House) -> House:
    """As a viewer sees it who sees Anna's calls alone."""
    async with morning.database.read() as connection:
        named = await rows.all_rows(connection, morning.scope, "agents", frozenset({"id", "name"}), ("name",))
    anna = next(one["id"] for one in named if one["name"] == "Anna")
    return replace(morning, scope=replace(morning.scope, reach=Reach(agent_ids=(anna,))))


async def test_an_agents_own_viewer_counts_their_calls_alone(morning: House) -> None:
    agents = await morning.ask("{ agents { nodes { name id } } }")
    found = await stats(morning, ["AGENT"])
    assert len(found) == len(agents["agents"]["nodes"]) == 2
    hers = await as_anna(morning)
    for by in ([], ["AGENT"], ["HOUR"], ["AGENT", "WEEKDAY"]):
        assert sum(group["total"] for group in await stats(hers, by)) == 3


async def test_who_may_not_see_numbers_is_told_the_filter_of_whatever_holds_none(morning: House) -> None:
    hiding = replace(morning, scope=replace(morning.scope, rights=frozenset({Right.STATS_READ, Right.CALLS_READ})))
    for by in (["AGENT"], ["CONTACT"], ["SOURCE", "WEEKDAY"]):
        groups = await stats(hiding, by)
        assert [group["filter"] for group in groups] == [group["filter"] for group in await stats(morning, by)]
        for group in groups:
            listed = await hiding.ask("query ($f: CallFilter) { calls(filter: $f) { totalCount } }", f=group["filter"])
            assert listed["calls"]["totalCount"] == group["total"]


async def test_groups_take_as_few_statements_as_one(morning: House) -> None:
    query = """query ($by: [CallGrouping!]) { callStats(filter: {period: YEAR_TO_DATE}, groupBy: $by) {
      total duration { p50 } key { agent { name } source { name } } calls(first: 2) { totalCount nodes { id } } } }"""

    async def sent(by: list[str]) -> int:
        async with morning.statements() as statements:
            await morning.ask(query, by=by)
        return len(statements)

    assert await sent(["AGENT", "SOURCE", "OUTCOME", "DURATION_BAND"]) == await sent(["AGENT", "SOURCE"])


async def test_a_week_of_an_agent_begins_on_sunday_in_totals_too(house: House) -> None:
    """Monday, 13 May, and the Sunday after it are of different weeks."""
    await fill(house, [row(f"d{day}", agent="Anna", minute=-day * 24 * 60) for day in (0, 1, 7)])
    await compact(house.database, house.scope)
    given = {"startedAt": {"from": "2024-05-05T00:00:00Z", "to": "2024-06-02T00:00:00Z"}}
    for by in (["AGENT", "WEEK"], ["WEEK"]):
        groups = await stats(house, by, filter=given)
        assert [group["total"] for group in groups] == [0, 1, 2, 0]
        for group in groups:
            assert await listed(house, group["filter"]) == group["total"]


async def listed(house: House, given: Any) -> int:
    """How long the list is that a group's filter selects."""
    found = await house.ask("query ($f: CallFilter) { calls(filter: $f) { totalCount } }", f=given)
    count: int = found["calls"]["totalCount"]
    return count


async def test_a_range_of_a_century_costs_no_more_than_the_calls_there_are(house: House) -> None:
    """New York changes its clock twice a year: the statement knows of the years with calls alone."""
    await fill(house, [row("a", agent="Anna")])
    await compact(house.database, house.scope)
    given = {"startedAt": {"from": "1971-01-01T00:00:00Z", "to": "2054-01-01T00:00:00Z"}}
    for by in (["AGENT"], ["DIRECTION"], ["YEAR"], ["YEAR", "WEEKDAY"], ["QUARTER", "YEAR"]):
        async with house.statements() as statements:
            groups = await stats(house, by, filter=given, zone="America/New_York")
        assert sum(group["total"] for group in groups) == 1
        assert max(map(len, statements)) < 60_000


async def test_years_of_changing_clocks_are_right_where_days_are_too_many_for_a_statement(house: House) -> None:
    years = [row(f"y{n}", agent="Anna", minute=-n * 365 * 24 * 60) for n in range(12)]
    await fill(house, years)
    async with house.database.write() as connection:
        await connection.execute(update(workspaces).values(timezone="America/New_York"))
    await compact(house.database, house.scope)
    given = {"startedAt": {"from": "2010-01-01T00:00:00Z", "to": "2025-01-01T00:00:00Z"}}
    for by in (["YEAR"], ["AGENT"], ["WEEKDAY"], ["HOUR_OF_DAY"], ["AGENT", "YEAR"]):
        for group in await stats(house, by, filter=given, zone="America/New_York"):
            assert await listed(house, group["filter"]) == group["total"]


async def test_hours_are_compared_by_the_clock_after_it_changed(house: House) -> None:
    """At 14:05 in New York, on the day after its clock went forward and on the day itself."""
    await fill(house, [row("a", minute=-70 * 24 * 60 + 10 * 60 + 5), row("b", minute=-71 * 24 * 60 + 10 * 60 + 5)])
    given = {"startedAt": {"from": "2024-03-11T04:00:00Z", "to": "2024-03-12T04:00:00Z"}}
    found = await stats(house, ["HOUR"], filter=given, zone="America/New_York", compare="PREVIOUS_PERIOD")
    assert [one["previous"]["total"] for one in found if one["total"]] == [1]
    assert [n for n, one in enumerate(found) if one["previous"] is None] == [2]  # that hour was left out


async def test_ranges_within_a_filter_are_moved_back_as_well(morning: House) -> None:
    given = {"and": [DAY], "startedAt": {"from": "2024-05-20T00:00:00Z", "to": "2024-05-21T00:00:00Z"}}
    await fill(morning, [row("before", minute=-24 * 60)])
    (group,) = await stats(morning, [], filter=given, compare="PREVIOUS_PERIOD")
    assert group["previous"] == {"total": 1}


async def test_the_earlier_range_may_have_more_groups_than_an_answer(house: House) -> None:
    await fill(
        house, [row("now", agent="Agent 7"), *[row(f"b{n}", agent=f"Agent {n}", minute=-24 * 60) for n in range(1001)]]
    )
    (group,) = [one for one in await stats(house, ["DAY", "AGENT"], compare="PREVIOUS_PERIOD") if one["total"]]
    assert group["previous"] == {"total": 1}


async def test_a_profile_counts_what_its_filter_lists_however_far_the_calls_are(house: House) -> None:
    await fill(house, [row("later", minute=5 * 366 * 24 * 60)])
    for by in ("WEEKDAY", "HOUR_OF_DAY"):
        (group,) = [
            one
            for one in await stats(house, [by], filter={"startedAt": {"from": "2020-01-01T00:00:00Z"}})
            if one["total"]
        ]
        assert await listed(house, group["filter"]) == 1


async def test_an_open_range_without_calls_is_as_empty_as_a_closed_one(house: House) -> None:
    assert len(await stats(house, [], filter={"startedAt": {"from": "2024-01-01T00:00:00Z"}})) == 1
    assert len(await stats(house, ["WEEKDAY"], filter={"startedAt": {"to": "2024-01-01T00:00:00Z"}})) == 7


async def test_an_open_range_ends_with_the_last_call_that_the_viewer_sees(morning: House) -> None:
    """Zoe's last call is two hours after Anna's."""
    groups = await stats(await as_anna(morning), ["HOUR"], filter={"startedAt": {"from": "2024-05-20T08:00:00Z"}})
    assert [group["total"] for group in groups] == [1, 2]


async def test_calls_that_go_on_are_counted_among_those_at_once(house: House) -> None:
    await fill(house, [row(f"p{n}", minute=n, outcome="IN_PROGRESS") for n in range(2)])
    found = await house.ask("query ($f: CallFilter) { callStats(filter: $f) { peakConcurrentCalls } }", f=DAY)
    assert found["callStats"] == [{"peakConcurrentCalls": 2}]


@pytest.mark.parametrize("by", ["AGENT", "CONTACT", "SOURCE"])
async def test_groups_of_rows_may_be_listed_by_who_sees_no_numbers(morning: House, by: str) -> None:
    masked = replace(morning, scope=replace(morning.scope, rights=frozenset({Right.STATS_READ, Right.CALLS_READ})))
    for group in await stats(masked, [by]):
        assert await listed(masked, group["filter"]) == group["total"]
