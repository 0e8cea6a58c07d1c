"""Reads one call detail record of the family, and finds the records in whatever body they come in."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.domain.calls import CallDirection, CallLeg, CallOutcome, CallRecord, LegKind, Record
from app.domain.details import CallDetails, Circle, Hangup, Recording
from app.domain.numbers import PhoneNumber, parse
from app.domain.sources import Locale
from app.providers.cloudphone.agents import call_agent, number_of
from app.providers.cloudphone.codes import cause_code_of, direction_of, outcome_of
from app.providers.cloudphone.contacts import card_of, contact_of
from app.providers.cloudphone.dialer import dialer_of, disposition_of
from app.providers.cloudphone.labels import labels_of
from app.providers.cloudphone.legs import legs_of
from app.providers.cloudphone.shapes import strings, worded_seconds
from app.providers.cloudphone.times import Clock, clock_of
from app.providers.contract import Payload
from app.providers.payload import (
    Object,
    boolean,
    given,
    integer,
    mapping,
    number,
    present,
    required,
    seconds,
    text,
    texts,
)

# Where a body keeps its records: an answer of the API, or a list of records.
ITEM_PATHS = ("results.item", "item")
# Whose step tells when the call was answered, best first: who was called, then the answer's own step (of no type).
ANSWERING = {
    CallDirection.INBOUND: (LegKind.AGENT, LegKind.UNKNOWN, LegKind.CONTACT),
    CallDirection.OUTBOUND: (LegKind.CONTACT, LegKind.UNKNOWN, LegKind.AGENT),
}


def items(body: Any) -> Iterator[Any]:
    """The records of an answer (`results`), of lists of any depth, or the one record itself; the rest as it is."""
    waiting = [body]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict) and "call_id" not in item and "results" in item:
            waiting += [] if item["results"] is None else [item["results"]]
        elif isinstance(item, list):
            waiting.extend(reversed(item))
        else:
            yield item


def records(payload: Payload, locale: Locale) -> tuple[Record, ...]:
    """The call of one record. `call_duration` and `answered_seconds` stand as the vendor counts them.

    Raises RecordError without a call id, a start or a direction, and for times and durations that cannot be read.
    """
    said = given(payload)
    call_id = required(said.get("call_id"), "call_id")
    clock = clock_of(payload, locale.zone)
    parties = _parties(payload, said, locale.region)
    outcome = outcome_of(payload, parties.direction)
    legs = legs_of(payload, clock, locale.region)
    dialer = mapping(payload.get("dialer_call_details"))
    call = CallRecord(
        provider_call_id=call_id,
        started_at=clock.started_at,
        answered_at=_answered_at(legs, parties.direction) if outcome is CallOutcome.ANSWERED else None,
        ended_at=_ended_at(payload, legs, clock),
        direction=parties.direction,
        outcome=outcome,
        provider_status=said.get("status"),
        duration_seconds=seconds(payload.get("call_duration"), "call_duration"),
        talk_seconds=seconds(payload.get("answered_seconds"), "answered_seconds"),
        ring_seconds=worded_seconds(payload.get("agent_ring_time"), "agent_ring_time"),
        wait_seconds=seconds(dialer.get("call_wait_time"), "call_wait_time"),
        hold_seconds=seconds(dialer.get("total_hold_duration"), "total_hold_duration"),
        hold_count=integer(dialer.get("hold_count")),
        phone_number=parties.outside,
        caller_number=parties.caller,
        dialed_number=parties.dialed,
        destination_number=parties.destination,
        agent=call_agent(payload, legs, locale.region),
        contact=contact_of(payload, parties.outside, locale.region),
        legs=legs,
        notes="\n".join(strings(notes)) or None if (notes := payload.get("notes")) else None,
        billed_minutes=number(payload.get("minutes_consumed")),
        charges=number(payload.get("charges")),
        details=_details(payload, said, legs),
    )
    return (call,)


def _answered_at(legs: Iterable[CallLeg], direction: CallDirection) -> datetime | None:
    answers = [leg for leg in legs if leg.answered_at]
    return next((leg.answered_at for kind in ANSWERING[direction] for leg in answers if leg.kind is kind), None)


def _ended_at(payload: Object, legs: Iterable[CallLeg], clock: Clock) -> datetime | None:
    told = [leg.started_at for leg in legs if leg.kind is LegKind.HANGUP and leg.started_at]
    if told:
        return told[-1]
    stamp = payload.get("end_stamp")
    return clock.read(stamp) if stamp is not None else None


class _Parties(NamedTuple):
    direction: CallDirection
    outside: PhoneNumber | None
    caller: PhoneNumber | None
    dialed: PhoneNumber | None
    destination: PhoneNumber | None


def _parties(payload: Object, said: Mapping[str, str], region: str | None) -> _Parties:
    """Who called whom. The outside party is the client either way; the account's own number is the DID."""
    client, did = parse(said.get("client_number", ""), region), parse(said.get("did_number", ""), region)
    caller_id = parse(said.get("caller_id_num", ""), region)
    direction = direction_of(payload, client, caller_id)
    if direction is CallDirection.OUTBOUND:
        return _Parties(direction, client, caller_id or did, client, client)
    caller = client or caller_id
    return _Parties(direction, caller, caller, did, number_of(payload.get("agent_number"), region))


def _details(payload: Object, said: Mapping[str, str], legs: Iterable[CallLeg]) -> CallDetails:
    dialer, get = mapping(payload.get("dialer_call_details")), said.get
    return CallDetails(
        labels=labels_of(payload, legs),
        recording=_recording(payload),
        disposition=disposition_of(dialer),
        hangup=_hangup(payload),
        circle=_circle(mapping(payload.get("circle"))),
        dialer=dialer_of(dialer),
        contact_card=card_of(payload),
        provider_lead_id=get("lead_id"),
        provider_record_id=get("id"),
        provider_trigger_id=get("uuid"),
        provider_account=get("accountid") or get("account_id"),
        provider_blocked_number_id=get("blocked_number_id"),
        description=get("description"),
        detailed_description=get("detailed_description"),
        custom_status=get("custom_status"),
        call_hint=get("call_hint"),
        dtmf=get("dtmf_input"),
        support_api_call=boolean(payload.get("support_api_call")),
        from_broadcast=boolean(payload.get("is_incoming_from_broadcast")),
        sip_agent_ids=_sip_agents(agents) if (agents := payload.get("sip_agent_ids")) else (),
    )


def _sip_agents(value: Any) -> tuple[str, ...]:
    return tuple(one.strip() for ids in texts(value) for one in ids.split(",") if one.strip())


def _circle(circle: Object) -> Circle | None:
    if not circle:
        return None
    found: Circle | None = present(Circle(carrier=text(circle.get("operator")), circle=text(circle.get("circle"))))
    return found


def _hangup(payload: Object) -> Hangup | None:
    cause, code, reason = text(payload.get("hangup_cause")), cause_code_of(payload), text(payload.get("reason"))
    return Hangup(cause=cause, cause_code=code, reason=reason) if cause or reason or code is not None else None


def _recording(payload: Object) -> Recording | None:
    """The recording, where there is one: a bare "no voicemail" is none."""
    url, id = text(payload.get("recording_url")), text(payload.get("aws_call_recording_identifier"))
    voicemail = boolean(payload.get("voicemail_recording"))
    return Recording(url=url, provider_recording_id=id, voicemail=voicemail) if url or id or voicemail else None
