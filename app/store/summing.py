"""Sums calls up into totals: what was marked, day by day; and all of a workspace anew, where its settings have changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Select, Table, delete, func, insert, literal, select

from app.domain.scope import Scope
from app.domain.times import zone_named
from app.domain.zones import day_runs, week_runs
from app.store import sources
from app.store.buckets import HOUR, QUARTER, bucket_of, floored
from app.store.database import Connection
from app.store.tables import calls
from app.store.total_marks import mark
from app.store.total_measures import of_call, put_together
from app.store.total_tables import (
    agent_day_totals,
    agent_week_totals,
    day_totals,
    hour_totals,
    quarter_totals,
    total_marks,
    totals_built,
)

_WEEK = timedelta(days=7) // timedelta(milliseconds=1)
_KEYS = ("source_id", "direction", "outcome")


class Terms(NamedTuple):
    """What the totals of a workspace are made with, as `totals_built` has it."""

    timezone: str
    hour_shift: int
    connected_above_seconds: int


async def wanted(connection: Connection, scope: Scope) -> Terms | None:
    """The terms that the workspace's settings ask for; None where there is no workspace.

    Hours are those of the zone's clock as the year began. Where it once showed other minutes, or shows them in summer,
    the hours of then are read from quarter-hours.
    """
    if (found := await sources.workspace(connection, scope)) is None:
        return None
    known, timezone = found
    zone = zone_named(timezone)
    offset = datetime(datetime.now(zone).year, 1, 1, tzinfo=zone).utcoffset() or timedelta()
    shift = floored(offset // timedelta(milliseconds=1) % HOUR, QUARTER)
    return Terms(timezone, shift, known.connected_above_seconds)


async def built(connection: Connection, scope: Scope) -> Terms | None:
    """The terms that the workspace's totals are built with; None where they are not."""
    columns = [totals_built.c[name] for name in Terms._fields]
    row = (await connection.execute(select(*columns).where(_mine(totals_built, scope)))).one_or_none()
    return None if row is None else Terms(*row)


async def set_built(connection: Connection, scope: Scope, terms: Terms | None) -> None:
    """Says what the totals are built with; None leaves every call to be counted by itself."""
    await connection.execute(delete(totals_built).where(_mine(totals_built, scope)))
    if terms:
        await connection.execute(insert(totals_built).values(workspace_id=scope.workspace_id, **terms._asdict()))


async def forget_some(connection: Connection, scope: Scope) -> bool:
    """Removes a week of totals, those of the first one that there are; whether there were any."""
    some = False
    for table, bucket in _BUCKETS:
        first = (await connection.execute(select(func.min(bucket)).where(_mine(table, scope)))).scalar()
        if first is not None:
            await connection.execute(delete(table).where(_mine(table, scope), bucket < first + _WEEK))
            some = True
    return some


async def mark_some(connection: Connection, scope: Scope, start: int | None) -> int | None:
    """Marks the quarter-hours of a week of calls, the first one that has any from `start` on; its end, None if none has."""
    began = calls.c.started_at
    later = [_mine(calls, scope), *([] if start is None else [began >= start])]
    first = (await connection.execute(select(func.min(began)).where(*later))).scalar()
    if first is None:
        return None
    end = floored(first, QUARTER) + _WEEK
    quarters = select(bucket_of(began, QUARTER)).distinct().where(_mine(calls, scope), began >= first, began < end)
    await mark(connection, scope, (await connection.execute(quarters)).scalars())
    return end


async def latest_marked(connection: Connection, scope: Scope, before: int | None = None) -> int | None:
    """The latest quarter-hour that has to be summed up again, of those before a moment."""
    earlier = [_mine(total_marks, scope), *([] if before is None else [total_marks.c.quarter < before])]
    latest: int | None = (await connection.execute(select(func.max(total_marks.c.quarter)).where(*earlier))).scalar()
    return latest


async def sum_up(connection: Connection, scope: Scope, terms: Terms, before: int | None = None) -> int | None:
    """Sums up what is marked of the latest local day, of those that begin before a moment; when it begins, None if none.

    Marks are taken away first and calls are read afterwards, each as it is then. So whatever is saved meanwhile has its
    mark left, even of a writer that was not kept waiting; but one that sums up has to be alone (see `sources.lock`).
    """
    if (latest := await latest_marked(connection, scope, before)) is None:
        return None
    (day,) = day_runs(zone_named(terms.timezone), latest, latest + 1)
    began, quarter = floored(day.start, QUARTER), total_marks.c.quarter
    ours = (_mine(total_marks, scope), quarter >= began, quarter <= latest)
    quarters = set((await connection.execute(delete(total_marks).where(*ours).returning(quarter))).scalars())
    days = {(run.start, run.end) for quarter in quarters for run in _days(terms, quarter)}
    counted = Scope(scope.workspace_id, terms.connected_above_seconds)
    await _sum_quarters(connection, counted, quarters)
    await _sum_hours(connection, counted, {floored(quarter, HOUR, terms.hour_shift) for quarter in quarters}, terms)
    for start, end in sorted(days):
        await _sum_day(connection, counted, start, end)
    weeks = {(run.start, run.end) for start, end in days for run in week_runs(zone_named(terms.timezone), start, end)}
    for start, end in sorted(weeks):
        await _sum_week(connection, counted, start, end)
    return began


