"""What the ready-made statistics can be sorted by and asked for; the graph's inputs are made from these."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from app.domain.filters import SortDirection


class NeverAttendedOrderField(Enum):
    """What never-attended contacts can be sorted by."""

    LAST_MISSED_AT = "LAST_MISSED_AT"
    FIRST_MISSED_AT = "FIRST_MISSED_AT"
    MISSED_CALLS = "MISSED_CALLS"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverAttendedOrder:
    """How never-attended contacts are sorted; equal ones by their last call's id."""

    field: Annotated[NeverAttendedOrderField, "What they are sorted by."] = NeverAttendedOrderField.LAST_MISSED_AT
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.DESC


class NotPickedUpOrderField(Enum):
    """What contacts who never picked up can be sorted by."""

    LAST_ATTEMPT_AT = "LAST_ATTEMPT_AT"
    FIRST_ATTEMPT_AT = "FIRST_ATTEMPT_AT"
    ATTEMPTS = "ATTEMPTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPickedUpOrder:
    """How contacts who never picked up are sorted; equal ones by their last call's id."""

    field: Annotated[NotPickedUpOrderField, "What they are sorted by."] = NotPickedUpOrderField.LAST_ATTEMPT_AT
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.DESC


class ReturnState(Enum):
    """Whether missed calls of a contact were followed by a talk."""

    OPEN = "OPEN"
    RETURNED = "RETURNED"
    ALL = "ALL"


class UnreturnedOrderField(Enum):
    """What missed contacts can be sorted by; the age is of the first missed call, so upwards the oldest comes first."""

    FIRST_MISSED_AT = "FIRST_MISSED_AT"
    LAST_MISSED_AT = "LAST_MISSED_AT"
    MISSED_CALLS = "MISSED_CALLS"
    SECONDS_TO_RETURN = "SECONDS_TO_RETURN"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreturnedOrder:
    """How missed contacts are sorted; equal ones by their last missed call's id."""

    field: Annotated[UnreturnedOrderField, "What they are sorted by."] = UnreturnedOrderField.FIRST_MISSED_AT
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.ASC


class UniqueContactOrderField(Enum):
    """What unique contacts can be sorted by."""

    LAST_CALL_AT = "LAST_CALL_AT"
    FIRST_CALL_AT = "FIRST_CALL_AT"
    TOTAL = "TOTAL"
    TALK_SECONDS = "TALK_SECONDS"


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueContactOrder:
    """How unique contacts are sorted; equal ones by their last call's id."""

    field: Annotated[UniqueContactOrderField, "What they are sorted by."] = UniqueContactOrderField.LAST_CALL_AT
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.DESC


class AgentSummaryOrderField(Enum):
    """What agents' summaries can be sorted by."""

    TOTAL = "TOTAL"
    CONNECTED = "CONNECTED"
    TALK_SECONDS = "TALK_SECONDS"
    MISSED = "MISSED"
    WORKING_SECONDS = "WORKING_SECONDS"
    LAST_CALL_AT = "LAST_CALL_AT"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSummaryOrder:
    """How agents' summaries are sorted; equal ones by their last call's id."""

    field: Annotated[AgentSummaryOrderField, "What they are sorted by."] = AgentSummaryOrderField.TOTAL
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.DESC


FIELDS = (
    NeverAttendedOrderField, NotPickedUpOrderField, UnreturnedOrderField, UniqueContactOrderField, AgentSummaryOrderField,
)  # fmt: skip
