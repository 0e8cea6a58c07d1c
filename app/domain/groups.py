"""Groups of calls by time: which there are in a range, empty ones too, and which calls a group's key selects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.buckets import Bucket, buckets_of
from app.domain.calls import CallDirection, CallOutcome
from app.domain.errors import InputError
from app.domain.filters import END_OF_DAY, CallFilter, CallPart, DateTimeRange, IntRange, TimeOfDayRange, Weekday
from app.domain.sources import Provider
from app.domain.statistics import DURATION_BANDS, PROFILES, SPANS, CallGrouping
from app.domain.times import from_ms

Key = tuple[Any, ...]
# The field of a filter that takes a group's key as it is, and what makes the key a value of it.
_FIELDS: dict[CallGrouping, tuple[str, Any]] = {
    CallGrouping.DIRECTION: ("direction", CallDirection),
    CallGrouping.OUTCOME: ("outcome", CallOutcome),
    CallGrouping.PROVIDER: ("providers", Provider),
    CallGrouping.AGENT: ("agent_ids", str),
    CallGrouping.AGENT_TAG: ("agent_tags", str),
    CallGrouping.CONTACT: ("contact_ids", str),
    CallGrouping.PHONE_NUMBER: ("phone_numbers", str),
    CallGrouping.COUNTRY: ("countries", str),
    CallGrouping.SOURCE: ("source_ids", str),
    CallGrouping.QUEUE: ("queues", str),
    CallGrouping.DEPARTMENT: ("departments", str),
    CallGrouping.IVR: ("ivrs", str),
    CallGrouping.CAMPAIGN: ("campaigns", str),
    CallGrouping.BROADCAST: ("broadcasts", str),
    CallGrouping.SERVICE: ("services", str),
    CallGrouping.DISPOSITION: ("dispositions", str),
    CallGrouping.HANGUP_CAUSE: ("hangup_causes", str),
    **dict.fromkeys(
        (
            *(CallGrouping.ORG_UNIT, CallGrouping.CORPORATE),
            *(CallGrouping.DIVISION, CallGrouping.LOCATION, CallGrouping.CAMPAIGN_UNIT),
        ),
        ("org_unit_ids", str),
    ),
}
_HOURS = range(24)
_DAYS = range(7)
_MOST_DAYS = 40_000  # that are looked through for which weeks and months there are together


@dataclass(frozen=True, slots=True)
class Frame:
    """The time that groups are made of: a range in a zone, and its buckets."""

    zone: ZoneInfo
    start: int
    end: int
    buckets: Mapping[CallGrouping, Sequence[Bucket]]

    def bucket(self, grouping: CallGrouping, key: int) -> Bucket:
        """The bucket of a key."""
        return next(one for one in self.buckets[grouping] if one.key == key)


def framed(groupings: Sequence[CallGrouping], zone: ZoneInfo, start: int, end: int) -> Frame:
    """The frame of a range. Raises InputError where it has too many buckets."""
    try:
        buckets = {one: buckets_of(one, zone, start, end) for one in groupings if one in SPANS}
    except (OverflowError, ValueError) as error:  # the span around its end, or its beginning, is no time any more
        raise InputError("The range goes beyond the years that can be grouped. Ask for a shorter one.") from error
    return Frame(zone, start, end, buckets)


def keys_in_time(groupings: Sequence[CallGrouping], frame: Frame) -> list[Key]:
    """Every group that a range has by the groupings of time among these, in order: one key each of just those."""
    timed = [one for one in groupings if one in SPANS or one in PROFILES]
    spans = [one for one in timed if one in SPANS]
    if not spans:
        return list(product(*[_HOURS if one is CallGrouping.HOUR_OF_DAY else _DAYS for one in timed]))
    if timed == spans and len(spans) == 1:
        return [(bucket.key,) for bucket in frame.buckets[spans[0]]]
    by_hour = CallGrouping.HOUR in spans
    atoms = frame.buckets[CallGrouping.HOUR] if by_hour else _days(frame)
    found: dict[Key, None] = {}
    for atom in atoms:
        found.update(dict.fromkeys(product(*[_keys_at(one, frame, atom, by_hour) for one in timed])))
    return list(found)


def _days(frame: Frame) -> Sequence[Bucket]:
    if (frame.end - frame.start) // 86_400_000 > _MOST_DAYS:
        raise InputError(
            "The range is too long for several groupings by time. Ask for a shorter one.", "TOO_MANY_GROUPS"
        )
    step, found, start = 900 * 86_400_000, list[Bucket](), frame.start
    while start < frame.end:
        found += buckets_of(CallGrouping.DAY, frame.zone, start, min(start + step, frame.end))
        start += step
    return found


def _keys_at(grouping: CallGrouping, frame: Frame, atom: Bucket, by_hour: bool) -> Sequence[int]:
    at = max(atom.start, frame.start)
    local = from_ms(at).astimezone(frame.zone)
    if grouping is CallGrouping.WEEKDAY:
        return [(local.weekday() + 1) % 7]
    if grouping is CallGrouping.HOUR_OF_DAY:
        return [local.hour] if by_hour else _HOURS
    return [next(one.key for one in frame.buckets[grouping] if one.start <= at < one.end)]


def selecting(given: CallFilter, groupings: Sequence[CallGrouping], key: Key, frame: Frame) -> CallFilter:
    """The filter of the calls of one group among those that a filter selects."""
    parts = [_part(grouping, value, frame) for grouping, value in zip(groupings, key, strict=True)]
    return CallFilter(and_=(given, *parts), timezone=given.timezone) if parts else given


def _part(grouping: CallGrouping, value: Any, frame: Frame) -> CallFilter:
    if grouping in SPANS:
        bucket = frame.bucket(grouping, value)
        return CallFilter(started_at=DateTimeRange(from_=from_ms(bucket.start), to=from_ms(bucket.end)))
    if grouping is CallGrouping.HOUR_OF_DAY:
        end = time(value + 1) if value < 23 else END_OF_DAY
        return CallFilter(time_of_day=TimeOfDayRange(from_=time(value), to=end), timezone=frame.zone)
    if grouping is CallGrouping.WEEKDAY:
        return CallFilter(weekdays=(list(Weekday)[value],), timezone=frame.zone)
    if value is None:
        part = CallPart.DURATION if grouping is CallGrouping.DURATION_BAND else CallPart[grouping.name]
        return CallFilter(without=(part,))
    if grouping is CallGrouping.DURATION_BAND:
        return CallFilter(duration_seconds=IntRange(gte=value, lt=band_end(value)))
    name, kind = _FIELDS[grouping]
    said: dict[str, Any] = {name: (kind(value),)}
    return CallFilter(**said)


def band_end(first: int) -> int | None:
    """The first second above the band of a duration that begins with one; None for the last band."""
    return next((band for band in DURATION_BANDS if band > first), None)
