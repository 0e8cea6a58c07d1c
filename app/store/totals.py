"""Calls summed up, for statistics: totals wherever they hold, and the calls themselves wherever something has changed.

Each function gives a subquery that is exact at any moment, in one statement and for any range and zone; how quick it is
depends on them. Several of its rows may have the same keys, and one may be of a bucket or of a part of it: whoever reads
them puts them together (see `total_measures.put_together`), by what the row's moment is in the zone that is asked for.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, Table

from app.domain.scope import Scope
from app.domain.zones import Run, day_runs, offset_spans, week_runs, whole
from app.store.buckets import HOUR, QUARTER, bucket_of, ceiled, day_of, floored, length_of
from app.store.tables import calls
from app.store.total_pieces import (
    Asked,
    Held,
    Level,
    began_within,
    by_level,
    by_quarter,
    clean_of_level,
    dirty_of,
    edges,
    of_calls,
    together,
    when_built,
    within,
    within_dirty,
)
from app.store.total_tables import (
    MEASURES,
    agent_day_totals,
    agent_week_totals,
    day_totals,
    hour_totals,
    totals_built,
)

__all__ = ["agent_day_rows", "agent_week_rows", "day_rows", "fits", "hour_rows", "quarter_rows"]

# Days of other lengths are written into a statement: where the clock changes twice a year, these are of six years.
_MOST_RUNS = 24


def fits(scope: Scope, by_agent: bool = False) -> bool:
    """Whether a viewer's limits can be told by the keys of totals; where not, only the calls themselves will do.

    `by_agent` is of `agent_day_rows`, which know agents; the others know sources alone.
    """
    reach = scope.reach
    of_agents = reach.agent_ids is not None or reach.agent_tags is not None
    return reach.org_unit_ids is None and (by_agent or not of_agents)


def _nothing(_: object) -> tuple[()]:
    return ()


def quarter_rows(
    scope: Scope, start: int, end: int, measures: Iterable[str] = MEASURES, held: Held = _nothing
) -> Subquery:
    """Calls that began in `[start, end)` by quarter-hour of UTC: `quarter`, source_id, direction, outcome, measures.

    `held` makes conditions of the columns of the keys.
    """
    return together(by_quarter(Asked(scope, start, end, tuple(measures), held, "quarter")))


def hour_rows(
    scope: Scope, zone: ZoneInfo, start: int, end: int, measures: Iterable[str] = MEASURES, held: Held = _nothing
) -> Subquery:
    """The same for who asks by the hour of a zone: `hour` is a moment in it, its first or that of a part of it.

    Quick in zones whose clocks show the same minutes as the workspace's, and as `quarter_rows` in others.
    """
    asked = Asked(scope, start, end, tuple(measures), held, "hour")
    if not _of_quarters(zone, start, end):
        return _one_by_one(asked)
    shifts = {span.offset % HOUR for span in offset_spans(zone, start, end)}
    if len(shifts) != 1:
        return together(by_quarter(asked))
    (shift,) = shifts
    level = Level(
        hour_totals, partial(bucket_of, length=HOUR, shift=shift), lambda _: HOUR, totals_built.c.hour_shift == shift
    )
    return together(by_level(asked, level, ceiled(start, HOUR, shift), floored(end, HOUR, shift)))


def day_rows(
    scope: Scope, zone: ZoneInfo, start: int, end: int, measures: Iterable[str] = MEASURES, held: Held = _nothing
) -> Subquery:
    """The same for who asks by the day of a zone, or by what is made of days: `day` is a moment in it.

    Quick in the workspace's zone, and as `quarter_rows` in others.
    """
    asked = Asked(scope, start, end, tuple(measures), held, "day")
    if not _of_quarters(zone, start, end):
        return _one_by_one(asked)
    runs = day_runs(zone, start, end)
    if len(runs) > _MOST_RUNS:
        return hour_rows(scope, zone, start, end, measures, held)
    return together(by_level(asked, _level(day_totals, zone, runs), *whole(runs, start, end)))


def agent_day_rows(
    scope: Scope, zone: ZoneInfo, start: int, end: int, measures: Iterable[str] = MEASURES, held: Held = _nothing
) -> Subquery:
    """Calls that began in `[start, end)` by the day of a zone: `day`, agent_id, source_id, direction, outcome, measures.

    The agent is null where there is none. Quick in the workspace's zone; in others every call is read.
    """
    asked = _of_agents(scope, start, end, measures, held)
    runs = day_runs(zone, start, end)
    if len(runs) > _MOST_RUNS or not _of_quarters(zone, start, end):
        return _one_by_one(asked)
    low, high = whole(runs, start, end)
    level = _level(agent_day_totals, zone, runs)
    return together([clean_of_level(asked, level, low, high), *_calls_of_days(asked, level, runs, low, high)])


def agent_week_rows(
    scope: Scope, zone: ZoneInfo, start: int, end: int, measures: Iterable[str] = MEASURES, held: Held = _nothing
) -> Subquery:
    """The same for who asks by the week of a zone, or by no time at all: `day` is a moment in the week."""
    days, weeks = day_runs(zone, start, end), week_runs(zone, start, end)
    low, high = whole(days, start, end)
    first, last = whole(weeks, start, end)
    if first >= last or len(days) > _MOST_RUNS or not _of_quarters(zone, start, end):
        return agent_day_rows(scope, zone, start, end, measures, held)
    asked = _of_agents(scope, start, end, measures, held)
    by_day, by_week = _level(agent_day_totals, zone, days), _level(agent_week_totals, zone, weeks)
    pieces = [
        clean_of_level(asked, by_week, first, last),
        *within_dirty(asked, by_day, by_week, first, last),
        *[clean_of_level(asked, by_day, *edge) for edge in edges(low, first, last, high)],
        *_calls_of_days(asked, by_day, days, low, high),
    ]
    return together(pieces)


def _of_agents(scope: Scope, start: int, end: int, measures: Iterable[str], held: Held) -> Asked:
    return Asked(scope, start, end, tuple(measures), held, "day", ("agent_id", "source_id", "direction", "outcome"))


def _calls_of_days(asked: Asked, level: Level, runs: Sequence[Run], low: int, high: int) -> list[Select[Any]]:
    """The calls of marked days, those outside of whole ones, and all where nothing is built."""
    scope, start, end, moment = asked.scope, asked.start, asked.end, day_of(calls.c.started_at, runs)
    dirty = dirty_of(scope, level, low, high)
    return [
        *[of_calls(asked, moment, *part) for part in within(dirty, calls.c.started_at, level.bucket)],
        *[
            of_calls(asked, moment, *began_within(when_built(scope, first, level.fits, otherwise=last), last))
            for first, last in edges(start, low, high, end)
        ],
        of_calls(asked, moment, *began_within(when_built(scope, end, level.fits, otherwise=start), end)),
    ]


def _level(table: Table, zone: ZoneInfo, runs: Sequence[Run]) -> Level:
    return Level(table, partial(day_of, runs=runs), partial(length_of, runs=runs), totals_built.c.timezone == zone.key)


def _of_quarters(zone: ZoneInfo, start: int, end: int) -> bool:
    """Whether hours and days of a zone begin with a quarter-hour of UTC; a hundred years ago many did not."""
    spans = offset_spans(zone, start, end)
    changes = [span.start for span in spans[1:]]
    return not any(moment % QUARTER for moment in (*changes, *[span.offset for span in spans]))


def _one_by_one(asked: Asked, moment: ColumnElement[int] = calls.c.started_at) -> Subquery:
    return together([of_calls(asked, moment, *began_within(asked.start, asked.end))])
