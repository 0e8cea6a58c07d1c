"""Never attended: missed calls of a contact to an agent after which the two never talked."""

from collections.abc import Mapping
from enum import Enum

from sqlalchemy import Subquery, func, literal, select

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
    seen = (*looked_at(scope, given), *OF_PAIR, MISSED, *more)
    said = (calls.c.agent_id, calls.c.phone_number, calls.c.id, calls.c.started_at, REJECTED.label("rejected"))
    one = select(*said).where(*seen).subquery("missed")
    # Missed calls are few: to look for a talk after each, by its number, takes less than to read all talks.
    talk = (
        select(literal(1))
        .select_from(calls)
        .where(
            *looked_at(scope, given),
            connected(scope),
            calls.c.phone_number == one.c.phone_number,
            calls.c.agent_id == one.c.agent_id,
            calls.c.started_at > one.c.started_at,
        )
    )
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
        .where(~talk.exists())
        .group_by(one.c.agent_id, one.c.phone_number)
        .subquery()
    )
