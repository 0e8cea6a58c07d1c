"""Calls by local day and slot of the working hours."""

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import ColumnElement, case, func, literal, select

from app.domain.activity import HOUR, Amount, Slot, days_of, edges, weekday_of
from app.domain.filters import CallFilter, Weekday
from app.domain.hours import DAY
from app.domain.scope import Scope
from app.store import clock
from app.store.database import Connection
from app.store.filters import connected
from app.store.ready.looked_at import TALKED, looked_at, seconds

_MINUTE = 60_000


def place_in_day(given: CallFilter, hours: tuple[int, int]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The local day on which a call began, and in which of the slots that working hours make of a day."""
    first, end = hours
    local = clock.local_start(given)
    minute = (local % DAY) // _MINUTE
    before = 1 if first else 0  # from midnight on there is no slot before
    last = (end - first + HOUR - 1) // HOUR + before
    slot = case((minute < first, literal(0)), (minute >= end, literal(last)), else_=(minute - first) // HOUR + before)
    return (local // DAY).label("day"), slot.label("place")


async def activity(
    connection: Connection, scope: Scope, given: CallFilter, hours: tuple[int, int], excluded: Sequence[Weekday]
) -> list[Slot]:
    """The slots of working hours, in minutes after midnight, before, within and after them, over the days of the range.

    Days are those of the filter's zone; the hour that a change of the clocks repeats is one hour of the day.
    """
    one = (
        select(*place_in_day(given, hours), connected(scope).label("connected"), TALKED.label("talked"))
        .where(*looked_at(scope, given))
        .subquery("one")
    )
    counted = (func.count(), func.count().filter(one.c.connected), seconds(func.sum(one.c.talked)))
    statement = select(one.c.day, one.c.place, *counted).group_by(one.c.day, one.c.place).select_from(one)
    found = {
        (clock.day_of(int(day)), int(place)): Amount(int(total), int(talks), int(talked))
        for day, place, total, talks, talked in await connection.execute(statement)
    }
    days = [day for day in days_of(given, [day for day, _ in found]) if weekday_of(day) not in excluded]
    ends = edges(*hours)
    return [
        Slot(start, stop, {day: found.get((day, place), Amount()) for day in days})
        for place, (start, stop) in enumerate(pairwise(ends))
    ]
