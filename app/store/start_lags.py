"""Where the calls of a range of another instant start: told by how long after its start each day's calls have that.

A page is sorted by the start. Of calls that ended within some months, thousands may be looked at before the first one
that did, and all of these months for the last one; so the start is bounded by what the range allows it to be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, literal_column, select

from app.domain.filters import CallFilter, DateTimeRange, Filter
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.finding import FIRST, LAST, bound
from app.store.finding_tables import start_lags
from app.store.slots import milliseconds
from app.store.tables import calls
from app.store.upsert import insert_into
from app.store.way import Bound, Bounds, larger, smaller

# Instants of a call beside its start.
INSTANTS = ("ended_at", "modified_at", "provider_synced_at", "synced_at")
DAY = 86_400_000
_DAY, _LEAST, _MOST = start_lags.c.day, start_lags.c.least, start_lags.c.most
_END = _DAY + literal_column(str(DAY - 1), BigInteger)  # the last millisecond of a day


async def widen(connection: Connection, scope: Scope, rows: Iterable[Mapping[str, Any]]) -> None:
    """Takes calls in whose instants are being saved, as rows of their table with the start and these instants.

    Whoever writes one of these columns has to, or the calls are found no more.
    """
    found: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        start = row["started_at"]
        for name in INSTANTS:
            if (at := row.get(name)) is not None:
                found.setdefault((name, start - start % DAY), []).append(at - start)
    said = [
        {"workspace_id": scope.workspace_id, "instant": name, "day": day, "least": min(lags), "most": max(lags)}
        for (name, day), lags in sorted(found.items())
    ]
    if not said:
        return
    insert = insert_into(connection, start_lags)
    new = insert.excluded
    wider = insert.on_conflict_do_update(
        index_elements=list(start_lags.primary_key.columns),
        set_={"least": smaller(_LEAST, new.least), "most": larger(_MOST, new.most)},
        where=(new.least < _LEAST) | (new.most > _MOST),
    )
    await connection.execute(wider, said)


def starts_within(scope: Scope, filter: Filter | None, bounds: Bounds) -> Bounds:
    """The bounds of a page's start, and those that ranges of its calls' other instants leave."""
    for name, range in _ranges(filter).items():
        first, last = _starts(scope, name, range)
        bounds = replace(bounds, least=(*bounds.least, first), most=(*bounds.most, last))
    return bounds


def instants_within(scope: Scope, filter: Filter | None, bounds: Bounds) -> list[ColumnElement[bool]]:
    """Ranges of other instants, as narrow as bounds of the start leave them: the rest of a range is not read.

    One bound on each side, for SQLite begins at any of several.
    """
    held = list[ColumnElement[bool]]()
    for name, range in _ranges(filter).items():
        of_its = (start_lags.c.workspace_id == scope.workspace_id, start_lags.c.instant == name)
        first, last = reduce(larger, bounds.least), reduce(smaller, bounds.most)
        least: Bound = select(func.min(larger(_DAY, first) + _LEAST)).where(*of_its, first <= _END).scalar_subquery()
        most: Bound = select(func.max(smaller(_END, last) + _MOST)).where(*of_its, last >= _DAY).scalar_subquery()
        if range.from_:
            least = larger(least, bound(milliseconds(range.from_)))
        if range.to:
            most = smaller(most, bound(milliseconds(range.to)) - literal_column("1"))
        held += [calls.c[name] >= least, calls.c[name] <= most]
    return held


def _ranges(filter: Filter | None) -> dict[str, DateTimeRange]:
    if not isinstance(filter, CallFilter):
        return {}
    given = {name: getattr(filter, name) for name in INSTANTS}
    return {name: range for name, range in given.items() if range and (range.from_ or range.to)}


def _starts(scope: Scope, name: str, range: DateTimeRange) -> tuple[Bound, Bound]:
    """The first and the last start that calls may have whose instant is within a range; none where no call's is."""
    held = [start_lags.c.workspace_id == scope.workspace_id, start_lags.c.instant == name]
    first: Bound = _DAY
    last: Bound = _END
    if range.from_:
        begin = bound(milliseconds(range.from_))
        held.append(begin <= _END + _MOST)
        first = larger(first, begin - _MOST)
    if range.to:
        end = bound(milliseconds(range.to))
        held.append(end > _DAY + _LEAST)
        last = smaller(last, end - _LEAST - literal_column("1"))
    both = select(
        func.coalesce(func.min(first), LAST).label("first"), func.coalesce(func.max(last), FIRST).label("last")
    )
    once = both.where(*held).cte(f"starts_by_{name}").prefix_with("MATERIALIZED")
    return select(once.c.first).scalar_subquery(), select(once.c.last).scalar_subquery()
