"""A page of a whole list as a statement: as it is read in each attempt at it, or along the indexes of a few ids."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal_column, select

from app.domain.filters import CallFilter, Filter, Order, SortDirection
from app.domain.pages import Position, Window
from app.domain.scope import Scope
from app.store.finding import (
    PAGE,
    Attempt,
    and_days,
    and_near,
    bounds_of,
    by_nearest,
    is_by_day,
    is_by_start,
    nth,
    up_to,
)
from app.store.lookups import INVOLVED, MOST, columns_of, ids_of, only
from app.store.nearest import between, in_turn, no_further
from app.store.newest import last_of_numbers
from app.store.pace import in_index
from app.store.start_lags import INSTANTS, instants_within, starts_within
from app.store.tables import call_legs, calls, metadata
from app.store.way import ALONG, ANY, BOUNDED, GATHERED, START, Bounds
from app.store.weight import MOST as MOST_WEIGHT
from app.store.weight import current_allowance
from app.store.windows import (
    as_many,
    by_place,
    each_found,
    first_of,
    held,
    known_of,
    limited,
    together,
    unplaced,
    windowed,
)

# What a branch comes to beside its limits, in the parts that conditions are weighed by: as long to make as a hundred.
_BRANCH = 100


def of_list(
    scope: Scope,
    chosen: Select[Any],
    noun: str,
    filter: Filter | None,
    order: Order,
    window: Window,
    attempt: Attempt = PAGE,
    looks_in_turn: bool = False,
) -> Select[Any]:
    """A page of a noun's list, or what an attempt finds of it (see finding), in the engine's own way (see nearest)."""
    table = metadata.tables[noun]
    if not is_by_start(order):
        return limited(scope, chosen.where(*held(scope, table, filter)), noun, order, window)
    bounds = bounds_of(filter, order, window, partial(known_of, scope, noun, order))
    if not attempt.way.is_any:
        bounds = starts_within(scope, filter, bounds)
    if attempt.way.gathers:
        return _gathered(
            scope, chosen, filter, order, window, and_days(bounds, attempt.days, scope, order, window), attempt
        )
    if attempt.of_index:
        near = (in_turn if looks_in_turn else between)(scope, filter, order, window, attempt, bounds)
        return in_order(scope, chosen, [near], order, window)
    way = BOUNDED if attempt.way.is_any and bounds.several else attempt.way
    seen = held(scope, table, filter, way, attempt.again)
    if attempt.near is not None:
        bounds = no_further(scope, attempt.near, bounds, order, window)
    seen = seen if way.is_any else (*seen, *bounds.held)
    return limited(scope, chosen.where(*seen), noun, order, window, way)


def named(scope: Scope, filter: CallFilter, name: str) -> Select[Any]:
    """The ids that a field names, and one more than calls are looked for by."""
    return ids_of(scope, filter, name).distinct().limit(literal_column(str(MOST + 1)))


def are_few(scope: Scope, filter: CallFilter, name: str, ids: Sequence[Any], sparing: bool = False) -> bool:
    """Whether a page may be read along the index of each: a branch of a statement takes a millisecond to be made.

    With `sparing` no more than half of what a request may ask for is used up by it: others come first.
    """
    branches = _branches(filter, name, len(ids))
    most = branches * 5 // 4  # a statement has room for a quarter more
    left = current_allowance().left - (MOST_WEIGHT // 2 if sparing else 0)
    return branches <= MOST and left >= most * weight_of_branch(scope)


def _branches(filter: CallFilter, name: str, ids: int) -> int:
    return ids * (len(columns_of(filter, name)) + (name == INVOLVED))


def weight_of_branch(scope: Scope) -> int:
    """What a branch weighs: to be made, and for what a limited viewer sees, which stands in each."""
    reach = scope.reach
    limits = (reach.agent_ids, reach.source_ids, reach.org_unit_ids, reach.agent_tags)
    return _BRANCH + sum(len(limit) for limit in limits if limit is not None)


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
    if name == INVOLVED:
        branches += [_of_legs(scope, rest, id, order, window) for id in ids]
    if not branches:
        return chosen.where(false())
    current_allowance().draw(_branches(filter, name, len(ids)) * weight_of_branch(scope))
    return in_order(scope, chosen, branches, order, window)


def in_order(
    scope: Scope, chosen: Select[Any], branches: Sequence[Select[Any]], order: Order, window: Window
) -> Select[Any]:
    """A page of what the branches find, which have the ids of its calls."""
    return _of_page(scope, chosen.where(calls.c.id.in_(_each(branches, window))), order, window)


def _of_page(scope: Scope, chosen: Select[Any], order: Order, window: Window) -> Select[Any]:
    """A page of its calls, which are found already."""
    by_start = chosen.where(calls.c.workspace_id == scope.workspace_id)
    return limited(scope, by_start, calls.name, order, unplaced(window), GATHERED)


def _of_legs(scope: Scope, rest: CallFilter, agent_id: Any, order: Order, window: Window) -> Select[Any]:
    """A page of the calls that an agent has a leg of, once each, along the start that legs have of their calls."""
    known, start = partial(known_of, scope, calls.name, order), call_legs.c.call_started_at
    bounds = bounds_of(rest, order, window, known)
    same = (call_legs.c.workspace_id == calls.c.workspace_id) & (call_legs.c.call_id == calls.c.id)
    its = (call_legs.c.workspace_id == scope.workspace_id, call_legs.c.agent_id == agent_id, *bounds.held_by(start))
    found = (
        select(call_legs.c.call_id, start).distinct().join(calls, same).where(*its, *held(scope, calls, rest, ALONG))
    )
    sorted_by = windowed(found, start, call_legs.c.call_id, order.direction, window, known)
    return select(sorted_by.limit(as_many(window)).subquery().c.call_id)


def _each(branches: Sequence[Select[Any]], window: Window) -> Any:
    """The first rows of each, in one."""
    return together([select(first_of(one, window)) for one in branches])


def _gathered(
    scope: Scope,
    chosen: Select[Any],
    filter: Filter | None,
    order: Order,
    window: Window,
    bounds: Bounds,
    attempt: Attempt,
) -> Select[Any]:
    last = last_of_numbers(scope, filter, order, window)
    bounds = bounds if last is None else and_near(bounds, last, order, window)
    way = replace(attempt.way, bounds=bounds)
    seen = (*held(scope, calls, filter, way, attempt.again), *([] if last is None else bounds.held))
    if within := instants_within(scope, filter, bounds):
        seen = (*seen, *within, *bounds.held)
    found = limited(scope, chosen.where(*seen), calls.name, order, window, way)
    if last is not None or not in_index(filter):
        return found
    # Found first and sorted then: PostgreSQL would sort all calls that there are, to have few to compare.
    if is_by_day(filter):  # the index of the start has the id, too
        fitting = limited(scope, select(calls.c.started_at, calls.c.id).where(*seen), calls.name, order, window, way)
        each = each_found(fitting)
        first = by_place(select(each.c.id), each.c.started_at, each.c.id, order, window)
        return _of_page(scope, chosen.where(calls.c.id.in_(first.limit(as_many(window)))), order, window)
    beyond = _beyond(order, window, partial(known_of, scope, calls.name, order))
    fitting = select(calls.c.started_at).where(*seen, *beyond)
    start = each_found(fitting, *_met_first(filter, order, window)).c.started_at
    return found.where(up_to(START, nth(select(start), window.limit, start, order, window), order, window))


def _met_first(filter: Filter | None, order: Order, window: Window) -> list[ColumnElement[int]]:
    """In which order the calls of another instant are met: by that they are nearly sorted by their start."""
    name = only(filter) if isinstance(filter, CallFilter) else ""
    return [by_nearest(calls.c[name], order, window)] if name in INSTANTS else []


def _beyond(order: Order, window: Window, known: Callable[[Position], Any]) -> list[ColumnElement[bool]]:
    """Whether a start is beyond a window's places: those of the same start are left out, so that no id is looked at."""
    downwards = order.direction is SortDirection.DESC
    after = [known(window.after) > START if downwards else known(window.after) < START] if window.after else []
    before = [known(window.before) < START if downwards else known(window.before) > START] if window.before else []
    return after + before
