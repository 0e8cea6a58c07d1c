"""What calls are grouped by, as expressions over a set of rows: the calls themselves, or totals of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, case, cast, literal, null

from app.domain.hours import DAY, THURSDAY
from app.domain.labels import LabelKind
from app.domain.scope import Scope
from app.domain.statistics import DURATION_BANDS, LABELS, CallGrouping
from app.domain.zones import OffsetSpan
from app.store import clock
from app.store.tables import agent_tags, call_labels, org_units, sources
from app.store.visibility import LEVELS

# Columns of the rows, which the groups are values of.
_COLUMNS = {
    CallGrouping.DIRECTION: "direction",
    CallGrouping.OUTCOME: "outcome",
    CallGrouping.AGENT: "agent_id",
    CallGrouping.CONTACT: "contact_id",
    CallGrouping.PHONE_NUMBER: "phone_number",
    CallGrouping.COUNTRY: "phone_country",
    CallGrouping.SOURCE: "source_id",
    CallGrouping.CORPORATE: "corporate_id",
    CallGrouping.DIVISION: "division_id",
    CallGrouping.LOCATION: "location_id",
    CallGrouping.CAMPAIGN_UNIT: "campaign_id",
}
_Local = ColumnElement[int]
# Numbers of local hours and days; what is taken away makes days and weeks count from 1970, as `domain.buckets` does.
_OF_LOCAL: dict[CallGrouping, Callable[[_Local], _Local]] = {
    CallGrouping.DAY: lambda local: local // DAY - clock.SHIFT // DAY,
    CallGrouping.WEEK: lambda local: (local + THURSDAY * DAY) // clock.WEEK - clock.SHIFT // clock.WEEK,
    CallGrouping.HOUR_OF_DAY: lambda local: local % DAY // clock.HOUR,
    CallGrouping.WEEKDAY: clock.weekday,
}
# Those whose groups a statement is told, as pairs of a key and its end.
EDGED = (CallGrouping.MONTH, CallGrouping.QUARTER, CallGrouping.YEAR)


@dataclass(frozen=True, slots=True)
class Grouped:
    """One grouping of some rows: the group's key, how it is shown where that is another text, and what is joined."""

    key: ColumnElement[Any]
    shown: ColumnElement[Any]
    table: FromClause | None = None
    on: ColumnElement[bool] | None = None


def grouped_by(
    scope: Scope,
    grouping: CallGrouping,
    rows: FromClause,
    spans: Sequence[OffsetSpan],
    edges: Mapping[CallGrouping, Sequence[tuple[int, int]]],
) -> Grouped:
    """How rows are grouped. `spans` cover the instants of all rows; `edges` has the buckets of what is EDGED."""
    if grouping in LABELS:
        return _by_label(scope, LABELS[grouping], rows)
    if grouping is CallGrouping.AGENT_TAG:
        tags = agent_tags.alias()
        on = and_(tags.c.workspace_id == scope.workspace_id, tags.c.agent_id == rows.c.agent_id)
        return Grouped(tags.c.key, null(), tags, on)
    if grouping is CallGrouping.ORG_UNIT:
        units = org_units.alias()
        levels = [rows.c[level.name] for level in LEVELS.values()]
        on = and_(units.c.workspace_id == scope.workspace_id, units.c.id.in_(levels))
        return Grouped(units.c.id, null(), units, on)
    if grouping is CallGrouping.PROVIDER:
        found = sources.alias()
        on = and_(found.c.workspace_id == scope.workspace_id, found.c.id == rows.c.source_id)
        return Grouped(found.c.provider, null(), found, on)
    return Grouped(_expression(grouping, rows, spans, edges), null())


def _by_label(scope: Scope, kind: LabelKind, rows: FromClause) -> Grouped:
    labels = call_labels.alias()
    of_call = and_(labels.c.workspace_id == scope.workspace_id, labels.c.call_id == rows.c.id)
    on = and_(of_call, labels.c.kind == kind.value, labels.c.name.is_not(None))
    return Grouped(labels.c.key, cast(labels.c.name, String), labels, on)


def _expression(
    grouping: CallGrouping,
    rows: FromClause,
    spans: Sequence[OffsetSpan],
    edges: Mapping[CallGrouping, Sequence[tuple[int, int]]],
) -> ColumnElement[Any]:
    if grouping in _COLUMNS:
        return rows.c[_COLUMNS[grouping]]
    if grouping is CallGrouping.DURATION_BAND:
        length = rows.c.duration_seconds
        ends = [(length < high, low) for low, high in pairwise(DURATION_BANDS)]
        return case((length.is_(None), null()), *ends, else_=DURATION_BANDS[-1])
    if grouping in EDGED:
        return _between(rows.c.at, edges[grouping])
    local = clock.local(rows.c.at, spans)
    if grouping is CallGrouping.HOUR:
        return rows.c.at - local % clock.HOUR
    return _OF_LOCAL[grouping](local)


def _between(at: ColumnElement[int], edges: Sequence[tuple[int, int]]) -> ColumnElement[Any]:
    """The key of the bucket that an instant is in; the latest are tried first."""
    if not edges:  # of an empty range
        return null()
    (first, _), *later = edges
    starts = [(at >= end_before, key) for (_, end_before), (key, _) in zip(edges, later, strict=False)]
    return case(*reversed(starts), else_=first) if starts else literal(first)