def _days(terms: Terms, quarter: int) -> Iterable[Any]:
    zone = zone_named(terms.timezone)
    for instant in {quarter, quarter + QUARTER - 1}:
        yield from day_runs(zone, instant, instant + 1)


async def _sum_quarters(connection: Connection, scope: Scope, quarters: set[int]) -> None:
    began = calls.c.started_at
    within = (began >= min(quarters), began < max(quarters) + QUARTER)
    quarter = bucket_of(began, QUARTER)
    found = _of_calls(scope, {"quarter": quarter}).where(*within, quarter.in_(sorted(quarters)))
    await _replace(connection, scope, quarter_totals, quarter_totals.c.quarter, quarters, found)


async def _sum_hours(connection: Connection, scope: Scope, hours: set[int], terms: Terms) -> None:
    quarter = quarter_totals.c.quarter
    hour = bucket_of(quarter, HOUR, terms.hour_shift)
    within = (quarter >= min(hours), quarter < max(hours) + HOUR, hour.in_(sorted(hours)))
    found = _of_totals(scope, quarter_totals, hour.label("hour")).where(*within)
    await _replace(connection, scope, hour_totals, hour_totals.c.hour, hours, found)


async def _sum_day(connection: Connection, scope: Scope, start: int, end: int) -> None:
    keys = {"day": literal(start, total_marks.c.quarter.type), "agent_id": func.coalesce(calls.c.agent_id, "")}
    by_agent = _of_calls(scope, keys).where(calls.c.started_at >= start, calls.c.started_at < end)
    await _replace(connection, scope, agent_day_totals, agent_day_totals.c.day, {start}, by_agent)
    day = agent_day_totals.c.day
    of_all = _of_totals(scope, agent_day_totals, day).where(day == start)
    await _replace(connection, scope, day_totals, day_totals.c.day, {start}, of_all)


async def _sum_week(connection: Connection, scope: Scope, start: int, end: int) -> None:
    day, week = agent_day_totals.c.day, literal(start, total_marks.c.quarter.type).label("week")
    found = _of_totals(scope, agent_day_totals, week, "agent_id").where(day >= start, day < end)
    await _replace(connection, scope, agent_week_totals, agent_week_totals.c.week, {start}, found)


async def _replace(
    connection: Connection, scope: Scope, table: Table, bucket: Column[int], buckets: set[int], found: Select[Any]
) -> None:
    """Puts what is found now in the place of a table's rows of some buckets."""
    await connection.execute(delete(table).where(_mine(table, scope), bucket.in_(sorted(buckets))))
    await connection.execute(insert(table).from_select([column.name for column in found.selected_columns], found))


def _of_calls(scope: Scope, keys: dict[str, ColumnElement[Any]]) -> Select[Any]:
    kept = [calls.c[key] for key in _KEYS]
    made = [key.label(name) for name, key in keys.items()]
    selected = select(calls.c.workspace_id, *made, *kept, *_of_all(scope.connected_above_seconds))
    return selected.where(_mine(calls, scope)).group_by(calls.c.workspace_id, *keys, *kept)


@lru_cache(maxsize=64)
def _of_all(connected_above_seconds: int) -> list[ColumnElement[Any]]:
    return put_together(of_call(Scope("", connected_above_seconds)))


def _of_totals(scope: Scope, table: Table, bucket: ColumnElement[int], *more: str) -> Select[Any]:
    kept = [table.c[key] for key in (*more, *_KEYS)]
    selected = select(table.c.workspace_id, bucket, *kept, *put_together(table.c))
    return selected.where(_mine(table, scope)).group_by(table.c.workspace_id, bucket.name, *kept)


def _mine(table: Table, scope: Scope) -> ColumnElement[bool]:
    return table.c.workspace_id == scope.workspace_id


_BUCKETS: tuple[tuple[Table, Column[int]], ...] = (
    (quarter_totals, quarter_totals.c.quarter),
    (hour_totals, hour_totals.c.hour),
    (day_totals, day_totals.c.day),
    (agent_day_totals, agent_day_totals.c.day),
    (agent_week_totals, agent_week_totals.c.week),
)
