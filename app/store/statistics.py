"""Statistics of groups of calls: sums in one statement, and one each for what sums cannot tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    case,
    distinct,
    exists,
    func,
    literal,
    select,
    union_all,
)

from app.domain.calls import CallOutcome
from app.domain.filters import SortDirection
from app.domain.scope import Scope
from app.domain.statistics import MOST_GROUPS, CallStatsOrder, MeasureRange
from app.store.database import Connection
from app.store.groupings import grouped_by
from app.store.measures import measured, outside_number, value_of
from app.store.stat_rows import Question, call_rows, rows_for, within
from app.store.tables import calls
from app.store.windows import held

PERCENTILES = (50, 90, 95, 99)
Key = tuple[Any, ...]
Measured = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which groups are answered, and in what order."""

    having: tuple[MeasureRange, ...] = ()
    order: CallStatsOrder | None = None
    limit: int = MOST_GROUPS + 1


@dataclass(frozen=True, slots=True)
class Group:
    """A group's key, what each part of it is shown as where that is another text, and what it comes to."""

    key: Key
    shown: tuple[str | None, ...]
    found: Measured


async def reach_of_time(connection: Connection, scope: Scope) -> tuple[int, int]:
    """When the first and the last call of the workspace began, whoever may see them; a moment long ago without any."""
    of_all = Scope(scope.workspace_id, scope.connected_above_seconds)
    return await ends(connection, of_all) or (0, 0)


async def ends(connection: Connection, scope: Scope) -> tuple[int, int] | None:
    """The starts of the first and the last call that the viewer sees; None where there is none."""
    first, last = [select(end(calls.c.started_at)).where(*held(scope, calls, None)) for end in (func.min, func.max)]
    found = (await connection.execute(select(first.scalar_subquery(), last.scalar_subquery()))).one()
    return None if found[0] is None else (found[0], found[1])


async def sums(
    connection: Connection,
    scope: Scope,
    question: Question,
    names: frozenset[str],
    thresholds: Sequence[int],
    choice: Choice,
) -> list[Group]:
    """The groups with their measures of these names; `within_20` is how many were answered within 20 seconds."""
    grouped = _grouped(scope, question, rows_for(scope, question, names, thresholds))
    found = measured(grouped, names)
    found |= {name: func.sum(grouped.c[name]) for name in map(within, thresholds)}
    keys = _keys(question, grouped)
    shown = [func.max(grouped.c[f"shown_{place}"]) for place in range(len(question.groupings))]
    statement = _chosen(select(*keys, *shown, *found.values()).group_by(*keys), keys, found, choice)
    width = len(keys)
    return [
        Group(tuple(row[:width]), tuple(row[width : 2 * width]), dict(zip(found, row[2 * width :], strict=True)))
        for row in (await connection.execute(statement)).all()
    ]


def _grouped(scope: Scope, question: Question, rows: Subquery) -> Subquery:
    """The rows with the keys of their groups beside them; a row that is in several groups is there several times."""
    joined: FromClause = rows
    keys = list[ColumnElement[Any]]()
    for place, grouping in enumerate(question.groupings):
        one = grouped_by(scope, grouping, rows, question.spans, question.edges)
        if one.table is not None and one.on is not None:
            joined = joined.outerjoin(one.table, one.on)
        keys += [one.key.label(f"key_{place}"), one.shown.label(f"shown_{place}")]
    return select(*keys, *rows.c).select_from(joined).subquery()


def _chosen(
    statement: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    found: Mapping[str, ColumnElement[Any]],
    choice: Choice,
) -> Select[Any]:
    for bounds in choice.having:
        value = value_of(bounds.measure, found)
        tests = ((bounds.gt, value.__gt__), (bounds.gte, value.__ge__), (bounds.lt, value.__lt__))
        statement = statement.having(*[test(end) for end, test in tests if end is not None])
        statement = statement.having(value <= bounds.lte) if bounds.lte is not None else statement
    if choice.order is not None:
        downwards = choice.order.direction is SortDirection.DESC
        if choice.order.measure is not None:
            value = value_of(choice.order.measure, found)
            statement = statement.order_by(value.is_(None), value.desc() if downwards else value.asc())
            downwards = False
        for key in keys:
            statement = statement.order_by(key.is_(None), key.desc() if downwards else key.asc())
    return statement.limit(choice.limit)


