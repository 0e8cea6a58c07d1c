"""Groups of calls with their measures, put together: what statements found, the empty groups, the order, the comparison."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.buckets import DAY_MS
from app.domain.earlier import earlier
from app.domain.errors import InputError
from app.domain.filters import CallFilter, DateTimeRange, SortDirection
from app.domain.groups import Frame, Key, framed, keys_in_time, places_in, selecting
from app.domain.statistics import (
    MOST_GROUPS,
    PROFILES,
    SPANS,
    CallGrouping,
    CallMeasure,
    CallStatsOrder,
    Comparison,
    MeasureRange,
)
from app.domain.times import to_ms
from app.domain.zones import EARLIEST, LATEST, offset_spans
from app.graphql.context import Context
from app.store import statistics
from app.store.database import Connection
from app.store.groupings import EDGED
from app.store.measures import DURATIONS, names_of, number_of
from app.store.stat_rows import Question, fits, within
from app.store.statistics import Choice, Group, Measured


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which measures are read: columns of the one statement, thresholds of service levels, and statements of their own."""

    names: frozenset[str] = frozenset()
    thresholds: tuple[int, ...] = ()
    percentiles: tuple[str, ...] = ()
    first_time_contacts: bool = False
    peaks: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What groups are asked for: the filter is worked out, the groupings differ, and the rest is checked."""

    filter: CallFilter
    groupings: tuple[CallGrouping, ...]
    zone: ZoneInfo
    having: tuple[MeasureRange, ...] = ()
    order: CallStatsOrder | None = None
    first: int | None = None
    compare_to: Comparison | None = None

    @property
    def timed(self) -> bool:
        """Whether groups follow from the range, so that empty ones are answered, too."""
        return any(one in SPANS or one in PROFILES for one in self.groupings)


@dataclass(slots=True)
class CallGroup:
    """One group: its key by grouping, how it is shown, what it comes to, and the calls that it is made of."""

    asked: Asked
    frame: Frame
    key: Key
    shown: tuple[str | None, ...]
    found: Measured
    previous: "CallGroup | None" = field(default=None)

    @property
    def filter(self) -> CallFilter:
        """Which calls these are."""
        return selecting(self.asked.filter, self.asked.groupings, self.key, self.frame)

    def part(self, grouping: CallGrouping) -> Any:
        """The group's key by one grouping; None where it has none, or calls are not grouped so."""
        places = [place for place, one in enumerate(self.asked.groupings) if one is grouping]
        return self.key[places[0]] if places else None

    def text(self, grouping: CallGrouping) -> str | None:
        """How a part of the key is shown."""
        places = [place for place, one in enumerate(self.asked.groupings) if one is grouping]
        return (self.shown[places[0]] or self.key[places[0]]) if places else None


async def call_groups(context: Context, asked: Asked, wanted: Wanted, name: str = "") -> list[CallGroup]:
    """The groups that are asked for, in order. Raises InputError where they are too many.

    `name` is what the statistic is called in the answer, under which the context notes what it was read from.
    """
    async with context.view.reading() as connection:
        _, found = await _read(connection, context, asked, wanted, name)
        groups = _ordered(asked, found)
        if asked.compare_to is not None and groups:
            await _compare(connection, context, asked, wanted, groups)
    return groups


async def _read(
    connection: Connection, context: Context, asked: Asked, wanted: Wanted, name: str | None
) -> tuple[Frame, list[CallGroup]]:
    """The groups of one range; without a name those of the earlier range that have calls, of which none is chosen."""
    frame = framed(asked.groupings, asked.zone, *await _ends(connection, context, asked.filter))
    known = await statistics.reach_of_time(connection, context.scope) if frame.end - frame.start > _LONG else None
    question = _question(asked, frame, known)
    names = _names(asked, wanted)
    choice = Choice(limit=_MOST_COMPARED) if name is None else _choice(asked)
    groups = await statistics.sums(connection, context.scope, question, names, wanted.thresholds, choice)
    if name is None:
        _check_compared(len(groups))
    else:
        _check_number(asked, len(groups))
        told = fits(context.scope, question, names, wanted.thresholds)
        context.read_from[name] = "TOTALS" if told else "CALLS"
    more = await _more(connection, context, question, wanted)
    made = [_group(asked, frame, one, more) for one in groups]
    return frame, _filled(asked, frame, made, wanted) if asked.timed and name is not None else made


