"""CallStats: a group of calls, what it is grouped by, and what it comes to."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import strawberry
from strawberry import UNSET, argument
from strawberry.scalars import JSON

from app.domain.calls import CallDirection, CallOutcome
from app.domain.filters import CallFilter, CallOrder, TypedNumber, Weekday
from app.domain.groups import band_end
from app.domain.scope import Right
from app.domain.sources import Provider
from app.domain.statistics import SPANS, CallGrouping
from app.domain.times import from_ms
from app.graphql import filters, mirror
from app.graphql.call_groups import CallGroup
from app.graphql.declare import (
    AfterArgument,
    BeforeArgument,
    CallFilterArgument,
    CallOrderArgument,
    FirstArgument,
    Info,
    LastArgument,
    columns_of,
    connection_columns,
)
from app.graphql.filter_text import as_input
from app.graphql.loaders.page_of_filter import page_of_filter, total_of_filter
from app.graphql.loaders.row_by_id import row_by_id
from app.graphql.masking import shown_name
from app.graphql.pagination import ConnectionValue, window_of
from app.graphql.rights import demand
from app.graphql.selection import names_below
from app.graphql.types.agent import Agent
from app.graphql.types.call import CallConnection
from app.graphql.types.contact import Contact
from app.graphql.types.org_unit import OrgUnit
from app.graphql.types.source import Source
from app.store.measures import rate
from app.store.stat_rows import within

DEFAULT_WITHIN = 20  # seconds: the service level that call centres mean when they say no other
# Whose keys are ids of ours, which tell no number.
_OURS = {
    CallGrouping.AGENT, CallGrouping.CONTACT, CallGrouping.SOURCE,
    CallGrouping.CORPORATE, CallGrouping.DIVISION, CallGrouping.LOCATION, CallGrouping.CAMPAIGN_UNIT,
}  # fmt: skip
CallStatsOrLater = Annotated["CallStats", strawberry.lazy("app.graphql.types.call_stats")]
WithinArgument = Annotated[int, argument(description="The threshold in seconds.")]


class Seconds(NamedTuple):
    """One of the durations of a group of calls."""

    group: CallGroup
    name: str


def _part(text: str, kind: Any, resolve: Any) -> Any:
    return strawberry.field(resolver=resolve, graphql_type=kind, description=text)


def _resolved(text: str) -> Callable[[Callable[..., Any]], Any]:
    """A field: its resolver is the function below."""
    return lambda resolve: strawberry.field(resolver=resolve, description=text)


def _of_seconds(kind: Any, part: str, text: str) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        return root.group.found.get(f"{root.name}_{part}")

    return _part(text, kind, resolve)


@strawberry.type(description="A length of time over the calls of a group that have it; all in seconds.")
class SecondsStats:
    """The value behind it is Seconds."""

    calls = _of_seconds(int, "n", "How many calls have it.")
    sum = _of_seconds(int, "sum", "All of it together.")
    min = _of_seconds(int | None, "min", "The shortest; null where no call has it.")
    max = _of_seconds(int | None, "max", "The longest; null where no call has it.")
    p50 = _of_seconds(int | None, "p50", "Half of the calls have no more than this (nearest rank).")
    p90 = _of_seconds(int | None, "p90", "90 % of the calls have no more than this (nearest rank).")
    p95 = _of_seconds(int | None, "p95", "95 % of the calls have no more than this (nearest rank).")
    p99 = _of_seconds(int | None, "p99", "99 % of the calls have no more than this (nearest rank).")

    @_resolved("The mean; null where no call has it.")
    @staticmethod
    def average(root: strawberry.Parent[Any]) -> float | None:
        """The sum by the number."""
        return rate(root.group.found[f"{root.name}_sum"], root.group.found[f"{root.name}_n"])


def _label(grouping: CallGrouping, text: str) -> Any:
    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return shown_name(info.context.scope, root.text(grouping))

    return _part(text, str | None, resolve)


def _row(kind: Any, grouping: CallGrouping, noun: str, text: str) -> Any:
    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        demand(info.context.scope, Right.CALLS_READ)
        id = root.part(grouping)
        if id is None:
            return None
        wanted = columns_of(noun, names_below(info._raw_info.field_nodes, info._raw_info.fragments))
        return await row_by_id(info.context, noun, wanted).load(id)

    return _part(text, kind | None, resolve)


def _value(kind: Any, grouping: CallGrouping, text: str, read: Any = lambda value: value) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        value = root.part(grouping)
        return None if value is None else read(value)

    return _part(text, kind | None, resolve)


@strawberry.type(
    description="What the calls of a group have in common. Fields that calls are not grouped by are null; so is one that"
    " the calls of this group have not."
)
class CallStatsKey:
    """The value behind it is a CallGroup."""

    hour_of_day = _value(int, CallGrouping.HOUR_OF_DAY, "The hour of the clock, 0 to 23.")
    weekday = _value(mirror.enum(Weekday), CallGrouping.WEEKDAY, "The day of the week.", lambda day: list(Weekday)[day])
    direction = _value(mirror.enum(CallDirection), CallGrouping.DIRECTION, "Who called whom.", CallDirection)
    outcome = _value(mirror.enum(CallOutcome), CallGrouping.OUTCOME, "How the calls ended.", CallOutcome)
    agent = _row(Agent, CallGrouping.AGENT, "agents", "The agent.")
    agent_tag = _label(CallGrouping.AGENT_TAG, "A tag of the agent, in small letters.")
    contact = _row(Contact, CallGrouping.CONTACT, "contacts", "The contact.")
    phone_number = _value(TypedNumber, CallGrouping.PHONE_NUMBER, "The outside party's number.", TypedNumber)
    country = _value(str, CallGrouping.COUNTRY, "The country of that number, as ISO 3166 has it.")
    source = _row(Source, CallGrouping.SOURCE, "sources", "Where the calls came from.")
    provider = _value(mirror.enum(Provider), CallGrouping.PROVIDER, "The vendor they came from.", Provider)
    queue = _label(CallGrouping.QUEUE, "A queue.")
    department = _label(CallGrouping.DEPARTMENT, "A department.")
    ivr = _label(CallGrouping.IVR, "A menu.")
    campaign = _label(CallGrouping.CAMPAIGN, "A campaign.")
    broadcast = _label(CallGrouping.BROADCAST, "A broadcast.")
    service = _label(CallGrouping.SERVICE, "A service that was used.")
    disposition = _label(CallGrouping.DISPOSITION, "A disposition or sub-disposition.")
    hangup_cause = _label(CallGrouping.HANGUP_CAUSE, "A cause of hanging up.")
    corporate = _row(OrgUnit, CallGrouping.CORPORATE, "org_units", "The organisation.")
    division = _row(OrgUnit, CallGrouping.DIVISION, "org_units", "The division.")
    location = _row(OrgUnit, CallGrouping.LOCATION, "org_units", "The location.")
    campaign_unit = _row(OrgUnit, CallGrouping.CAMPAIGN_UNIT, "org_units", "The campaign, as a unit.")
    duration_from = _value(int, CallGrouping.DURATION_BAND, "The shortest duration of the band, in seconds.")
    duration_below = _value(
        int, CallGrouping.DURATION_BAND, "The first duration beyond the band, in seconds; null for the last.", band_end
    )

    @_resolved("When the group's span of time begins: of the narrowest, where there are several.")
    @staticmethod
    def start(root: strawberry.Parent[Any]) -> datetime | None:
        """The latest beginning of the spans."""
        found = [span.start for span in _spans(root)]
        return from_ms(max(found)) if found else None

    @_resolved("When the group's span of time ends; not part of it.")
    @staticmethod
    def end(root: strawberry.Parent[Any]) -> datetime | None:
        """The earliest end of the spans."""
        found = [span.end for span in _spans(root)]
        return from_ms(min(found)) if found else None


def _spans(group: CallGroup) -> list[Any]:
    timed = [one for one in group.asked.groupings if one in SPANS]
    return [group.frame.bucket(one, group.part(one)) for one in timed]


def _number(name: str, text: str, kind: Any = int) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        return root.found.get(name)

    return _part(text, kind, resolve)


def _rate(part: str, whole: str, text: str) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        return rate(root.found[part], root.found[whole])

    return _part(text, float | None, resolve)


def _seconds(name: str, text: str) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        return Seconds(root, name)

    return _part(text, SecondsStats, resolve)


@strawberry.type(description="A group of calls and what it comes to.")
class CallStats:
    """The value behind it is a CallGroup."""

    total = _number("calls", "All calls of the group.")
    connected = _number("connected", "Answered, and talked on for longer than the workspace's threshold (2 s).")
    answered = _number("answered", "Answered, however shortly.")
    short_calls = _number("short", "Answered, but not connected.")
    no_answer = _number("no_answer", "Not picked up.")
    missed = _number("missed", "Missed.")
    rejected = _number("rejected", "Rejected.")
    busy = _number("busy", "Busy.")
    failed = _number("failed", "Failed.")
    canceled = _number("canceled", "Given up by the caller.")
    blocked = _number("blocked", "Blocked.")
    voicemail = _number("voicemail", "Answered by a voicemail.")
    in_progress = _number("in_progress", "Not over when they were last told of.")
    unknown = _number("unknown", "Ended in a way that no vendor's word tells.")
    inbound = _number("inbound", "Calls from outside.")
    outbound = _number("outbound", "Calls to outside.")
    internal = _number("internal", "Calls within the company.")
    abandoned = _number("abandoned", "Calls from outside that nobody took: missed, not picked up, or given up.")
    talk = _seconds("talk", "Time after the answer.")
    duration = _seconds("duration", "Time from start to end.")
    ring = _seconds("ring", "Time of ringing.")
    wait = _seconds("wait", "Time in queues.")
    hold = _seconds("hold", "Time on hold.")
    answer_rate = _rate("answered", "calls", "Answered calls by all calls; null without calls.")
    abandonment_rate = _rate(
        "abandoned", "inbound", "Abandoned calls by all calls from outside; null where there are none."
    )
    average_speed_of_answer = _rate(
        "answered_ring_sum",
        "answered_ring_n",
        "How long answered calls from outside waited in queues, or where that is not known, rang: the mean in seconds;"
        " null where there are none.",
    )
    unique_contacts = _number("unique_contacts", "Distinct outside numbers.")
    first_time_contacts = _number("first_time_contacts", "Distinct outside numbers without any call before.")
    peak_concurrent_calls = _number("peak_concurrent_calls", "The most calls of the group that went on at once.")
    billed_minutes = _number("billed_minutes", "Billed minutes.", float)
    charges = _number("charges", "Charges, in whatever money the sources say them.", float)
    revenue = _number("revenue", "Revenue that was entered.", float)

    @_resolved("What the group's calls have in common.")
    @staticmethod
    def key(root: strawberry.Parent[Any]) -> CallStatsKey:
        """The key, which is read off the group."""
        found: CallStatsKey = root
        return found

    @_resolved(
        "Of the calls from outside, the share that was answered within so many seconds of waiting in queues or,"
        " where that is not known, of ringing; null where there are none."
    )
    @staticmethod
    def service_level(root: strawberry.Parent[Any], within_seconds: WithinArgument = DEFAULT_WITHIN) -> float | None:
        """Answered in time, by all that called."""
        return rate(root.found[within(within_seconds)], root.found["inbound"])

    @_resolved(
        "The filter that selects the group's calls, as `filter` of `calls` and of any other field takes it;"
        " null where the viewer may not filter by what they are grouped by."
    )
    @staticmethod
    def filter(root: strawberry.Parent[Any], info: Info) -> JSON | None:
        """The group's filter as an input."""
        scope = info.context.scope
        told = (root.text(one) for one in root.asked.groupings if one not in _OURS)
        hidden = any(shown_name(scope, text) != text for text in told if isinstance(text, str))
        return None if hidden else JSON(as_input(scope, root.filter))

    @_resolved("The group's calls, newest first; of those the ones that a filter selects.")
    @staticmethod
    async def calls(
        root: strawberry.Parent[Any],
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: CallOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> CallConnection | None:
        """The list that the group counts."""
        context = info.context
        demand(context.scope, Right.CALLS_READ)
        given = CallFilter(and_=(root.filter, filters.calls_of(context, filter))) if filter else root.filter
        order = filters.order_of(context, CallOrder, order_by)
        window = window_of(context.scope, order, first, after, last, before)
        pages = page_of_filter(context, "calls", connection_columns("calls", info), order, window)
        totals = total_of_filter(context, "calls")
        found: Any = ConnectionValue(context.scope, order, lambda: pages.load(given), lambda: totals.load(given))
        connection: CallConnection = found
        return connection

    @_resolved(
        "The same of the earlier range, where the field was asked to compare: the span of time at the same"
        " place of that range, or the group with the same key; null where there is none."
    )
    @staticmethod
    def previous(root: strawberry.Parent[Any]) -> CallStatsOrLater | None:
        """The group of the earlier range."""
        found: CallStats | None = root.previous
        return found


# The columns that each field is made of; durations, service levels and what has a statement of its own apart.
COLUMNS: dict[str, tuple[str, ...]] = {
    "total": ("calls",),
    "shortCalls": ("short",),
    "answerRate": ("answered", "calls"),
    "abandonmentRate": ("abandoned", "inbound"),
    "averageSpeedOfAnswer": ("answered_ring_sum", "answered_ring_n"),
    "uniqueContacts": ("unique_contacts",),
    "billedMinutes": ("billed_minutes",),
    "serviceLevel": ("inbound",),
    "noAnswer": ("no_answer",),
    "inProgress": ("in_progress",),
    **{name: (name,) for name in ("connected", "answered", "missed", "rejected", "busy", "failed", "canceled")},
    **{name: (name,) for name in ("blocked", "voicemail", "unknown", "inbound", "outbound", "internal", "abandoned")},
    **{name: (name,) for name in ("charges", "revenue")},
}
OF_SECONDS: dict[str, tuple[str, ...]] = {
    "calls": ("n",),
    "sum": ("sum",),
    "average": ("sum", "n"),
    "min": ("min",),
    "max": ("max",),
}
