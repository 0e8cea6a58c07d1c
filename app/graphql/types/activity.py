"""CallActivity: calls over the working hours, by slot, and by day within each."""

from collections.abc import Sequence
from datetime import time
from typing import Optional

import strawberry

from app.domain.activity import Amount, Slot, added, minutes, weekday_of
from app.domain.filters import Weekday
from app.graphql import mirror


@strawberry.type(description="Calls, and seconds talked.")
class ActivityAmount:
    """A domain.activity.Amount."""

    total: int = strawberry.field(description="All calls.")
    connected: int = strawberry.field(description="Connected calls.")
    talk_seconds: int = strawberry.field(description="Seconds talked.")


@strawberry.type(description="What there is of calls on average, or as a share of all.")
class ActivityShare:
    """An amount, divided."""

    total: float | None = strawberry.field(description="Of all calls; null where it is a share of nothing.")
    connected: float | None = strawberry.field(description="Of connected calls; null where it is a share of nothing.")
    talk_seconds: float | None = strawberry.field(description="Of seconds talked; null where it is a share of nothing.")


@strawberry.type(description="What there was on a day within a slot.")
class ActivityDay:
    """One day of a slot."""

    date: str = strawberry.field(description="The day in the filter's time zone, as `2024-05-20`.")
    weekday: mirror.enum(Weekday) = strawberry.field(description="Its weekday.")  # type: ignore[valid-type]
    amount: ActivityAmount = strawberry.field(description="What there was.")
    percent: ActivityShare = strawberry.field(description="What of all that is in percent.")


@strawberry.type(description="A part of the day: an hour of the working hours, or what is before or after them.")
class ActivitySlot:
    """A domain.activity.Slot."""

    from_: str = strawberry.field(name="from", description="The first minute inside, as `HH:MM`.")
    to: str = strawberry.field(description="The first minute outside, as `HH:MM`; `24:00` for the end of the day.")
    amount: ActivityAmount = strawberry.field(description="What there was on all days.")
    percent: ActivityShare = strawberry.field(description="What of all that is in percent.")
    average_per_day: ActivityShare = strawberry.field(description="What that is on average per day of the range.")
    days_without_calls: int = strawberry.field(description="On how many days of the range there were no calls in it.")
    days: list[ActivityDay] = strawberry.field(
        description="Every day of the range, in order, also those without calls."
    )
    previous: Optional["ActivitySlot"] = strawberry.field(
        description="The same slot in the earlier range, where the field was asked to compare."
    )


@strawberry.type(description="Calls over the working hours of the days of a range that are no excluded weekdays.")
class CallActivity:
    """All slots."""

    days: int = strawberry.field(description="How many days the range has, without excluded weekdays.")
    days_with_empty_slots: int = strawberry.field(description="On how many of them a slot has no calls.")
    amount: ActivityAmount = strawberry.field(description="What there was in all.")
    average_per_day: ActivityShare = strawberry.field(description="What that is on average per day of the range.")
    slots: list[ActivitySlot] = strawberry.field(
        description="The slots: one before the working hours, one for each of their hours, one after them."
    )
    previous: Optional["CallActivity"] = strawberry.field(
        description="The same of the earlier range, where the field was asked to compare."
    )


def activity_of(slots: Sequence[Slot], earlier: CallActivity | None = None) -> CallActivity:
    """The activity in these slots, which have the same days; `earlier` has the same slots."""
    days = list(slots[0].by_day)
    whole = added(slot.amount for slot in slots)
    empty = sum(any(not slot.by_day[day].total for slot in slots) for day in days)
    before = earlier.slots if earlier else [None] * len(slots)
    shown = [_slot(slot, whole, len(days), one) for slot, one in zip(slots, before, strict=True)]
    return CallActivity(
        days=len(days),
        days_with_empty_slots=empty,
        amount=amount_of(whole),
        average_per_day=_divided(whole, *[len(days)] * 3),
        slots=shown,
        previous=earlier,
    )


def _slot(slot: Slot, whole: Amount, days: int, previous: ActivitySlot | None) -> ActivitySlot:
    return ActivitySlot(
        from_=clock_of(slot.first),
        to=clock_of(slot.end),
        amount=amount_of(slot.amount),
        percent=percent_of(slot.amount, whole),
        average_per_day=_divided(slot.amount, *[days] * 3),
        days_without_calls=slot.days_without_calls,
        days=[
            ActivityDay(
                date=day.isoformat(),
                weekday=weekday_of(day),
                amount=amount_of(amount),
                percent=percent_of(amount, whole),
            )
            for day, amount in slot.by_day.items()
        ],
        previous=previous,
    )


def amount_of(amount: Amount) -> ActivityAmount:
    """An amount as the graph shows it."""
    return ActivityAmount(total=amount.total, connected=amount.connected, talk_seconds=amount.talk_seconds)


def percent_of(amount: Amount, whole: Amount) -> ActivityShare:
    """What an amount is of the whole, in percent."""
    return _divided(amount, whole.total / 100, whole.connected / 100, whole.talk_seconds / 100)


def _divided(amount: Amount, total: float, connected: float, talk_seconds: float) -> ActivityShare:
    return ActivityShare(
        total=amount.total / total if total else None,
        connected=amount.connected / connected if connected else None,
        talk_seconds=amount.talk_seconds / talk_seconds if talk_seconds else None,
    )


def clock_of(minute: int) -> str:
    """A minute after midnight as the clock shows it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def working_minutes(first: time, end: time) -> tuple[int, int]:
    """Working hours in minutes after midnight."""
    return minutes(first), minutes(end)
