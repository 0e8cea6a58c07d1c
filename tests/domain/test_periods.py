"""Ready-made ranges: which days each has, on ordinary days and where months, years and clocks are uneven."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import MINUTES, Period, months_before, range_of
from app.domain.times import start_of_day

UTC_ZONE, NEW_YORK, KATHMANDU = ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")
ZONES = (UTC_ZONE, NEW_YORK, KATHMANDU, *map(ZoneInfo, ("Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia")))
DAY = timedelta(days=1)
OF_DAYS = [period for period in Period if period not in MINUTES]


def days(period: Period, now: str, zone: ZoneInfo = UTC_ZONE) -> tuple[str, str]:
    """The first and the last local day of a period."""
    first, end = range_of(period, zone, datetime.fromisoformat(now))
    last = end - timedelta(milliseconds=1)
    return first.astimezone(zone).date().isoformat(), last.astimezone(zone).date().isoformat()


# Wednesday, 15 May 2024.
THAT_DAY = {
    Period.TODAY: ("2024-05-15", "2024-05-15"),
    Period.YESTERDAY: ("2024-05-14", "2024-05-14"),
    Period.THIS_WEEK: ("2024-05-12", "2024-05-15"),  # since Sunday
    Period.LAST_7_DAYS: ("2024-05-09", "2024-05-15"),
    Period.LAST_30_DAYS: ("2024-04-16", "2024-05-15"),
    Period.MONTH_TO_DATE: ("2024-05-01", "2024-05-15"),
    Period.LAST_MONTH: ("2024-04-01", "2024-04-30"),
    Period.LAST_3_MONTHS: ("2024-02-15", "2024-05-15"),
    Period.LAST_6_MONTHS: ("2023-11-15", "2024-05-15"),
    Period.YEAR_TO_DATE: ("2024-01-01", "2024-05-15"),
}


def test_days_of_every_period_on_an_ordinary_day() -> None:
    assert {period: days(period, "2024-05-15T17:30:00Z") for period in OF_DAYS} == THAT_DAY


@pytest.mark.parametrize(
    ("period", "now", "first", "last"),
    [
        # At the ends of months: the same day, or the last one that the month has.
        (Period.LAST_3_MONTHS, "2024-05-31T12:00:00Z", "2024-02-29", "2024-05-31"),
        (Period.LAST_3_MONTHS, "2023-05-31T12:00:00Z", "2023-02-28", "2023-05-31"),
        (Period.LAST_6_MONTHS, "2024-08-31T12:00:00Z", "2024-02-29", "2024-08-31"),
        (Period.LAST_MONTH, "2024-03-31T12:00:00Z", "2024-02-01", "2024-02-29"),
        (Period.LAST_MONTH, "2023-03-01T00:00:00Z", "2023-02-01", "2023-02-28"),
        (Period.MONTH_TO_DATE, "2024-06-01T00:00:00Z", "2024-06-01", "2024-06-01"),
        (Period.MONTH_TO_DATE, "2024-02-29T23:59:59Z", "2024-02-01", "2024-02-29"),
        (Period.LAST_7_DAYS, "2024-03-03T12:00:00Z", "2024-02-26", "2024-03-03"),
        # At the turn of the year.
        (Period.YESTERDAY, "2024-01-01T00:00:00Z", "2023-12-31", "2023-12-31"),
        (Period.LAST_MONTH, "2024-01-15T12:00:00Z", "2023-12-01", "2023-12-31"),
        (Period.LAST_3_MONTHS, "2024-01-31T12:00:00Z", "2023-10-31", "2024-01-31"),
        (Period.LAST_6_MONTHS, "2024-06-30T12:00:00Z", "2023-12-30", "2024-06-30"),
        (Period.YEAR_TO_DATE, "2024-01-01T00:00:00Z", "2024-01-01", "2024-01-01"),
        (Period.YEAR_TO_DATE, "2023-12-31T23:59:59Z", "2023-01-01", "2023-12-31"),
        (Period.THIS_WEEK, "2024-01-02T12:00:00Z", "2023-12-31", "2024-01-02"),
        # A week begins on Sunday, and ends on Saturday.
        (Period.THIS_WEEK, "2024-05-12T00:00:00Z", "2024-05-12", "2024-05-12"),
        (Period.THIS_WEEK, "2024-05-18T23:59:59Z", "2024-05-12", "2024-05-18"),
    ],
)
def test_days_of_a_period_at_the_ends_of_weeks_months_and_years(
    period: Period, now: str, first: str, last: str
) -> None:
    assert days(period, now) == (first, last)


@pytest.mark.parametrize(
    ("period", "now", "zone", "first", "last"),
    [
        (Period.TODAY, "2024-05-14T18:15:00Z", KATHMANDU, "2024-05-15", "2024-05-15"),
        (Period.TODAY, "2024-05-14T18:14:59Z", KATHMANDU, "2024-05-14", "2024-05-14"),
        (Period.LAST_MONTH, "2024-01-31T18:30:00Z", KATHMANDU, "2024-01-01", "2024-01-31"),
        (Period.YEAR_TO_DATE, "2024-01-01T04:59:59Z", NEW_YORK, "2023-01-01", "2023-12-31"),
        (Period.THIS_WEEK, "2024-05-12T03:59:59Z", NEW_YORK, "2024-05-05", "2024-05-11"),
    ],
)
def test_days_are_those_of_the_zone(period: Period, now: str, zone: ZoneInfo, first: str, last: str) -> None:
    assert days(period, now, zone) == (first, last)


@pytest.mark.parametrize(
    ("now", "zone", "hours"),
    [
        ("2024-03-10T18:00:00Z", "America/New_York", 23),
        ("2024-11-03T18:00:00Z", "America/New_York", 25),
        ("2024-10-06T04:00:00Z", "Australia/Lord_Howe", 23.5),
        ("2024-04-07T04:00:00Z", "Australia/Lord_Howe", 24.5),
        ("2023-04-28T12:00:00Z", "Africa/Cairo", 23),  # has no midnight
        ("2024-11-03T18:00:00Z", "Asia/Kathmandu", 24),
    ],
)
def test_today_is_as_long_as_the_day_is(now: str, zone: str, hours: float) -> None:
    first, end = range_of(Period.TODAY, ZoneInfo(zone), datetime.fromisoformat(now))
    assert end - first == timedelta(hours=hours)


def test_week_with_a_change_of_the_clock_begins_and_ends_at_local_midnights() -> None:
    first, end = range_of(Period.LAST_7_DAYS, NEW_YORK, datetime(2024, 3, 12, 12, tzinfo=UTC))
    assert (first, end) == (datetime(2024, 3, 6, 5, tzinfo=UTC), datetime(2024, 3, 13, 4, tzinfo=UTC))


@pytest.mark.parametrize(("period", "minutes"), MINUTES.items(), ids=str)
def test_last_minutes_end_just_after_now(period: Period, minutes: int) -> None:
    now = datetime(2024, 11, 3, 6, 0, 30, tzinfo=UTC)  # half a minute after New York's clocks went back
    assert str(minutes) in period.value
    for zone in (NEW_YORK, KATHMANDU):
        assert range_of(period, zone, now) == (now - timedelta(minutes=minutes), now + timedelta(milliseconds=1))


def test_every_period_of_minutes_has_its_length() -> None:
    assert {*MINUTES} == {period for period in Period if "MINUTE" in period.value}


NOWS = st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants these bare


@given(st.sampled_from(list(Period)), st.sampled_from(ZONES), NOWS)
def test_every_period_but_those_of_the_past_has_now_in_it(period: Period, zone: ZoneInfo, now: datetime) -> None:
    first, end = range_of(period, zone, now)
    past = period in (Period.YESTERDAY, Period.LAST_MONTH)
    assert (first <= now < end) is not past
    assert first < end or (period is Period.YESTERDAY and zone.key == "Pacific/Apia")  # 30 December 2011 never was


@given(st.sampled_from(OF_DAYS), st.sampled_from(ZONES), NOWS)
def test_days_are_whole(period: Period, zone: ZoneInfo, now: datetime) -> None:
    for edge in range_of(period, zone, now):
        day = edge.astimezone(zone).date()
        assert edge == start_of_day(day, zone)
        assert edge.utcoffset() == timedelta()


@given(st.dates(date(1971, 1, 1), date(2090, 1, 1)), st.integers(0, 30))
def test_months_before_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    found = months_before(day, months)
    assert (day.year - found.year) * 12 + day.month - found.month == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)
