"""Voxcrow's call log rows as calls; the rows have no id, their times no zone, their recording links no scheme."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from app.domain import numbers
from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.details import CallDetails, Recording, WrapUp
from app.domain.errors import RecordError
from app.domain.labels import LabelKind, label
from app.domain.numbers import NumberKind, PhoneNumber
from app.domain.sources import Locale, Provider
from app.providers.contract import Payload, ProviderSpec
from app.providers.payload import instant, letters, present, required, seconds, text
from app.providers.voxcrow.client import API

DIRECTIONS = {
    "inbound": CallDirection.INBOUND,
    "incoming": CallDirection.INBOUND,
    "outbound": CallDirection.OUTBOUND,
    "outgoing": CallDirection.OUTBOUND,
    "internal": CallDirection.INTERNAL,
}
# Asterisk's dispositions and dial statuses by their letters alone: "NO ANSWER" and "NOANSWER" are one word.
OUTCOMES = {
    "ANSWER": CallOutcome.ANSWERED,
    "ANSWERED": CallOutcome.ANSWERED,
    "NOANSWER": CallOutcome.NO_ANSWER,
    "BUSY": CallOutcome.BUSY,
    "FAILED": CallOutcome.FAILED,
    "CONGESTION": CallOutcome.FAILED,
    "CHANUNAVAIL": CallOutcome.FAILED,
    "INVALIDARGS": CallOutcome.FAILED,
    "CANCEL": CallOutcome.CANCELED,
    "CANCELED": CallOutcome.CANCELED,
    "CANCELLED": CallOutcome.CANCELED,
    "DONTCALL": CallOutcome.REJECTED,
    "TORTURE": CallOutcome.REJECTED,
    "MISSED": CallOutcome.MISSED,
    "VOICEMAIL": CallOutcome.VOICEMAIL,
}
# A caller whom nobody answered was missed, also when they gave up first; only our own attempt is unanswered or canceled.
INBOUND_OUTCOMES = {CallOutcome.NO_ANSWER: CallOutcome.MISSED, CallOutcome.CANCELED: CallOutcome.MISSED}
# In these somebody may have talked, for how long is not told; in all others nobody did.
MAY_HAVE_TALKED = {CallOutcome.ANSWERED, CallOutcome.VOICEMAIL, CallOutcome.UNKNOWN}
# What tells one row from another. Nothing that may change when the row is sent again (recording, wrap-up) is in it.
IDENTITY = ("calldate", "call_type", "agent_extension", "phone_number", "trunk")
# What the vendor says in place of rows when there are none; its document names no shape for it.
MESSAGE_KEYS = {"message", "msg", "detail", "status", "status_code", "code", "success"}

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def items(body: Any) -> Iterator[Any]:
    """The rows of a body, which is a list of rows or one row. A bare message ("nothing found") holds none."""
    for row in body if isinstance(body, list) else [body]:
        if not (isinstance(row, dict) and row.keys() <= MESSAGE_KEYS):
            yield row


def records(payload: Payload, locale: Locale) -> tuple[CallRecord, ...]:
    """The row's call, its time read in the source's zone.

    `duration` is the whole length in seconds, ringing included, so an answered call's talk time is unknown.
    Raises RecordError for a row of CallLogCountAPI, and where the time, the direction or the length is unreadable.
    """
    started_at = _started_at(payload, locale)
    direction = _direction(payload)
    outcome = _outcome(payload, direction)
    duration = seconds(payload.get("duration"), "duration")
    parties = _parties(payload, direction, locale.region)
    call = CallRecord(
        provider_call_id=_identity(payload),
        started_at=started_at,
        ended_at=_ended_at(started_at, duration),
        direction=direction,
        outcome=outcome,
        provider_status=text(payload.get("disposition")),
        duration_seconds=duration,
        talk_seconds=None if outcome in MAY_HAVE_TALKED else 0,
        phone_number=parties.outside,
        caller_number=parties.caller,
        dialed_number=parties.dialed,
        destination_number=parties.destination,
        agent=_agent(text(payload.get("agent_fullname")), text(payload.get("agent_extension"))),
        details=_details(payload),
    )
    return (call,)


def _started_at(payload: Payload, locale: Locale) -> datetime:
    if payload.get("calldate") is None and "total_calls" in payload:
        raise RecordError(
            "a row of CallLogCountAPI counts calls and is none: callCounts computes the same from the calls"
        )
    found = instant(payload.get("calldate"), locale.zone)
    if found is None:
        raise RecordError("calldate is missing")
    return found


def _identity(payload: Payload) -> str:
    """The id that the record lacks, of the fields that no later telling changes; hashed, for it holds a phone number."""
    said = "|".join(text(payload.get(field)) or "" for field in IDENTITY)
    return blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _ended_at(started_at: datetime, duration: int | None) -> datetime | None:
    try:
        return None if duration is None else started_at + timedelta(seconds=duration)
    except OverflowError as error:
        raise RecordError(f"a call of {duration} seconds would end after the year 9999") from error


def _direction(payload: Payload) -> CallDirection:
    word = required(text(payload.get("call_type")), "call_type")
    try:
        return DIRECTIONS[word.casefold()]
    except KeyError as error:
        raise RecordError(f"call_type is {word!r}, neither inbound nor outbound") from error


def _outcome(payload: Payload, direction: CallDirection) -> CallOutcome:
    word = text(payload.get("disposition")) or ""
    outcome = OUTCOMES.get(letters(word.upper()), CallOutcome.UNKNOWN)
    return INBOUND_OUTCOMES.get(outcome, outcome) if direction is CallDirection.INBOUND else outcome


@dataclass(frozen=True, slots=True)
class _Parties:
    outside: PhoneNumber | None
    caller: PhoneNumber | None
    dialed: PhoneNumber | None
    destination: PhoneNumber | None


def _parties(payload: Payload, direction: CallDirection, region: str | None) -> _Parties:
    other = numbers.parse(text(payload.get("phone_number")) or "", region)
    line = numbers.parse(text(payload.get("trunk")) or "", region)
    # A trunk is usually our line's number; where it has a name instead, the name is only a label.
    line = line if line and line.kind is NumberKind.EXTERNAL else None
    own = numbers.extension(text(payload.get("agent_extension")) or "")
    if direction is CallDirection.INBOUND:
        return _Parties(outside=other, caller=other, dialed=line, destination=own)
    if direction is CallDirection.OUTBOUND:
        return _Parties(outside=other, caller=line, dialed=other, destination=other)
    colleague = numbers.extension(text(payload.get("phone_number")) or "")
    return _Parties(outside=None, caller=own, dialed=colleague, destination=colleague)


@lru_cache(maxsize=4096)  # an account's agents are few
def _agent(name: str | None, extension: str | None) -> AgentRecord | None:
    agent = AgentRecord(name=name, number=numbers.extension(extension or ""))
    return agent if agent.known else None


def _details(payload: Payload) -> CallDetails:
    wrap_up = WrapUp(name=text(payload.get("wrapup_name")), note=text(payload.get("wrapup_note")))
    return CallDetails(
        labels=label(LabelKind.TRUNK, name=payload.get("trunk")) + label(LabelKind.WRAP_UP, name=wrap_up.name),
        recording=present(Recording(url=_link(text(payload.get("recording_link"))))),
        wrap_up=present(wrap_up),
    )


def _link(address: str | None) -> str | None:
    if address is None or _SCHEME.match(address):
        return address
    return f"https://{address.lstrip('/')}"


SPEC = ProviderSpec(
    provider=Provider.VOXCROW,
    title="Voxcrow",
    default_zone="Asia/Kathmandu",
    default_region="NP",
    records=records,
    items=items,
    api=API,
)
