"""The rows that statistics are made of: totals, where they can tell what is asked, and the calls themselves where not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Subquery, and_, case, func, select

from app.domain.calls import CallDirection, CallOutcome
from app.domain.filters import CallFilter
from app.domain.scope import Scope
from app.domain.statistics import CallGrouping
from app.domain.zones import OffsetSpan
from app.store import totals
from app.store.lookups import sources_of
from app.store.measures import UNIQUE_CONTACTS, bases
from app.store.tables import calls
from app.store.total_measures import Columns, of_call
from app.store.windows import held

# What calls are grouped by, and told apart by.
_GROUPED = (
    "id",
    "direction",
    "outcome",
    "agent_id",
    "contact_id",
    "phone_number",
    "phone_number_kind",
    "phone_country",
    "source_id",
    "corporate_id",
    "division_id",
    "location_id",
    "campaign_id",
    "duration_seconds",
)
_BY_HOUR = {CallGrouping.HOUR, CallGrouping.HOUR_OF_DAY}
_BY_DAY = {
    CallGrouping.DAY,
    CallGrouping.WEEK,
    CallGrouping.MONTH,
    CallGrouping.QUARTER,
    CallGrouping.YEAR,
    CallGrouping.WEEKDAY,
}
_BY_AGENT = {CallGrouping.AGENT, CallGrouping.AGENT_TAG}
_BY_KEY = {CallGrouping.DIRECTION, CallGrouping.OUTCOME, CallGrouping.SOURCE, CallGrouping.PROVIDER}
# What of a filter totals can tell. A list of excluded numbers they cannot.
_TOLD = {"started_at", "timezone", "direction", "outcome", "source_ids", "providers", "agent_ids"}


@dataclass(frozen=True, slots=True)
class Question:
    """Which calls are asked about, and how they are grouped."""

    filter: CallFilter
    groupings: tuple[CallGrouping, ...]
    zone: ZoneInfo
    # The range in which all calls lie that the filter selects, in epoch milliseconds, and the zone's spans in it.
    start: int
    end: int
    spans: tuple[OffsetSpan, ...]
    # The keys and the ends of the buckets of groupings that are told them.
    edges: Mapping[CallGrouping, Sequence[tuple[int, int]]]


def fits(scope: Scope, question: Question, names: frozenset[str], thresholds: Sequence[int]) -> bool:
    """Whether totals can tell what is asked."""
    asked = set(question.groupings)
    of_agents = _of_agents(question)
    kinds = _BY_KEY | _BY_DAY | (_BY_AGENT if of_agents else _BY_HOUR)
    given = question.filter
    said = {field.name for field in fields(given) if getattr(given, field.name) is not None}
    if given.include_excluded_numbers:
        said.discard("include_excluded_numbers")
    told = asked <= kinds and said <= _TOLD and UNIQUE_CONTACTS not in names and not thresholds
    return told and question.start < question.end and totals.fits(scope, of_agents)


def _of_agents(question: Question) -> bool:
    return bool(_BY_AGENT & set(question.groupings)) or question.filter.agent_ids is not None


def rows_for(scope: Scope, question: Question, names: frozenset[str], thresholds: Sequence[int]) -> Subquery:
    """The rows for these measures, totals if they can tell."""
    if fits(scope, question, names, thresholds):
        return _total_rows(scope, question, bases(names))
    measures = of_call(scope)
    columns = {name: measures[name] for name in bases(names)}
    return call_rows(scope, question, columns | {within(seconds): _within(seconds) for seconds in thresholds})


def call_rows(scope: Scope, question: Question, columns: Mapping[str, ColumnElement[Any]]) -> Subquery:
    """The calls that are asked about, a row each, with these columns beside what they are grouped by."""
    named = [column.label(name) for name, column in columns.items()]
    kept: list[Column[Any]] = [calls.c[name] for name in _GROUPED]
    of_filter = held(scope, calls, question.filter)
    return select(calls.c.started_at.label("at"), *kept, *named).where(*of_filter).subquery()


def within(seconds: int) -> str:
    """The name of how many calls from outside were answered within so many seconds."""
    return f"within_{seconds}"


def _within(seconds: int) -> ColumnElement[Any]:
    answered = and_(calls.c.direction == CallDirection.INBOUND.value, calls.c.outcome == CallOutcome.ANSWERED.value)
    waited = func.coalesce(calls.c.wait_seconds, calls.c.ring_seconds)
    return case((and_(answered, waited <= seconds), 1), else_=0)


def _total_rows(scope: Scope, question: Question, names: Sequence[str]) -> Subquery:
    start, end, zone = question.start, question.end, question.zone

    def told(columns: Columns) -> list[ColumnElement[bool]]:
        return _told(scope, question.filter, columns)

    rows = _read_by(question)
    if scope.reach.limited or told(calls.c):  # whichever columns they are of
        found = rows(scope, zone, start, end, names, told)
    else:
        found = _of_all(rows, scope, zone, start, end, tuple(names))
    agent = [found.c.agent_id] if _of_agents(question) else []
    (moment,) = (column for column in found.c if column.name in ("hour", "day"))
    keys = (found.c.source_id, found.c.direction, found.c.outcome)
    return select(moment.label("at"), *keys, *agent, *[found.c[name] for name in names]).subquery()


def _read_by(question: Question) -> Callable[..., Subquery]:
    if _of_agents(question):
        by_week = not (_BY_HOUR | _BY_DAY - {CallGrouping.WEEK}) & set(question.groupings)
        return totals.agent_week_rows if by_week else totals.agent_day_rows
    return totals.hour_rows if _BY_HOUR & set(question.groupings) else totals.day_rows


# The same statistic is asked for again and again, and its dozen pieces take as long to make as thousands of rows to read.
# Only what has no conditions is kept: it is small, and nothing of it has to be weighed.
@lru_cache(maxsize=64)
def _of_all(
    rows: Callable[..., Subquery], scope: Scope, zone: ZoneInfo, start: int, end: int, names: tuple[str, ...]
) -> Subquery:
    return rows(scope, zone, start, end, names)


def _told(scope: Scope, given: CallFilter, columns: Columns) -> list[ColumnElement[bool]]:
    """What a filter says of the keys of totals."""
    values = {
        "direction": given.direction and [one.value for one in given.direction],
        "outcome": given.outcome and [one.value for one in given.outcome],
        "source_id": given.source_ids,
        "agent_id": given.agent_ids,
    }
    found = [columns[name].in_(some) for name, some in values.items() if some is not None]
    if given.providers is not None:
        found.append(columns.source_id.in_(sources_of(scope, [one.value for one in given.providers])))
    return found
