"""Unreturned calls: per contact's number the last run of missed calls, and the talk that ended it, if any did."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import CTE, Subquery, and_, func, or_, select, true

from app.domain.filters import CallFilter
from app.domain.ready import ReturnState
from app.domain.ready import UnreturnedOrderField as Field
from app.domain.scope import Scope
from app.store.filters import Predicate, connected
from app.store.ready.looked_at import MISSED, OUTBOUND, at_in, id_in, looked_at, place_of
from app.store.tables import calls

_SORTS: Mapping[Enum, str] = {
    Field.FIRST_MISSED_AT: "first_missed_at",
    Field.LAST_MISSED_AT: "last_missed_at",
    Field.MISSED_CALLS: "missed_calls",
    Field.SECONDS_TO_RETURN: "seconds_to_return",
}


@dataclass(frozen=True, slots=True)
class Unreturned:
    """The statistic of the numbers in one state."""

    state: ReturnState

    @property
    def SORTS(self) -> Mapping[Enum, str]:  # noqa: N802  # a constant of the other statistics
        """What each field of the order means."""
        return _SORTS

    def groups(self, scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
        """A row for each number with a missed call: its missed calls since the talk before the last of them."""
        one = _looked_at(scope, given, *more)
        run = _runs(one, _talks(one, _lasts(one)))
        unreturned = run.c.returned_at.is_(None)
        tried = and_(one.c.attempt, one.c.started_at > run.c.first_missed_at)
        tried_in_vain = func.count().filter(tried, or_(unreturned, one.c.started_at < run.c.returned_at))
        seconds = ((run.c.returned_at - run.c.first_missed_at) // 1000).label("seconds_to_return")
        kept = {ReturnState.OPEN: unreturned, ReturnState.RETURNED: ~unreturned, ReturnState.ALL: true()}
        return (
            select(*run.c, seconds, tried_in_vain.label("attempts"))
            .select_from(run.join(one, one.c.phone_number == run.c.phone_number))
            .where(kept[self.state])
            .group_by(*run.c)
            .subquery()
        )


def _looked_at(scope: Scope, given: CallFilter, *more: Predicate) -> CTE:
    """Missed calls, talks and attempts, of numbers with a missed call: most have none, so the rest is soon done."""
    talked = connected(scope)
    attempt = and_(OUTBOUND, ~talked)
    said = (MISSED.label("missed"), talked.label("talked"), attempt.label("attempt"))
    seen = (*looked_at(scope, given), calls.c.phone_number.is_not(None), or_(MISSED, talked, OUTBOUND), *more)
    every = select(calls.c.phone_number, calls.c.id, calls.c.started_at, *said).where(*seen).cte("every")
    missed = select(every.c.phone_number).where(every.c.missed)
    return select(every).where(every.c.phone_number.in_(missed)).cte("looked_at")


def _lasts(one: CTE) -> Subquery:
    """The last missed call of each number."""
    last = func.max(one.c.started_at).label("last_missed_at")
    return select(one.c.phone_number, last).where(one.c.missed).group_by(one.c.phone_number).subquery("lasts")


def _talks(one: CTE, lasts: Subquery) -> Subquery:
    """The talks around the last missed call: when the one before it was, and which was the first after it."""
    before = func.max(one.c.started_at).filter(one.c.talked, one.c.started_at <= lasts.c.last_missed_at)
    after = func.min(place_of(one.c)).filter(one.c.talked, one.c.started_at > lasts.c.last_missed_at)
    return (
        select(*lasts.c, func.coalesce(before, 0).label("talked_at"), after.label("returned"))
        .select_from(lasts.join(one, one.c.phone_number == lasts.c.phone_number))
        .group_by(*lasts.c)
        .subquery("talks")
    )


def _runs(one: CTE, talks: Subquery) -> Subquery:
    """The missed calls of each number from the talk before the last of them: one at its very moment is not after it."""
    by = (talks.c.phone_number, talks.c.last_missed_at, talks.c.returned)
    return (
        select(
            talks.c.phone_number,
            talks.c.last_missed_at,
            id_in(func.max(place_of(one.c))).label("id"),
            func.min(one.c.started_at).label("first_missed_at"),
            func.count().label("missed_calls"),
            at_in(talks.c.returned).label("returned_at"),
            id_in(talks.c.returned).label("returned_call_id"),
        )
        .select_from(talks.join(one, one.c.phone_number == talks.c.phone_number))
        .where(one.c.missed, one.c.started_at >= talks.c.talked_at)
        .group_by(*by)
        .subquery("runs")
    )
