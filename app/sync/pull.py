"""Pulls one source: reads what is due of its streams, page by page, and saves what was read with how far that is."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.errors import PageError, TryLaterError
from app.domain.pulls import StreamState
from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.answers import error_said
from app.providers.api import Ask, Changes, Stream
from app.providers.contract import ProviderSpec
from app.providers.http import Vendor
from app.store import source_streams
from app.store.database import Connection, Database
from app.store.numbers import known_numbers
from app.store.vanished import Told, mark_deleted
from app.sync.filling import Filling, into
from app.sync.ingest import Counts, Heard, Intake, Mark
from app.sync.lease import Lease
from app.sync.plan import Step, Why, changes_due, first_state, history_due, sweep_due
from app.sync.reading import Reading

READS = 3  # of a list that did not hold still
DEFAULT_HISTORY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Account:
    """What is pulled, where to, and by whom."""

    database: Database
    scope: Scope
    source: Source
    spec: ProviderSpec
    lease: Lease
    now: Callable[[], datetime]
    # The streams whose vendor was found to have another clock than the source: what they do not tell is not gone.
    doubted: set[str] = field(default_factory=set, hash=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """Some records that were saved: what of the source was read, and how much of all is there."""

    said: str
    percent: int | None
    counts: Counts


@dataclass(slots=True)
class _Read:
    """What came of a step so far."""

    heard: Heard = field(default_factory=Heard)
    reading: Reading = field(default_factory=Reading)


async def pull(account: Account, vendor: Vendor, every: timedelta) -> AsyncGenerator[Progress, None]:
    """Reads all that is due: changes first, at once and again whenever `every` has gone by, then history, then what was.

    Raises TryLaterError and CredentialsError, with everything before it kept. A stream that the vendor refuses is left
    for the next time; PageError is raised after the others.
    """
    assert account.spec.api is not None
    began, refused = account.now(), dict[str, PageError]()
    states = await _states(account, account.spec.api.streams, began)
    rested = dict[str, datetime]()  # since when a stream's changes have not been read
    while True:
        now = account.now()
        streams = [stream for stream in account.spec.api.streams if stream.name not in refused]
        # Changes that take longer to read than `every` leave history a turn in between.
        waiting = [stream for stream in streams if now - rested.get(stream.name, began - every) >= every]
        step = _changes(waiting, states, every, began, now) or _past(account, streams, states, now)
        if step is None:
            break
        try:
            async with aclosing(_take(account, vendor, step)) as steps:  # else what it saves just now would outlive us
                async for progress in steps:
                    yield progress
        except PageError as error:
            refused[step.stream.name] = error
            continue
        states[step.stream.name] = step.after
        if step.why is Why.CHANGES and step.after.watermark >= began:
            rested[step.stream.name] = account.now()
    if refused:
        raise next(iter(refused.values()))


def _changes(
    streams: Sequence[Stream], states: Mapping[str, StreamState], every: timedelta, began: datetime, now: datetime
) -> Step | None:
    """What was there when we began is read at once, what comes meanwhile after a while."""
    for stream in streams:
        state = states[stream.name]
        until, wait = (began, timedelta(0)) if state.watermark < began else (now, every)
        if step := changes_due(stream, state, until, wait):
            return step
    return None


def _past(account: Account, streams: Sequence[Stream], states: Mapping[str, StreamState], now: datetime) -> Step | None:
    zone = account.source.locale.zone
    history = (history_due(stream, states[stream.name], zone) for stream in streams)
    sweeps = (sweep_due(stream, states[stream.name], now, zone) for stream in streams)
    return next(filter(None, history), None) or next(filter(None, sweeps), None)


async def _states(account: Account, streams: Sequence[Stream], now: datetime) -> dict[str, StreamState]:
    """How far each stream is. One that is asked for more history than before goes on from where it ended."""
    async with account.database.read() as connection:
        known = await source_streams.states(connection, account.scope, account.source.id)
    since = account.source.history_from or now - DEFAULT_HISTORY
    found = {}
    for stream in streams:
        state = known.get(stream.name) or first_state(stream, now, since)
        found[stream.name] = state if stream.changes is Changes.WHOLE else replace(state, fill_until=since)
    return found


async def _take(account: Account, vendor: Vendor, step: Step) -> AsyncGenerator[Progress, None]:
    """Reads a step until its list held still, and saves its last page with the stream's new state."""
    read, before, began = _Read(), None, account.now()
    intake = Intake(account.database, account.scope, account.source, account.spec, heard=read.heard)
    async with Filling(account.spec, account.source.locale, into(intake, account.now)) as filling:
        for attempt in range(1, READS + 1):
            read.reading = Reading()
            waiting: list[Any] = []
            async for payloads in _pages(account, vendor, step, read.reading):
                if (counts := await filling.add(waiting, account.now())).read:
                    yield _progress(step, counts)
                waiting = payloads
            last = read.reading.held_still or before == read.reading.keys or _may_move(step, attempt, began)
            mark = _mark(account, step, read, began) if last else None
            yield _progress(step, await filling.end(waiting, account.now(), mark))
            if last:
                return
            before = read.reading.keys
    raise TryLaterError(f"{account.spec.title}'s list of {step.stream.holds} changed whenever it was read.")


