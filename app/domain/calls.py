"""Calls: the conversation, and the steps of its flow, as one vendor record tells them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from app.domain.agents import AgentRecord
from app.domain.contacts import ContactRecord
from app.domain.details import CallDetails
from app.domain.frozen import quick
from app.domain.numbers import PhoneNumber
from app.domain.org_units import OrgUnitRecord


class CallDirection(Enum):
    """Who called whom, seen from the company."""

    __hash__ = object.__hash__  # see LabelKind

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"
    INTERNAL = "INTERNAL"


class CallOutcome(Enum):
    """How the call ended; the vendor's own word is kept beside it."""

    ANSWERED = "ANSWERED"
    NO_ANSWER = "NO_ANSWER"
    MISSED = "MISSED"
    REJECTED = "REJECTED"
    BUSY = "BUSY"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    BLOCKED = "BLOCKED"
    VOICEMAIL = "VOICEMAIL"
    IN_PROGRESS = "IN_PROGRESS"
    UNKNOWN = "UNKNOWN"


class CallKind(Enum):
    """What kind of conversation it was."""

    CALL = "CALL"
    TEXT = "TEXT"


class LegKind(Enum):
    """One kind of step in a call's flow."""

    __hash__ = object.__hash__  # see LabelKind

    START = "START"
    IVR = "IVR"
    QUEUE = "QUEUE"
    DEPARTMENT = "DEPARTMENT"
    CONTACT = "CONTACT"
    AGENT = "AGENT"
    MISSED_AGENT = "MISSED_AGENT"
    TRANSFER = "TRANSFER"
    TRANSFER_MISSED_AGENT = "TRANSFER_MISSED_AGENT"
    CLICK_TO_CALL = "CLICK_TO_CALL"
    ATTEMPT = "ATTEMPT"
    VOICEMAIL = "VOICEMAIL"
    AGENT_HANGUP = "AGENT_HANGUP"
    HANGUP = "HANGUP"
    UNKNOWN = "UNKNOWN"


class LegStatus(Enum):
    """What became of a step; null where the vendor does not say, as for a hang-up."""

    DIALED = "DIALED"
    ANSWERED = "ANSWERED"
    MISSED = "MISSED"
    BUSY = "BUSY"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    UNKNOWN = "UNKNOWN"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CallLeg:
    """One step of a call's flow, in the vendor's order."""

    kind: LegKind
    # The vendor's word for the kind; None where the vendor left it out (Acefone's answer step has none).
    provider_kind: str | None = None
    status: LegStatus | None = None
    # The vendor's word for the status.
    provider_status: str | None = None
    # None for steps that the vendor lists without a time, such as the agents who missed the call.
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    talk_seconds: int | None = None
    ring_seconds: int | None = None
    # The vendor's `ringst` of a queue step (Smartflo, Acefone): undocumented, and not the seconds it rang.
    provider_ring_status: str | None = None
    agent: AgentRecord | None = None
    number: PhoneNumber | None = None
    # The name and id of what the step went through: a queue, an IVR, a trunk.
    name: str | None = None
    provider_leg_id: str | None = None
    # The application that ran the step (the dialler's campaign, for one).
    application: str | None = None
    application_id: str | None = None
    application_data: str | None = None
    # The step's own value: the call id of an `init`, the keys pressed in an IVR.
    value: str | None = None
    # The agent's time group when the call was disposed of.
    time_group_id: str | None = None
    time_group: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call as one vendor record tells it, in our words. `sync` matches its agent and contact and saves it."""

    provider_call_id: str
    started_at: datetime
    direction: CallDirection
    outcome: CallOutcome
    kind: CallKind = CallKind.CALL
    # The vendor's own word for the outcome; None where a vendor has none.
    provider_status: str | None = None
    # None: not answered, or the vendor does not tell when.
    answered_at: datetime | None = None
    # None: still going on, or the vendor tells neither end nor duration.
    ended_at: datetime | None = None
    # When the vendor last changed the record; None where it does not tell, then the moment of receipt decides.
    modified_at: datetime | None = None
    # When the vendor itself received the call from the handset (Callyzer's `synced_at`).
    provider_synced_at: datetime | None = None
    # As the vendor counts it: Smartflo's and Acefone's is not end minus start.
    duration_seconds: int | None = None
    # After the answer; None where the vendor gives only the whole duration of an answered call.
    talk_seconds: int | None = None
    ring_seconds: int | None = None
    wait_seconds: int | None = None
    hold_seconds: int | None = None
    hold_count: int | None = None
    # The outside party; None for internal calls.
    phone_number: PhoneNumber | None = None
    caller_number: PhoneNumber | None = None
    dialed_number: PhoneNumber | None = None
    destination_number: PhoneNumber | None = None
    agent: AgentRecord | None = None
    contact: ContactRecord | None = None
    legs: tuple[CallLeg, ...] = ()
    # From the top down; each is the parent of the next.
    org_units: tuple[OrgUnitRecord, ...] = ()
    notes: str | None = None
    # In the account's currency; None or 0: none was entered.
    revenue: float | None = None
    billed_minutes: float | None = None
    charges: float | None = None
    details: CallDetails = field(default_factory=CallDetails)


# What a vendor's wire makes of one payload.
Record = CallRecord | AgentRecord | ContactRecord