async def percentiles(connection: Connection, scope: Scope, question: Question, name: str) -> dict[Key, Measured]:
    """The percentiles of a duration by nearest rank: the least value that so many in a hundred are not above."""
    rows = call_rows(scope, question, {"seconds": calls.c[f"{name}_seconds"]})
    grouped = _grouped(scope, question, rows)
    keys = _keys(question, grouped)
    ranked = (
        select(
            *keys,
            grouped.c.seconds,
            func.row_number().over(partition_by=keys or None, order_by=grouped.c.seconds).label("rank"),
            func.count().over(partition_by=keys or None).label("all"),
        )
        .where(grouped.c.seconds.is_not(None))
        .subquery()
    )
    found = {
        f"{name}_p{percent}": func.max(case((ranked.c.rank == (ranked.c.all * percent + 99) // 100, ranked.c.seconds)))
        for percent in PERCENTILES
    }
    return await _by_key(connection, question, ranked, found)


async def first_time_contacts(connection: Connection, scope: Scope, question: Question) -> dict[Key, Measured]:
    """How many outside numbers of a group had no call before, of any kind that the viewer sees."""
    grouped = _grouped(scope, question, call_rows(scope, question, {}))
    earlier = calls.alias()
    before = exists().where(
        earlier.c.workspace_id == scope.workspace_id,
        earlier.c.phone_number == grouped.c.phone_number,
        earlier.c.started_at < grouped.c.at,
        *_seen(scope, earlier),
    )
    fresh = select(*grouped.c).where(~before).subquery()
    return await _by_key(
        connection, question, fresh, {"first_time_contacts": func.count(distinct(outside_number(fresh)))}
    )


def _seen(scope: Scope, earlier: FromClause) -> list[ColumnElement[bool]]:
    """What a limited viewer sees of the calls before."""
    if not scope.reach.limited:
        return []
    return [earlier.c.id.in_(select(calls.c.id).where(*held(scope, calls, None)))]


async def peaks(connection: Connection, scope: Scope, question: Question, now: int) -> dict[Key, Measured]:
    """The most calls of a group that were going on at once; one that ends as another begins is over, but some still go on."""
    going_on = case((calls.c.outcome == CallOutcome.IN_PROGRESS.value, literal(now, BigInteger)))
    lasted = calls.c.started_at + func.coalesce(calls.c.duration_seconds, 0) * 1000
    ended = func.coalesce(calls.c.ended_at, going_on, lasted)
    grouped = _grouped(scope, question, call_rows(scope, question, {"ended": ended}))
    keys = _keys(question, grouped)
    lasting = grouped.c.ended > grouped.c.at
    steps = union_all(
        select(*keys, grouped.c.at.label("moment"), literal(1).label("step")).where(lasting),
        select(*keys, grouped.c.ended.label("moment"), literal(-1).label("step")).where(lasting),
    ).subquery()
    going = func.sum(steps.c.step).over(
        partition_by=_keys(question, steps) or None, order_by=(steps.c.moment, steps.c.step), rows=(None, 0)
    )
    counted_up = select(*_keys(question, steps), going.label("going")).subquery()
    return await _by_key(
        connection, question, counted_up, {"peak_concurrent_calls": func.coalesce(func.max(counted_up.c.going), 0)}
    )


def _keys(question: Question, rows: FromClause) -> list[ColumnElement[Any]]:
    return [rows.c[f"key_{place}"] for place in range(len(question.groupings))]


async def _by_key(
    connection: Connection, question: Question, rows: FromClause, found: Mapping[str, ColumnElement[Any]]
) -> dict[Key, Measured]:
    keys = _keys(question, rows)
    statement = select(*keys, *found.values()).select_from(rows).group_by(*keys)
    width = len(keys)
    return {
        tuple(row[:width]): dict(zip(found, row[width:], strict=True))
        for row in (await connection.execute(statement)).all()
    }
