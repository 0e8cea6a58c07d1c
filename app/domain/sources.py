"""Sources: one configured account at a provider, and how its numbers and times are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Annotated
from zoneinfo import ZoneInfo

from app.domain.pulls import SourceState


class Provider(Enum):
    """A vendor kind."""

    VOXCROW = "VOXCROW"
    CALLCAP = "CALLCAP"
    SMARTFLO = "SMARTFLO"
    ACEFONE = "ACEFONE"
    CALLYZER = "CALLYZER"
    ASTERISK = "ASTERISK"
    # Records in our own words, of systems that have no folder here.
    GENERIC = "GENERIC"


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
    state: SourceState = SourceState.MANUAL
    # Where its API is, or its files are; None: where the vendor's are for everybody.
    address: str | None = None
    # Where each credential is to be found, never the credential itself.
    credentials: Mapping[str, str] = field(default_factory=dict, hash=False)
    # How far back its history is wanted.
    history_from: datetime | None = None
