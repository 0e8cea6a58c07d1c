"""A page of a whole list as a statement: as it is read in each attempt at it, or along the indexes of a few ids."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal_column, select

from app.domain.filters import CallFilter, Filter, Order
from app.domain.pages import Window
from app.domain.scope import Scope
from app.store.finding import (
    PAGE,
    Attempt,
    and_days,
    and_near,
    bounds_of,
    in_index,
    is_by_start,
    nth,
    up_to,
)
from app.store.lookups import MOST, columns_of, ids_of
from app.store.tables import calls, metadata
from app.store.way import ANY, BOUNDED, GATHERED, START, START_ALONE, Bounds
from app.store.windows import held, known_of, limited, together, windowed


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
    bounds = bounds_of(filter, order, window, partial(known_of, scope, noun, order))
    if attempt.way.gathers:
        return _gathered(scope, chosen, filter, order, window, and_days(bounds, attempt.days, scope, order, window))
    way = BOUNDED if attempt.way.is_any and bounds.several else attempt.way
    found = limited(scope, chosen.where(*held(scope, table, filter, way)), noun, order, window, way)
    if attempt.near is not None:
        all_of_them = select(calls.c.started_at).where(calls.c.workspace_id == scope.workspace_id, *bounds.held)
        along = limited(scope, all_of_them, noun, order, window, way)
        last = nth(along, attempt.near, calls.c.started_at, order, window)
        bounds = and_near(bounds, last, order, window)
    return found if way.is_any else found.where(*bounds.held)


def named(scope: Scope, filter: CallFilter, name: str) -> Select[Any]:
    """The ids that a field names, and one more than calls are looked for by."""
    return ids_of(scope, filter, name).distinct().limit(literal_column(str(MOST + 1)))


def of_ids(
    scope: Scope,
    chosen: Select[Any],
    filter: CallFilter,
    name: str,
    ids: Sequence[Any],
    order: Order,
    window: Window,
) -> Select[Any]:
    """A page of the calls that have one of the ids that a field names: a branch for each, off an index along the start."""
    rest: CallFilter = replace(filter, **{name: None})
    bounds = bounds_of(rest, order, window, partial(known_of, scope, calls.name, order))
    way = BOUNDED if bounds.several else ANY
    seen = (*held(scope, calls, rest, way), *(bounds.held if bounds.several else ()))
    branches = [
        limited(scope, select(calls.c.id).where(*seen, column == id), calls.name, order, window, way)
        for id in ids
        for column in columns_of(filter, name)
    ]
    if not branches:
        return chosen.where(false())
    by_start = chosen.where(calls.c.workspace_id == scope.workspace_id, calls.c.id.in_(_each(branches, window)))
    return windowed(
        by_start, START_ALONE, calls.c.id, order.direction, replace(window, after=None, before=None), lambda at: at.id
    )


def _each(branches: Sequence[Select[Any]], window: Window) -> Any:
    """The first rows of each, in one."""
    wanted: ColumnElement[int] = literal_column(str(window.limit + 1))
    return together([select(one.limit(wanted).correlate(None).subquery()) for one in branches])


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