def _names(asked: Asked, wanted: Wanted) -> frozenset[str]:
    """The columns of the one statement: what is selected, and what groups are chosen and sorted by."""
    return wanted.names | {"calls"} | {name for one in _measures(asked) for name in names_of(one)}


# What a statement of its own would find, had it found anything.
_NOTHING: Measured = {"first_time_contacts": 0, "peak_concurrent_calls": 0}
# Groups of the earlier range that are looked through for those of the later one.
_MOST_COMPARED = 100_000
_AROUND = 8 * DAY_MS  # so that the days and weeks of the first and the last call are whole ones
_LONG = 3 * 366 * DAY_MS


async def _ends(connection: Connection, context: Context, given: CallFilter) -> tuple[int, int]:
    """The range that groups are made of: the filter's own, and where that is open, that of the calls the viewer sees."""
    bounds = given.started_at or DateTimeRange()
    if bounds.from_ is not None and bounds.to is not None:
        return to_ms(bounds.from_), to_ms(bounds.to)
    moment = to_ms(bounds.from_ or bounds.to or context.now)
    first, last = await statistics.ends(connection, context.scope) or (moment, moment - 1)
    start = first if bounds.from_ is None else to_ms(bounds.from_)
    end = last + 1 if bounds.to is None else to_ms(bounds.to)
    return start, max(start, end)


def _question(asked: Asked, frame: Frame, known: tuple[int, int] | None) -> Question:
    """What statements are asked: of a long frame, the part around the calls that are known.

    A zone's days and offsets are written into a statement, and there would be centuries of them in "until today".
    """
    start, end = frame.start, frame.end
    if known is not None:
        start = min(max(start, known[0] - _AROUND), end)
        end = max(min(end, known[1] + _AROUND), start)
    low, high = max(start, EARLIEST), min(end, LATEST)
    spans = offset_spans(asked.zone, low, max(high, low + 1))
    edges = {
        one: [(bucket.key, bucket.end) for bucket in frame.buckets[one]] for one in asked.groupings if one in EDGED
    }
    return Question(asked.filter, asked.groupings, asked.zone, start, end, spans, edges)


def _measures(asked: Asked) -> list[CallMeasure]:
    named = [one.measure for one in asked.having]
    return [*named, asked.order.measure] if asked.order and asked.order.measure else named


def _choice(asked: Asked) -> Choice:
    """What the statement chooses by itself: nothing where empty groups are yet to come."""
    if asked.timed:
        return Choice()
    order = asked.order or CallStatsOrder(measure=CallMeasure.CALLS)
    return Choice(asked.having, order, MOST_GROUPS + 1 if asked.first is None else asked.first)


def _check_number(asked: Asked, found: int) -> None:
    """Groups of time are all there, whatever is chosen of them: fewer of them are had by asking for less."""
    if found > MOST_GROUPS:
        advice = (
            "Ask for a shorter range, for longer spans of time, or group by less."
            if asked.timed
            else "Give first with an orderBy to have the foremost, choose with having, narrow the filter, or group by less."
        )
        raise InputError(f"There are over {MOST_GROUPS:,} groups. {advice}", "TOO_MANY_GROUPS")


def _check_compared(found: int) -> None:
    if found >= _MOST_COMPARED:
        raise InputError(
            f"The earlier range has over {_MOST_COMPARED:,} groups. Narrow the filter, or group by less.",
            "TOO_MANY_GROUPS",
        )


async def _more(
    connection: Connection, context: Context, question: Question, wanted: Wanted
) -> list[dict[Key, Measured]]:
    """What statements of their own find, by key."""
    scope = context.scope
    found = [await statistics.percentiles(connection, scope, question, name) for name in wanted.percentiles]
    if wanted.first_time_contacts:
        found.append(await statistics.first_time_contacts(connection, scope, question))
    if wanted.peaks:
        found.append(await statistics.peaks(connection, scope, question, to_ms(context.now)))
    return found


def _group(asked: Asked, frame: Frame, group: Group, more: Sequence[Mapping[Key, Measured]]) -> CallGroup:
    found = group.found | _NOTHING
    for one in more:
        found |= one.get(group.key, {})
    return CallGroup(asked, frame, group.key, group.shown, found)


