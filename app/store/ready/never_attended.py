"""Never attended: missed calls of a contact to an agent after which the two never talked."""

from collections.abc import Mapping, Sequence
from enum import Enum

from sqlalchemy import CTE, Subquery, and_, func, or_, select

from app.domain.filters import CallFilter
from app.domain.ready import NeverAttendedOrderField as Field
from app.domain.scope import Scope
from app.store.filters import Predicate, connected
from app.store.ready.looked_at import MISSED, OF_PAIR, REJECTED, id_in, looked_at, once, place_of
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
    one = once(select(*said).where(*seen).cte("missed"))
    talk = _talks(one, (*looked_at(scope, given), connected(scope)))
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
        .select_from(one.join(talk, same))
        .where(or_(talk.c.last_at.is_(None), talk.c.last_at <= one.c.started_at))
        .group_by(one.c.agent_id, one.c.phone_number)
        .subquery()
    )


def _talks(missed: CTE, connected: Sequence[Predicate]) -> CTE:
    """When each pair with a missed call last talked after the first of them; null where they did not.

    Such pairs are few, and their talks are soon found by the number: to read every talk takes longer.
    """
    pair = (missed.c.agent_id, missed.c.phone_number)
    pairs = select(*pair, func.min(missed.c.started_at).label("first_at")).group_by(*pair).subquery("pairs")
    last = (
        select(func.max(calls.c.started_at))
        .where(
            *connected,
            calls.c.phone_number == pairs.c.phone_number,
            calls.c.agent_id == pairs.c.agent_id,
            calls.c.started_at > pairs.c.first_at,
        )
        .scalar_subquery()
    )
    return once(select(pairs.c.agent_id, pairs.c.phone_number, last.label("last_at")).cte("talk"))
