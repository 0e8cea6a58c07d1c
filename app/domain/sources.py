"""Sources: one configured account at a provider, and how its numbers and times are to be read."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated
from zoneinfo import ZoneInfo


class Provider(Enum):
    """A vendor kind."""

    VOXCROW = "VOXCROW"
    CALLCAP = "CALLCAP"
    SMARTFLO = "SMARTFLO"
    ACEFONE = "ACEFONE"
    CALLYZER = "CALLYZER"
    ASTERISK = "ASTERISK"


@dataclass(frozen=True, slots=True)
class Locale:
    """How a source's payloads are to be read: nothing in a payload says it reliably."""

    zone: Annotated[ZoneInfo, "The zone of the vendor's local times."]
    region: Annotated[
        str | None, "The ISO 3166 dialling region of its national numbers; None: only +numbers get E.164."
    ]


@dataclass(frozen=True, slots=True)
class Source:
    """One configured account at a provider."""

    id: str
    name: str
    provider: Provider
    locale: Locale
    created_at: datetime
    # When records of it were last taken; None before the first.
    last_success_at: datetime | None = None
