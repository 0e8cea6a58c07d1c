"""Totals counted over in plain Python, from the rows of calls, and as the store's totals tell them."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Subquery, select

from app.domain.scope import Scope
from app.store.database import Connection
from app.store.tables import calls
from app.store.total_measures import put_together
from app.store.total_tables import MEASURES, SPANS

# By key: every measure.
Totals = dict[tuple[Any, ...], dict[str, Any]]
_TOGETHER: dict[str, Callable[[list[Any]], Any]] = {"sum": sum, "min": min, "max": max}


def bare_totals(
    rows: Iterable[dict[str, Any]], scope: Scope, key: Callable[[dict[str, Any]], tuple[Any, ...]]
) -> Totals:
    """The measures of calls by what a function makes of each; none that is not told of any call."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(_measured(row, scope))
    return {key: _together(found) for key, found in groups.items()}


def _together(found: list[dict[str, Any]]) -> dict[str, Any]:
    told = {name: [one[name] for one in found if one[name] is not None] for name in MEASURES}
    return {name: _TOGETHER[MEASURES[name]](values) if values else None for name, values in told.items()}


def _measured(row: dict[str, Any], scope: Scope) -> dict[str, Any]:
    answered = row["outcome"] == "ANSWERED"
    talked = next((s for s in (row["talk_seconds"], row["duration_seconds"]) if s is not None), 0)
    waited = row["wait_seconds"] if row["wait_seconds"] is not None else row["ring_seconds"]
    taken = waited if answered and row["direction"] == "INBOUND" else None
    length = row["duration_seconds"]
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


async def told_totals(connection: Connection, rows: Subquery, *keys: Any) -> Totals:
    """The measures that a subquery of totals tells, by keys made of its columns."""
    statement = select(*keys, *put_together(rows.c)).group_by(*keys)
    found = (await connection.execute(statement)).all()
    many = len(keys)
    return {tuple(row[:many]): {n: _plain(v) for n, v in zip(MEASURES, row[many:], strict=True)} for row in found}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, float) else int(value)


async def call_rows(connection: Connection, scope: Scope) -> list[dict[str, Any]]:
    """Every call of the workspace."""
    found = await connection.execute(select(calls).where(calls.c.workspace_id == scope.workspace_id))
    return [dict(row) for row in found.mappings()]
