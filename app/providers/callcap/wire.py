"""Callcap's calls as domain records; times are naive in the zone that the answer names."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from app.domain import numbers
from app.domain.calls import CallDirection, CallKind, CallOutcome, CallRecord
from app.domain.contacts import ContactProfile, ContactRecord
from app.domain.details import CallDetails, Recording, Rescue, WebVisit
from app.domain.errors import InputError, RecordError
from app.domain.labels import Label, LabelKind, label
from app.domain.numbers import PhoneNumber
from app.domain.sources import Locale, Provider
from app.domain.times import zone_named
from app.providers.callcap import insights, reviews
from app.providers.callcap.accounts import campaign_labels, direction_of, org_units
from app.providers.callcap.client import API
from app.providers.contract import Payload, ProviderSpec
from app.providers.payload import (
    Object,
    boolean,
    instant,
    integer,
    letters,
    mapping,
    number,
    present,
    required,
    seconds,
    text,
)

# `action` by its letters alone, in the words of the sample, of `search_action`, and of their neighbours.
OUTCOMES = {
    "ans": CallOutcome.ANSWERED,
    "answer": CallOutcome.ANSWERED,
    "answered": CallOutcome.ANSWERED,
    "missed": CallOutcome.MISSED,
    "miss": CallOutcome.MISSED,
    "hangup": CallOutcome.MISSED,
    "hungup": CallOutcome.MISSED,
    "abandoned": CallOutcome.MISSED,
    "noanswer": CallOutcome.MISSED,
    "unanswered": CallOutcome.MISSED,
    "busy": CallOutcome.BUSY,
    "busysignal": CallOutcome.BUSY,
    "block": CallOutcome.BLOCKED,
    "blocked": CallOutcome.BLOCKED,
    "blacklist": CallOutcome.BLOCKED,
    "blacklisted": CallOutcome.BLOCKED,
    "inprogress": CallOutcome.IN_PROGRESS,
    "voicemail": CallOutcome.VOICEMAIL,
}
KINDS = {"text": CallKind.TEXT, "sms": CallKind.TEXT}
NOT_TALKED = {CallOutcome.MISSED, CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.BLOCKED}
NOT_FOUND = "NF"  # the vendor's word for a caller's detail that it looked up in vain
ZONE_PATH = "search.timezone"  # of the body; a payload carries it under this very key


def items(body: Any) -> Iterator[Any]:
    """The calls of a body, of several bodies, or of one call, each with the zone that its body names."""
    for part in body if isinstance(body, list) else [body]:
        yield from _calls(part)


def _calls(body: Any) -> Iterator[Any]:
    if not isinstance(body, dict) or "call_id" in body:
        yield body
    elif "call" in body:
        calls = body["call"]
        zone = text(mapping(body.get("search")).get("timezone"))
        for call in calls if isinstance(calls, list) else [] if calls is None else [calls]:
            yield {ZONE_PATH: zone, **call} if zone and isinstance(call, dict) else call
    elif body.get("status") != "success":  # what is neither a call nor a successful answer without calls
        yield body


def records(payload: Payload, locale: Locale) -> tuple[CallRecord, ...]:
    """The payload's call.

    Its times are read in the zone of `search.timezone`, without it in the source's. `duration` is kept as the vendor
    counts it, in seconds, though it is not end minus start; how much of it was talk is not told.
    Raises RecordError where the id, the start, a time, a length or the zone is missing or unreadable.
    """
    zone = _zone(payload, locale)
    accounts = mapping(payload.get("accounts"))
    campaign = mapping(accounts.get("campaign"))
    direction = direction_of(campaign)
    outcome = _outcome(payload, direction)
    parties = _parties(payload, direction, locale.region)
    profile = _profile(mapping(payload.get("caller")))
    started_at = instant(payload.get("start_datetime"), zone)
    if started_at is None:
        raise RecordError("start_datetime is missing")
    call = CallRecord(
        provider_call_id=required(text(payload.get("call_id")), "call_id"),
        started_at=started_at,
        ended_at=None if outcome is CallOutcome.IN_PROGRESS else instant(payload.get("end_datetime"), zone),
        modified_at=instant(payload.get("last_modified"), zone),
        direction=direction,
        outcome=outcome,
        kind=KINDS.get((text(payload.get("conversation_type")) or "").casefold(), CallKind.CALL),
        provider_status=text(payload.get("action")),
        duration_seconds=seconds(payload.get("duration"), "duration"),
        talk_seconds=0 if outcome in NOT_TALKED else None,
        phone_number=parties.outside,
        caller_number=parties.caller,
        dialed_number=parties.dialed,
        destination_number=parties.destination,
        agent=reviews.agent(mapping(payload.get("callsurance"))),
        contact=_contact(parties, profile) if direction is CallDirection.INBOUND else None,
        org_units=org_units(accounts, locale.region),
        notes=text(payload.get("notes")),
        revenue=number(payload.get("revenue")),
        details=_details(payload, campaign, profile, zone),
    )
    return (call,)


def _zone(payload: Payload, locale: Locale) -> ZoneInfo:
    name = text(payload.get(ZONE_PATH))
    try:
        return locale.zone if name is None else zone_named(name)
    except InputError as error:
        raise RecordError(f"{ZONE_PATH} is {name!r}, which is no time zone") from error


def _outcome(payload: Payload, direction: CallDirection) -> CallOutcome:
    word = text(payload.get("action")) or ""
    outcome = OUTCOMES.get(letters(word.casefold()), CallOutcome.UNKNOWN)
    # A call of ours that the other side did not take was not missed by us.
    if outcome is CallOutcome.MISSED and direction is CallDirection.OUTBOUND:
        return CallOutcome.NO_ANSWER
    return outcome


@dataclass(frozen=True, slots=True)
class _Parties:
    outside: PhoneNumber | None
    caller: PhoneNumber | None
    dialed: PhoneNumber | None
    destination: PhoneNumber | None


def _parties(payload: Payload, direction: CallDirection, region: str | None) -> _Parties:
    campaign = mapping(mapping(payload.get("accounts")).get("campaign"))
    caller = numbers.parse(text(mapping(payload.get("caller")).get("caller_id")) or "", region)
    dialed = numbers.parse(text(campaign.get("dialed_number")) or "", region)
    destination = numbers.parse(text(campaign.get("destination_number")) or "", region)
    inbound, outbound = direction is CallDirection.INBOUND, direction is CallDirection.OUTBOUND
    outside = caller if inbound else (destination or dialed) if outbound else None
    return _Parties(outside=outside, caller=caller, dialed=dialed, destination=destination)


def _contact(parties: _Parties, profile: ContactProfile | None) -> ContactRecord | None:
    """What is said of the outside person: `caller` describes the calling number, so inbound calls alone say it."""
    if parties.caller is None or parties.caller.key is None:
        return None
    return ContactRecord(numbers=(parties.caller,), name=profile.name if profile else None, profile=profile)


def _profile(caller: Object) -> ContactProfile | None:
    if not caller:
        return None
    profile: ContactProfile | None = present(
        ContactProfile(
            name=_found(caller.get("name")),
            kind=_found(caller.get("class")),
            address=_found(caller.get("address")),
            city=_found(caller.get("city")),
            state=_found(caller.get("state")),
            postal_code=_found(caller.get("zip")),
        )
    )
    return profile


def _found(value: Any) -> str | None:
    word = text(value)
    return None if word == NOT_FOUND else word


def _details(payload: Payload, campaign: Object, profile: ContactProfile | None, zone: ZoneInfo) -> CallDetails:
    rescue = reviews.rescue(mapping(payload.get("callsaver")), zone)
    web_visit = insights.web_visit(mapping(payload.get("webmatch")))
    features = (label(LabelKind.FEATURE, name=name) for name in _features(payload, rescue, web_visit))
    return CallDetails(
        labels=_labels(payload, campaign) + tuple(chain.from_iterable(features)),
        recording=present(Recording(url=text(payload.get("recording")))),
        caller_profile=profile,
        sentiment=insights.sentiment(mapping(payload.get("sentiment"))),
        summaries=insights.summaries(payload.get("summaries")),
        scorecards=insights.scorecards(payload.get("scorecards")),
        review=reviews.review(mapping(payload.get("callsurance"))),
        rescue=rescue,
        web_visit=web_visit,
        demographics=insights.demographics(mapping(payload.get("demographics"))),
        dtmf=text(payload.get("dtmf")),
        ivr_option=text(campaign.get("ivr_option")),
        rings=integer(payload.get("rings")),
    )


def _labels(payload: Payload, campaign: Object) -> tuple[Label, ...]:
    reference = mapping(payload.get("import")).get("reference_id")
    return label(LabelKind.REFERENCE, id=reference) + campaign_labels(campaign) + reviews.review_labels(payload)


def _features(payload: Payload, rescue: Rescue | None, web_visit: WebVisit | None) -> Iterator[str]:
    """Our names of `search_feature`'s callsurance, callsaver, webmatch and callconnect; outbound is the direction."""
    if reviews.worked(mapping(payload.get("callsurance"))):
        yield "REVIEW"
    if rescue:
        yield "RESCUE"
    if web_visit:
        yield "WEB_VISIT"
    # The document's sample has no word for it; a flag or an object of that name is taken for one.
    if boolean(payload.get("callconnect")) or mapping(payload.get("callconnect")):
        yield "CLICK_TO_CALL"


SPEC = ProviderSpec(
    provider=Provider.CALLCAP,
    title="Callcap",
    default_zone="America/Chicago",
    default_region="US",
    records=records,
    items=items,
    item_paths=("call.item", "item"),
    envelope_paths=(ZONE_PATH,),
    api=API,
)
