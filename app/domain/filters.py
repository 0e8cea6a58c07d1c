"""What calls, agents and contacts can be filtered by; the graph's inputs are made from these, field by field."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from typing import Annotated, NewType
from zoneinfo import ZoneInfo

from app.domain.calls import CallDirection, CallKind, CallOutcome
from app.domain.labels import LabelKind
from app.domain.org_units import OrgUnitKind
from app.domain.periods import Period
from app.domain.sources import Provider

# Our ids, opaque in the graph and plain here; the type says whose they are.
AgentId = NewType("AgentId", str)
ContactId = NewType("ContactId", str)
SourceId = NewType("SourceId", str)
OrgUnitId = NewType("OrgUnitId", str)
# A number as somebody typed it: E.164, national, or with blanks and hyphens.
TypedNumber = NewType("TypedNumber", str)
# The midnight at the end of a day: to the millisecond, no call begins later on it.
END_OF_DAY = time.max


class Weekday(Enum):
    """A day of the week. Vendors number them from Sunday (Callcap: 1) or shorten them (Callyzer: Sun)."""

    SUNDAY = "SUNDAY"
    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"


class CallFeature(Enum):
    """Something that was done with a call beside talking."""

    REVIEW = "REVIEW"
    RESCUE = "RESCUE"
    WEB_VISIT = "WEB_VISIT"
    CLICK_TO_CALL = "CLICK_TO_CALL"


class CallPart(Enum):
    """Something that a call may have none of."""

    AGENT = "AGENT"
    AGENT_TAG = "AGENT_TAG"
    CONTACT = "CONTACT"
    PHONE_NUMBER = "PHONE_NUMBER"
    COUNTRY = "COUNTRY"
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
    DURATION = "DURATION"


# The features that tell of an insight, and are hidden with it.
INSIGHTS = (CallFeature.REVIEW.value, CallFeature.RESCUE.value)


class ReviewVerdict(Enum):
    """An analyst's verdict on a call; unworked is a call that no analyst has judged."""

    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"
    NEUTRAL = "NEUTRAL"
    FILTERED = "FILTERED"
    UNWORKED = "UNWORKED"


class RescueOutcome(Enum):
    """What came of following up a negative call."""

    SAVED = "SAVED"
    LOST = "LOST"


