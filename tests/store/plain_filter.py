"""What a call filter means, in plain Python over a few calls: what the store's answers are compared with."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallKind, CallOutcome, CallRecord
from app.domain.contacts import ContactProfile, ContactRecord
from app.domain.details import Recording, Summary, WrapUp
from app.domain.filters import (
    CallFilter,
    CallPart,
    DateTimeRange,
    IntRange,
    LabelMatch,
    NumberMatch,
    OrgUnitMatch,
    TimeOfDayRange,
    Weekday,
)
from app.domain.labels import LabelKind
from app.domain.numbers import NumberKind, PhoneNumber
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.sources import Provider
from tests.builders import a_call, a_number, an_agent

# Typed numbers, and which of the dataset's they mean: without a country code, the one of any region (IN, NP, US).
MEANT = {
    "(316) 832-5555": {"+13168325555", "+913168325555", "3168325555"},
    "+1 316-832-5555": {"+13168325555"},
    "3168325555": {"+13168325555", "+913168325555", "3168325555"},
    "981-000-0078": {"+9779810000078"},
    "977-9810000078": {"+9779810000078"},
    "+9779810000078": {"+9779810000078"},
    "+44 7911 123456": {"+447911123456"},
    "44-7911123456": {"+447911123456"},
    "100": {"100"},
    "RECEPTION": {"reception"},
    "anonymous": set(),
    "+15550000000": set(),
}
# One of them is of no region: its digits may be meant by numbers of several.
NUMBERS = (
    "3168325555",
    "+13168325555",
    "+913168325555",
    "+9779810000078",
    "+447911123456",
    "100",
    "Reception",
    "anonymous",
    None,
)
PARTS = ("316-832", "832", "55", "9", "+977", "977 98", "100", "0", "+1 (316)", "9678", "3456")
EXCLUDED = ("+9779810000078",)
AGENTS: tuple[AgentRecord | None, ...] = (
    an_agent("Ada Strøm", provider_agent_id="a1", code="X1", tags=("Field", "North"), number="204"),
    an_agent("Bo Weiß", provider_agent_id="a2", code="X2", tags=("field",), number="+1 316-832-5555"),
    an_agent("Cleo", provider_agent_id="a3", tags=(), email="cleo@example.com"),
    None,
)
# A contact is known by its number, so that every call with the number has the same.
PEOPLE = {
    "+13168325555": ContactRecord(name="Zoë Leaman", profile=ContactProfile(company="Leaky Pipes")),
    "+9779810000078": ContactRecord(name="Ram Thapa", email="ram@example.com"),
}
UNITS = {
    "top": OrgUnitRecord(kind=OrgUnitKind.CORPORATE, provider_unit_id="1", name="Example", external_id="x1"),
    "seven": OrgUnitRecord(kind=OrgUnitKind.DIVISION, provider_unit_id="7", name="Midwest", external_id="north"),
    "seventh": OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id="7", name="Wichita", external_id="x1"),
    "last": OrgUnitRecord(kind=OrgUnitKind.CAMPAIGN, provider_unit_id="9", name="Spring"),
}
ZONES = tuple(map(ZoneInfo, ("UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")))
# Around the days on which New York (10 March, 3 November) and Lord Howe (7 April, 6 October) change their clocks.
MOMENTS = tuple(
    datetime(2024, month, day, tzinfo=UTC) + timedelta(hours=hour, minutes=15)
    for month, day in ((3, 9), (3, 10), (4, 6), (10, 5), (11, 3), (11, 4))
    for hour in (4, 6, 7, 15)
)
LABELS: dict[str, tuple[Any, ...]] = {
    "queue": ("Support", ("Sales", "10060"), (None, "10060"), None),
    "campaign": (("Spring", "7"), (None, "7"), "spring ", "Autumn", None),
    "broadcast": ((None, "3432"), None, None),
    "reference": ("zyx_1", None, None),
    "review": (("POSITIVE", "1"), ("UNWORKED", "0"), None),
    "feature": ("REVIEW", "RESCUE", None),
}


@dataclass(frozen=True)
class Known:
    """A call, and which vendor's source told it."""

    call: CallRecord
    provider: Provider

    @property
    def key(self) -> str:
        return self.call.provider_call_id


