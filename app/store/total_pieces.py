"""The pieces that totals are read from: totals of unmarked buckets, calls of marked ones, and all calls where none are built."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Select,
    Subquery,
    Table,
    func,
    literal,
    select,
    true,
    union_all,
)

from app.domain.scope import Scope
from app.store.buckets import HOUR, QUARTER, bucket_of, ceiled, floored
from app.store.tables import agent_tags, calls
from app.store.total_measures import Columns, of_call
from app.store.total_tables import quarter_totals, total_marks, totals_built

Predicate = ColumnElement[bool]
# Conditions on the keys of a row: totals and calls have columns of the same names. A call without an agent has none in
# one, and '' in the other.
Held = Callable[[Columns], Sequence[Predicate]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: whose calls of `[start, end)`, by which keys, and which measures of them."""

    scope: Scope
    start: int
    end: int
    measures: tuple[str, ...]
    held: Held
    # What the moment is called by which a row is put into a bucket.
    bucket: str
    keys: tuple[str, ...] = ("source_id", "direction", "outcome")

    @property
    def low(self) -> int:
        """The first whole quarter-hour."""
        return min(ceiled(self.start, QUARTER), self.end)

    @property
    def high(self) -> int:
        """The end of the last whole quarter-hour."""
        return max(floored(self.end, QUARTER), self.low)


@dataclass(frozen=True, slots=True)
class Level:
    """Totals coarser than quarter-hours."""

    table: Table
    # When the bucket of a moment begins, and how long it is.
    bucket: Callable[[ColumnElement[int]], ColumnElement[int]]
    length: Callable[[ColumnElement[int]], Any]
    # What the totals have to be built with.
    fits: Predicate


def together(pieces: Sequence[Select[Any]]) -> Subquery:
    """All pieces as one table."""
    return union_all(*pieces).subquery("totals")


def by_quarter(asked: Asked) -> list[Select[Any]]:
    """All that is asked for, by quarter-hour."""
    return [_quarters(asked, asked.low, asked.high), *_calls(asked)]


def by_level(asked: Asked, level: Level, low: int, high: int) -> list[Select[Any]]:
    """All that is asked for, with the level's totals from `low` to `high`, both of which are edges of its buckets.

    Of a marked bucket the quarter-hours are taken that are not marked; and all of them where the level does not fit.
    """
    if low >= high:
        return by_quarter(asked)
    scope, quarter = asked.scope, quarter_totals.c.quarter
    clean = quarter.not_in(select(total_marks.c.quarter).where(*_marks(scope, low, high)))
    instead = when_built(scope, high, level.fits, otherwise=when_built(scope, low, otherwise=high))
    dirty = dirty_of(scope, level, low, high)
    return [
        clean_of_level(asked, level, low, high),
        *[_of_totals(asked, quarter_totals, quarter, *part, clean) for part in within(dirty, quarter, level.bucket)],
        _of_totals(asked, quarter_totals, quarter, quarter >= instead, quarter < high, clean),
        *[_quarters(asked, *edge) for edge in edges(asked.low, low, high, asked.high)],
        *_calls(asked),
    ]


def clean_of_level(asked: Asked, level: Level, low: int, high: int) -> Select[Any]:
    """The level's totals of unmarked buckets."""
    dirty = dirty_of(asked.scope, level, low, high)
    bucket = _bucket_of(level)
    first = when_built(asked.scope, low, level.fits, otherwise=high)
    return _of_totals(asked, level.table, bucket, bucket >= first, bucket < high, bucket.not_in(select(dirty.c.began)))


def within_dirty(asked: Asked, level: Level, coarser: Level, low: int, high: int) -> list[Select[Any]]:
    """The level's totals of unmarked buckets that are in a marked bucket of a coarser level."""
    bucket = _bucket_of(level)
    clean = bucket.not_in(select(dirty_of(asked.scope, level, low, high).c.began))
    dirty = dirty_of(asked.scope, coarser, low, high)
    return [_of_totals(asked, level.table, bucket, *part, clean) for part in within(dirty, bucket, coarser.bucket)]


def _bucket_of(level: Level) -> ColumnElement[int]:
    (bucket,) = (column for column in level.table.primary_key.columns if column.name in ("hour", "day", "week"))
    return bucket


def dirty_of(scope: Scope, level: Level, low: int, high: int) -> Subquery:
    """The level's buckets that have a mark, from when to when; none where the level does not fit."""
    quarter = total_marks.c.quarter
    began = level.bucket(quarter)
    marked = select(began.label("began"), (began + level.length(quarter)).label("ends")).distinct()
    return marked.where(*_marks(scope, when_built(scope, low, level.fits, otherwise=high), high)).subquery()


