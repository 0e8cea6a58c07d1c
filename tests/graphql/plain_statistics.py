"""What groups of calls there are and what they come to, in plain Python over a few calls: what answers are compared with."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.filters import DateTimeRange
from app.domain.labels import LabelKind, fold
from app.domain.numbers import NumberKind
from app.domain.org_units import OrgUnitKind
from app.domain.statistics import DURATION_BANDS, PROFILES, SPANS, CallGrouping
from tests.store.plain_filter import Known, contact, country

_UNITS = {
    CallGrouping.CORPORATE: OrgUnitKind.CORPORATE,
    CallGrouping.DIVISION: OrgUnitKind.DIVISION,
    CallGrouping.LOCATION: OrgUnitKind.LOCATION,
    CallGrouping.CAMPAIGN_UNIT: OrgUnitKind.CAMPAIGN,
}


def at_time(grouping: CallGrouping, at: datetime, zone: ZoneInfo) -> Any:
    """The local hour, day, ... of an instant."""
    local = at.astimezone(zone)
    match grouping:
        case CallGrouping.HOUR:
            return local.date(), local.hour, local.utcoffset()
        case CallGrouping.DAY:
            return local.date()
        case CallGrouping.WEEK:
            return local.date() - timedelta(days=(local.weekday() + 1) % 7)
        case CallGrouping.MONTH:
            return local.year, local.month
        case CallGrouping.QUARTER:
            return local.year, (local.month - 1) // 3
        case CallGrouping.YEAR:
            return local.year
        case CallGrouping.HOUR_OF_DAY:
            return local.hour
        case _:
            return local.weekday()


def keys(grouping: CallGrouping, known: Known, zone: ZoneInfo) -> Sequence[Any]:
    """The groups that a call is in."""
    call = known.call
    if grouping in SPANS or grouping in PROFILES:
        return [at_time(grouping, call.started_at, zone)]
    if grouping in _UNITS or grouping is CallGrouping.ORG_UNIT:
        units = [unit for unit in call.org_units if unit.kind is _UNITS.get(grouping, unit.kind)]
        return [(known.provider, unit.kind, unit.provider_unit_id) for unit in units] or [None]
    number = call.phone_number.key if call.phone_number else None
    plain = {
        CallGrouping.DIRECTION: call.direction,
        CallGrouping.OUTCOME: call.outcome,
        CallGrouping.AGENT: call.agent and (known.provider, call.agent.name),
        CallGrouping.CONTACT: contact(call),
        CallGrouping.PHONE_NUMBER: number,
        CallGrouping.COUNTRY: country(call.phone_number),
        CallGrouping.SOURCE: known.provider,
        CallGrouping.PROVIDER: known.provider,
        CallGrouping.DURATION_BAND: _band(call.duration_seconds),
    }
    if grouping in plain:
        return [plain[grouping]]
    if grouping is CallGrouping.AGENT_TAG:
        return [fold(tag) for tag in (call.agent and call.agent.tags) or ()] or [None]
    kind = LabelKind[grouping.name]
    return list({fold(one.name or one.id or ""): 0 for one in call.details.labels if one.kind is kind}) or [None]


def _band(seconds: int | None) -> int | None:
    return None if seconds is None else max(band for band in DURATION_BANDS if band <= seconds)


def moments(bounds: DateTimeRange, groupings: Sequence[CallGrouping], zone: ZoneInfo) -> set[tuple[Any, ...]]:
    """The groups of time that there are in a range, empty or not: looked for every quarter of an hour."""
    timed = [one for one in groupings if one in SPANS or one in PROFILES]
    assert bounds.from_
    assert bounds.to
    if not any(one in SPANS for one in timed):
        found: set[tuple[Any, ...]] = {()}
        for one in timed:
            found = {(*before, key) for before in found for key in range(24 if one is CallGrouping.HOUR_OF_DAY else 7)}
        return found
    at, found = bounds.from_, set()
    free = CallGrouping.HOUR_OF_DAY in timed and CallGrouping.HOUR not in timed
    while at < bounds.to:
        for hour in range(24) if free else [None]:
            key = [at_time(one, at, zone) for one in timed]
            if free:
                key[timed.index(CallGrouping.HOUR_OF_DAY)] = hour
            found.add(tuple(key))
        at = min(at + timedelta(minutes=15), bounds.to)
    return found


def connected(call: CallRecord) -> bool:
    talked = call.talk_seconds if call.talk_seconds is not None else call.duration_seconds or 0
    return call.outcome is CallOutcome.ANSWERED and talked > 2


def _rate(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def measures(calls: Sequence[CallRecord], everything: Iterable[CallRecord], within: int) -> dict[str, Any]:
    """What a group comes to, by the names of the graph."""
    inbound = [call for call in calls if call.direction is CallDirection.INBOUND]
    answered = [call for call in calls if call.outcome is CallOutcome.ANSWERED]
    waits = [
        wait
        for call in inbound
        if call.outcome is CallOutcome.ANSWERED
        and (wait := call.wait_seconds if call.wait_seconds is not None else call.ring_seconds) is not None
    ]
    gone = [call for call in inbound if call.outcome.name in ("MISSED", "NO_ANSWER", "CANCELED")]
    numbers = {_outside(call) for call in calls} - {None}
    first_seen: dict[str, datetime] = {}
    for call in everything:
        if number := _outside(call):
            first_seen[number] = min(call.started_at, first_seen.get(number, call.started_at))
    fresh = {number for call in calls if (number := _outside(call)) and first_seen[number] == call.started_at}
    return {
        "total": len(calls),
        "connected": sum(map(connected, calls)),
        "shortCalls": sum(not connected(call) for call in answered),
        **{outcome.value.lower(): sum(call.outcome is outcome for call in calls) for outcome in OUTCOMES},
        **{way.value.lower(): sum(call.direction is way for call in calls) for way in CallDirection},
        "abandoned": len(gone),
        "answerRate": _rate(len(answered), len(calls)),
        "abandonmentRate": _rate(len(gone), len(inbound)),
        "averageSpeedOfAnswer": _rate(sum(waits), len(waits)),
        "serviceLevel": _rate(sum(wait <= within for wait in waits), len(inbound)),
        "uniqueContacts": len(numbers),
        "firstTimeContacts": len(fresh),
        "peakConcurrentCalls": _peak(calls),
        "revenue": sum(call.revenue or 0 for call in calls),
        **{name: _seconds([getattr(call, f"{name}_seconds") for call in calls]) for name in DURATIONS},
    }


OUTCOMES = (CallOutcome.ANSWERED, CallOutcome.MISSED, CallOutcome.REJECTED, CallOutcome.BUSY)
DURATIONS = ("talk", "duration", "ring", "wait", "hold")


def _outside(call: CallRecord) -> str | None:
    number = call.phone_number
    return number.key if number and number.kind is not NumberKind.INTERNAL else None


def _seconds(told: Iterable[int | None]) -> dict[str, Any]:
    known = sorted(one for one in told if one is not None)
    ranks = {f"p{p}": known[math.ceil(len(known) * p / 100) - 1] if known else None for p in (50, 90, 95, 99)}
    return {
        "calls": len(known),
        "sum": sum(known),
        "average": _rate(sum(known), len(known)),
        "min": known[0] if known else None,
        "max": known[-1] if known else None,
        **ranks,
    }


def _peak(calls: Sequence[CallRecord]) -> int:
    """The most that go on at the beginning of any of them."""
    spans = [(call.started_at, call.ended_at or _end(call)) for call in calls]
    lasting = [(start, end) for start, end in spans if end > start]
    return max((sum(first <= start < end for first, end in lasting) for start, _ in lasting), default=0)


def _end(call: CallRecord) -> datetime:
    return call.started_at + timedelta(seconds=call.duration_seconds or 0)
