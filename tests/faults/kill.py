"""`kill -9` at random moments while calls are pulled and change meanwhile: none lost, none doubled, none stale.

Example: python -m tests.faults.kill --provider callyzer --kills 100 --calls 10000
"""

import asyncio
import multiprocessing
import os
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from app.domain.sources import Provider, Source
from app.domain.times import from_ms, to_ms
from app.providers.api import Changes
from app.providers.registry import PROVIDERS
from app.store.database import Database
from app.store.source_tables import source_streams
from app.store.tables import calls
from app.sync.attempt import Manner
from app.sync.following import Following
from app.sync.lease import new_holder
from tests.conftest import SCOPE, House
from tests.faults.figures import Figure, parser, report
from tests.faults.mistakes import MISTAKES
from tests.faults.servers import postgresql, prepared
from tests.standins.running import HASTY, STANDINS, UNPACED, Standin, pull, source_of, standing_in

# Calls of the last hours change, come and go while they are pulled; older ones only come by history.
LATE, OLD = timedelta(hours=4), timedelta(hours=28)
# How long a process that was killed still has its turn.
HOLD = timedelta(seconds=0.3)
# How long a process lives at the most, in seconds, from its first request on.
LONGEST = 1.0
# How much longer than the one before where a mistake is to be caught: on a busy machine a short life is over before any is.
LONGER = 0.3
# How long nothing changes, in seconds; and where a mistake is to be caught, which is made in history: while a list changes
# all the time, a slow machine has read it again and again by the end of a life, and no history.
STILL, LONG_STILL = 0.02, 0.25
# How long one is waited for until it asks anything, in seconds.
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    calls: int
    changes: int
    kills: int
    # Of the history that a killed process had marked as read: calls that are not there. And calls of what it had not.
    marked_and_missing: int
    unmarked_and_there: int
    lost: int
    doubled: int
    stale: int
    not_deleted: int
    # How much of the history was there after the last kill, before anything was pulled undisturbed.
    percent_filled: int

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        return [
            Figure("calls", self.calls),
            Figure("late changes", self.changes),
            Figure("kills", self.kills),
            Figure("history there after the last one, %", self.percent_filled),
            Figure("marked as read but missing after a kill", self.marked_and_missing, 0),
            Figure("there but not marked as read after a kill", self.unmarked_and_there, 0),
            Figure("lost", self.lost, 0),
            Figure("doubled", self.doubled, 0),
            Figure("stale", self.stale, 0),
            Figure("deleted there but not here", self.not_deleted, 0),
        ]


@dataclass
class _Trial:
    """A stand-in, a store, and what is known so far."""

    standin: Standin
    database: Database
    source: Source
    url: str
    mistake: str | None
    changes: int = 0
    kills: int = 0
    missing: int = 0
    early: int = 0
    percent: int = 0
    deleted: set[str] = field(default_factory=set)


