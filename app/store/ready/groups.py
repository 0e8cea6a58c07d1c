"""Pages of groups of calls: a row is a contact, an agent or both, known by the id of a call or agent, sorted by a figure."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Protocol

from sqlalchemy import Select, Subquery, func, select

from app.domain.filters import CallFilter, SortDirection
from app.domain.pages import SORT, Page, Position, Row, Window
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.filters import Predicate
from app.store.pages import paged
from app.store.tables import calls
from app.store.windows import windowed


class Statistic(Protocol):
    """A module, or a value, that says how calls are grouped."""

    @property
    def SORTS(self) -> Mapping[Enum, str]:  # noqa: N802  # a constant of modules
        """The column that each field of its order means; a missing value is least."""

    def groups(self, scope: Scope, given: CallFilter, *more: Predicate) -> Subquery:
        """The groups, with an `id` each, of the calls of which `more` holds, too."""


async def page(
    connection: Connection,
    scope: Scope,
    statistic: Statistic,
    given: CallFilter,
    field: Enum,
    way: SortDirection,
    window: Window,
) -> Page:
    """A page of the groups of the calls that a filter selects."""
    groups = statistic.groups(scope, given)
    value = func.coalesce(groups.c[statistic.SORTS[field]], -1)
    statement = windowed(select(groups, value.label(SORT)), value, groups.c.id, way, window, _told)
    return paged([dict(row) for row in (await connection.execute(statement)).mappings()], window)


async def rows_by(
    connection: Connection, scope: Scope, statistic: Statistic, given: CallFilter, by: str, keys: Sequence[Any]
) -> dict[Any, Row]:
    """The groups with these values of a column of calls, by the value, in one statement."""
    statement = select(statistic.groups(scope, given, calls.c[by].in_(keys)))
    return {row[by]: dict(row) for row in (await connection.execute(statement)).mappings()}


async def count(connection: Connection, scope: Scope, statistic: Statistic, given: CallFilter) -> int:
    """How many groups there are."""
    statement: Select[Any] = select(func.count()).select_from(statistic.groups(scope, given))
    return int((await connection.execute(statement)).scalar_one())


def _told(position: Position) -> int | str:
    """Figures are in every cursor: they tell no number."""
    return -1 if position.value is None else position.value
