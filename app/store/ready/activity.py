"""Calls by local day and slot of the working hours."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import case, func, literal, select

from app.domain.activity import HOUR, Amount, Slot, edges
from app.domain.errors import InputError
from app.domain.filters import CallFilter, Weekday
from app.domain.scope import Scope
from app.store import clock
from app.store.database import Connection
from app.store.filters import connected
from app.store.ready.looked_at import TALKED, looked_at, seconds

MOST_DAYS = 366
_MINUTE = 60_000


async def activity(
    connection: Connection, scope: Scope, given: CallFilter, hours: tuple[int, int], excluded: Sequence[Weekday]
) -> list[Slot]:
    """The slots of working hours, in minutes after midnight, before, within and after them, over the days of the range.

    Days are those of the filter's zone; the hour that a change of the clocks repeats is one hour of the day.
    """
    first, end = hours
    local = clock.local_start(given)
    minute = (local % clock.DAY) // _MINUTE
    last = (end - first + HOUR - 1) // HOUR + 1
    place = case((minute < first, literal(0)), (minute >= end, literal(last)), else_=(minute - first) // HOUR + 1)
    one = (
        select(
            (local // clock.DAY).label("day"),
            place.label("place"),
            connected(scope).label("connected"),
            TALKED.label("talked"),
        )
        .where(*looked_at(scope, given))
        .subquery("one")
    )
    counted = (func.count(), func.count().filter(one.c.connected), seconds(func.sum(one.c.talked)))
    statement = select(one.c.day, one.c.place, *counted).group_by(one.c.day, one.c.place).select_from(one)
    found = {
        (clock.day_of(int(day)), int(place)): Amount(int(total), int(talks), int(talked))
        for day, place, total, talks, talked in await connection.execute(statement)
    }
    days = [day for day in _days(given, [day for day, _ in found]) if _weekday(day) not in excluded]
    ends = edges(first, end)
    return [
        Slot(start, stop, {day: found.get((day, place), Amount()) for day in days})
        for place, (start, stop) in enumerate(pairwise(ends))
    ]


def _days(given: CallFilter, found: Sequence[date]) -> list[date]:
    """The days of the filter's own range; where an end of it is open, from the first or to the last call's day."""
    bounds, zone = given.started_at, given.timezone
    first = bounds.from_.astimezone(zone).date() if bounds and bounds.from_ else min(found, default=None)
    last = max(found, default=None)
    if bounds and bounds.to:
        last = (bounds.to - timedelta(milliseconds=1)).astimezone(zone).date()
    if first is None or last is None:
        return []
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise InputError(
            f"The range has {count:,} days; at most {MOST_DAYS} are allowed. Give a shorter range or period."
        )
    return [first + timedelta(days=place) for place in range(count)]


def _weekday(day: date) -> Weekday:
    return list(Weekday)[(day.weekday() + 1) % 7]
