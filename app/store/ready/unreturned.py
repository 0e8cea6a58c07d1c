"""Unreturned calls: per contact's number the last run of missed calls, and the talk that ended it, if any did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import CTE, FromClause, ScalarSelect, Subquery, func, or_, select, true

from app.domain.filters import CallFilter
from app.domain.ready import ReturnState
from app.domain.ready import UnreturnedOrderField as Field
from app.domain.scope import Scope
from app.store.filters import Predicate, call_predicate, connected
from app.store.ready.looked_at import MISSED, OUTBOUND, at_in, id_in, looked_at, once, place_of
from app.store.tables import calls
from app.store.weight import weighed

# How often the statement says which calls are looked at.
_TIMES = 6
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
        """A row for each number with a missed call: its missed calls since the talk before the last of them.

        Most numbers have no missed call, so only those that have are looked into, each by its own calls.
        """
        seen = (*looked_at(scope, given), *more)
        weighed(call_predicate(scope, given), _TIMES - 1)  # and once when it was made
        talk = _returns(_lasts(seen), seen, connected(scope))
        kept = {ReturnState.OPEN: talk.c.returned.is_(None), ReturnState.RETURNED: talk.c.returned.is_not(None)}
        run = _runs(talk, seen, kept.get(self.state, true()))
        since = (OUTBOUND, ~connected(scope), calls.c.started_at > run.c.first_missed_at)
        until = or_(run.c.returned_at.is_(None), calls.c.started_at < run.c.returned_at)
        seconds = ((run.c.returned_at - run.c.first_missed_at) // 1000).label("seconds_to_return")
        attempts = _of_number(run, seen, func.count(), *since, until).label("attempts")
        return select(*run.c, seconds, attempts).subquery()


def _lasts(seen: Sequence[Predicate]) -> Subquery:
    """The last missed call of each number."""
    number, last = calls.c.phone_number, func.max(calls.c.started_at).label("last_missed_at")
    missed = (*seen, number.is_not(None), MISSED)
    id = id_in(func.max(place_of(calls.c))).label("id")
    return select(number, last, id).where(*missed).group_by(number).subquery("lasts")


def _returns(lasts: Subquery, seen: Sequence[Predicate], talked: Predicate) -> CTE:
    """The talks around the last missed call: when the one before it was, and which was the first after it."""
    before = _of_number(lasts, seen, func.max(calls.c.started_at), talked, calls.c.started_at <= lasts.c.last_missed_at)
    after = _of_number(lasts, seen, func.min(place_of(calls.c)), talked, calls.c.started_at > lasts.c.last_missed_at)
    found = select(*lasts.c, func.coalesce(before, 0).label("talked_at"), after.label("returned"))
    return once(found.cte("talks"))


def _runs(talk: CTE, seen: Sequence[Predicate], kept: Predicate) -> CTE:
    """The missed calls of each number from the talk before the last of them: one at its very moment is not after it."""
    run = (MISSED, calls.c.started_at >= talk.c.talked_at)
    found = select(
        *(talk.c.phone_number, talk.c.last_missed_at, talk.c.id),
        _of_number(talk, seen, func.min(calls.c.started_at), *run).label("first_missed_at"),
        _of_number(talk, seen, func.count(), *run).label("missed_calls"),
        at_in(talk.c.returned).label("returned_at"),
        id_in(talk.c.returned).label("returned_call_id"),
    )
    return once(found.where(kept).cte("runs"))


def _of_number(rows: FromClause, seen: Sequence[Predicate], figure: Any, *held: Predicate) -> ScalarSelect[Any]:
    """A figure of the calls with the number of a row."""
    same = calls.c.phone_number == rows.c.phone_number
    return select(figure).select_from(calls).where(*seen, same, *held).scalar_subquery()
