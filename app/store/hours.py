"""A page along the nearest of the hours that are asked for, where these are all that is: each is a range of the start."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeGuard

from sqlalchemy import Select, func, literal_column, select

from app.domain.filters import CallFilter, Filter, Order
from app.domain.hours import ends_of
from app.domain.pages import Window
from app.domain.scope import Reach, Scope
from app.store.clock import nearest_hours, range_of_hours
from app.store.finding import bound, bounds_of, is_downwards
from app.store.lists import in_order, weight_of_branch
from app.store.lookups import beside_start
from app.store.tables import calls
from app.store.visibility import visible
from app.store.way import BOUNDED, Bounds
from app.store.weight import MOST as MOST_WEIGHT
from app.store.weight import current_allowance
from app.store.windows import held, known_of, limited

# Along so many a page is read; if they do not fill it, days have few calls, and are gathered.
MOST = 8
_HOURS = frozenset({"weekdays", "time_of_day"})
_NEVER = (1 << 62, -(1 << 62))


def only_hours(filter: Filter | None) -> TypeGuard[CallFilter]:
    """Whether a filter asks for weekdays or a time of day, and for nothing else beside the start."""
    if not isinstance(filter, CallFilter) or filter.weekdays == ():
        return False
    asked = beside_start(filter)
    return bool(asked) and _HOURS.issuperset(asked)


def may_be_read(scope: Scope) -> bool:
    """Whether the request may have a branch for each of the hours. The page is found without, so others come first."""
    return current_allowance().left - MOST * weight_of_branch(scope) >= MOST_WEIGHT // 2


def ends(scope: Scope, filter: CallFilter, order: Order, window: Window) -> Select[Any]:
    """When the first call of a page began, at whatever hour, and the last one there is. Raises InputError for no time.

    Not those of a century in which no hour is looked for. The first may be one that the viewer does not see.
    """
    if filter.time_of_day is not None:
        ends_of(filter.time_of_day)  # also where no call is looked for
    rest, (start, end) = _at_any_hour(filter), range_of_hours(filter)
    bounds = bounds_of(rest, order, window, partial(known_of, scope, calls.name, order))
    bounds = Bounds((*bounds.least, bound(start)), (*bounds.most, bound(end - 1)))
    # Whose tags few agents have would look for a call of theirs through all there are.
    whole = scope if scope.reach.agent_tags is None else replace(scope, reach=Reach())
    seen = (*visible(whole, calls), *bounds.held)
    one = calls.alias()
    last = select((func.min if is_downwards(order, window) else func.max)(one.c.started_at))
    of_all = last.where(one.c.workspace_id == scope.workspace_id).scalar_subquery()
    both = limited(scope, select(calls.c.started_at, of_all).where(*seen), calls.name, order, window, BOUNDED)
    return both.limit(literal_column("1"))


def nearest_ends(filter: CallFilter, at: int, until: int, downwards: bool) -> tuple[list[int], bool]:
    """The first and last milliseconds of the nearest hours, one after the other, and whether there are no more.

    Where they are fewer than a statement is for, they are followed by those of no time; none where there are none.
    """
    found, are_all = nearest_hours(filter, at, until, downwards, MOST)
    more = [_NEVER] * (MOST - len(found)) if found else []
    return [end for one in (*found, *more) for end in one], are_all


def of_hours(
    scope: Scope, chosen: Select[Any], filter: CallFilter, within: Sequence[Any], order: Order, window: Window
) -> Select[Any]:
    """A page of the calls within some hours, by the ends of each: a branch for one, along the start."""
    # The page begins within the first hours or before them; all others are beyond that.
    beyond = replace(window, before=None) if window.backward else replace(window, after=None)
    rest, branches = _at_any_hour(filter), list[Select[Any]]()
    for place in range(0, len(within), 2):
        between = Bounds((bound(within[place]),), (bound(within[place + 1]),))
        its = select(calls.c.id).where(*held(scope, calls, rest, BOUNDED, again=place > 0), *between.held)
        branches.append(limited(scope, its, calls.name, order, beyond if place else window, BOUNDED))
    current_allowance().draw(len(branches) * weight_of_branch(scope))
    return in_order(scope, chosen, branches, order, window)


def _at_any_hour(filter: CallFilter) -> CallFilter:
    return replace(filter, weekdays=None, time_of_day=None)
