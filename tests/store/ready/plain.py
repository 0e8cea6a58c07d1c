"""What the ready-made statistics mean, in plain Python over all calls: what the store's answers are compared with."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.filters import CallFilter, Weekday
from app.domain.numbers import NumberKind
from app.domain.ready import ReturnState
from app.store.ready.failed import Failed
from tests.store.plain_filter import Known, dataset, selects

# As many as make several calls of an agent and a number, some of them at the same moment.
DATASET = dataset(200)
Pair = tuple[Any, Any]


def looked_at(given: CallFilter) -> list[Known]:
    """The calls that a filter selects."""
    return [known for known in DATASET if selects(given, known)]


def agent_of(known: Known) -> tuple[str, str] | None:
    """The agent of a call: each vendor's source has agents of its own."""
    agent = known.call.agent
    return (known.provider.value, agent.name or "") if agent else None


def number_of(known: Known) -> str | None:
    """The outside number as it is compared."""
    number = known.call.phone_number
    return number.key if number else None


def outside_of(known: Known) -> str | None:
    """The same, but for an extension of the company's own."""
    number = known.call.phone_number
    return number.key if number and number.kind is not NumberKind.INTERNAL else None


def missed(call: CallRecord) -> bool:
    """A call from outside that nobody took."""
    return call.direction is CallDirection.INBOUND and call.outcome in (CallOutcome.MISSED, CallOutcome.REJECTED)


def talked(call: CallRecord) -> int:
    """Seconds that were talked."""
    if call.outcome is not CallOutcome.ANSWERED:
        return 0
    return call.talk_seconds if call.talk_seconds is not None else call.duration_seconds or 0


def connected(call: CallRecord) -> bool:
    """Whether two people talked."""
    return talked(call) > 2


def by(key: Callable[[Known], Any], calls: Iterable[Known]) -> dict[Any, list[Known]]:
    """Calls by a key; those without one are left out."""
    found: dict[Any, list[Known]] = defaultdict(list)
    for known in calls:
        if (value := key(known)) is not None:
            found[value].append(known)
    return found


def pair_of(known: Known) -> Pair | None:
    """The agent and the number, where both are known."""
    agent, number = agent_of(known), number_of(known)
    return (agent, number) if agent and number else None


def unattended(calls: list[Known]) -> list[Known]:
    """The missed calls of a pair after which they never talked."""
    return [
        one
        for one in calls
        if missed(one.call)
        and not any(connected(other.call) and other.call.started_at > one.call.started_at for other in calls)
    ]


def never_attended(given: CallFilter) -> dict[Pair, tuple[Any, ...]]:
    """First and last missed, how many, and how many of them were rejected, by agent and number."""
    found = {}
    for pair, calls in by(pair_of, looked_at(given)).items():
        if alone := unattended(calls):
            starts = _starts(alone)
            rejected = sum(one.call.outcome is CallOutcome.REJECTED for one in alone)
            found[pair] = (min(starts), max(starts), len(alone), rejected)
    return found


def not_picked_up(given: CallFilter) -> dict[Pair, tuple[Any, ...]]:
    """First and last attempt, and how many, by agent and number."""
    found = {}
    for pair, calls in by(pair_of, looked_at(given)).items():
        attempts = [one for one in calls if one.call.direction is CallDirection.OUTBOUND]
        if attempts and not any(connected(one.call) for one in attempts):
            starts = _starts(attempts)
            found[pair] = (min(starts), max(starts), len(attempts))
    return found


def unreturned(given: CallFilter, state: ReturnState) -> dict[str, tuple[Any, ...]]:
    """First and last missed, how many, when returned, after how many seconds, and attempts meanwhile, by number."""
    found = {}
    for number, calls in by(number_of, looked_at(given)).items():
        if not (misses := [one for one in calls if missed(one.call)]):
            continue
        talks, last = _starts(one for one in calls if connected(one.call)), max(_starts(misses))
        # Misses with a talk between them and the last one belong to an earlier run.
        first = min(at for at in _starts(misses) if not any(at < talk <= last for talk in talks))
        returned = min((talk for talk in talks if talk > last), default=None)
        if state is not ReturnState.ALL and (returned is None) != (state is ReturnState.OPEN):
            continue
        attempts = [
            at
            for at in _starts(c for c in calls if c.call.direction is CallDirection.OUTBOUND and not connected(c.call))
            if at > first and (returned is None or at < returned)
        ]
        seconds = None if returned is None else int((returned - first).total_seconds())
        count = sum(at >= first for at in _starts(misses))
        found[number] = (first, last, count, returned, seconds, len(attempts))
    return found


FIGURES = (
    *("total", "inbound", "outbound", "internal", "answered", "answered_inbound", "answered_outbound"),
    *("missed", "rejected", "connected", "connected_inbound", "connected_outbound"),
    *("duration_seconds", "talk_seconds", "inbound_talk_seconds", "outbound_talk_seconds", "connected_talk_seconds"),
    *("connected_inbound_talk_seconds", "connected_outbound_talk_seconds", "first_call_at", "last_call_at"),
)


