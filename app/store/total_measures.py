"""What a call adds to each measure of the totals, and how measures of several buckets are put together."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, literal, not_
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.domain.calls import CallDirection, CallOutcome
from app.domain.scope import Scope
from app.store.filters import connected
from app.store.tables import calls
from app.store.total_tables import MEASURES, SPANS

Columns = ReadOnlyColumnCollection[str, Any]
_PUT_TOGETHER: dict[str, Callable[[Any], ColumnElement[Any]]] = {"sum": func.sum, "min": func.min, "max": func.max}


def of_call(scope: Scope) -> Mapping[str, ColumnElement[Any]]:
    """Every measure as a single call has it."""
    return _of_call(scope.connected_above_seconds)


@lru_cache(maxsize=64)  # to put thirty expressions together takes longer than to read a few thousand totals
def _of_call(connected_above_seconds: int) -> Mapping[str, ColumnElement[Any]]:
    scope = Scope("", connected_above_seconds)
    call, answered = calls.c, calls.c.outcome == CallOutcome.ANSWERED.value
    rang = func.coalesce(call.wait_seconds, call.ring_seconds)
    taken = and_(answered, call.direction == CallDirection.INBOUND.value)
    found: dict[str, ColumnElement[Any]] = {
        "calls": _one,
        "connected": _counted(connected(scope)),
        "short": _counted(and_(answered, not_(connected(scope)))),
    }
    for span in SPANS:
        seconds = call[f"{span}_seconds"]
        found |= {f"{span}_n": _counted(seconds.is_not(None))}
        found |= {f"{span}_{part}": seconds for part in ("sum", "min", "max")}
    ended = func.coalesce(call.ended_at, call.started_at + call.duration_seconds * 1000, call.started_at)
    return found | {
        "answered_ring_n": _counted(and_(taken, rang.is_not(None))),
        "answered_ring_sum": case((taken, rang)),
        **{name: call[name] for name in ("billed_minutes", "charges", "revenue")},
        "first_started_at": call.started_at,
        "last_ended_at": ended,
    }


def put_together(columns: Columns | Mapping[str, Any], measures: Iterable[str] = MEASURES) -> list[ColumnElement[Any]]:
    """The measures over several rows of totals, each under its name."""
    return [_PUT_TOGETHER[MEASURES[name]](columns[name]).label(name) for name in measures]


_one: ColumnElement[int] = literal(1, BigInteger)


def _counted(test: ColumnElement[bool]) -> ColumnElement[int]:
    return case((test, _one), else_=literal(0, BigInteger))