async def measure(
    url: str, provider: Provider, count: int, kills: int, days: int = 105, mistake: str | None = None
) -> Found:
    """Pulls `count` calls of so many days, and kills the process that does it again and again.

    With a mistake, ends as soon as it is caught.
    """
    await prepared(url)
    _show_credentials(provider)
    database = Database(url)
    try:
        async with standing_in(provider) as standin:
            late = min(100, count // 10)
            standin.book.fill(late, over=LATE)
            _fill_history(standin, count - late, days)
            # Something passing goes wrong now and then, as with any vendor.
            standin.mischief.often, standin.mischief.slow = 0.01, 0.01
            source = await source_of(House(database, now=standin.book.now()), standin, timedelta(days=days + 3))
            trial = _Trial(standin, database, source, url, mistake)
            async with _changing(trial):
                while trial.kills < kills and not (mistake and await _is_caught(trial)):
                    await _kill(trial)
            return await _compared(trial)
    finally:
        await database.close()


def _show_credentials(provider: Provider) -> None:
    """To this process; one that is forked has the environment of when its server began."""
    os.environ.update({name.upper(): secret for name, secret in STANDINS[provider].CREDENTIALS.items()})


def _fill_history(standin: Standin, count: int, days: int) -> None:
    now = standin.book.now().replace(microsecond=0)
    for place in range(count):
        standin.book.add((now - OLD - timedelta(days=days) * place / count).replace(microsecond=0))
    for entry in standin.book.entries.values():  # they came when they began
        entry.changed = entry.began


@asynccontextmanager
async def _changing(trial: _Trial) -> AsyncIterator[None]:
    """Changes, adds and deletes late calls for as long as the block runs."""
    task = asyncio.create_task(_change(trial))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _change(trial: _Trial) -> None:
    (stream, *_) = _api(trial.standin.provider).streams
    # Those that only know when a call was synced find a call that is gone in the daily reading.
    deletes = stream.changes is Changes.TRAILING and stream.tells_deleted
    book, dice = trial.standin.book, random.Random(7)
    while True:
        await asyncio.sleep(LONG_STILL if trial.mistake else STILL)
        late = book.began(book.now() - LATE, book.now())
        entry = dice.choice(late)
        what = dice.random()
        if what < 0.1:
            book.add((book.now() - LATE * dice.random() * 0.9).replace(microsecond=0))
        elif (
            what < 0.15 and deletes and entry.began < book.now() - timedelta(hours=1)
        ):  # newer ones may be unlisted yet
            trial.deleted.add(trial.standin.key_of(entry))
            book.delete(entry)
        else:
            book.change(entry)
        trial.changes += 1


async def _kill(trial: _Trial) -> None:
    """Starts a process that pulls, kills it after a while, and looks at what it has left behind."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([Standin.__module__])  # what they need is read once, not by each
    process = context.Process(target=_pull, args=(trial.url, trial.standin.provider, trial.mistake), daemon=True)
    asked = trial.standin.mischief.requests
    process.start()
    try:
        async with asyncio.timeout(PATIENCE):
            while trial.standin.mischief.requests == asked:  # its turn begins when that of the last one ends
                assert process.is_alive(), "it ended by itself"
                await asyncio.sleep(0.005)
    except TimeoutError:
        process.kill()
        raise
    await asyncio.sleep(lifetime(LONGEST, trial.kills, trial.mistake))
    process.kill()
    await asyncio.to_thread(process.join)
    trial.kills += 1
    await _look(trial)


def lifetime(longest: float, kills: int, mistake: str | None) -> float:
    """How many seconds a process lives after so many others were killed."""
    return random.uniform(0, longest + (LONGER * kills if mistake else 0))


def _pull(url: str, provider: Provider, mistake: str | None) -> None:
    """What the process does until it is killed."""
    _show_credentials(provider)
    api = _api(provider)
    # A watermark that is wrong by more than seconds is to be noticed.
    overlap = {Changes.MODIFIED: timedelta(seconds=2)}
    (main, *_) = api.streams
    # Windows of one page each: what is there of a window that is not marked as read is then a mistake.
    step = main.step_days if main.by_number else 1
    main = replace(main, overlap=overlap.get(main.changes, main.overlap), every=timedelta(0), step_days=step)
    PROVIDERS[provider] = replace(PROVIDERS[provider], api=replace(api, streams=(main,)))
    if mistake:
        MISTAKES[mistake](provider)
    asyncio.run(_following(url))


async def _following(url: str) -> None:
    manner = Manner(new_holder(), every=timedelta(seconds=0.5), hold=HOLD, patience=HASTY, pace=UNPACED)
    following = Following(Database(url), SCOPE, manner, look=timedelta(seconds=0.05))
    await following.start()
    await asyncio.Event().wait()


def _api(provider: Provider):  # type: ignore[no-untyped-def]
    found = PROVIDERS[provider].api
    assert found is not None
    return found


async def _look(trial: _Trial) -> None:
    """Compares what was marked as read of the history with what is there of it, at this very moment."""
    (stream, *_) = _api(trial.standin.provider).streams
    book = trial.standin.book
    async with trial.database.read() as connection:
        state = (
            await connection.execute(select(source_streams).where(source_streams.c.name == stream.name))
        ).one_or_none()
        old = calls.c.started_at < to_ms(book.now() - OLD)
        found = set((await connection.execute(select(calls.c.provider_call_id).where(old))).scalars())
    filled_to = from_ms(state.filled_to) if state else datetime.now(UTC)
    entries = [entry for entry in book.entries.values() if entry.began < book.now() - OLD]
    marked = {trial.standin.key_of(entry) for entry in entries if entry.began >= filled_to}
    trial.percent = round(100 * len(found) / len(entries))
    trial.missing = max(trial.missing, len(marked - found))
    if not stream.by_number:  # whose windows are of many pages, of which the first ones are saved before the last
        trial.early = max(trial.early, len({trial.standin.key_of(entry) for entry in entries} & found - marked))


async def _is_caught(trial: _Trial) -> bool:
    async with trial.database.read() as connection:
        rows = len((await connection.execute(select(calls.c.id))).all())
    return bool(trial.missing or trial.early) or rows > len(trial.standin.book.entries) + len(trial.deleted)


async def _compared(trial: _Trial) -> Found:
    """Pulls to the end, undisturbed, and compares every call."""
    trial.standin.mischief.often = 0.0
    await asyncio.sleep(HOLD.total_seconds() + 0.1)
    if not trial.mistake:
        await pull(House(trial.database), trial.source, holder=new_holder())
    async with trial.database.read() as connection:
        rows = (
            await connection.execute(select(calls.c.provider_call_id, calls.c.duration_seconds, calls.c.deleted_at))
        ).all()
    told = trial.standin.told()
    there = {row.provider_call_id: row for row in rows if row.deleted_at is None}
    known = told.keys() | trial.deleted
    return Found(
        calls=len(told),
        changes=trial.changes,
        kills=trial.kills,
        marked_and_missing=trial.missing,
        unmarked_and_there=trial.early,
        lost=len(told.keys() - there.keys()) if not trial.mistake else 0,
        doubled=len(rows) - len({row.provider_call_id for row in rows} & known),
        stale=sum(key in told and row.duration_seconds != told[key] for key, row in there.items())
        if not trial.mistake
        else 0,
        not_deleted=len(trial.deleted & there.keys()) if not trial.mistake else 0,
        percent_filled=trial.percent,
    )


def main() -> None:
    """The command."""
    options = parser(__doc__)
    options.add_argument("--provider", default="callyzer", choices=[one.value.lower() for one in STANDINS])
    options.add_argument("--engine", default="sqlite", choices=["sqlite", "postgresql"])
    options.add_argument("--calls", type=int, default=10_000, help="how many calls there are to begin with")
    options.add_argument("--kills", type=int, default=100, help="how often the process is killed")
    options.add_argument("--mistake", choices=list(MISTAKES), help="make this mistake, which has to be caught")
    given = options.parse_args()
    provider = Provider[given.provider.upper()]
    work = partial(measure, provider=provider, count=given.calls, kills=given.kills, mistake=given.mistake)
    if given.engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            found = asyncio.run(work(f"sqlite:///{Path(folder) / 'store.sqlite'}"))
    else:
        with postgresql() as store:
            found = asyncio.run(work(store.url))
    report(found.figures)


if __name__ == "__main__":
    main()
