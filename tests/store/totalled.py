"""Totals counted over in plain Python, from the rows of calls, and as the store's totals tell them."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Subquery, select

from app.domain.scope import Scope
from app.domain.times import from_ms
from app.store import totals
from app.store.buckets import QUARTER, floored
from app.store.database import Connection
from app.store.tables import calls
from app.store.total_measures import put_together
from app.store.total_tables import MEASURES, SPANS

Measures = dict[str, Any]
# By key: every measure.
Totals = dict[tuple[Any, ...], Measures]
_KEYS = ("source_id", "direction", "outcome")
_TOGETHER: dict[str, Callable[[list[Any]], Any]] = {"sum": sum, "min": min, "max": max}


async def assert_exact(connection: Connection, scope: Scope, zone: ZoneInfo, start: int, end: int) -> None:
    """Every kind of totals says what plain Python makes of the calls that there are at the same moment."""
    found = await connection.execute(select(calls).where(calls.c.workspace_id == scope.workspace_id))
    raw = [dict(row) for row in found.mappings() if start <= row["started_at"] < end]

    def day(moment: int) -> Any:
        return from_ms(moment).astimezone(zone).date()

    def week(moment: int) -> Any:
        return day(moment) - timedelta(days=(day(moment).weekday() + 1) % 7)

    def hour(moment: int) -> Any:
        local = from_ms(moment).astimezone(zone)
        return day(moment), local.hour, local.utcoffset()

    def quarter(moment: int) -> Any:
        return floored(moment, QUARTER)

    rows = totals.quarter_rows(scope, start, end)
    assert await _told(connection, rows, quarter) == _counted(raw, scope, quarter)
    rows = totals.hour_rows(scope, zone, start, end)
    assert await _told(connection, rows, hour) == _counted(raw, scope, hour)
    rows = totals.day_rows(scope, zone, start, end)
    assert await _told(connection, rows, day) == _counted(raw, scope, day)
    rows = totals.agent_day_rows(scope, zone, start, end)
    assert await _told(connection, rows, day, "agent_id") == _counted(raw, scope, day, "agent_id")
    rows = totals.agent_week_rows(scope, zone, start, end)
    assert await _told(connection, rows, week, "agent_id") == _counted(raw, scope, week, "agent_id")


async def _told(connection: Connection, rows: Subquery, bucket: Callable[[int], Any], *more: str) -> Totals:
    """What a subquery tells, whose first column is the moment."""
    moment = next(iter(rows.c))
    keys = [moment, *[rows.c[key] for key in (*more, *_KEYS)]]
    found = await connection.execute(select(*keys, *put_together(rows.c)).group_by(*keys))
    told = []
    for at, *row in found:
        measures = {name: _plain(value) for name, value in zip(MEASURES, row[len(keys) - 1 :], strict=True)}
        told.append(((bucket(at), *row[: len(keys) - 1]), measures))
    return _grouped(told)


def _counted(raw: Iterable[Measures], scope: Scope, bucket: Callable[[int], Any], *more: str) -> Totals:
    keys = (*more, *_KEYS)
    return _grouped(((bucket(row["started_at"]), *[row[key] for key in keys]), _of_call(row, scope)) for row in raw)


def _grouped(told: Iterable[tuple[tuple[Any, ...], Measures]]) -> Totals:
    groups: dict[tuple[Any, ...], list[Measures]] = {}
    for key, measures in told:
        groups.setdefault(key, []).append(measures)
    return {key: {name: _together(name, found) for name in MEASURES} for key, found in groups.items()}


def _together(name: str, found: list[Measures]) -> Any:
    values = [one[name] for one in found if one[name] is not None]
    return _TOGETHER[MEASURES[name]](values) if values else None


def _of_call(row: dict[str, Any], scope: Scope) -> Measures:
    answered, length = row["outcome"] == "ANSWERED", row["duration_seconds"]
    talked = row["talk_seconds"] if row["talk_seconds"] is not None else length or 0
    waited = row["wait_seconds"] if row["wait_seconds"] is not None else row["ring_seconds"]
    taken = waited if answered and row["direction"] == "INBOUND" else None
    ended = row["ended_at"] if row["ended_at"] is not None else row["started_at"] + (length or 0) * 1000
    connected = answered and talked > scope.connected_above_seconds
    found = {"calls": 1, "connected": int(connected), "short": int(answered and not connected)}
    for span in SPANS:
        seconds = row[f"{span}_seconds"]
        found |= {f"{span}_n": int(seconds is not None), f"{span}_sum": seconds}
        found |= {f"{span}_min": seconds, f"{span}_max": seconds}
    found |= {name: row[name] for name in ("billed_minutes", "charges", "revenue")}
    found |= {"answered_ring_n": int(taken is not None), "answered_ring_sum": taken}
    return found | {"first_started_at": row["started_at"], "last_ended_at": ended}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, float) else int(value)
