"""Activity by day in the graph: every day of a range, what it is of the whole, and the day at its place before."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.builders import save
from tests.conftest import House
from tests.graphql.ready.test_pairs import SITA, call
from tests.graphql.ready.test_summaries import filled

DAYS = """query($filter: CallFilter, $x: [Weekday!], $compare: Comparison) {
  dailyActivity(filter: $filter, excludeWeekdays: $x, compareTo: $compare, workingHours: {from: "04:00", to: "06:00"}) {
    total days daysWithCalls daysWithoutCalls daysWithEmptySlots workingSeconds averagePerDay { total connected }
    byDay { date weekday total inbound missed connected talkSeconds firstCallAt lastEndedAt spanSeconds workingSeconds
      lastCall { providerCallId } percent { total outbound rejected } slots { from to amount { total } percent { total } }
      previous { date total } }
    previous { total days byDay { date previous { date } } } } }"""


async def days(house: House, **variables: Any) -> Any:
    return (await house.ask(DAYS, **variables))["dailyActivity"]


async def test_day_has_the_figures_of_its_calls_its_hours_and_its_slots(house: House) -> None:
    await filled(house)  # at 3, 4, 7 and 8 o'clock on a Saturday
    found = await days(house, filter={"period": "LAST_7_DAYS"}, x=["SUNDAY"])
    assert (found["total"], found["days"], found["daysWithCalls"], found["daysWithoutCalls"]) == (4, 6, 1, 5)
    assert (found["daysWithEmptySlots"], found["workingSeconds"]) == (6, 7320)
    assert found["averagePerDay"] == {"total": 4 / 6, "connected": 1 / 6}
    assert [day["date"] for day in found["byDay"]] == [f"2024-05-{day}" for day in range(27, 32)] + ["2024-06-01"]
    saturday = found["byDay"][-1]
    assert saturday == {
        "date": "2024-06-01", "weekday": "SATURDAY", "total": 4, "inbound": 3, "missed": 1, "connected": 1,
        "talkSeconds": 52, "firstCallAt": "2024-06-01T03:00:00Z", "lastEndedAt": "2024-06-01T08:01:00Z",
        "spanSeconds": 5 * 3600 + 60, "workingSeconds": 7320, "lastCall": {"providerCallId": "short"},
        "percent": {"total": 100.0, "outbound": 100.0, "rejected": None}, "previous": None,
        "slots": [
            {"from": "00:00", "to": "04:00", "amount": {"total": 1}, "percent": {"total": 25.0}},
            {"from": "04:00", "to": "05:00", "amount": {"total": 1}, "percent": {"total": 25.0}},
            {"from": "05:00", "to": "06:00", "amount": {"total": 0}, "percent": {"total": 0.0}},
            {"from": "06:00", "to": "24:00", "amount": {"total": 2}, "percent": {"total": 50.0}},
        ],
    }  # fmt: skip


async def test_day_without_calls_is_there_with_zeros_and_no_first_call(house: House) -> None:
    await filled(house)
    friday = (await days(house, filter={"period": "LAST_7_DAYS"}))["byDay"][-2]
    assert (friday["weekday"], friday["total"], friday["workingSeconds"], friday["spanSeconds"]) == ("FRIDAY", 0, 0, 0)
    assert (friday["firstCallAt"], friday["lastEndedAt"], friday["lastCall"]) == (None, None, None)
    assert friday["percent"] == {"total": 0.0, "outbound": 0.0, "rejected": None}


async def test_days_are_those_of_the_filters_zone_and_a_day_of_25_hours_is_one(house: House) -> None:
    """Clocks went back on 3 November 2024 in New York: 04:30 and 05:30 UTC are 00:30 and 01:30, 06:30 is 01:30 again."""
    zone = ZoneInfo("America/New_York")
    starts = [datetime.fromisoformat(f"2024-11-0{at}:30:00+00:00") for at in ("3T03", "3T04", "3T05", "3T06", "4T04")]
    await save(house, *[replace(call(f"c{n}", 0), started_at=at, ended_at=None) for n, at in enumerate(starts)])
    bounds = {"from": "2024-11-02T04:00:00Z", "to": "2024-11-05T05:00:00Z"}
    found = await days(house, filter={"startedAt": bounds, "timezone": zone.key})
    assert [(day["date"], day["total"]) for day in found["byDay"]] == [
        ("2024-11-02", 1), ("2024-11-03", 4), ("2024-11-04", 0),
    ]  # fmt: skip


async def test_day_is_compared_with_the_one_at_its_place_and_an_excluded_one_with_none(house: House) -> None:
    await save(house, call("now", 1), call("yesterday", 25), call("a week ago", 24 * 7 + 1, number=SITA))
    asked = {"filter": {"period": "LAST_7_DAYS"}, "compare": "PREVIOUS_PERIOD"}
    found = await days(house, **asked)
    assert [day["previous"]["date"] for day in found["byDay"]] == [f"2024-05-{day}" for day in range(19, 26)]
    assert found["byDay"][-1]["previous"] == {"date": "2024-05-25", "total": 1}
    assert (found["previous"]["total"], found["previous"]["byDay"][0]) == (1, {"date": "2024-05-19", "previous": None})
    month = await days(house, **asked | {"compare": "SAME_PERIOD_LAST_MONTH", "x": ["FRIDAY"]})
    earlier = {day["date"]: day["previous"] and day["previous"]["date"] for day in month["byDay"]}
    assert earlier["2024-05-28"] == "2024-04-28"
    # The Fridays of both months are left out: 31 May itself, and 26 April, which stood beside 26 May.
    assert ("2024-05-31" not in earlier, earlier["2024-05-26"]) == (True, None)


async def test_days_of_a_range_without_ends_are_those_of_its_calls(house: House) -> None:
    assert (await days(house, filter={"startedAt": {}}))["byDay"] == []
    await save(house, call("first", 24 * 400), call("last", 24 * 398))
    found = await days(house, filter={"startedAt": {}})
    assert [day["total"] for day in found["byDay"]] == [1, 0, 1]
    assert found["averagePerDay"] == {"total": 2 / 3, "connected": 0.0}
