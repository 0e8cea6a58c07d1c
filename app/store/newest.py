"""How far a page of calls with one of many numbers reaches at most: told by the newest calls of each number.

Digits that a thousand numbers have in common stand in tens of thousands of calls. A look at the index for each number
tells that a page ends with, say, last week; then only what is of last week is gathered.
"""

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Subquery, and_, func, literal_column, select

from app.domain.filters import CallFilter, Filter, Order, SortDirection
from app.domain.pages import Position, Window
from app.domain.scope import Scope
from app.store.finding import bound, bounds_of, by_nearest, nth
from app.store.lookups import NUMBERS, only
from app.store.numbers import numbers_like
from app.store.search import numbers_said
from app.store.tables import calls
from app.store.visibility import visible
from app.store.way import Bound
from app.store.windows import each_found, known_of

# The first call of so many pages of numbers is looked at: of more of them it would be nearer, and take longer to find.
_PAGES = 4
# So many are looked at one by one as soon as ten thousand calls are met; a page of theirs is seldom among fewer.
FEW = 1_250
# A number may be found by several of its endings, most often by one or two; by all of them where it begins with one or two
# digits. Then fewer numbers are looked at, and fewer are a few: it takes longer, and finds the same.
_ENDINGS = 4


def last_of_numbers(scope: Scope, filter: Filter | None, order: Order, window: Window) -> Bound | None:
    """The start of a call by which a page is full, where nothing but numbers is asked for: null where too few have any."""
    if not isinstance(filter, CallFilter) or (found := _numbers(scope, filter)) is None:
        return None
    numbers, column = found
    # The newest of each, the eighth, or one so old that a number fills the page alone: the fewer numbers, the older.
    places = sorted({1, 8, window.limit + 1})
    starts = func.coalesce(*[_full(scope, numbers, column, filter, order, window, place) for place in places])
    once = select(starts.label("start")).cte("last").prefix_with("MATERIALIZED")
    return select(once.c.start).scalar_subquery()


def few_numbers(scope: Scope, filter: CallFilter) -> Select[Any]:
    """Whether no more than a few numbers are to be looked at, where nothing but some digits of one is asked for.

    A few that are found by very many endings count as more.
    """
    found = _numbers(scope, filter)
    assert found is not None
    most: ColumnElement[int] = literal_column(str(_ENDINGS * FEW))
    some = _some(found[0], _ENDINGS * FEW + 1)
    return select(and_(func.count() <= most, func.count(some.c.number.distinct()) <= FEW)).select_from(some)


def _numbers(scope: Scope, filter: CallFilter) -> tuple[Select[tuple[str]], Column[str]] | None:
    """The numbers that a filter finds by digits they have in common, and where calls have them."""
    name = only(filter)
    if name == "search":
        found = numbers_said(scope, filter.search or "")
    else:
        found = numbers_like(scope, getattr(filter, name)) if name in NUMBERS else None
    return None if found is None else (found, NUMBERS.get(name, calls.c.phone_number))


def _some(numbers: Select[tuple[str]], most: int) -> Subquery:
    """So many of what is found, which may be the same number: to have each once, an engine would read all there are."""
    return numbers.limit(literal_column(str(most))).subquery()


def _full(
    scope: Scope,
    numbers: Select[tuple[str]],
    column: Column[str],
    filter: CallFilter,
    order: Order,
    window: Window,
    place: int,
) -> Bound:
    """The start that a page's worth of calls is not beyond: so many calls of each of enough numbers are not.

    Those of the very millisecond at which the window begins count for nothing, for some of them may be before it.
    """

    def beyond(position: Position) -> Bound:
        later = (position is window.after) == (order.direction is SortDirection.ASC)
        return bound(known_of(scope, calls.name, order, position)) + literal_column("1" if later else "-1")

    most = _PAGES * (window.limit + 1)
    once = select(_some(numbers, _ENDINGS * most).c.number).distinct()
    each = once.limit(literal_column(str(most))).subquery()
    its = (*visible(scope, calls), column == each.c[0], *bounds_of(filter, order, window, beyond).held)
    nearest = select(calls.c.started_at).where(*its).order_by(by_nearest(calls.c.started_at, order, window))
    its_place = nearest.limit(literal_column("1")).offset(literal_column(str(place - 1)))
    starts = each_found(select(its_place.correlate(each).scalar_subquery().label("start")).select_from(each))
    enough = -(-(window.limit + 1) // place)
    return nth(select(starts.c.start).where(starts.c.start.is_not(None)), enough - 1, starts.c.start, order, window)
