"""The calls nearest to a page's beginning, among which those that fit a filter are looked for."""

from functools import partial
from typing import Any

from sqlalchemy import Dialect, Select, literal_column, select
from sqlalchemy.sql.util import ClauseAdapter

from app.domain.filters import Filter, Order
from app.domain.pages import Window
from app.domain.scope import Scope
from app.store.filters import predicate_of
from app.store.finding import Attempt, and_near, bounds_of, nth
from app.store.start_lags import starts_within
from app.store.tables import IN_ORDER, LOOKED_AT, calls
from app.store.visibility import visible
from app.store.way import Bound, Bounds
from app.store.weight import weighed
from app.store.windows import by_place, held, known_of, limited


def looks_in_turn(dialect: Dialect) -> bool:
    """Whether an engine is to take the calls one after the other, rather than find the last one's start and go up to that.

    SQLite goes through an index twice in half of the time that it takes to hand on each entry, or less; PostgreSQL, which
    looks for each whether it is to be seen, takes up to half as long again to go through it twice.
    """
    return dialect.name == "postgresql"


def no_further(scope: Scope, near: int, bounds: Bounds, order: Order, window: Window) -> Bounds:
    """The bounds of a page's start that has so many calls to be looked at, and those of the same start."""
    return and_near(bounds, _last_looked_at(scope, near, bounds, order, window), order, window)


def goes_on(scope: Scope, filter: Filter | None, order: Order, window: Window, near: int) -> Select[tuple[bool]]:
    """Whether there are calls beyond so many: where there are none, who looked at these has found all that fit."""
    bounds = starts_within(scope, filter, bounds_of(filter, order, window, partial(known_of, scope, calls.name, order)))
    return select(_last_looked_at(scope, near, bounds, order, window).is_not(None))


def between(
    scope: Scope, filter: Filter | None, order: Order, window: Window, attempt: Attempt, bounds: Bounds
) -> Select[Any]:
    """The ids of those that fit of all calls up to the last one that an attempt looks at."""
    assert attempt.near is not None
    its = no_further(scope, attempt.near, bounds, order, window).held
    fitting = select(calls.c.id).where(*held(scope, calls, filter, attempt.way, attempt.again), *its)
    return limited(scope, fitting, calls.name, order, window, attempt.way)


def in_turn(
    scope: Scope, filter: Filter | None, order: Order, window: Window, attempt: Attempt, bounds: Bounds
) -> Select[Any]:
    """The same of an attempt that reads an index alone, of calls one after the other until the page is full."""
    assert attempt.near is not None
    told = select(*[calls.c[name] for name in dict.fromkeys((*IN_ORDER, *LOOKED_AT))])
    every = limited(scope, told.where(*visible(scope, calls), *bounds.held), calls.name, order, window, attempt.way)
    one = every.limit(literal_column(str(attempt.near))).correlate(None).subquery()
    its = weighed(predicate_of(scope, filter, attempt.way), again=attempt.again)
    return by_place(select(one.c.id).where(ClauseAdapter(one).traverse(its)), one.c.started_at, one.c.id, order, window)


def _last_looked_at(scope: Scope, near: int, bounds: Bounds, order: Order, window: Window) -> Bound:
    every = select(calls.c.started_at).where(calls.c.workspace_id == scope.workspace_id, *bounds.held)
    return nth(every, near, calls.c.started_at, order, window)
