"""Never attended: missed calls of a contact to an agent after which the two never talked."""

from collections.abc import Mapping
from enum import Enum

from sqlalchemy import Subquery, and_, func, or_, select

from app.domain.filters import CallFilter
from app.domain.ready import NeverAttendedOrderField as Field
from app.domain.scope import Scope
from app.store.filters import Predicate, connected
from app.store.ready.looked_at import MISSED, OF_PAIR, REJECTED, id_in, looked_at, place_of
from app.store.tables import calls

SORTS: Mapping[Enum, str] = {
    Field.LAST_MISSED_AT: "last_missed_at",
    Field.FIRST_MISSED_AT: "first_missed_at",
    Field.MISSED_CALLS: "missed_calls",
}


def groups(scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
    """A row for each agent and number with a missed or rejected call, and no connected one between them after it."""
    pair, talked = (calls.c.agent_id, calls.c.phone_number), connected(scope)
    said = (calls.c.id, calls.c.started_at, REJECTED.label("rejected"), MISSED.label("missed"))
    seen = (*looked_at(scope, given), *OF_PAIR, or_(MISSED, talked), *more)
    one = select(*pair, *said).where(*seen).cte("looked_at")
    talk = (
        select(one.c.agent_id, one.c.phone_number, func.max(one.c.started_at).label("last_at"))
        .where(~one.c.missed)
        .group_by(one.c.agent_id, one.c.phone_number)
        .subquery("talk")
    )
    same = and_(talk.c.agent_id == one.c.agent_id, talk.c.phone_number == one.c.phone_number)
    return (
        select(
            one.c.agent_id,
            one.c.phone_number,
            id_in(func.max(place_of(one.c))).label("id"),
            func.min(one.c.started_at).label("first_missed_at"),
            func.max(one.c.started_at).label("last_missed_at"),
            func.count().label("missed_calls"),
            func.count().filter(one.c.rejected).label("rejected_calls"),
        )
        .select_from(one.outerjoin(talk, same))
        .where(one.c.missed, or_(talk.c.last_at.is_(None), talk.c.last_at <= one.c.started_at))
        .group_by(one.c.agent_id, one.c.phone_number)
        .subquery()
    )