def figures(calls: list[Known]) -> tuple[Any, ...]:
    """The figures of some calls, in the order of FIGURES."""

    def of(*ways: CallDirection, outcome: CallOutcome | None = None) -> list[Known]:
        return [one for one in calls if one.call.direction in ways and (outcome is None or one.call.outcome is outcome)]

    inbound, outbound, every = of(CallDirection.INBOUND), of(CallDirection.OUTBOUND), (*CallDirection,)
    ways = (calls, inbound, outbound)
    talks = [[one for one in some if connected(one.call)] for some in ways]
    starts = _starts(calls)
    return (
        *(len(some) for some in (*ways, of(CallDirection.INTERNAL))),
        *(
            len(of(*way, outcome=CallOutcome.ANSWERED))
            for way in (every, (CallDirection.INBOUND,), (CallDirection.OUTBOUND,))
        ),
        *(len(of(CallDirection.INBOUND, outcome=outcome)) for outcome in (CallOutcome.MISSED, CallOutcome.REJECTED)),
        *(len(some) for some in talks),
        sum(one.call.duration_seconds or 0 for one in calls),
        *(sum(talked(one.call) for one in some) for some in (*ways, *talks)),
        min(starts, default=None),
        max(starts, default=None),
    )


def unique_contacts(given: CallFilter) -> dict[str, tuple[Any, ...]]:
    """The figures by number."""
    selected = looked_at(given)
    return {number: figures(calls) for number, calls in by(outside_of, selected).items()}


def agent_summaries(given: CallFilter) -> dict[Any, tuple[Any, ...]]:
    """The figures, unique contacts and working seconds by agent."""
    selected = looked_at(given)
    return {
        agent: (*figures(calls), len(by(outside_of, calls)), working_seconds(calls, given))
        for agent, calls in by(agent_of, selected).items()
    }


BEST = {
    "top_dialer": "outbound",
    "top_answerer": "answered_inbound",
    "top_caller": "total",
    "highest_total_talk": "talk_seconds",
}


def analysis(given: CallFilter, zone: ZoneInfo) -> list[Any]:
    """All calls, seconds talked, days with calls, the best agents' figures, and the longest call's length and start."""
    calls = looked_at(given)
    agents = [dict(zip(FIGURES, figures(group), strict=True)) for group in by(agent_of, calls).values()]
    best = [max((agent[name] for agent in agents), default=None) or None for name in BEST.values()]
    days = {one.call.started_at.astimezone(zone).date() for one in calls}
    longest = max(((talked(one.call), one.call.started_at) for one in calls if talked(one.call)), default=None)
    return [len(calls), sum(talked(one.call) for one in calls), len(days), best, longest]


def working_seconds(calls: Iterable[Known], given: CallFilter) -> int:
    """From an agent's first start to the last end of a local day, over agents and days."""
    zone, total = given.timezone or UTC, 0
    days = by(lambda one: (agent := agent_of(one)) and (agent, one.call.started_at.astimezone(zone).date()), calls)
    for group in days.values():
        total += int((max(map(_end, group)) - min(_starts(group))).total_seconds())
    return total


def _end(known: Known) -> datetime:
    call = known.call
    return max(call.started_at, call.ended_at or call.started_at + timedelta(seconds=call.duration_seconds or 0))


def failed(given: CallFilter, which: Failed, key: Callable[[Known], Any]) -> dict[Any, int]:
    """How many calls were never attended, or attempts not picked up, by a key."""
    alone = unattended if which is Failed.NEVER_ATTENDED else _in_vain
    pairs = by(pair_of, looked_at(given)).values()
    return {value: len(calls) for value, calls in by(key, (one for pair in pairs for one in alone(pair))).items()}


def _in_vain(calls: list[Known]) -> list[Known]:
    attempts = [one for one in calls if one.call.direction is CallDirection.OUTBOUND]
    return [] if any(connected(one.call) for one in attempts) else attempts


def _starts(calls: Iterable[Known]) -> list[datetime]:
    return [one.call.started_at for one in calls]


def active(given: CallFilter, hours: tuple[int, int], excluded: Iterable[Weekday]) -> dict[Any, tuple[int, ...]]:
    """Calls, connected ones and seconds talked, by local day and the minute at which their slot begins."""
    zone, (first, end) = given.timezone or UTC, hours

    def slot(one: Known) -> Any:
        local = one.call.started_at.astimezone(zone)
        if list(Weekday)[(local.weekday() + 1) % 7] in excluded:
            return None
        minute = local.hour * 60 + local.minute
        begins = 0 if minute < first else end if minute >= end else minute - (minute - first) % 60
        return local.date(), begins, minute < first

    return {
        (day, begins, before): (len(calls), sum(connected(c.call) for c in calls), sum(talked(c.call) for c in calls))
        for (day, begins, before), calls in by(slot, looked_at(given)).items()
    }


def days(given: CallFilter, excluded: Iterable[Weekday]) -> dict[date, list[Known]]:
    """The calls of each local day from the range's first to its last that is no excluded weekday, also where there are none."""
    zone, bounds, calls = given.timezone or UTC, given.started_at, looked_at(given)
    known = sorted({one.call.started_at.astimezone(zone).date() for one in calls})
    first = bounds.from_.astimezone(zone).date() if bounds and bounds.from_ else known[0] if known else None
    last = known[-1] if known else None
    if bounds and bounds.to:
        last = (bounds.to - timedelta(milliseconds=1)).astimezone(zone).date()
    found: dict[date, list[Known]] = {}
    while first is not None and last is not None and first <= last:
        if first.strftime("%A").upper() not in [day.value for day in excluded]:
            found[first] = [one for one in calls if one.call.started_at.astimezone(zone).date() == first]
        first += timedelta(days=1)
    return found


def of_day(calls: list[Known], given: CallFilter) -> tuple[Any, ...]:
    """The figures of a day, when the last of its calls to end did, and the seconds that agents worked."""
    return (*figures(calls), max(map(_end, calls), default=None), working_seconds(calls, given))
