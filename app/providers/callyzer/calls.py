"""Callyzer's calls: one handset's log entry as a call."""

from datetime import datetime, timedelta

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.contacts import ContactRecord
from app.domain.details import CallDetails, Recording
from app.domain.errors import RecordError
from app.domain.labels import LabelKind, label
from app.domain.numbers import PhoneNumber
from app.domain.sources import Locale
from app.domain.times import read_local
from app.providers.callyzer.people import agent_of, phone_number, reminder
from app.providers.payload import Object, instant, present, required, seconds, text

# The word decides who called whom. Whether an outgoing call was answered is told by its duration alone.
CALL_TYPES = {
    "incoming": (CallDirection.INBOUND, CallOutcome.ANSWERED),
    "outgoing": (CallDirection.OUTBOUND, CallOutcome.ANSWERED),
    "missed": (CallDirection.INBOUND, CallOutcome.MISSED),
    "rejected": (CallDirection.INBOUND, CallOutcome.REJECTED),
}


def call(payload: Object, locale: Locale) -> CallRecord:
    """One call. Raises RecordError without an id, a start, or a call type that tells the direction."""
    call_id = required(text(payload.get("id")), "id")
    started_at = _started_at(payload, locale)
    duration = seconds(payload.get("duration"), "duration")
    call_type = required(text(payload.get("call_type")), "call_type")
    direction, outcome = _ending(call_type, duration)
    client = phone_number(payload.get("client_number"), payload.get("client_country_code"), locale)
    agent = agent_of(payload, locale)
    own = agent.number
    inbound = direction is CallDirection.INBOUND
    return CallRecord(
        provider_call_id=call_id,
        started_at=started_at,
        ended_at=_ended_at(started_at, duration),
        modified_at=instant(payload.get("modified_at"), locale.zone),
        provider_synced_at=instant(payload.get("synced_at"), locale.zone),
        direction=direction,
        outcome=outcome,
        provider_status=call_type,
        duration_seconds=duration,
        talk_seconds=_talk_seconds(outcome, duration),
        phone_number=client,
        caller_number=client if inbound else own,
        dialed_number=own if inbound else client,
        destination_number=own if inbound else client,
        agent=agent if agent.known else None,
        contact=_contact(payload, client),
        notes=text(payload.get("note")),
        details=_details(payload, locale),
    )


def _started_at(payload: Object, locale: Locale) -> datetime:
    day = required(text(payload.get("call_date")), "call_date")
    time = required(text(payload.get("call_time")), "call_time")
    return read_local(f"{day} {time}", locale.zone)


def _ending(call_type: str, duration: int | None) -> tuple[CallDirection, CallOutcome]:
    known = CALL_TYPES.get(call_type.casefold())
    if known is None:
        raise RecordError(f"call_type is {call_type!r}, which tells no direction; known are {', '.join(CALL_TYPES)}")
    direction, outcome = known
    if direction is CallDirection.OUTBOUND and not duration:
        outcome = CallOutcome.UNKNOWN if duration is None else CallOutcome.NO_ANSWER
    return direction, outcome


def _talk_seconds(outcome: CallOutcome, duration: int | None) -> int | None:
    """The handset counts from the answer on, so the duration of an answered call is its talk time."""
    return duration if outcome in (CallOutcome.ANSWERED, CallOutcome.UNKNOWN) else 0


def _ended_at(started_at: datetime, duration: int | None) -> datetime | None:
    try:
        return None if duration is None else started_at + timedelta(seconds=duration)
    except OverflowError as error:
        raise RecordError(f"duration is {duration} seconds: the call would end after the year 9999") from error


def _contact(payload: Object, client: PhoneNumber | None) -> ContactRecord | None:
    """Who the outside party is; a withheld number is nobody's, so that it stays with the call alone."""
    name = text(payload.get("client_name"))
    numbers = (client,) if client and client.key else ()
    return ContactRecord(numbers=numbers, name=name) if name or numbers else None


def _details(payload: Object, locale: Locale) -> CallDetails:
    status, lead_id = text(payload.get("crm_status")), text(payload.get("lead_id"))
    return CallDetails(
        labels=label(LabelKind.CRM_STATUS, name=status) + label(LabelKind.LEAD, id=lead_id),
        recording=present(Recording(url=text(payload.get("call_recording_url")))),
        crm_status=status,
        reminder_at=instant(reminder(payload), locale.zone),
        provider_lead_id=lead_id,
    )
