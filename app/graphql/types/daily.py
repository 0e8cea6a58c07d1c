"""DailyActivity: the figures of each day of a range, its slots, and what the days come to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any

import strawberry

from app.domain.activity import Amount, Day, edges, weekday_of
from app.domain.filters import CallFilter, Weekday
from app.domain.pages import Row
from app.graphql import mirror
from app.graphql.declare import Info, column
from app.graphql.loaders.worked_on_day import worked_on_day
from app.graphql.ready.compared import PREVIOUS, previous
from app.graphql.ready.groups import GIVEN
from app.graphql.types.activity import ActivityAmount, ActivityShare, amount_of, clock_of, percent_of
from app.graphql.types.figures import Figures

DailyActivityOrLater = Annotated["DailyActivity", strawberry.lazy("app.graphql.types.daily")]
CallDayOrLater = Annotated["CallDay", strawberry.lazy("app.graphql.types.daily")]
_SHARED = ("total", "inbound", "outbound", "internal", "answered", "missed", "rejected", "connected", "talk_seconds")
_WORKED = "Seconds of work: of each agent from the first call's start to the last call's end"


def _share(name: str, text: str) -> Any:
    return column(float | None, name, f"{text}; null where it is a share of nothing.")


@strawberry.type(
    description="Figures of calls, divided: what a day has of all in percent, or what a day has on average."
)
class FiguresShare:
    """Figures by the names of the store's."""

    total = _share("total", "Of all calls")
    inbound = _share("inbound", "Of calls from outside")
    outbound = _share("outbound", "Of calls to outside")
    internal = _share("internal", "Of calls within the company")
    answered = _share("answered", "Of answered calls")
    missed = _share("missed", "Of missed calls from outside")
    rejected = _share("rejected", "Of rejected calls from outside")
    connected = _share("connected", "Of connected calls")
    talk_seconds = _share("talk_seconds", "Of seconds talked")


@strawberry.type(description="A part of a day: an hour of the working hours, or what is before or after them.")
class DaySlot:
    """A slot of domain.activity.Day."""

    from_: str = strawberry.field(name="from", description="The first minute inside, as `HH:MM`.")
    to: str = strawberry.field(description="The first minute outside, as `HH:MM`; `24:00` for the end of the day.")
    amount: ActivityAmount = strawberry.field(description="What there was.")
    percent: ActivityShare = strawberry.field(description="What of the calls of all days that is in percent.")


async def _worked_on(root: strawberry.Parent[Any], info: Info) -> int:
    return int(await worked_on_day(info.context, root[GIVEN]).load(root["date"]))


async def _worked(root: strawberry.Parent[Any], info: Info) -> int:
    loader = worked_on_day(info.context, root[GIVEN])
    return sum(await loader.load_many([day["date"] for day in root["days"]]))


def _read(kind: Any, text: str, read: Any) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        return read(root)

    return strawberry.field(resolver=resolve, graphql_type=kind, description=text)


@strawberry.type(description="A day, and the figures of its calls.")
class CallDay(Figures):
    """A row that `daily_of` makes of a domain.activity.Day."""

    date = _read(str, "The day in the filter's time zone, as `2024-05-20`.", lambda row: row["date"].isoformat())
    weekday = _read(mirror.enum(Weekday), "Its weekday.", lambda row: weekday_of(row["date"]))
    last_ended_at = column(datetime | None, "last_ended_at", "When the last of its calls to end did; null without any.")
    span_seconds = _read(
        int,
        "Seconds from the first call's start to the last end of a call, whoever's they were; 0 without calls.",
        lambda row: (row["last_ended_at"] - row["first_call_at"]) // 1000 if row["total"] else 0,
    )
    working_seconds = strawberry.field(
        resolver=_worked_on, description=f"{_WORKED}, of all agents: what `callSummary` has of the day."
    )
    percent = _read(
        FiguresShare, "What of the calls of all days that is in percent.", lambda row: _percent(row, row["whole"])
    )
    slots = _read(
        list[DaySlot],
        "The slots, by when calls began: one before the working hours, one for each of their hours, one after them.",
        lambda row: _slots(row),
    )
    previous = previous(CallDayOrLater, "The day at the same place of the earlier range")


@strawberry.type(description="Calls by day, over the days of a range that are no excluded weekdays.")
class DailyActivity(Figures):
    """The row that `daily_of` makes of all days."""

    days = _read(int, "How many days the range has, without excluded weekdays.", lambda row: len(row["days"]))
    days_with_calls = _read(
        int, "On how many of them there were calls.", lambda row: sum(bool(day["total"]) for day in row["days"])
    )
    days_without_calls = _read(
        int, "On how many of them there were none.", lambda row: sum(not day["total"] for day in row["days"])
    )
    days_with_empty_slots = _read(
        int,
        "On how many of them a slot has no calls.",
        lambda row: sum(any(not slot.total for slot in day["slots"]) for day in row["days"]),
    )
    working_seconds = strawberry.field(
        resolver=_worked, description=f"{_WORKED}, of all agents, added up over the days."
    )
    average_per_day = _read(
        FiguresShare,
        "What there is on average per day of the range, also those without calls.",
        lambda row: _divided(row, dict.fromkeys(_SHARED, len(row["days"]))),
    )
    by_day = _read(
        list[CallDay], "Every day of the range, in order, also those without calls.", lambda row: row["days"]
    )
    previous = previous(DailyActivityOrLater, "The same of the earlier range")


def daily_of(days: Sequence[Day], figures: Row, given: CallFilter, hours: tuple[int, int]) -> Row:
    """The row of a range's days."""
    shared = {GIVEN: given, "hours": hours, "whole": figures}
    own = [{"date": day.date, "place": day.place, "slots": day.slots} for day in days]
    return {
        **figures,
        GIVEN: given,
        "days": [{**day.figures, **shared, **more} for day, more in zip(days, own, strict=True)],
    }


def with_days_before(row: Row) -> Row:
    """The row of a range that may carry that of an earlier one, its days beside those at the same places of that."""
    earlier = row.get(PREVIOUS)
    if earlier is None:
        return row
    before = {day["place"]: day for day in earlier["days"]}
    return row | {"days": [day | {PREVIOUS: before.get(day["place"])} for day in row["days"]]}


def _percent(part: Mapping[str, Any], whole: Mapping[str, Any]) -> Row:
    return _divided(part, {name: whole[name] / 100 for name in _SHARED})


def _divided(figures: Mapping[str, Any], by: Mapping[str, float]) -> Row:
    return {name: figures[name] / by[name] if by[name] else None for name in _SHARED}


def _slots(row: Row) -> list[DaySlot]:
    whole = Amount(*[row["whole"][name] for name in ("total", "connected", "talk_seconds")])
    return [
        DaySlot(from_=clock_of(first), to=clock_of(end), amount=amount_of(one), percent=percent_of(one, whole))
        for one, (first, end) in zip(row["slots"], pairwise(edges(*row["hours"])), strict=True)
    ]