def _filled(asked: Asked, frame: Frame, groups: Sequence[CallGroup], wanted: Wanted) -> list[CallGroup]:
    """The groups with the empty ones among them, in the order of time."""
    times = [place for place, one in enumerate(asked.groupings) if one in SPANS or one in PROFILES]
    known = {group.key: group for group in groups}
    others = dict.fromkeys(_without(group.key, times) for group in groups)
    if len(times) == len(asked.groupings):
        others[()] = None
    moments = keys_in_time(asked.groupings, frame)
    _check_number(asked, len(moments) * len(others))
    shown = {_without(group.key, times): _without(group.shown, times) for group in groups}
    nothing = empty(_names(asked, wanted), wanted)
    made = []
    for moment in moments:
        for other in others:
            key = _with(other, times, moment)
            texts = _with(shown.get(other, ()), times, (None,) * len(times))
            made.append(known.get(key) or CallGroup(asked, frame, key, texts, dict(nothing)))
    return made


def _without(key: Key, places: Sequence[int]) -> Key:
    return tuple(value for place, value in enumerate(key) if place not in places)


def _with(other: Key, places: Sequence[int], values: Sequence[Any]) -> Key:
    """A key from the part that is of no time, and the values of the places that are."""
    rest, timed = iter(other), dict(zip(places, values, strict=True))
    return tuple(timed[place] if place in timed else next(rest) for place in range(len(other) + len(places)))


def empty(names: frozenset[str], wanted: Wanted) -> Measured:
    """The measures of no calls: sums are 0, and there is no least, greatest or average."""
    extremes = {f"{name}_{end}" for name in DURATIONS for end in ("min", "max")}
    found: Measured = {name: None if name in extremes else 0 for name in names}
    found |= {within(seconds): 0 for seconds in wanted.thresholds}
    return found | _NOTHING


def _ordered(asked: Asked, groups: list[CallGroup]) -> list[CallGroup]:
    """The groups that are answered, in their order, where the statement has not seen to it."""
    if not asked.timed:
        return groups
    chosen = [group for group in groups if all(one.has(number_of(one.measure, group.found)) for one in asked.having)]
    chosen.sort(key=lambda group: _sortable(group.key))
    if asked.order is not None:
        downwards = asked.order.direction is SortDirection.DESC
        measure = asked.order.measure
        if measure is None:
            chosen.sort(key=lambda group: _sortable(group.key), reverse=downwards)
        else:
            with_value = [group for group in chosen if number_of(measure, group.found) is not None]
            with_value.sort(key=lambda group: number_of(measure, group.found) or 0, reverse=downwards)
            chosen = with_value + [group for group in chosen if number_of(measure, group.found) is None]
    return chosen if asked.first is None else chosen[: asked.first]


def _sortable(key: Key) -> tuple[tuple[bool, Any], ...]:
    return tuple((value is None, "" if value is None else value) for value in key)


async def _compare(
    connection: Connection, context: Context, asked: Asked, wanted: Wanted, groups: Sequence[CallGroup]
) -> None:
    """Puts the earlier range's group beside each group: of spans of time the one at the same place of its range."""
    assert asked.compare_to is not None
    before = replace(asked, filter=earlier(asked.filter, asked.compare_to, asked.zone), compare_to=None)
    frame, found = await _read(connection, context, before, wanted, None)
    before_at = {group.key: group for group in found}
    keys = {one: {place: key for key, place in known.items()} for one, known in places_in(frame).items()}
    nothing = empty(_names(asked, wanted), wanted)
    for group, places in zip(groups, _placed(groups), strict=True):
        timed = {one: keys[one].get(place) for one, place in places.items()}
        key = tuple(timed.get(one, value) for one, value in zip(asked.groupings, group.key, strict=True))
        if None not in timed.values():  # of a longer range, the last buckets have none before them
            of_none = CallGroup(before, frame, key, group.shown, dict(nothing)) if asked.timed else None
            group.previous = before_at.get(key, of_none)


def _placed(groups: Sequence[CallGroup]) -> Iterator[dict[CallGrouping, Any]]:
    """Where each group stands in its range, by its spans of time."""
    places = places_in(groups[0].frame)
    for group in groups:
        yield {one: places[one][group.part(one)] for one in places}
