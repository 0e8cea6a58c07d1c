"""The statistics of when calls are: by slot of the working hours, and by day."""

from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import strawberry
from strawberry import UNSET, argument

from app.domain.errors import InputError
from app.domain.filters import CallFilter, TimeOfDayRange, Weekday
from app.domain.pages import Row
from app.domain.scope import Right
from app.graphql import mirror
from app.graphql.declare import CallFilterArgument, Info, root
from app.graphql.ready.compared import CompareArgument, earlier_of, with_earlier
from app.graphql.ready.groups import LAST_30_DAYS, recent
from app.graphql.types.activity import CallActivity, activity_of, working_minutes
from app.graphql.types.daily import DailyActivity, daily_of, with_days_before
from app.store.database import Connection
from app.store.ready.activity import activity
from app.store.ready.daily import daily

if TYPE_CHECKING:  # made while the program runs, field by field from the domain
    WorkingHoursInput: TypeAlias = Any
    WeekdayInput: TypeAlias = Any
else:
    WorkingHoursInput = mirror.input_type(TimeOfDayRange)
    WeekdayInput = mirror.enum(Weekday)

WorkingHoursArgument = Annotated[
    WorkingHoursInput | None,
    argument(description="The working hours, within a day; from 09:00 to 18:00 unless given."),
]
ExcludedArgument = Annotated[
    list[WeekdayInput] | None, argument(description="Weekdays whose days and calls are left out.")
]
_FROM, _TO = time(9), time(18)


@strawberry.type
class ActivityQuery:
    """Root fields of activity."""

    @root(
        CallActivity | None,
        "Calls by the hour over the working hours, with a slot before and one after, their percentages and daily averages, and "
        f"every slot's days; {LAST_30_DAYS}. Of at most 366 days, in the filter's time zone, else the workspace's. An hour that a "
        "change of the clocks repeats is one.",
        Right.STATS_READ,
    )
    @staticmethod
    async def hourly_activity(
        info: Info,
        filter: CallFilterArgument = UNSET,
        working_hours: WorkingHoursArgument = UNSET,
        exclude_weekdays: ExcludedArgument = UNSET,
        compare_to: CompareArgument = UNSET,
    ) -> Any:
        """By slot, and by day within each."""
        given, asked = recent(info, filter), (_hours(working_hours), exclude_weekdays or ())
        before = earlier_of(info, given, compare_to)
        async with info.context.view.reading() as connection:
            earlier = await activity(connection, info.context.scope, before, *asked) if before else None
            now = await activity(connection, info.context.scope, given, *asked)
        return activity_of(now, activity_of(earlier) if earlier else None)

    @root(
        DailyActivity | None,
        "The figures of each day, also of those without calls, with its slots over the working hours, its percentages, and what "
        f"the days come to and have on average; {LAST_30_DAYS}. Of at most 366 days, in the filter's time zone, else the "
        "workspace's: a day has 23 to 25 hours.",
        Right.STATS_READ,
    )
    @staticmethod
    async def daily_activity(
        info: Info,
        filter: CallFilterArgument = UNSET,
        working_hours: WorkingHoursArgument = UNSET,
        exclude_weekdays: ExcludedArgument = UNSET,
        compare_to: CompareArgument = UNSET,
    ) -> Any:
        """By day, and by slot within each."""
        given, hours, excluded = recent(info, filter), _hours(working_hours), exclude_weekdays or ()
        before = earlier_of(info, given, compare_to)

        async def read(connection: Connection, given: CallFilter) -> Row:
            days, figures = await daily(connection, info.context.scope, given, hours, excluded)
            return daily_of(days, figures, given, hours)

        return with_days_before(await with_earlier(info, read, given, before))


def _hours(given: Any) -> tuple[int, int]:
    hours = working_minutes(given.from_, given.to) if given else working_minutes(_FROM, _TO)
    if hours[0] >= hours[1]:
        raise InputError("workingHours ends before it begins, or at once. Give a range within a day.")
    return hours
