"""Figures of calls: how many, how they ended, how long was talked. One statement, whatever the calls are grouped by."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func

from app.domain.scope import Scope
from app.store.filters import connected
from app.store.ready.looked_at import ANSWERED, INBOUND, INTERNAL, OUTBOUND, TALKED, id_in, place_of, seconds
from app.store.tables import calls

Condition = ColumnElement[bool]


def figures(scope: Scope) -> list[ColumnElement[Any]]:
    """What is counted and added up of looked-at calls, for the fields of graphql.types.figures."""
    talk = connected(scope)
    counted: dict[str, Condition] = {
        "inbound": INBOUND,
        "outbound": OUTBOUND,
        "internal": INTERNAL,
        "answered": ANSWERED,
        "answered_inbound": and_(ANSWERED, INBOUND),
        "answered_outbound": and_(ANSWERED, OUTBOUND),
        "missed": and_(INBOUND, calls.c.outcome == "MISSED"),
        "rejected": and_(INBOUND, calls.c.outcome == "REJECTED"),
        "connected": talk,
        "connected_inbound": and_(talk, INBOUND),
        "connected_outbound": and_(talk, OUTBOUND),
    }
    talked: dict[str, Sequence[Condition]] = {
        "talk_seconds": (),
        "inbound_talk_seconds": (INBOUND,),
        "outbound_talk_seconds": (OUTBOUND,),
        "connected_talk_seconds": (talk,),
        "connected_inbound_talk_seconds": (talk, INBOUND),
        "connected_outbound_talk_seconds": (talk, OUTBOUND),
    }
    return [
        func.count().label("total"),
        *[func.count().filter(held).label(name) for name, held in counted.items()],
        *[seconds(_filtered(func.sum(TALKED), held)).label(name) for name, held in talked.items()],
        seconds(func.sum(calls.c.duration_seconds)).label("duration_seconds"),
        func.min(calls.c.started_at).label("first_call_at"),
        func.max(calls.c.started_at).label("last_call_at"),
        id_in(func.max(place_of(calls.c))).label("last_call_id"),
    ]


def _filtered(total: Any, held: Sequence[Condition]) -> ColumnElement[Any]:
    found: ColumnElement[Any] = total.filter(*held) if held else total
    return found
