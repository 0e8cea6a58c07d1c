"""The statistics of when calls are: by slot of the working hours, and by slot and day."""

from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import strawberry
from strawberry import UNSET, argument

from app.domain.errors import InputError
from app.domain.filters import TimeOfDayRange, Weekday
from app.domain.scope import Right
from app.graphql import mirror
from app.graphql.declare import CallFilterArgument, Info, root
from app.graphql.ready.groups import LAST_30_DAYS, recent
from app.graphql.types.activity import CallActivity, activity_of, working_minutes
from app.store.ready.activity import activity

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
    ) -> Any:
        """By slot, and by day within each."""
        given = recent(info, filter)
        hours = working_minutes(working_hours.from_, working_hours.to) if working_hours else working_minutes(_FROM, _TO)
        if hours[0] >= hours[1]:
            raise InputError("workingHours ends before it begins, or at once. Give a range within a day.")
        async with info.context.view.reading() as connection:
            return activity_of(await activity(connection, info.context.scope, given, hours, exclude_weekdays or ()))
