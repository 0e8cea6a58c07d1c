"""Days: the figures of the calls of each local day, and what there was in each slot of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from app.domain.activity import Amount, Day, days_of, edges, weekday_of
from app.domain.filters import CallFilter, Weekday
from app.domain.pages import Row
from app.domain.scope import Scope
from app.store import clock
from app.store.database import Connection
from app.store.ready.activity import place_in_day
from app.store.ready.figures import figures
from app.store.ready.looked_at import looked_at
from app.store.ready.working import ENDED

# Figures that are no sums: the earliest, the latest, and whose call that was.
_ENDS = ("first_call_at", "last_call_at", "last_ended_at", "last_call_id")


async def daily(
    connection: Connection, scope: Scope, given: CallFilter, hours: tuple[int, int], excluded: Sequence[Weekday]
) -> tuple[list[Day], Row]:
    """Every day of the range that is no excluded weekday, also those without calls, and the figures of all of them.

    Days are those of the filter's zone; slots are those of `activity`, by when a call began.
    """
    told = (*figures(scope), func.max(ENDED).label("last_ended_at"))
    # By the names: PostgreSQL would take the expressions, whose values come beside them, for other ones.
    statement = select(*place_in_day(given, hours), *told).where(*looked_at(scope, given)).group_by("day", "place")
    nothing: Row = {column.name: None if column.name in _ENDS else 0 for column in told}
    found: dict[date, dict[int, Row]] = defaultdict(dict)
    for row in (await connection.execute(statement)).mappings():
        found[clock.day_of(int(row["day"]))][int(row["place"])] = {name: row[name] for name in nothing}
    days = []
    for place, day in enumerate(days_of(given, list(found))):
        if weekday_of(day) not in excluded:
            slots = [found[day].get(slot, nothing) for slot, _ in enumerate(pairwise(edges(*hours)))]
            days.append(Day(day, place, _together(slots), [_amount(slot) for slot in slots]))
    return days, _together([day.figures for day in days] or [nothing])


def _together(parts: Sequence[Mapping[str, Any]]) -> Row:
    """The figures of all these calls."""
    told = [part for part in parts if part["total"]]
    if len(told) < 2:
        return dict(told[0] if told else parts[0])
    last = max(told, key=lambda part: (part["last_call_at"], part["last_call_id"]))
    return {
        **{name: sum(part[name] for part in told) for name in parts[0] if name not in _ENDS},
        "first_call_at": min(part["first_call_at"] for part in told),
        "last_ended_at": max(part["last_ended_at"] for part in told),
        **{name: last[name] for name in ("last_call_at", "last_call_id")},
    }


def _amount(part: Mapping[str, Any]) -> Amount:
    return Amount(part["total"], part["connected"], part["talk_seconds"])
