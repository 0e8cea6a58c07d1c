"""How the exclude list is sorted, and what became of it; the graph's input is made from the order."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from app.domain.filters import SortDirection


class ExcludedNumberOrderField(Enum):
    """What excluded numbers can be sorted by."""

    PHONE_NUMBER = "PHONE_NUMBER"
    EXCLUDED_AT = "EXCLUDED_AT"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedNumberOrder:
    """How excluded numbers are sorted; equal ones by the number."""

    field: Annotated[ExcludedNumberOrderField, "What they are sorted by."] = ExcludedNumberOrderField.PHONE_NUMBER
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.ASC


@dataclass(frozen=True, slots=True)
class ExcludedChange:
    """The numbers that a change was about, as calls have them and in its order, and how many of them it changed."""

    phone_numbers: tuple[str, ...]
    changed: int
