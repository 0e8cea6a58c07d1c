"""Not picked up: a contact whom an agent dialled, and never talked to on any of these calls."""

from collections.abc import Mapping
from enum import Enum

from sqlalchemy import Subquery, func, select

from app.domain.filters import CallFilter
from app.domain.ready import NotPickedUpOrderField as Field
from app.domain.scope import Scope
from app.store.filters import Predicate, connected
from app.store.ready.looked_at import OF_PAIR, OUTBOUND, id_in, looked_at, place_of
from app.store.tables import calls

SORTS: Mapping[Enum, str] = {
    Field.LAST_ATTEMPT_AT: "last_attempt_at",
    Field.FIRST_ATTEMPT_AT: "first_attempt_at",
    Field.ATTEMPTS: "attempts",
}


def groups(scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
    """A row for each agent and number with outgoing calls, none of which was connected."""
    return (
        select(
            calls.c.agent_id,
            calls.c.phone_number,
            id_in(func.max(place_of(calls.c))).label("id"),
            func.min(calls.c.started_at).label("first_attempt_at"),
            func.max(calls.c.started_at).label("last_attempt_at"),
            func.count().label("attempts"),
        )
        .where(*looked_at(scope, given), *OF_PAIR, OUTBOUND, *more)
        .group_by(calls.c.agent_id, calls.c.phone_number)
        .having(func.count().filter(connected(scope)) == 0)
        .subquery()
    )
