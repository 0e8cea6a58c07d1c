"""What groups of calls are measured in, as expressions over rows: the calls themselves, or totals of them.

A row has, beside what it is grouped by, measures of `total_tables`: a call's are its own, a total's those of all its calls.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, FromClause, and_, case, cast, distinct, func, null

from app.domain.calls import CallDirection, CallOutcome
from app.domain.numbers import NumberKind
from app.domain.statistics import CallMeasure
from app.store.total_tables import MEASURES as TOTALLED
from app.store.total_tables import SPANS

DURATIONS = SPANS
# Inbound calls that nobody took: the caller gave up, or nothing was picked up.
_ABANDONED = (CallOutcome.MISSED, CallOutcome.NO_ANSWER, CallOutcome.CANCELED)
_SUMS = ("calls", "connected", "short", "answered_ring_n", "answered_ring_sum")
_MONEY = ("billed_minutes", "charges", "revenue")
# What totals cannot tell: it depends on which calls they are, not only on how many.
UNIQUE_CONTACTS = "unique_contacts"
# Each measure that groups are sorted and chosen by: a column of the answer, or one by another.
MEASURES: Mapping[CallMeasure, tuple[str, str | None]] = {
    CallMeasure.CALLS: ("calls", None),
    CallMeasure.CONNECTED: ("connected", None),
    CallMeasure.ANSWERED: ("answered", None),
    CallMeasure.MISSED: ("missed", None),
    CallMeasure.REJECTED: ("rejected", None),
    CallMeasure.INBOUND: ("inbound", None),
    CallMeasure.OUTBOUND: ("outbound", None),
    CallMeasure.INTERNAL: ("internal", None),
    CallMeasure.SHORT_CALLS: ("short", None),
    CallMeasure.ABANDONED: ("abandoned", None),
    CallMeasure.UNIQUE_CONTACTS: ("unique_contacts", None),
    CallMeasure.ANSWER_RATE: ("answered", "calls"),
    CallMeasure.ABANDONMENT_RATE: ("abandoned", "inbound"),
    CallMeasure.AVERAGE_SPEED_OF_ANSWER: ("answered_ring_sum", "answered_ring_n"),
    CallMeasure.DURATION_SUM: ("duration_sum", None),
    CallMeasure.DURATION_AVERAGE: ("duration_sum", "duration_n"),
    CallMeasure.DURATION_MAX: ("duration_max", None),
    CallMeasure.TALK_SUM: ("talk_sum", None),
    CallMeasure.TALK_AVERAGE: ("talk_sum", "talk_n"),
    CallMeasure.TALK_MAX: ("talk_max", None),
    CallMeasure.RING_AVERAGE: ("ring_sum", "ring_n"),
    CallMeasure.WAIT_AVERAGE: ("wait_sum", "wait_n"),
    CallMeasure.HOLD_SUM: ("hold_sum", None),
    CallMeasure.BILLED_MINUTES: ("billed_minutes", None),
    CallMeasure.CHARGES: ("charges", None),
    CallMeasure.REVENUE: ("revenue", None),
}


def bases(names: Iterable[str]) -> tuple[str, ...]:
    """The columns that rows need for these measures."""
    found = {name if name in TOTALLED else "calls" for name in names if name != UNIQUE_CONTACTS}
    return tuple(name for name in TOTALLED if name in found | {"calls"})


def measured(rows: FromClause, names: frozenset[str]) -> dict[str, ColumnElement[Any]]:
    """The measures of groups of rows, by name: those asked for."""
    makers = _makers(rows)
    return {name: makers[name]() for name in sorted(names)}


def _makers(rows: FromClause) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _SUMS:
        found[name] = lambda name=name: _sum(rows.c[name])
    for name in _MONEY:
        found[name] = lambda name=name: func.coalesce(func.sum(rows.c[name]), 0.0)
    for outcome in CallOutcome:
        found[outcome.value.lower()] = lambda outcome=outcome: _those(rows, rows.c.outcome == outcome.value)
    for direction in CallDirection:
        found[direction.value.lower()] = lambda direction=direction: _those(rows, rows.c.direction == direction.value)
    inbound = CallDirection.INBOUND.value
    gone = [outcome.value for outcome in _ABANDONED]
    found["abandoned"] = lambda: _those(rows, and_(rows.c.direction == inbound, rows.c.outcome.in_(gone)))
    for name in DURATIONS:
        for part in ("n", "sum"):
            found[f"{name}_{part}"] = lambda column=f"{name}_{part}": _sum(rows.c[column])
        found[f"{name}_min"] = lambda name=name: func.min(rows.c[f"{name}_min"])
        found[f"{name}_max"] = lambda name=name: func.max(rows.c[f"{name}_max"])
    found[UNIQUE_CONTACTS] = lambda: func.count(distinct(outside_number(rows)))
    return found


def outside_number(rows: FromClause) -> ColumnElement[Any]:
    """The number of the outside party, a short one, too; null where it is an extension of the company's own."""
    return case((rows.c.phone_number_kind != NumberKind.INTERNAL.value, rows.c.phone_number), else_=null())


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """PostgreSQL's sum of whole numbers is a NUMERIC."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _those(rows: FromClause, held: ColumnElement[bool]) -> ColumnElement[Any]:
    return _sum(case((held, rows.c.calls), else_=0))


def value_of(measure: CallMeasure, found: Mapping[str, Any]) -> ColumnElement[Any]:
    """A measure as an expression over the measured columns; null where it is an average of nothing."""
    name, by = MEASURES[measure]
    return found[name] if by is None else cast(found[name], Float) / func.nullif(found[by], 0)


def number_of(measure: CallMeasure, found: Mapping[str, Any]) -> float | None:
    """The same of an answer's row."""
    name, by = MEASURES[measure]
    return found[name] if by is None else rate(found[name], found[by])


def rate(part: float, whole: float) -> float | None:
    """One number by another; None by nothing."""
    return part / whole if whole else None


def names_of(measure: CallMeasure) -> set[str]:
    """The columns that a measure is made of."""
    return {name for name in MEASURES[measure] if name is not None}