def _progress(step: Step, counts: Counts) -> Progress:
    day = f" {step.window.start:%Y-%m-%d}" if step.window else ""
    percent = step.after.percent_filled if step.window else None
    return Progress(f"{step.stream.name}: {step.why.value.lower()}{day}", percent, counts)


def _may_move(step: Step, attempt: int, began: datetime) -> bool:
    """A list of the present may go on growing for ever, and will be read again: what is new in it comes at its front."""
    return attempt == READS and (step.window is None or step.window.end >= began - timedelta(minutes=1))


async def _pages(account: Account, vendor: Vendor, step: Step, reading: Reading) -> AsyncIterator[list[Any]]:
    """The payloads of each page."""
    locale, numbers = account.source.locale, await _numbers(account, step.stream)
    for number in numbers:
        page, more = 1, True
        while more:
            ask = Ask(step.window, step.changed, page, locale.zone, locale.region, number)
            body = await vendor.ask(step.stream.request(ask))
            listed = step.stream.listed(body)
            if listed is None:
                said = error_said(body) or "no list of records"
                raise TryLaterError(f"{account.spec.title} answered with {said[:200].rstrip('.')}.")
            more = reading.add(step.stream, body, listed)
            page += 1
            yield list(account.spec.items(body)) if listed else []


async def _numbers(account: Account, stream: Stream) -> list[str | None]:
    """Whose calls are asked for: everybody's at once, or those of each number that is known."""
    if not stream.by_number:
        return [None]
    async with account.database.read() as connection:
        return list(await known_numbers(connection, account.scope))


def _tells_deleted(step: Step, read: _Read) -> bool:
    """Whether a call that was not told is gone: all calls that began in the window were told, and could be read.

    History may be older than what the vendor keeps; and a list without any call is sooner a vendor's trouble.
    """
    by_start = step.why is Why.SWEEP or (step.why is Why.CHANGES and not step.changed)
    whole = read.reading.held_still and not read.heard.rejected and bool(read.heard.told)
    return by_start and whole and step.stream.tells_deleted


def _mark(account: Account, step: Step, read: _Read, began: datetime) -> Mark:
    """What is written with the last page: which calls are gone, and how far the stream is."""

    async def mark(connection: Connection) -> None:
        scope, source = account.scope, account.source
        await account.lease.confirm(connection)
        await source_streams.put(connection, scope, source.id, step.after)
        if step.stream.changes is not Changes.WHOLE:
            await source_streams.show_on_source(connection, scope, source.id, step.after)
        if step.window and step.stream.name not in account.doubted and _tells_deleted(step, read):
            told = Told(step.window, frozenset(read.heard.told), step.stream.told_beyond, began)
            if not await mark_deleted(connection, scope, source.id, told, account.now()):
                account.doubted.add(step.stream.name)

    return mark