def dataset(size: int = 48) -> tuple[Known, ...]:
    """Calls of two vendors that have, and miss, everything that a filter asks for; always the same ones."""
    dice = random.Random(11)
    return tuple(Known(_call(dice, n), dice.choice((Provider.SMARTFLO, Provider.CALLCAP))) for n in range(size))


def _call(dice: random.Random, place: int) -> CallRecord:
    number = dice.choice(NUMBERS)
    some = dice.choice
    started_at = MOMENTS[place % len(MOMENTS)]
    units = tuple(unit for unit in UNITS.values() if dice.random() < 0.5)
    return a_call(
        f"c{place}",
        started_at=started_at,
        ended_at=some((None, started_at + timedelta(minutes=1))),
        modified_at=some((None, MOMENTS[0], MOMENTS[9])),
        provider_synced_at=some((None, MOMENTS[5])),
        direction=some(list(CallDirection)),
        outcome=some(list(CallOutcome)[:4]),
        kind=some((CallKind.CALL, CallKind.CALL, CallKind.TEXT)),
        provider_status=some((None, "Answered", "MISSED", "échec", "Échec")),
        duration_seconds=some((None, 0, 2, 3, 60)),
        talk_seconds=some((None, 0, 2, 3)),
        ring_seconds=some((None, 5)),
        wait_seconds=some((None, 0, 18)),
        hold_seconds=some((None, 7)),
        phone_number=_number(number),
        caller_number=_number(some(NUMBERS)),
        dialed_number=_number(some(NUMBERS)),
        destination_number=_number(some(NUMBERS)),
        agent=some(AGENTS),
        contact=PEOPLE.get(number or ""),
        org_units=units,
        notes=some((None, "", "A leaking sink, 2024-05-09", "Straße gesperrt")),
        revenue=some((None, 0.0, 12.5)),
        recording=some((None, Recording(url="https://example.com/1.mp3"))),
        wrap_up=some((None, WrapUp(name="Sale", note="Order abc123_xyz"))),
        summaries=some(((), (Summary(text="They agreed."),))),
        labels={kind: some(values) for kind, values in LABELS.items()},
    )


def _number(text: str | None) -> PhoneNumber | None:
    return a_number(text, None) if text else None


def selects(given: CallFilter, known: Known) -> bool:
    """Whether a filter selects a call."""
    said = {name: value for name in TESTS if (value := getattr(given, name)) is not None}
    return (
        all(TESTS[name](known.call, value) for name, value in said.items())
        and (given.providers is None or known.provider in given.providers)
        and _at_local_time(given, known.call)
        and all(selects(part, known) for part in given.and_ or ())
        and (given.or_ is None or any(selects(part, known) for part in given.or_))
        and (given.not_ is None or not selects(given.not_, known))
    )


def _at_local_time(given: CallFilter, call: CallRecord) -> bool:
    local = call.started_at.astimezone(given.timezone or UTC)
    hours = given.time_of_day
    return (given.weekdays is None or list(Weekday)[(local.weekday() + 1) % 7] in given.weekdays) and (
        hours is None or within_hours(local.time(), hours)
    )


def within_hours(clock: time, hours: TimeOfDayRange) -> bool:
    """Whether a time of the clock is in a range that may run over midnight."""
    if hours.from_ < hours.to:
        return hours.from_ <= clock < hours.to
    return clock >= hours.from_ or clock < hours.to


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _within(value: int | None, bounds: IntRange) -> bool:
    return value is not None and (
        (bounds.gt is None or value > bounds.gt)
        and (bounds.gte is None or value >= bounds.gte)
        and (bounds.lt is None or value < bounds.lt)
        and (bounds.lte is None or value <= bounds.lte)
        and (bounds.ne is None or value != bounds.ne)
    )


