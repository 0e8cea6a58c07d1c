"""Pages of any noun by keyset, of a whole list or of many parents at once; only the columns asked for are read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, and_, func, literal, or_, select, union_all

from app.domain.filters import CallFilter, Filter, Order, SortDirection
from app.domain.pages import SORT, Page, Position, Row, Window
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.filters import predicate_of
from app.store.finding import (
    PAGE,
    Attempt,
    and_days,
    and_near,
    attempts,
    bounds_of,
    further,
    in_index,
    is_by_start,
    looked_at_first,
    may_be_few,
    nth,
    up_to,
)
from app.store.orders import sort_expression
from app.store.tables import calls, metadata
from app.store.visibility import visible
from app.store.way import ANY, BOUNDED, GATHERED, START, START_ALONE, Bounds, Way
from app.store.weight import weighed

PARENT = "_parent"
# SQLite takes at most 500 SELECTs in one compound; more parents are grouped into compounds of compounds.
_MAX_COMPOUND = 400
# The sort value at a position.
Known = ColumnElement[Any] | int | str


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
    chosen = _chosen(noun, columns, order)

    async def read(attempt: Attempt) -> list[Row]:
        statement = of_list(scope, chosen, noun, filter, order, window, attempt)
        return [dict(row) for row in (await connection.execute(statement)).mappings()]

    rows = await read(attempts(filter, order)[0])
    if len(rows) <= window.limit and may_be_few(filter, order):
        for attempt in further(filter, len(rows), window.limit):
            rows = await read(attempt)
            if len(rows) > window.limit:
                break
    return paged(rows, window)


def of_list(
    scope: Scope,
    chosen: Select[Any],
    noun: str,
    filter: Filter | None,
    order: Order,
    window: Window,
    attempt: Attempt = PAGE,
) -> Select[Any]:
    """A page of a noun's list, or what an attempt finds of it (see finding)."""
    table = metadata.tables[noun]
    if not is_by_start(order):
        return limited(scope, chosen.where(*held(scope, table, filter)), noun, order, window)
    bounds = bounds_of(filter, order, window, partial(_known, scope, noun, order))
    if attempt.way.gathers:
        return _gathered(scope, chosen, filter, order, window, and_days(bounds, attempt.days, scope, order, window))
    way = BOUNDED if attempt.way.is_any and bounds.several else attempt.way
    found = limited(scope, chosen.where(*held(scope, table, filter, way)), noun, order, window, way)
    if attempt.near:
        all_of_them = select(calls.c.started_at).where(calls.c.workspace_id == scope.workspace_id, *bounds.held)
        along = limited(scope, all_of_them, noun, order, window, way)
        last = nth(along, looked_at_first(filter), calls.c.started_at, order, window)
        bounds = and_near(bounds, last, order, window)
    return found if way.is_any else found.where(*bounds.held)


def _gathered(
    scope: Scope, chosen: Select[Any], filter: Filter | None, order: Order, window: Window, bounds: Bounds
) -> Select[Any]:
    way = replace(GATHERED, bounds=bounds)
    seen = held(scope, calls, filter, way)
    found = limited(scope, chosen.where(*seen), calls.name, order, window, way)
    if not in_index(filter):
        return found
    fitting = limited(scope, select(calls.c.started_at).where(*seen), calls.name, order, window, way)
    return found.where(up_to(START, nth(fitting, window.limit, START_ALONE, order, window), order, window))


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


def held(scope: Scope, table: Table, filter: Filter | None, way: Way = ANY) -> tuple[ColumnElement[bool], ...]:
    """What holds of the rows of a noun that the viewer sees and a filter selects. Raises InputError."""
    seen = visible(scope, table)
    return (*seen,) if filter is None else (*seen, weighed(predicate_of(scope, filter, way)))


def limited(
    scope: Scope, statement: Select[Any], noun: str, order: Order, window: Window, way: Way = ANY
) -> Select[Any]:
    """One row more than asked for, which tells whether there are more."""

    id, known = metadata.tables[noun].c.id, partial(_known, scope, noun, order)
    if not is_by_start(order) or way.is_any:
        return windowed(statement, sort_expression(order), id, order.direction, window, known)
    sorted_by = START_ALONE if way.gathers else sort_expression(order)
    return windowed(statement, sorted_by, id, order.direction, window, known, compared=START)


def _known(scope: Scope, noun: str, order: Order, position: Position) -> Known:
    return _value_of(scope, noun, order, position) if position.value is None else position.value


def windowed(
    statement: Select[Any],
    value: ColumnElement[Any],
    id_column: ColumnElement[str],
    direction: SortDirection,
    window: Window,
    known: Callable[[Position], Known],
    compared: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """A window on what is sorted by a value, then by an id, and one row more; `known` is the value at a position.

    `compared` is the value as it is compared with that, where no index is to begin there.
    """
    downwards = (direction is SortDirection.DESC) != window.backward
    for position, beyond in ((window.after, True), (window.before, False)):
        if position is not None:
            larger = beyond == (direction is SortDirection.ASC)
            begun = value if compared is None else compared
            statement = statement.where(_past(begun, id_column, known(position), position.id, larger))
    keys = (value.desc(), id_column.desc()) if downwards else (value.asc(), id_column.asc())
    return statement.order_by(*keys).limit(window.limit + 1)


def _past(
    value: ColumnElement[Any],
    id_column: ColumnElement[str],
    known: Known,
    id: str,
    larger: bool,
) -> ColumnElement[bool]:
    """Beyond a position. The bare bound on the sort value lets an index start there on every engine."""
    if larger:
        return and_(value >= known, or_(value > known, id_column > id))
    return and_(value <= known, or_(value < known, id_column < id))


def _value_of(scope: Scope, noun: str, order: Order, position: Position) -> ColumnElement[Any]:
    """What a row that the viewer sees is sorted by; nothing where there is no such row, which no value is beyond."""
    table = metadata.tables[noun]
    found = select(sort_expression(order)).where(*visible(scope, table), table.c.id == position.id)
    return found.correlate(None).scalar_subquery()


def together(branches: list[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    """The rows of all of these."""
    if len(branches) == 1:
        return branches[0]
    if len(branches) <= _MAX_COMPOUND:
        return union_all(*branches)
    groups = [branches[start : start + _MAX_COMPOUND] for start in range(0, len(branches), _MAX_COMPOUND)]
    return union_all(*[select(together(group).subquery()) for group in groups])


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
