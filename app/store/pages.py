"""Pages of any noun by keyset, of a whole list or of many parents at once; only the columns asked for are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    func,
    literal,
    select,
)

from app.domain.filters import CallFilter, Filter, Order, SortDirection
from app.domain.pages import SORT, Page, Row, Window
from app.domain.scope import Scope
from app.store import hours
from app.store.database import Connection
from app.store.filters import predicate_of
from app.store.finding import Attempt
from app.store.found import rows_of
from app.store.lists import named, of_ids, of_list
from app.store.nearest import goes_on, looks_in_turn
from app.store.newest import few_numbers
from app.store.orders import sort_expression
from app.store.owners import counted
from app.store.said import Need
from app.store.tables import metadata
from app.store.weight import weighed
from app.store.windows import held, limited, together

PARENT = "_parent"


async def page(
    connection: Connection,
    scope: Scope,
    noun: str,
    columns: Iterable[str],
    filter: Filter | None,
    order: Order,
    window: Window,
) -> Page:
    """One page of a noun's list."""
    reader = _Reading(connection, scope, noun, _chosen(noun, columns, order), filter, order, window)
    return paged([*await rows_of(reader, scope, filter, order, window, window.limit + 1)], window)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Sends the statements of a page over a connection."""

    connection: Connection
    scope: Scope
    noun: str
    chosen: Select[Any]
    filter: Filter | None
    order: Order
    window: Window

    def values(self, parts: Sequence[Any]) -> Sequence[Any]:
        return parts

    async def ids(self, filter: CallFilter, name: str) -> list[Any]:
        return list((await self.connection.execute(named(self.scope, filter, name))).scalars())

    async def of_values(self, filter: CallFilter, name: str, values: list[Any]) -> list[Row]:
        return await self._rows(of_ids(self.scope, self.chosen, filter, name, values, self.order, self.window))

    async def ends(self, filter: CallFilter) -> tuple[int, int] | None:
        found = await self.connection.execute(hours.ends(self.scope, filter, self.order, self.window))
        return next(((row[0], row[1]) for row in found), None)

    async def of_hours(self, filter: CallFilter, within: list[int]) -> list[Row]:
        return await self._rows(hours.of_hours(self.scope, self.chosen, filter, within, self.order, self.window))

    async def counts(self, filter: CallFilter, needs: Sequence[Need]) -> Sequence[int]:
        return [*(await self.connection.execute(counted(self.scope, needs))).one()]

    async def few_numbers(self, filter: CallFilter) -> bool:
        return bool((await self.connection.execute(few_numbers(self.scope, filter))).scalar_one())

    async def goes_on(self, near: int) -> bool:
        asked = goes_on(self.scope, self.filter, self.order, self.window, near)
        return bool((await self.connection.execute(asked)).scalar_one())

    async def attempted(self, attempt: Attempt) -> list[Row]:
        asked = (self.scope, self.chosen, self.noun, self.filter, self.order, self.window)
        return await self._rows(of_list(*asked, attempt, looks_in_turn(self.connection.dialect)))

    async def _rows(self, statement: Select[Any]) -> list[Row]:
        return [dict(row) for row in (await self.connection.execute(statement)).mappings()]


async def pages_by(
    connection: Connection,
    scope: Scope,
    noun: str,
    key: str,
    parents: Sequence[str],
    columns: Iterable[str],
    filter: Filter | None,
    order: Order,
    window: Window,
) -> dict[str, Page]:
    """A page for each parent, by the column `key` of the noun: one statement, a branch a parent.

    A branch reads `limit` rows off an index; a window function over all of the parents' rows is a hundred times slower.
    """
    column = metadata.tables[noun].c[key]
    owned = {parent: column == parent for parent in parents}
    return await pages_where(connection, scope, noun, owned, columns, filter, order, window)


async def pages_where(
    connection: Connection,
    scope: Scope,
    noun: str,
    owned: Mapping[str, ColumnElement[bool]],
    columns: Iterable[str],
    filter: Filter | None,
    order: Order,
    window: Window,
    within: CallFilter | None = None,
) -> dict[str, Page]:
    """A page for each parent, whose rows are those of which a condition holds, and which `within` selects, too."""
    weighed(predicate_of(scope, filter), len(owned) - 1)  # and once more when it is made
    base = _selected(scope, noun, columns, filter, order)
    if within is not None:
        base = base.where(weighed(predicate_of(scope, within), len(owned)))
    branches = [
        select(
            limited(
                scope, base.add_columns(literal(parent).label(PARENT)).where(is_its), noun, order, window
            ).subquery()
        )
        for parent, is_its in owned.items()
    ]
    rows: dict[str, list[Row]] = {parent: [] for parent in owned}
    for found in (await connection.execute(together(branches))).mappings():
        row = dict(found)
        rows[row.pop(PARENT)].append(row)
    return {parent: paged(_sorted(found, order, window), window) for parent, found in rows.items()}


async def pages_of(
    connection: Connection,
    scope: Scope,
    noun: str,
    filters: Sequence[Filter],
    columns: Iterable[str],
    order: Order,
    window: Window,
) -> list[Page]:
    """A page for each filter, in one statement, a branch a filter."""
    branches = []
    for place, one in enumerate(filters):
        base = _selected(scope, noun, columns, one, order).add_columns(literal(place).label(PARENT))
        branches.append(select(limited(scope, base, noun, order, window).subquery()))
    rows: list[list[Row]] = [[] for _ in filters]
    for found in (await connection.execute(together(branches))).mappings():
        row = dict(found)
        rows[row.pop(PARENT)].append(row)
    return [paged(_sorted(found, order, window), window) for found in rows]


async def counts_of(connection: Connection, scope: Scope, noun: str, filters: Sequence[Filter]) -> list[int]:
    """How many rows of a noun each filter selects, in one statement."""
    table = metadata.tables[noun]
    branches = list[Select[Any]]()
    for place, one in enumerate(filters):
        counted = select(literal(place).label(PARENT), func.count().label("number")).select_from(table)
        branches.append(select(counted.where(*held(scope, table, one)).subquery()))
    found = {place: int(number) for place, number in await connection.execute(together(branches))}
    return [found[place] for place in range(len(filters))]


async def count(connection: Connection, scope: Scope, noun: str, filter: Filter | None) -> int:
    """How many rows of a noun a filter selects."""
    table = metadata.tables[noun]
    statement = select(func.count()).select_from(table).where(*held(scope, table, filter))
    return int((await connection.execute(statement)).scalar_one())


async def counts_by(
    connection: Connection, scope: Scope, noun: str, key: str, parents: Sequence[str], filter: Filter | None
) -> dict[str, int]:
    """How many rows of a noun a filter selects for each parent; 0 for a parent without any."""
    table = metadata.tables[noun]
    statement = (
        select(table.c[key], func.count())
        .where(*held(scope, table, filter), table.c[key].in_(parents))
        .group_by(table.c[key])
    )
    found = {parent: int(number) for parent, number in (await connection.execute(statement))}
    return {parent: found.get(parent, 0) for parent in parents}


def _selected(scope: Scope, noun: str, columns: Iterable[str], filter: Filter | None, order: Order) -> Select[Any]:
    return _chosen(noun, columns, order).where(*held(scope, metadata.tables[noun], filter))


def _chosen(noun: str, columns: Iterable[str], order: Order) -> Select[Any]:
    table = metadata.tables[noun]
    return select(*[table.c[name] for name in sorted({*columns, "id"})], sort_expression(order).label(SORT))


def _sorted(rows: list[Row], order: Order, window: Window) -> list[Row]:
    """A UNION ALL promises no order between its branches, nor, to the letter, within them."""
    downwards = (order.direction is SortDirection.DESC) != window.backward
    return sorted(rows, key=lambda row: (row[SORT], row["id"]), reverse=downwards)


def paged(rows: list[Row], window: Window) -> Page:
    """The page of what a windowed statement has found."""
    more = len(rows) > window.limit
    rows = rows[: window.limit]
    if window.backward:
        return Page(rows[::-1], has_next=window.before is not None, has_previous=more)
    return Page(rows, has_next=more, has_previous=window.after is not None)
