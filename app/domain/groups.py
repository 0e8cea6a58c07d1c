"""Groups of calls by time: which there are in a range, empty ones too, and which calls a group's key selects."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.buckets import DAY_MS, Bucket, buckets_of
from app.domain.calls import CallDirection, CallOutcome
from app.domain.errors import InputError
from app.domain.filters import (
    END_OF_DAY,
    CallFilter,
    CallPart,
    DateTimeRange,
    IntRange,
    LabelMatch,
    NumberMatch,
    TimeOfDayRange,
    TypedNumber,
    Weekday,
)
from app.domain.sources import Provider
from app.domain.statistics import DURATION_BANDS, LABELS, PROFILES, SPANS, CallGrouping
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
    CallGrouping.COUNTRY: ("countries", str),
    CallGrouping.SOURCE: ("source_ids", str),
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


@dataclass(frozen=True, slots=True)
class Frame:
    """The time that groups are made of: a range in a zone, and its buckets."""

    zone: ZoneInfo
    start: int
    end: int
    buckets: Mapping[CallGrouping, Sequence[Bucket]]

    def bucket(self, grouping: CallGrouping, key: int) -> Bucket:
        """The bucket of a key; keys ascend with time."""
        buckets = self.buckets[grouping]
        return buckets[bisect_left(buckets, key, key=lambda bucket: bucket.key)]


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
    found: dict[Key, None] = {}
    for start, end in _parts(spans, frame):
        found.update(dict.fromkeys(product(*[_keys_within(one, frame, start, end) for one in timed])))
    return list(found)


def _parts(spans: Sequence[CallGrouping], frame: Frame) -> Iterator[tuple[int, int]]:
    """The range, cut wherever a bucket of any of the spans begins."""
    starts = {bucket.start for one in spans for bucket in frame.buckets[one]}
    if frame.start >= frame.end:
        return
    inside = sorted(start for start in starts if frame.start < start < frame.end)
    yield from pairwise([frame.start, *inside, frame.end])


def _keys_within(grouping: CallGrouping, frame: Frame, start: int, end: int) -> Sequence[int]:
    """The keys of a part that lies in one bucket of each span."""
    if grouping in SPANS:
        buckets = frame.buckets[grouping]
        return [buckets[bisect_right(buckets, start, key=lambda bucket: bucket.start) - 1].key]
    if grouping is CallGrouping.HOUR_OF_DAY:
        return [from_ms(start).astimezone(frame.zone).hour] if CallGrouping.HOUR in frame.buckets else _HOURS
    if end - start > 7 * DAY_MS:
        return _DAYS
    first, last = (from_ms(at).astimezone(frame.zone).date() for at in (start, end - 1))
    return [((first + timedelta(days=day)).weekday() + 1) % 7 for day in range(min((last - first).days, 6) + 1)]


def places_in(frame: Frame) -> dict[CallGrouping, dict[int, Any]]:
    """The place of each bucket in its range, by its key: hours by the clock, whose changes let none slip."""
    found: dict[CallGrouping, dict[int, Any]] = {}
    for one, buckets in frame.buckets.items():
        if one is CallGrouping.HOUR and buckets:
            locals_ = [from_ms(bucket.start).astimezone(frame.zone) for bucket in buckets]
            first = locals_[0].replace(tzinfo=None, minute=0)
            hours = [((local.replace(tzinfo=None) - first) // timedelta(hours=1), local.fold) for local in locals_]
            found[one] = {bucket.key: hour for bucket, hour in zip(buckets, hours, strict=True)}
        else:
            found[one] = {bucket.key: place for place, bucket in enumerate(buckets)}
    return found


def selecting(given: CallFilter, groupings: Sequence[CallGrouping], key: Key, frame: Frame) -> CallFilter:
    """The filter of the calls of one group among those that a filter selects."""
    parts = [_part(grouping, value, frame) for grouping, value in zip(groupings, key, strict=True)]
    return replace(given, and_=(*(given.and_ or ()), *parts)) if parts else given


def _part(grouping: CallGrouping, value: Any, frame: Frame) -> CallFilter:
    if grouping in SPANS:
        bucket = frame.bucket(grouping, value)
        return CallFilter(started_at=DateTimeRange(from_=from_ms(bucket.start), to=from_ms(bucket.end)))
    if grouping in PROFILES:
        return _profile(grouping, value, frame)
    if value is None:
        part = CallPart.DURATION if grouping is CallGrouping.DURATION_BAND else CallPart[grouping.name]
        return CallFilter(without=(part,))
    if grouping is CallGrouping.DURATION_BAND:
        return CallFilter(duration_seconds=IntRange(gte=value, lt=band_end(value)))
    if grouping is CallGrouping.PHONE_NUMBER:
        return CallFilter(phone_number=NumberMatch(shown_as=TypedNumber(value)))
    if grouping in LABELS:
        return CallFilter(label=LabelMatch(kind=LABELS[grouping], names=(value,)))
    name, kind = _FIELDS[grouping]
    said: dict[str, Any] = {name: (kind(value),)}
    return CallFilter(**said)


def _profile(grouping: CallGrouping, value: int, frame: Frame) -> CallFilter:
    """An hour or a weekday within the frame: without a range, the clock is not known for later than a year from now."""
    within = DateTimeRange(from_=from_ms(frame.start), to=from_ms(frame.end))
    if grouping is CallGrouping.WEEKDAY:
        return CallFilter(started_at=within, weekdays=(list(Weekday)[value],), timezone=frame.zone)
    end = time(value + 1) if value < 23 else END_OF_DAY
    hour = TimeOfDayRange(from_=time(value), to=end)
    return CallFilter(started_at=within, time_of_day=hour, timezone=frame.zone)


def band_end(first: int) -> int | None:
    """The first second above the band of a duration that begins with one; None for the last band."""
    return next((band for band in DURATION_BANDS if band > first), None)