def within(
    dirty: Subquery, moment: ColumnElement[int], bucket: Callable[[ColumnElement[int]], Any], window: int = 0
) -> list[tuple[Predicate, ...]]:
    """Conditions of being in a dirty bucket: in the last one or up to a window before it, and in those before that.

    Each is of one range with an end and a beginning, and looks into it for what is dirty. To join by ranges would do,
    but PostgreSQL takes each of many to hold a ninth of the table, and reads all of it instead. What changes is of the
    last minutes mostly, or, where a history comes in, of many days on end; so little is read in vain.
    """
    last = select(func.max(dirty.c.began) - window).correlate(None).scalar_subquery()
    end = select(func.max(dirty.c.ends)).correlate(None)
    first = select(func.min(dirty.c.began)).correlate(None).scalar_subquery()
    before = end.where(dirty.c.began < last).scalar_subquery()
    is_dirty = bucket(moment).in_(select(dirty.c.began).correlate(None))
    return [
        (moment >= last, moment < end.scalar_subquery(), is_dirty),
        (moment >= first, moment < before, moment < last, is_dirty),
    ]


def when_built(scope: Scope, moment: int, fits: Predicate | None = None, *, otherwise: Any) -> ColumnElement[int]:
    """A moment, where the totals are built with what the scope, and `fits`, say; else another one.

    So a part of a statement is left out: it begins where it ends. A condition would do, but SQLite reads all rows of a
    range to find that none of them holds.
    """
    found = select(literal(moment, BigInteger)).where(
        totals_built.c.workspace_id == scope.workspace_id,
        totals_built.c.connected_above_seconds == scope.connected_above_seconds,
        true() if fits is None else fits,
    )
    other = literal(otherwise, BigInteger) if isinstance(otherwise, int) else otherwise
    return func.coalesce(found.scalar_subquery(), other)


def of_calls(asked: Asked, moment: ColumnElement[int], *tests: Predicate) -> Select[Any]:
    """Calls as rows of totals, a row each."""
    measures = of_call(asked.scope)
    keys = [calls.c[key] for key in asked.keys]
    return select(moment.label(asked.bucket), *keys, *[measures[name].label(name) for name in asked.measures]).where(
        calls.c.workspace_id == asked.scope.workspace_id, *tests, *_limits(asked, calls)
    )


def began_within(start: Any, end: Any) -> tuple[Predicate, Predicate]:
    """Which calls began within bounds."""
    return calls.c.started_at >= start, calls.c.started_at < end


def edges(start: int, low: int, high: int, end: int) -> Iterator[tuple[int, int]]:
    """What is left of `[start, end)` before `low` and after `high`."""
    yield from ((first, last) for first, last in ((start, low), (high, end)) if first < last)


def _quarters(asked: Asked, low: int, high: int) -> Select[Any]:
    marked = select(total_marks.c.quarter).where(*_marks(asked.scope, low, high))
    quarter = quarter_totals.c.quarter
    first = when_built(asked.scope, low, otherwise=high)
    return _of_totals(asked, quarter_totals, quarter, quarter >= first, quarter < high, quarter.not_in(marked))


def _calls(asked: Asked) -> list[Select[Any]]:
    """The calls of marked quarter-hours, those outside of whole ones, and all where nothing is built."""
    scope, moment = asked.scope, _quarter_of(calls.c.started_at)
    first, quarter = when_built(scope, asked.low, otherwise=asked.high), total_marks.c.quarter
    marks = select(quarter.label("began"), (quarter + QUARTER).label("ends")).distinct()
    marked = marks.where(*_marks(scope, first, asked.high)).subquery()
    return [
        *[of_calls(asked, moment, *part) for part in within(marked, calls.c.started_at, _quarter_of, HOUR)],
        *[
            of_calls(asked, moment, *began_within(when_built(scope, low, otherwise=high), high))
            for low, high in edges(asked.start, asked.low, asked.high, asked.end)
        ],
        of_calls(asked, moment, *began_within(when_built(scope, asked.end, otherwise=asked.start), asked.end)),
    ]


def _quarter_of(moment: ColumnElement[int]) -> ColumnElement[int]:
    return bucket_of(moment, QUARTER)


def _of_totals(asked: Asked, table: Table, bucket: ColumnElement[int], *tests: Predicate) -> Select[Any]:
    columns = [_told(table.c[name]) for name in (*asked.keys, *asked.measures)]
    mine = table.c.workspace_id == asked.scope.workspace_id
    return select(bucket.label(asked.bucket), *columns).where(mine, *tests, *_limits(asked, table))


def _told(column: Column[Any]) -> ColumnElement[Any]:
    """A column of totals as calls have it.

    An agent is made null here, and not around the pieces: who groups by an expression has SQLite sort rows that have its
    column, too.
    """
    return func.nullif(column, "", type_=column.type).label(column.name) if column.name == "agent_id" else column


def _marks(scope: Scope, low: Any, high: Any) -> tuple[Predicate, ...]:
    quarter = total_marks.c.quarter
    return total_marks.c.workspace_id == scope.workspace_id, quarter >= low, quarter < high


def _limits(asked: Asked, table: Table) -> Iterator[Predicate]:
    """What the viewer's limits and the conditions say of a row."""
    scope, columns = asked.scope, table.c
    if (ids := scope.reach.source_ids) is not None:
        yield columns.source_id.in_(ids)
    if (ids := scope.reach.agent_ids) is not None:
        yield columns.agent_id.in_(ids)
    if (tags := scope.reach.agent_tags) is not None:
        tagged = select(agent_tags.c.agent_id).where(
            agent_tags.c.workspace_id == scope.workspace_id, agent_tags.c.key.in_(tags)
        )
        yield columns.agent_id.in_(tagged)
    yield from asked.held(columns)
