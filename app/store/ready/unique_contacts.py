"""Unique contacts: the distinct outside numbers, each with the figures of its calls."""

from collections.abc import Mapping
from enum import Enum

from sqlalchemy import Subquery, select

from app.domain.filters import CallFilter
from app.domain.ready import UniqueContactOrderField as Field
from app.domain.scope import Scope
from app.store.filters import Predicate
from app.store.measures import outside_number
from app.store.ready.figures import figures
from app.store.ready.looked_at import looked_at
from app.store.tables import calls

SORTS: Mapping[Enum, str] = {
    Field.LAST_CALL_AT: "last_call_at",
    Field.FIRST_CALL_AT: "first_call_at",
    Field.TOTAL: "total",
    Field.TALK_SECONDS: "talk_seconds",
}


def groups(scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
    """A row for each outside number that is known, whoever it is of."""
    found = figures(scope)
    last = next(column for column in found if column.name == "last_call_id")
    return (
        select(calls.c.phone_number, last.label("id"), *found)
        .where(*looked_at(scope, given), outside_number(calls).is_not(None), *more)
        .group_by(calls.c.phone_number)
        .subquery()
    )
