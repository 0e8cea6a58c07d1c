"""What calls can be grouped by and measured in; the graph's inputs are made from these, field by field."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from app.domain.filters import SortDirection
from app.domain.labels import LabelKind

# Groups that one answer may have: a page of more is nobody's to read, and their filters would fill the memory.
MOST_GROUPS = 1000


class CallGrouping(Enum):
    """What calls are grouped by. A call with several tags, queues, dispositions or the like is in the group of each; by
    `ORG_UNIT` it is in that of its unit and of each one above it."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    HOUR_OF_DAY = "HOUR_OF_DAY"
    WEEKDAY = "WEEKDAY"
    DIRECTION = "DIRECTION"
    OUTCOME = "OUTCOME"
    AGENT = "AGENT"
    AGENT_TAG = "AGENT_TAG"
    CONTACT = "CONTACT"
    PHONE_NUMBER = "PHONE_NUMBER"
    COUNTRY = "COUNTRY"
    SOURCE = "SOURCE"
    PROVIDER = "PROVIDER"
    QUEUE = "QUEUE"
    DEPARTMENT = "DEPARTMENT"
    IVR = "IVR"
    CAMPAIGN = "CAMPAIGN"
    BROADCAST = "BROADCAST"
    SERVICE = "SERVICE"
    DISPOSITION = "DISPOSITION"
    HANGUP_CAUSE = "HANGUP_CAUSE"
    ORG_UNIT = "ORG_UNIT"
    CORPORATE = "CORPORATE"
    DIVISION = "DIVISION"
    LOCATION = "LOCATION"
    CAMPAIGN_UNIT = "CAMPAIGN_UNIT"
    DURATION_BAND = "DURATION_BAND"


# Groupings by words of the vendors.
LABELS = {
    CallGrouping.QUEUE: LabelKind.QUEUE,
    CallGrouping.DEPARTMENT: LabelKind.DEPARTMENT,
    CallGrouping.IVR: LabelKind.IVR,
    CallGrouping.CAMPAIGN: LabelKind.CAMPAIGN,
    CallGrouping.BROADCAST: LabelKind.BROADCAST,
    CallGrouping.SERVICE: LabelKind.SERVICE,
    CallGrouping.DISPOSITION: LabelKind.DISPOSITION,
    CallGrouping.HANGUP_CAUSE: LabelKind.HANGUP_CAUSE,
}
# Groupings whose groups follow from the range and the zone, so that empty ones are known, too.
SPANS = (
    CallGrouping.HOUR,
    CallGrouping.DAY,
    CallGrouping.WEEK,
    CallGrouping.MONTH,
    CallGrouping.QUARTER,
    CallGrouping.YEAR,
)
PROFILES = (CallGrouping.HOUR_OF_DAY, CallGrouping.WEEKDAY)

# The lower ends of the bands of a duration, in seconds; the last one has no end.
DURATION_BANDS = (0, 1, 10, 30, 60, 120, 300, 600, 1800, 3600)


class CallMeasure(Enum):
    """What groups can be sorted and chosen by. Seconds, rates from 0 to 1, or plain numbers."""

    CALLS = "CALLS"
    CONNECTED = "CONNECTED"
    ANSWERED = "ANSWERED"
    MISSED = "MISSED"
    REJECTED = "REJECTED"
    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"
    INTERNAL = "INTERNAL"
    SHORT_CALLS = "SHORT_CALLS"
    ABANDONED = "ABANDONED"
    UNIQUE_CONTACTS = "UNIQUE_CONTACTS"
    ANSWER_RATE = "ANSWER_RATE"
    ABANDONMENT_RATE = "ABANDONMENT_RATE"
    AVERAGE_SPEED_OF_ANSWER = "AVERAGE_SPEED_OF_ANSWER"
    DURATION_SUM = "DURATION_SUM"
    DURATION_AVERAGE = "DURATION_AVERAGE"
    DURATION_MAX = "DURATION_MAX"
    TALK_SUM = "TALK_SUM"
    TALK_AVERAGE = "TALK_AVERAGE"
    TALK_MAX = "TALK_MAX"
    RING_AVERAGE = "RING_AVERAGE"
    WAIT_AVERAGE = "WAIT_AVERAGE"
    HOLD_SUM = "HOLD_SUM"
    BILLED_MINUTES = "BILLED_MINUTES"
    CHARGES = "CHARGES"
    REVENUE = "REVENUE"


class Comparison(Enum):
    """The earlier range that is measured beside the filter's own: as long, in the same zone's local time."""

    PREVIOUS_PERIOD = "PREVIOUS_PERIOD"
    SAME_PERIOD_LAST_WEEK = "SAME_PERIOD_LAST_WEEK"
    SAME_PERIOD_LAST_MONTH = "SAME_PERIOD_LAST_MONTH"
    SAME_PERIOD_LAST_YEAR = "SAME_PERIOD_LAST_YEAR"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRange:
    """Bounds of a measure; all given hold. A measure that is null is never inside."""

    measure: Annotated[CallMeasure, "Which measure."]
    gt: Annotated[float | None, "Greater than."] = None
    gte: Annotated[float | None, "At least."] = None
    lt: Annotated[float | None, "Less than."] = None
    lte: Annotated[float | None, "At most."] = None

    def has(self, value: float | None) -> bool:
        """Whether a value is inside."""
        if value is None:
            return False
        held = [value > self.gt] if self.gt is not None else []
        held += [value >= self.gte] if self.gte is not None else []
        held += [value < self.lt] if self.lt is not None else []
        held += [value <= self.lte] if self.lte is not None else []
        return all(held)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStatsOrder:
    """How groups are sorted: by a measure, those without it last, or by their keys. Equal ones by their keys."""

    measure: Annotated[CallMeasure | None, "The measure; by the keys where none is given."] = None
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.DESC