def _during(value: datetime | None, bounds: DateTimeRange) -> bool:
    return value is not None and (
        (bounds.from_ is None or value >= bounds.from_) and (bounds.to is None or value < bounds.to)
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _matches(number: PhoneNumber | None, match: NumberMatch) -> bool:
    key = number.key if number else None
    if key is None:
        return False
    return (
        (match.equals is None or key in MEANT[match.equals])
        and (match.in_ is None or any(key in MEANT[typed] for typed in match.in_))
        and (match.starts_with is None or _digits(key).startswith(_digits(match.starts_with)))
        and (match.ends_with is None or _digits(key).endswith(_digits(match.ends_with)))
        and (match.shown_as is None or key == match.shown_as)
        and (match.contains is None or _digits(match.contains) in _digits(key))
    )


def _labels(call: CallRecord, kind: LabelKind) -> set[str]:
    return {_fold(said) for one in call.details.labels if one.kind is kind for said in (one.name, one.id) if said}


def _has_label(kind: LabelKind) -> Callable[[CallRecord, Any], bool]:
    return lambda call, values: bool(_labels(call, kind) & {_fold(getattr(one, "value", one)) for one in values})


def _labelled(call: CallRecord, match: LabelMatch) -> bool:
    said = [one.name or one.id for one in call.details.labels if one.kind is match.kind]
    return bool({_fold(one or "-") for one in said} & {_fold(one) for one in match.names})


def _reviewed(call: CallRecord, verdicts: tuple[Any, ...]) -> bool:
    said = _labels(call, LabelKind.REVIEW)
    wanted = {_fold(verdict.value) for verdict in verdicts}
    return bool(said & wanted) or ("unworked" in wanted and not said)


def _of_agent(attribute: Callable[[AgentRecord], set[str]], compared: Callable[[str], str]) -> Callable[..., bool]:
    return lambda call, values: bool(call.agent and attribute(call.agent) & {compared(one) for one in values})


def _in_unit(call: CallRecord, match: OrgUnitMatch) -> bool:
    return any(
        (match.kinds is None or unit.kind in match.kinds)
        and (match.provider_ids is None or unit.provider_unit_id in match.provider_ids)
        and (match.external_ids is None or unit.external_id in match.external_ids)
        for unit in call.org_units
    )


def _connected(call: CallRecord) -> bool:
    talked = call.talk_seconds if call.talk_seconds is not None else call.duration_seconds or 0
    return call.outcome is CallOutcome.ANSWERED and talked > 2


def _key_in(number: PhoneNumber | None, typed: tuple[str, ...]) -> bool:
    return bool(number and number.key) and any(number.key in MEANT[one] for one in typed)


def _texts(call: CallRecord) -> Iterator[str | None]:
    """What is said of a call, its agent, its contact and its units."""
    yield call.notes
    yield call.details.wrap_up.note if call.details.wrap_up else None
    yield from (summary.text for summary in call.details.summaries)
    for kind in (LabelKind.CAMPAIGN, LabelKind.REFERENCE, LabelKind.QUEUE, LabelKind.DEPARTMENT):
        yield from (one.name or one.id for one in call.details.labels if one.kind is kind)
    if call.agent:
        yield from (call.agent.name, call.agent.code, call.agent.email)
    if call.contact:
        yield from (call.contact.name, call.contact.email)
        yield call.contact.profile.company if call.contact.profile else None
    for unit in call.org_units:
        yield from (unit.name, unit.external_id)


def country(number: PhoneNumber | None) -> str | None:
    """Of the dataset's numbers."""
    countries = {"+1": "US", "+91": "IN", "+977": "NP", "+44": "GG"}
    known = (number.e164 if number else None) or ""
    return next((name for code, name in countries.items() if known.startswith(code)), None)


def contact(call: CallRecord) -> str | None:
    """Whoever has a number outside is a contact."""
    number = call.phone_number
    return number.key if number and number.kind is not NumberKind.INTERNAL else None


_PARTS: dict[CallPart, Callable[[CallRecord], Any]] = {
    CallPart.AGENT: lambda call: call.agent,
    CallPart.AGENT_TAG: lambda call: call.agent and call.agent.tags,
    CallPart.CONTACT: contact,
    CallPart.PHONE_NUMBER: lambda call: call.phone_number and call.phone_number.key,
    CallPart.COUNTRY: lambda call: country(call.phone_number),
    CallPart.ORG_UNIT: lambda call: call.org_units,
    CallPart.DURATION: lambda call: call.duration_seconds is not None,
    **{
        CallPart[kind.name]: lambda call, kind=kind: _labels(call, kind)
        for kind in (LabelKind.QUEUE, LabelKind.CAMPAIGN, LabelKind.BROADCAST, LabelKind.SERVICE)
    },
    **{
        CallPart[name]: lambda call, kind=kind: [unit for unit in call.org_units if unit.kind is kind]
        for name, kind in {**OrgUnitKind.__members__, "CAMPAIGN_UNIT": OrgUnitKind.CAMPAIGN}.items()
        if name != "CAMPAIGN"
    },
}


def _said(call: CallRecord, text: str) -> bool:
    """Every word of the text begins a word said of the call, or is three digits or more within one of its numbers."""
    words = {word for said in _texts(call) for word in re.findall(r"\w+", (said or "").casefold())}
    numbers = (call.phone_number, call.caller_number, call.dialed_number, call.destination_number)
    digits = [_digits(number.key or "") for number in numbers if number]
    wanted = text.casefold().split()
    return bool(wanted) and all(
        any(word.startswith(one) for word in words)
        or (one.isdecimal() and len(one) >= 3 and any(one in found for found in digits))
        for one in wanted
    )


_INSTANTS = ("started_at", "ended_at", "modified_at", "provider_synced_at")
_SECONDS = ("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds")
_ROLES = ("phone_number", "caller_number", "dialed_number", "destination_number")
_KINDS = {"queues": LabelKind.QUEUE, "campaigns": LabelKind.CAMPAIGN, "broadcasts": LabelKind.BROADCAST} | {
    "references": LabelKind.REFERENCE,
    "features": LabelKind.FEATURE,
}
TESTS: dict[str, Callable[[CallRecord, Any], bool]] = {
    **{name: lambda call, bounds, name=name: _during(getattr(call, name), bounds) for name in _INSTANTS},
    **{name: lambda call, bounds, name=name: _within(getattr(call, name), bounds) for name in _SECONDS},
    **{name: lambda call, match, name=name: _matches(getattr(call, name), match) for name in _ROLES},
    **{name: _has_label(kind) for name, kind in _KINDS.items()},
    "label": _labelled,
    "direction": lambda call, values: call.direction in values,
    "outcome": lambda call, values: call.outcome in values,
    "kind": lambda call, values: call.kind in values,
    "provider_call_ids": lambda call, values: call.provider_call_id in values,
    "provider_statuses": lambda call, values: _fold(call.provider_status or "-") in {_fold(one) for one in values},
    "connected": lambda call, wanted: _connected(call) is wanted,
    "phone_numbers": lambda call, typed: _key_in(call.phone_number, typed),
    "include_excluded_numbers": lambda call, wanted: (
        wanted or not (call.phone_number and call.phone_number.key in EXCLUDED)
    ),
    "agent_numbers": lambda call, typed: bool(call.agent) and _key_in(call.agent.number, typed),
    "agent_tags": _of_agent(lambda agent: {_fold(tag) for tag in agent.tags or ()}, _fold),
    "agent_names": _of_agent(lambda agent: {_fold(agent.name or "")}, _fold),
    "agent_codes": _of_agent(lambda agent: {agent.code or ""}, str),
    "provider_agent_ids": _of_agent(lambda agent: {agent.provider_agent_id or ""}, str),
    "org_unit": _in_unit,
    "org_unit_provider_ids": lambda call, ids: _in_unit(call, OrgUnitMatch(provider_ids=ids)),
    "org_unit_external_ids": lambda call, ids: _in_unit(call, OrgUnitMatch(external_ids=ids)),
    "broadcast": lambda call, wanted: bool(_labels(call, LabelKind.BROADCAST)) is wanted,
    "reviews": _reviewed,
    "has_recording": lambda call, wanted: (call.details.recording is not None) is wanted,
    "has_notes": lambda call, wanted: bool(call.notes) is wanted,
    "revenue_entered": lambda call, wanted: bool(call.revenue) is wanted,
    "search": _said,
    "countries": lambda call, values: country(call.phone_number) in values,
    "without": lambda call, parts: any(not _PARTS[part](call) for part in parts),
}
WITHOUT = tuple(_PARTS)
