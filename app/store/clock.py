"""Weekday and time of day of a call in a zone, as plain arithmetic on epoch milliseconds: SQLite knows no zones."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.domain.filters import CallFilter, TimeOfDayRange
from app.domain.hours import DAY, THURSDAY, Hours, Stretch, ends_of, nearest, numbers_of
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.domain.zones import EARLIEST, LATEST, OffsetSpan, offset_spans
from app.store.tables import calls
from app.store.way import ANY, START, Bound, Bounds, Way, larger, smaller

HOUR = DAY // 24
WEEK = 7 * DAY
# Weeks added before dividing, so that no engine has to divide a negative number.
SHIFT = 5_000 * WEEK
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def local_time(scope: Scope, given: CallFilter, way: Way = ANY) -> ColumnElement[bool]:
    """Whether a call began on one of the filter's weekdays and within its time of day, in the filter's zone.

    Gathered are the calls of each day for itself, by when these begin and end: it stands beside a table of its own.
    """
    spans = _spans(given)
    if not spans:
        return false()
    within = (spans[0].start <= START, spans[-1].end > START)
    at = local(calls.c.started_at, spans)
    tests = and_(*within, *_tests(given, at))
    if not way.gathers:
        return tests
    days = _days(scope, way.bounds, spans)
    # A day that began before the clocks changed may reach into the next one; but days are not to be looked for by it.
    its_own = at // DAY - days.c.day == 0
    # In one piece, and of both: else PostgreSQL expects that few calls pass by themselves, and reads all of them once.
    return and_(*_of_day(days, given, spans), case((and_(its_own, tests), true()), else_=false()))


def _of_day(days: CTE, given: CallFilter, spans: Sequence[OffsetSpan]) -> list[ColumnElement[bool]]:
    """Whether a call began on one of the days there are calls of, as a range of its start that an index serves."""
    whole, clock = (0, DAY), given.time_of_day
    low, high = ends_of(clock) if clock else whole
    low, high = (low, high) if low < high else whole
    offsets = [span.offset for span in spans]
    begin = days.c.day * DAY + literal(low - SHIFT - max(offsets), BigInteger)
    end = days.c.day * DAY + literal(high - SHIFT - min(offsets), BigInteger)
    held = [calls.c.started_at >= begin, calls.c.started_at < end]
    if given.weekdays is not None:
        held.append(weekday(days.c.day * DAY).in_(numbers_of(given.weekdays)))
    return held


def _days(scope: Scope, bounds: Bounds, spans: Sequence[OffsetSpan]) -> CTE:
    """The days between two instants of which there may be calls, from the last one back, and one more on either side.

    None outside of the spans: a single call of a wrong century would be a million days to look through.
    """
    started = calls.alias().c.started_at
    ends: list[Bound] = [
        select(which(started)).where(started.table.c.workspace_id == scope.workspace_id).scalar_subquery()
        for which in (func.min, func.max)
    ]
    start, end = (literal(at, BigInteger) for at in (spans[0].start, spans[-1].end))
    first = reduce(larger, bounds.least, larger(ends[0], start))
    last = reduce(smaller, bounds.most, smaller(ends[1], end))
    shift = literal(SHIFT, BigInteger)
    days = select(((last + shift) // DAY + 1).label("day")).cte("days", recursive=True)
    earlier = select(days.c.day - 1).where(days.c.day >= (first + shift) // DAY)
    return days.union_all(earlier)


def local_start(given: CallFilter) -> ColumnElement[int]:
    """When a call began, in local milliseconds of the filter's zone; its days and weeks begin at multiples of their length."""
    spans = _spans(given)
    return local(calls.c.started_at, spans) if spans else calls.c.started_at + literal(SHIFT, BigInteger)


def day_of(local_day: int) -> date:
    """The day that so many whole days of `local_start` are."""
    return date.fromordinal(_EPOCH_DAY + local_day - SHIFT // DAY)


def nearest_hours(given: CallFilter, at: int, until: int, downwards: bool, most: int) -> tuple[list[Stretch], bool]:
    """The nearest of the hours that a filter asks for, from an instant on until another, and whether these are all."""
    start, end = range_of_hours(given)
    within = (max(start, until), end - 1) if downwards else (start, min(end - 1, until))
    hours = Hours(given.timezone or ZoneInfo("UTC"), given.weekdays, given.time_of_day)
    return nearest(hours, at, within, downwards, most)


def _spans(given: CallFilter) -> tuple[OffsetSpan, ...]:
    return offset_spans(given.timezone or ZoneInfo("UTC"), *range_of_hours(given))


def range_of_hours(given: CallFilter) -> tuple[int, int]:
    """From when to when hours are looked for, in milliseconds, the end not included.

    That is the filter's own range, but not before 1970 or after 2100; without one, up to a year from now.
    """
    bounds = given.started_at
    soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=366)
    start = max(to_ms(bounds.from_), EARLIEST) if bounds and bounds.from_ else EARLIEST
    return start, min(to_ms(bounds.to), LATEST) if bounds and bounds.to else to_ms(soon)


def local(at: ColumnElement[int], spans: Sequence[OffsetSpan]) -> ColumnElement[int]:
    """An instant within the spans as local time, in milliseconds since a Thursday's midnight long before 1970.

    What is added is the offset at the instant; the latest spans are tried first, for most calls are of late.
    """
    (_, first), *later = [(span.start, span.offset + SHIFT) for span in spans]
    return at + (_stepped(at, first, later) if later else literal(first, BigInteger))


# So many steps are made in the time that another part of a condition is.
_STEPS_A_PART = 8


class _stepped(FunctionElement[int]):  # noqa: N801  # is written like the functions of SQL
    """A number that changes at some instants: a zone of a hundred of them is one part of a statement, made in no time."""

    name = "stepped"
    type = BigInteger()
    inherit_cache = True

    def __init__(self, at: ColumnElement[int], first: int, later: Sequence[tuple[int, int]]) -> None:
        """Of an instant: a number, and others from an instant on, in order."""
        # As a text, for by that statements are told apart.
        told = " ".join(f"{start}:{number}" for start, number in later)
        super().__init__(at, literal_column(f"{first} {told}"))
        self.parts = 1 + len(later) // _STEPS_A_PART


@compiles(_stepped)
def _case(element: _stepped, compiler: SQLCompiler, **given: Any) -> str:
    at, told = element.clauses.clauses
    first, *later = told.name.split()
    started = compiler.process(at, **given)
    steps = [f"WHEN {started} >= {start} THEN {number}" for start, _, number in [one.partition(":") for one in later]]
    return f"CASE {' '.join(reversed(steps))} ELSE {first} END"


def weekday(local: ColumnElement[int]) -> ColumnElement[int]:
    """The day of the week of a local time: 0 is Sunday, as in Weekday."""
    return (local + THURSDAY * DAY) % WEEK // DAY


def _tests(given: CallFilter, local: ColumnElement[int]) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    if given.weekdays is not None:
        held.append(weekday(local).in_(numbers_of(given.weekdays)))
    if given.time_of_day is not None:
        held.append(_between(local % DAY, given.time_of_day))
    return held


def _between(moment: ColumnElement[int], clock: TimeOfDayRange) -> ColumnElement[bool]:
    low, high = ends_of(clock)
    after, before = moment >= low, moment < high
    return and_(after, before) if low < high else or_(after, before)
