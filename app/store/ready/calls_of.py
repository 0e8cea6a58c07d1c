"""The calls that a row of a ready-made statistic was made of, for many rows in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, literal, select

from app.domain.filters import CallFilter, CallOrder
from app.domain.pages import Page, Window
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.filters import Predicate, call_predicate
from app.store.pages import pages_where
from app.store.ready.looked_at import looked_at
from app.store.tables import calls
from app.store.weight import weighed
from app.store.windows import together

# What the calls of a row have in common: the columns, and for each row their values.
Key = tuple[str, ...]


async def pages_of(
    connection: Connection,
    scope: Scope,
    columns: Key,
    keys: Sequence[Key],
    wanted: Iterable[str],
    within: CallFilter,
    given: CallFilter,
    order: CallOrder,
    window: Window,
) -> list[Page]:
    """A page of the calls of each row that both filters select: `within` is the statistic's."""
    owned = _owned(columns, keys)
    found = await pages_where(connection, scope, "calls", owned, wanted, given, order, window, within)
    return [found[place] for place in owned]


async def counts_of(
    connection: Connection, scope: Scope, columns: Key, keys: Sequence[Key], within: CallFilter, given: CallFilter
) -> list[int]:
    """How many calls of each row both filters select."""
    owned = _owned(columns, keys)
    weighed(call_predicate(scope, within), len(keys) - 1)  # and once more when it is made
    seen = (*looked_at(scope, within), weighed(call_predicate(scope, given), len(keys)))
    branches: list[Any] = [
        select(literal(place).label("place"), func.count()).select_from(calls).where(*seen, is_its)
        for place, is_its in owned.items()
    ]
    found = {place: int(number) for place, number in await connection.execute(together(branches))}
    return [found[place] for place in owned]


def _owned(columns: Key, keys: Sequence[Key]) -> Mapping[str, Predicate]:
    return {
        str(place): and_(*[calls.c[name] == value for name, value in zip(columns, key, strict=True)])
        for place, key in enumerate(keys)
    }
