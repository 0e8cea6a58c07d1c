"""Periods: ready-made ranges of time ("last month"), worked out in a zone from a given now."""

from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from app.domain.times import start_of_day


class Period(Enum):
    """A range of time that ends now or today, in the filter's time zone. Days are whole and include today unless said otherwise."""

    TODAY = "TODAY"
    YESTERDAY = "YESTERDAY"
    THIS_WEEK = "THIS_WEEK"
    LAST_7_DAYS = "LAST_7_DAYS"
    LAST_30_DAYS = "LAST_30_DAYS"
    MONTH_TO_DATE = "MONTH_TO_DATE"
    LAST_MONTH = "LAST_MONTH"
    LAST_3_MONTHS = "LAST_3_MONTHS"
    LAST_6_MONTHS = "LAST_6_MONTHS"
    YEAR_TO_DATE = "YEAR_TO_DATE"
    LAST_1_MINUTE = "LAST_1_MINUTE"
    LAST_5_MINUTES = "LAST_5_MINUTES"
    LAST_10_MINUTES = "LAST_10_MINUTES"
    LAST_30_MINUTES = "LAST_30_MINUTES"
    LAST_60_MINUTES = "LAST_60_MINUTES"


MINUTES = {
    Period.LAST_1_MINUTE: 1,
    Period.LAST_5_MINUTES: 5,
    Period.LAST_10_MINUTES: 10,
    Period.LAST_30_MINUTES: 30,
    Period.LAST_60_MINUTES: 60,
}
_DAY = timedelta(days=1)


def range_of(period: Period, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """The half-open range `[from, to)` of a period, in UTC; the week begins on Sunday, as Callcap's does."""
    if period in MINUTES:
        # A call that starts at this very instant is within the last minute: the end is just after now.
        return now - timedelta(minutes=MINUTES[period]), now + timedelta(milliseconds=1)
    first, end = _days(period, now.astimezone(zone).date())
    return start_of_day(first, zone), start_of_day(end, zone)


def _days(period: Period, today: date) -> tuple[date, date]:
    """The first day of a period and the day after its last."""
    month = today.replace(day=1)
    tomorrow = today + _DAY
    match period:
        case Period.TODAY:
            return today, tomorrow
        case Period.YESTERDAY:
            return today - _DAY, today
        case Period.THIS_WEEK:
            return today - (today.weekday() + 1) % 7 * _DAY, tomorrow
        case Period.LAST_7_DAYS:
            return today - 6 * _DAY, tomorrow
        case Period.LAST_30_DAYS:
            return today - 29 * _DAY, tomorrow
        case Period.MONTH_TO_DATE:
            return month, tomorrow
        case Period.LAST_MONTH:
            return months_before(month, 1), month
        case Period.LAST_3_MONTHS:
            return months_before(today, 3), tomorrow
        case Period.LAST_6_MONTHS:
            return months_before(today, 6), tomorrow
        case _:
            return today.replace(month=1, day=1), tomorrow


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY
    return first.replace(day=min(day.day, last.day))
