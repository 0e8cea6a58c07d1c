"""One call of the demo as it happened, before any vendor writes it down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from app.demo.company import Agent, Contact, Office
from app.demo.words import Topic

RING_SECONDS = 16  # that an agent's phone rings before the next agent's does


class Ending(Enum):
    """How a call ended, whoever made it."""

    ANSWERED = "ANSWERED"
    UNANSWERED = "UNANSWERED"
    BUSY = "BUSY"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One call, told by nobody yet."""

    office: Office
    # Within the office's day; with the second of the start it makes the vendors' ids unique.
    serial: int
    started_at: datetime
    inbound: bool
    ending: Ending
    # Whose call it is; of an unanswered one, who was rung last. None: nobody was free.
    agent: Agent | None
    # Who was rung before, in vain.
    missed_by: tuple[Agent, ...]
    # None for a caller who hides the number.
    contact: Contact | None
    ring_seconds: int
    talk_seconds: int
    # Whether it returns or repeats an earlier call.
    again: bool
    topic: Topic
    # Decides what only one vendor tells (recordings, reviews), so that it is as reproducible as the call.
    luck: int

    @property
    def number(self) -> str | None:
        """The outside number as a phone in the office's country shows it."""
        return self.contact.written(self.office.country) if self.contact else None

    @property
    def answered(self) -> bool:
        """Whether two people talked."""
        return self.ending is Ending.ANSWERED

    @property
    def answered_at(self) -> datetime:
        """When it was answered; of an unanswered call, when the ringing stopped."""
        return self.started_at + timedelta(seconds=self.ring_seconds)

    @property
    def ended_at(self) -> datetime:
        """When the line went dead."""
        return self.answered_at + timedelta(seconds=self.talk_seconds)

    def local(self, moment: datetime) -> datetime:
        """A moment of the call on the office's clock: the vendors' texts have no zone."""
        return moment.astimezone(self.office.locale.zone)

    def written(self, moment: datetime) -> str:
        """The same as most vendors write it: `2024-05-09 11:52:14`."""
        return self.local(moment).isoformat(" ", "seconds")[:19]
