"""A filter of calls with its range moved back, so that what it selects can be compared with what was before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.buckets import shifted
from app.domain.errors import InputError
from app.domain.filters import CallFilter, DateTimeRange
from app.domain.statistics import Comparison
from app.domain.times import start_of_day


def earlier(given: CallFilter, comparison: Comparison, zone: ZoneInfo) -> CallFilter:
    """The filter with its range moved back. Raises InputError where it has no range with both ends."""
    bounds = given.started_at
    if bounds is None or bounds.from_ is None or bounds.to is None:
        raise InputError(
            "compareTo needs a range with both ends: give the filter a period, or startedAt with from and to."
        )
    try:
        return _earlier(given, partial(_moved, comparison=comparison, zone=zone, bounds=bounds))
    except (OverflowError, ValueError) as error:
        raise InputError("There are no years so long before the range. Compare a later or a shorter one.") from error


def _earlier(given: CallFilter, moved: Callable[[datetime], datetime]) -> CallFilter:
    """The filter with every range of when calls began moved, those within it, too."""
    change: dict[str, Any] = {}
    if (bounds := given.started_at) is not None:
        first, end = (at and moved(at) for at in (bounds.from_, bounds.to))
        change["started_at"] = DateTimeRange(from_=first, to=max(first, end) if first and end else end)
    for name in ("and_", "or_"):
        if (parts := getattr(given, name)) is not None:
            change[name] = tuple(_earlier(part, moved) for part in parts)
    if given.not_ is not None:
        change["not_"] = _earlier(given.not_, moved)
    return replace(given, **change)


def _moved(at: datetime, comparison: Comparison, zone: ZoneInfo, bounds: DateTimeRange) -> datetime:
    if comparison is Comparison.SAME_PERIOD_LAST_WEEK:
        return shifted(at, zone, days=7)
    if comparison is Comparison.SAME_PERIOD_LAST_MONTH:
        return shifted(at, zone, months=1)
    if comparison is Comparison.SAME_PERIOD_LAST_YEAR:
        return shifted(at, zone, months=12)
    assert bounds.from_ is not None
    assert bounds.to is not None
    if _is_midnight(bounds.from_, zone) and _is_midnight(bounds.to, zone):
        days = (bounds.to.astimezone(zone).date() - bounds.from_.astimezone(zone).date()).days
        return shifted(at, zone, days=days)
    return at - (bounds.to - bounds.from_)


def _is_midnight(at: datetime, zone: ZoneInfo) -> bool:
    return start_of_day(at.astimezone(zone).date(), zone) == at
