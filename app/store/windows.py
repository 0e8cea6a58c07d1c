"""A window on a sorted list as a statement: what is seen, from which place on, how many rows; and several in one."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    Table,
    and_,
    literal_column,
    or_,
    select,
    union_all,
)

from app.domain.filters import Filter, Order, SortDirection
from app.domain.pages import Position, Window
from app.domain.scope import Scope
from app.store.filters import predicate_of
from app.store.finding import is_by_start
from app.store.orders import sort_expression
from app.store.tables import metadata
from app.store.visibility import visible
from app.store.way import ANY, START, START_ALONE, Way
from app.store.weight import weighed

# SQLite takes at most 500 SELECTs in one compound; more parents are grouped into compounds of compounds.
_MAX_COMPOUND = 400
_ALL = "1000000000000"
# The sort value at a position.
Known = ColumnElement[Any] | int | str


def held(
    scope: Scope, table: Table, filter: Filter | None, way: Way = ANY, again: bool = False
) -> tuple[ColumnElement[bool], ...]:
    """What holds of the rows of a noun that the viewer sees and a filter selects; `again`, see weighed. Raises InputError."""
    seen = visible(scope, table)
    return (*seen,) if filter is None else (*seen, weighed(predicate_of(scope, filter, way), again=again))


def limited(
    scope: Scope, statement: Select[Any], noun: str, order: Order, window: Window, way: Way = ANY
) -> Select[Any]:
    """One row more than asked for, which tells whether there are more."""

    id, known = metadata.tables[noun].c.id, partial(known_of, scope, noun, order)
    if not is_by_start(order) or way.is_any:
        return windowed(statement, sort_expression(order), id, order.direction, window, known)
    if way.gathers:
        return windowed(statement, START_ALONE, id, order.direction, window, known, compared=START)
    return windowed(
        statement, sort_expression(order), id, order.direction, window, known, compared=START, bounded=way.along
    )


def known_of(scope: Scope, noun: str, order: Order, position: Position) -> Known:
    """The sort value at a position."""
    return _value_of(scope, noun, order, position) if position.value is None else position.value


def windowed(
    statement: Select[Any],
    value: ColumnElement[Any],
    id_column: ColumnElement[str],
    direction: SortDirection,
    window: Window,
    known: Callable[[Position], Known],
    compared: ColumnElement[Any] | None = None,
    bounded: bool = False,
) -> Select[Any]:
    """A window on what is sorted by a value, then by an id, and one row more; `known` is the value at a position.

    `compared` is the value as it is compared with that, where no index is to begin there; `bounded` says that it is held
    to lie on the position's side beside; where its value has to be looked up, it may be none, which nothing is beyond.
    """
    downwards = (direction is SortDirection.DESC) != window.backward
    for position, beyond in ((window.after, True), (window.before, False)):
        if position is not None:
            larger = beyond == (direction is SortDirection.ASC)
            begun = value if compared is None else compared
            is_bounded = bounded and position.value is not None
            statement = statement.where(_past(begun, id_column, known(position), position.id, larger, is_bounded))
    keys = (value.desc(), id_column.desc()) if downwards else (value.asc(), id_column.asc())
    return statement.order_by(*keys).limit(window.limit + 1)


def _past(
    value: ColumnElement[Any],
    id_column: ColumnElement[str],
    known: Known,
    id: str,
    larger: bool,
    bounded: bool,
) -> ColumnElement[bool]:
    """Beyond a position. The bare bound on the sort value lets an index start there on every engine.

    Beside it stands what hardly any row fails: were the bound said again there, PostgreSQL would take the one for
    independent of the other, and expect few rows where there are many.
    """
    within = value >= known if larger else value <= known
    beyond = or_(value != known, id_column > id if larger else id_column < id)
    return and_(*[] if bounded else [within], beyond)


def _value_of(scope: Scope, noun: str, order: Order, position: Position) -> ColumnElement[Any]:
    """What a row that the viewer sees is sorted by; nothing where there is no such row, which no value is beyond."""
    table = metadata.tables[noun]
    found = select(sort_expression(order)).where(*visible(scope, table), table.c.id == position.id)
    return found.correlate(None).scalar_subquery()


def by_place(
    statement: Select[Any], start: ColumnElement[int], id_column: ColumnElement[str], order: Order, window: Window
) -> Select[Any]:
    """As many rows of what is within a window already."""
    return windowed(statement, start, id_column, order.direction, unplaced(window), _no_place)


def unplaced(window: Window) -> Window:
    """A window on what is between its places already."""
    return replace(window, after=None, before=None)


def _no_place(position: Position) -> int:
    raise AssertionError(f"There is no {position} to compare with.")


def as_many(window: Window) -> ColumnElement[int]:
    """A row more than asked for; written out, or PostgreSQL would expect a tenth of all calls of a limit within."""
    return literal_column(str(window.limit + 1))


def first_of(one: Select[Any], window: Window) -> Subquery:
    """The first rows of a statement, in another one."""
    return one.limit(as_many(window)).correlate(None).subquery()


def each_found(fitting: Select[Any], *met_by: ColumnElement[Any]) -> Subquery:
    """Found first and sorted then: PostgreSQL would sort all calls that there are, to have few to compare.

    Met in about the order that they are sorted in, they are sorted sooner.
    """
    return fitting.order_by(None).order_by(*met_by).limit(literal_column(_ALL)).subquery()


def together(branches: list[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    """The rows of all of these."""
    if len(branches) == 1:
        return branches[0]
    if len(branches) <= _MAX_COMPOUND:
        return union_all(*branches)
    groups = [branches[start : start + _MAX_COMPOUND] for start in range(0, len(branches), _MAX_COMPOUND)]
    return union_all(*[select(together(group).subquery()) for group in groups])