class ReviewChangeStatus(Enum):
    """How a request to change a review stands."""

    APPROVED = "APPROVED"
    DENIED = "DENIED"
    PENDING = "PENDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTimeRange:
    """A half-open range of time: `from` is inside, `to` is not. Either may be left out."""

    from_: Annotated[datetime | None, "The first instant inside."] = None
    to: Annotated[datetime | None, "The first instant outside, at the end."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDayRange:
    """A half-open range of the clock in the filter's time zone; from 22:00 to 06:00 runs over midnight. The ends differ."""

    from_: Annotated[time, "The first minute inside, as `HH:MM`."]
    to: Annotated[time, "The first minute outside, as `HH:MM`; `24:00` for the end of the day."]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntRange:
    """Bounds of a whole number; all given hold. A missing value is never inside."""

    gt: Annotated[int | None, "Greater than."] = None
    gte: Annotated[int | None, "At least."] = None
    lt: Annotated[int | None, "Less than."] = None
    lte: Annotated[int | None, "At most."] = None
    ne: Annotated[int | None, "Anything but."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberMatch:
    """How a phone number is to match; formatting never matters. All given hold."""

    equals: Annotated[
        TypedNumber | None, "This number; without a country code it is read in the regions of the sources."
    ] = None
    in_: Annotated[tuple[TypedNumber, ...] | None, "One of these numbers."] = None
    starts_with: Annotated[TypedNumber | None, "Begins with these digits, country code first."] = None
    ends_with: Annotated[TypedNumber | None, "Ends with these digits."] = None
    contains: Annotated[TypedNumber | None, "Has these digits anywhere: `316-832`, `555`."] = None
    shown_as: Annotated[TypedNumber | None, "Just this text, as an answer shows it: read in no region."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMatch:
    """Which word of the vendor's, as an answer shows it: its name, or its id where it has no name."""

    kind: Annotated[LabelKind, "What it names."]
    names: Annotated[tuple[str, ...], "The whole word, one of these."]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgUnitMatch:
    """Which organisation unit. All given fields hold of one unit; within a list any one does."""

    kinds: Annotated[tuple[OrgUnitKind, ...] | None, "Its level."] = None
    provider_ids: Annotated[tuple[str, ...] | None, "The vendor's id, which another level may use, too."] = None
    external_ids: Annotated[tuple[str, ...] | None, "The company's own id."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which calls. All given fields hold; within a list any one does; case matters in ids and codes only. `and`, `or` and `not` compose."""

    started_at: Annotated[DateTimeRange | None, "When the call began."] = None
    period: Annotated[Period | None, "When the call began, as a ready-made range."] = None
    timezone: Annotated[ZoneInfo | None, "The zone of `period`, `weekdays` and `timeOfDay`; else the workspace's."] = (
        None
    )
    ended_at: Annotated[DateTimeRange | None, "When the call ended."] = None
    modified_at: Annotated[DateTimeRange | None, "When the vendor last changed the record."] = None
    provider_synced_at: Annotated[DateTimeRange | None, "When the vendor itself received the call (Callyzer)."] = None
    synced_at: Annotated[DateTimeRange | None, "When Switchboard last saved a change of the call."] = None
    weekdays: Annotated[
        tuple[Weekday, ...] | None, "On which days the call began; `startedAt` or `period` keeps it quick."
    ] = None
    time_of_day: Annotated[TimeOfDayRange | None, "At what time of the day the call began."] = None
    direction: Annotated[tuple[CallDirection, ...] | None, "Who called whom."] = None
    outcome: Annotated[tuple[CallOutcome, ...] | None, "How the call ended."] = None
    kind: Annotated[tuple[CallKind, ...] | None, "Calls or text conversations."] = None
    provider_statuses: Annotated[tuple[str, ...] | None, "The vendor's own word for the outcome."] = None
    connected: Annotated[bool | None, "Answered, and talked on for longer than the workspace's threshold (2 s)."] = None
    phone_numbers: Annotated[tuple[TypedNumber, ...] | None, "The outside party's number."] = None
    phone_number: Annotated[NumberMatch | None, "The outside party's number, also in part."] = None
    caller_number: Annotated[NumberMatch | None, "Who called."] = None
    dialed_number: Annotated[NumberMatch | None, "What was dialled (DID, DNIS)."] = None
    destination_number: Annotated[NumberMatch | None, "Who it rang."] = None
    countries: Annotated[
        tuple[str, ...] | None, "The country of the outside party's number, as ISO 3166 has it: `NP`, `IN`, `US`."
    ] = None
    include_excluded_numbers: Annotated[
        bool | None, "False leaves out calls with numbers on the workspace's exclude list."
    ] = None
    agent_ids: Annotated[tuple[AgentId, ...] | None, "The call's agent."] = None
    involved_agent_ids: Annotated[
        tuple[AgentId, ...] | None, "An agent of any step: dialled, missed or transferred to, too."
    ] = None
    agent_numbers: Annotated[tuple[TypedNumber, ...] | None, "The number of the call's agent."] = None
    agent_tags: Annotated[tuple[str, ...] | None, "A tag of the call's agent."] = None
    agent_codes: Annotated[tuple[str, ...] | None, "The code of the call's agent."] = None
    agent_names: Annotated[tuple[str, ...] | None, "The whole name of the call's agent."] = None
    provider_agent_ids: Annotated[tuple[str, ...] | None, "The vendor's id of the call's agent."] = None
    contact_ids: Annotated[tuple[ContactId, ...] | None, "The call's contact."] = None
    source_ids: Annotated[tuple[SourceId, ...] | None, "Where the call came from."] = None
    providers: Annotated[tuple[Provider, ...] | None, "The vendor it came from."] = None
    provider_call_ids: Annotated[tuple[str, ...] | None, "The vendor's id of the call."] = None
    org_unit_ids: Annotated[tuple[OrgUnitId, ...] | None, "An organisation unit of any level."] = None
    org_unit_provider_ids: Annotated[
        tuple[str, ...] | None, "The vendor's id of an organisation unit of any level."
    ] = None
    org_unit_external_ids: Annotated[
        tuple[str, ...] | None, "The company's own id of an organisation unit of any level."
    ] = None
    org_unit: Annotated[
        OrgUnitMatch | None, "An organisation unit, by its level, too; for units of two levels use `and`."
    ] = None
    label: Annotated[
        LabelMatch | None, "A word the vendor sorts calls by, as an answer shows it; for several at once use `and`."
    ] = None
    references: Annotated[tuple[str, ...] | None, "An imported reference."] = None
    queues: Annotated[tuple[str, ...] | None, "Name or vendor id of a queue."] = None
    departments: Annotated[tuple[str, ...] | None, "Name or vendor id of a department."] = None
    ivrs: Annotated[tuple[str, ...] | None, "Name or vendor id of a menu."] = None
    campaigns: Annotated[tuple[str, ...] | None, "Name or vendor id of a campaign."] = None
    lists: Annotated[tuple[str, ...] | None, "Name or vendor id of a calling list."] = None
    broadcasts: Annotated[tuple[str, ...] | None, "Name or vendor id of a broadcast."] = None
    broadcast: Annotated[bool | None, "Whether the call belongs to any broadcast."] = None
    services: Annotated[tuple[str, ...] | None, "A service that the call used."] = None
    trunks: Annotated[tuple[str, ...] | None, "The trunk that carried the call."] = None
    mediums: Annotated[tuple[str, ...] | None, "Where the campaign ran."] = None
    dispositions: Annotated[tuple[str, ...] | None, "Name, code or id of a disposition or sub-disposition."] = None
    wrap_ups: Annotated[tuple[str, ...] | None, "Name of the wrap-up."] = None
    hangup_causes: Annotated[tuple[str, ...] | None, "Text or Q.850 code of the hang-up cause."] = None
    crm_statuses: Annotated[tuple[str, ...] | None, "The lead's status that was set with the call."] = None
    lead_ids: Annotated[tuple[str, ...] | None, "The vendor's id of the lead."] = None
    circles: Annotated[tuple[str, ...] | None, "Telecom circle of the outside number."] = None
    carriers: Annotated[tuple[str, ...] | None, "Carrier of the outside number."] = None
    accounts: Annotated[tuple[str, ...] | None, "The vendor's account that the call ran in."] = None
    contexts: Annotated[tuple[str, ...] | None, "The dialplan context."] = None
    features: Annotated[tuple[CallFeature, ...] | None, "What else was done with the call."] = None
    reviews: Annotated[tuple[ReviewVerdict, ...] | None, "The analyst's verdict."] = None
    review_changes: Annotated[tuple[ReviewChangeStatus, ...] | None, "How a requested change of the review stands."] = (
        None
    )
    rescues: Annotated[tuple[RescueOutcome, ...] | None, "What came of following up."] = None
    duration_seconds: Annotated[IntRange | None, "Start to end, as the vendor counts it."] = None
    talk_seconds: Annotated[IntRange | None, "After the answer."] = None
    ring_seconds: Annotated[IntRange | None, "Ringing."] = None
    wait_seconds: Annotated[IntRange | None, "Waiting in queues."] = None
    hold_seconds: Annotated[IntRange | None, "On hold."] = None
    has_recording: Annotated[bool | None, "Whether there is a recording."] = None
    has_notes: Annotated[bool | None, "Whether somebody wrote a note."] = None
    revenue_entered: Annotated[bool | None, "Whether revenue other than 0 was entered."] = None
    without: Annotated[tuple[CallPart, ...] | None, "What the call has none of; for several at once use `and`."] = None
    search: Annotated[
        str | None,
        "Words, or beginnings of words, of notes, names, campaigns, references and summaries, or digits of a number; all must be found. Digits need `numbers:read`.",
    ] = None
    and_: Annotated[tuple["CallFilter", ...] | None, "All of these hold, too."] = None
    or_: Annotated[tuple["CallFilter", ...] | None, "At least one of these holds."] = None
    not_: Annotated["CallFilter | None", "This does not hold."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFilter:
    """Which agents. All given fields hold; within a list any one does; case matters in codes and vendors' ids alone."""

    ids: Annotated[tuple[AgentId, ...] | None, "These agents."] = None
    source_ids: Annotated[tuple[SourceId, ...] | None, "Agents of these sources."] = None
    providers: Annotated[tuple[Provider, ...] | None, "Agents of these vendors."] = None
    names: Annotated[tuple[str, ...] | None, "The whole name."] = None
    codes: Annotated[tuple[str, ...] | None, "The code the company gave, exactly."] = None
    numbers: Annotated[tuple[TypedNumber, ...] | None, "The number or extension."] = None
    number: Annotated[NumberMatch | None, "The number or extension, also in part."] = None
    tags: Annotated[tuple[str, ...] | None, "A tag."] = None
    provider_agent_ids: Annotated[tuple[str, ...] | None, "The vendor's id, exactly."] = None
    search: Annotated[
        str | None,
        "Beginnings of words of the name, code or e-mail address, or digits of the number; all must be found. Digits need `numbers:read`.",
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFilter:
    """Which contacts. All given fields hold; within a list any one does; case never matters."""

    ids: Annotated[tuple[ContactId, ...] | None, "These contacts."] = None
    names: Annotated[tuple[str, ...] | None, "The whole name."] = None
    phone_numbers: Annotated[tuple[TypedNumber, ...] | None, "One of the contact's numbers."] = None
    phone_number: Annotated[NumberMatch | None, "One of the contact's numbers, also in part."] = None
    lead_statuses: Annotated[tuple[str, ...] | None, "The status as a lead."] = None
    has_lead: Annotated[bool | None, "Whether the contact is a lead."] = None
    search: Annotated[
        str | None,
        "Beginnings of words of the name, company, e-mail address or city, or digits of a number; all must be found. Digits need `numbers:read`.",
    ] = None


class SortDirection(Enum):
    """Upwards or downwards."""

    ASC = "ASC"
    DESC = "DESC"


class CallOrderField(Enum):
    """What calls can be sorted by; calls without the value come first upwards."""

    STARTED_AT = "STARTED_AT"
    CALLER_NUMBER = "CALLER_NUMBER"
    CALLER_NAME = "CALLER_NAME"
    AGENT_NAME = "AGENT_NAME"
    DURATION = "DURATION"
    ORGANISATION = "ORGANISATION"
    REVIEW = "REVIEW"


class AgentOrderField(Enum):
    """What agents can be sorted by; created is when Switchboard first heard of them."""

    NAME = "NAME"
    CODE = "CODE"
    CREATED = "CREATED"


class ContactOrderField(Enum):
    """What contacts can be sorted by; created is when Switchboard first heard of them."""

    NAME = "NAME"
    CREATED = "CREATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrder:
    """How calls are sorted; equal ones by id."""

    field: Annotated[CallOrderField, "What they are sorted by."] = CallOrderField.STARTED_AT
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.DESC


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOrder:
    """How agents are sorted; equal ones by id."""

    field: Annotated[AgentOrderField, "What they are sorted by."] = AgentOrderField.NAME
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.ASC


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOrder:
    """How contacts are sorted; equal ones by id."""

    field: Annotated[ContactOrderField, "What they are sorted by."] = ContactOrderField.NAME
    direction: Annotated[SortDirection, "Upwards or downwards."] = SortDirection.ASC


Filter = CallFilter | AgentFilter | ContactFilter
Order = CallOrder | AgentOrder | ContactOrder
