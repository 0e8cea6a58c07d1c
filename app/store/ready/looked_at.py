"""What every ready-made statistic says of a call: that it is looked at, was missed, was connected, and which was the last."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, String, and_, case, cast, func

from app.domain.filters import CallFilter
from app.domain.scope import Scope
from app.store.filters import Predicate, call_predicate
from app.store.tables import calls
from app.store.visibility import visible
from app.store.weight import weighed

# Added to a start, so that as a text it has the same number of digits whenever it was, and sorts like the number.
_SHIFT, _DIGITS = 100_000_000_000_000, 15
INBOUND, OUTBOUND, INTERNAL = (calls.c.direction == way for way in ("INBOUND", "OUTBOUND", "INTERNAL"))
ANSWERED, REJECTED = (calls.c.outcome == word for word in ("ANSWERED", "REJECTED"))
MISSED: Predicate = and_(INBOUND, calls.c.outcome.in_(("MISSED", "REJECTED")))
# A call without an agent or a number is between nobody and nobody.
OF_PAIR: tuple[Predicate, ...] = (calls.c.agent_id.is_not(None), calls.c.phone_number.is_not(None))
# Seconds that were talked; where only the whole length of an answered call is known, that counts.
TALKED: ColumnElement[int] = case((ANSWERED, func.coalesce(calls.c.talk_seconds, calls.c.duration_seconds, 0)), else_=0)


def looked_at(scope: Scope, given: CallFilter) -> tuple[Predicate, ...]:
    """What holds of the calls that a statistic is made of: the viewer sees them, and the filter selects them."""
    return (*visible(scope, calls), weighed(call_predicate(scope, given)))


def once(rows: CTE) -> CTE:
    """Worked out once: an engine that puts it into what reads it would work out a figure wherever that is named."""
    return rows.prefix_with("MATERIALIZED")


def place_of(call: Any) -> ColumnElement[str]:
    """When a call was, and which, as one text: the largest of some is the last call, and the smallest the first."""
    return cast(call.started_at + _SHIFT, String).op("||")(call.id)


def id_in(place: ColumnElement[Any]) -> ColumnElement[str]:
    """The id of the call at a place."""
    return func.substr(place, _DIGITS + 1)


def at_in(place: ColumnElement[Any]) -> ColumnElement[int]:
    """The start of the call at a place."""
    return cast(func.substr(place, 1, _DIGITS), calls.c.started_at.type) - _SHIFT


def seconds(total: ColumnElement[Any]) -> ColumnElement[int]:
    """A sum of seconds: 0 where there is nothing to add up; PostgreSQL's own is a decimal."""
    return cast(func.coalesce(total, 0), calls.c.started_at.type)
