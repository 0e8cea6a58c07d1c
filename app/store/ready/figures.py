"""Figures of calls: how many, how they ended, how long was talked. One statement, whatever the calls are grouped by."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, case, func, or_, select

from app.domain.filters import CallFilter
from app.domain.scope import Scope
from app.store.filters import connected
from app.store.ready.looked_at import MISSED, OUTBOUND, TALKED, id_in, looked_at, place_of, seconds
from app.store.tables import calls

Condition = ColumnElement[bool]


def looked_at_with(scope: Scope, given: CallFilter, *more: Condition) -> CTE:
    """The calls that figures are made of, each with the last talk and the last outgoing talk of its agent and number."""
    pair = (calls.c.agent_id, calls.c.phone_number)
    talked = connected(scope)
    last_talk = func.max(case((talked, calls.c.started_at))).over(partition_by=pair)
    picked_up = func.max(case((and_(talked, OUTBOUND), 1), else_=0)).over(partition_by=pair)
    said = (talked.label("connected"), MISSED.label("missed"), TALKED.label("talked"))
    columns = ("agent_id", "phone_number", "id", "started_at", "direction", "outcome", "duration_seconds")
    return (
        select(*[calls.c[name] for name in columns], *said, last_talk.label("last_talk"), picked_up.label("picked_up"))
        .where(*looked_at(scope, given), *more)
        .cte("looked_at")
    )


def figures(one: CTE) -> list[ColumnElement[Any]]:
    """What is counted and added up of looked-at calls, for the fields of graphql.types.figures."""
    inbound, outbound, answered = (
        one.c.direction == "INBOUND",
        one.c.direction == "OUTBOUND",
        one.c.outcome == "ANSWERED",
    )
    alone = and_(one.c.missed, _of_pair(one), or_(one.c.last_talk.is_(None), one.c.last_talk <= one.c.started_at))
    counted: dict[str, Condition] = {
        "inbound": inbound,
        "outbound": outbound,
        "internal": one.c.direction == "INTERNAL",
        "answered": answered,
        "answered_inbound": and_(answered, inbound),
        "answered_outbound": and_(answered, outbound),
        "missed": and_(inbound, one.c.outcome == "MISSED"),
        "rejected": and_(inbound, one.c.outcome == "REJECTED"),
        "connected": one.c.connected,
        "connected_inbound": and_(one.c.connected, inbound),
        "connected_outbound": and_(one.c.connected, outbound),
        "never_attended": alone,
        "not_picked_up": and_(outbound, _of_pair(one), one.c.picked_up == 0),
    }
    talked: dict[str, Sequence[Condition]] = {
        "talk_seconds": (),
        "inbound_talk_seconds": (inbound,),
        "outbound_talk_seconds": (outbound,),
        "connected_talk_seconds": (one.c.connected,),
        "connected_inbound_talk_seconds": (one.c.connected, inbound),
        "connected_outbound_talk_seconds": (one.c.connected, outbound),
    }
    return [
        func.count().label("total"),
        *[func.count().filter(held).label(name) for name, held in counted.items()],
        *[seconds(_filtered(func.sum(one.c.talked), held)).label(name) for name, held in talked.items()],
        seconds(func.sum(one.c.duration_seconds)).label("duration_seconds"),
        func.min(one.c.started_at).label("first_call_at"),
        func.max(one.c.started_at).label("last_call_at"),
        id_in(func.max(place_of(one.c))).label("last_call_id"),
    ]


def _of_pair(one: CTE) -> Condition:
    return and_(one.c.agent_id.is_not(None), one.c.phone_number.is_not(None))


def _filtered(total: Any, held: Sequence[Condition]) -> ColumnElement[Any]:
    return total.filter(*held) if held else total
