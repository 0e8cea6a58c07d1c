"""`kill -9` at random moments while Asterisk's files are followed as they grow and are rotated: no row lost, none doubled.

Example: python -m tests.faults.kill_files --kills 60 --rows 6000
"""

import asyncio
import multiprocessing
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path

from sqlalchemy import select

from app.domain.sources import Provider, Source
from app.store import source_files, sources
from app.store.database import Database
from app.store.tables import call_payloads, calls
from app.sync import pull_files
from app.sync.attempt import Manner
from app.sync.following import Following
from app.sync.growing import files_at
from app.sync.lease import new_holder
from tests.conftest import SCOPE, House
from tests.faults.figures import Figure, parser, report
from tests.faults.kill import HOLD, PATIENCE, lifetime
from tests.faults.mistakes import marked_first, rows_without_key
from tests.faults.servers import postgresql, prepared
from tests.standins.running import pull

# How long a process lives at the most, in seconds, from when it begins to look at the files.
LONGEST = 0.8
# Rows that are written at once, and of a file until it is rotated: more than are read in one piece.
BURST, ROTATED = 40, 1_500


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    rows: int
    rotations: int
    kills: int
    # Rows before the position that is kept of their file, which are not there after a kill.
    marked_and_missing: int
    lost: int
    doubled: int

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        return [
            Figure("rows", self.rows),
            Figure("rotations", self.rotations),
            Figure("kills", self.kills),
            Figure("marked as read but missing after a kill", self.marked_and_missing, 0),
            Figure("rows lost", self.lost, 0),
            Figure("calls or rows doubled", self.doubled, 0),
        ]


@dataclass
class _Exchange:
    """Asterisk: writes rows, now and then half of one, and rotates its file."""

    folder: Path
    written: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    rotations: int = 0
    _of_file: int = 0

    def write(self, count: int) -> None:
        """More rows, the last one in two halves; every third call has two."""
        for _ in range(count):
            if self._of_file >= ROTATED:
                self._rotate()
            self._of_file += 1
            line, half = self._line(), 0
            with (self.folder / "Master.csv").open("a") as file:
                if random.random() < 0.05:
                    half = len(line) // 2
                    file.write(line[:half])
                    file.flush()
                file.write(line[half:])

    def _line(self) -> str:
        key = f"17161{self.rows - (self.rows % 3 == 1):07}.1"
        minute, second = divmod(self.rows % 3600, 60)
        self.rows += 1
        self.written[key] += 1
        return (
            f'"","98110{self.rows % 100:05}","2001","from-trunk","","PJSIP/trunk-{self.rows}","PJSIP/2001","Dial","",'
            f'"2024-05-20 08:{minute:02}:{second:02}","2024-05-20 09:10:00","2024-05-20 09:11:00",60,50,"ANSWERED",'
            f'"DOCUMENTATION","{key}",""\n'
        )

    def _rotate(self) -> None:
        """As logrotate does it: every file moves on by a number."""
        self.rotations += 1
        for number in range(self.rotations, 0, -1):
            before = self.folder / (f"Master.csv.{number - 1}" if number > 1 else "Master.csv")
            before.rename(self.folder / f"Master.csv.{number}")
        self._of_file = 0


async def measure(url: str, folder: Path, rows: int, kills: int, mistake: str | None = None) -> Found:
    """Follows an exchange that writes so many rows, and kills the process that does it again and again."""
    await prepared(url)
    database, exchange = Database(url), _Exchange(folder)
    exchange.write(BURST)
    try:
        house = House(database, now=datetime.now(UTC))
        source = await house.source(Provider.ASTERISK)
        async with database.write() as connection:
            pulled = sources.Pulled(str(folder / "Master.csv"), {}, datetime.now(UTC) - timedelta(days=1))
            source = await sources.set_pulled(connection, SCOPE, source, pulled)
        missing = 0
        for killed in range(kills):
            await _kill(url, exchange, rows * (killed + 1) // kills, lifetime(LONGEST, killed, mistake), mistake)
            missing = max(missing, await _missing(database, source))
            if mistake and (missing or (await _compared(database, source, exchange))[1]):
                break
        return await _ended(house, source, exchange, killed + 1, missing, mistake)
    finally:
        await database.close()


async def _kill(url: str, exchange: _Exchange, rows: int, lives: float, mistake: str | None) -> None:
    """Starts a process that follows, writes until there are so many rows, and kills it meanwhile, after so many seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([rows_without_key.__module__, House.__module__])  # read once, not by each
    begun = context.Event()
    process = context.Process(target=_follow, args=(url, begun, mistake), daemon=True)
    process.start()
    try:
        assert await asyncio.to_thread(begun.wait, PATIENCE), "it does not begin"
        writing = asyncio.create_task(_write(exchange, rows))
        await asyncio.sleep(lives)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
    await writing


async def _write(exchange: _Exchange, rows: int) -> None:
    while exchange.rows < rows:
        exchange.write(min(BURST, rows - exchange.rows))
        await asyncio.sleep(0.01)


def _follow(url: str, begun: Event, mistake: str | None) -> None:
    """What the process does until it is killed."""
    if mistake == "position-first":
        pull_files.into = marked_first  # how far a file was read is kept before its rows
    elif mistake:
        rows_without_key(Provider.ASTERISK)
    asyncio.run(_following(url, begun))


async def _following(url: str, begun: Event) -> None:
    manner = Manner(new_holder(), every=timedelta(seconds=0.02), hold=HOLD)
    following = Following(Database(url), SCOPE, manner, look=timedelta(seconds=0.02))
    await following.start()
    begun.set()
    await asyncio.Event().wait()


async def _missing(database: Database, source: Source) -> int:
    """Rows before the positions that are kept, of calls that are not there."""
    async with database.read() as connection:
        positions = await source_files.positions(connection, SCOPE, source.id)
        known = set((await connection.execute(select(calls.c.provider_call_id))).scalars())
    count = 0
    for file in files_at(source.address or ""):
        read = file.path.read_bytes()[: positions.get(file.beginning, 0)].decode()
        count += sum(line.split('"')[-4] not in known for line in read.splitlines())
    return count


async def _compared(database: Database, source: Source, exchange: _Exchange) -> tuple[int, int]:
    """Rows that are missing, and rows and calls that are there too often."""
    told = select(calls.c.provider_call_id, call_payloads.c.payload).where(calls.c.source_id == source.id)
    statement = told.join(call_payloads, call_payloads.c.call_id == calls.c.id)
    async with database.read() as connection:
        stored = (await connection.execute(statement)).all()
    there = Counter(dict.fromkeys(exchange.written, 0))
    for key, payload in stored:
        there[key] += len(payload["rows"])
    return (exchange.written - there).total(), (there - exchange.written).total()


async def _ended(
    house: House, source: Source, exchange: _Exchange, kills: int, missing: int, mistake: str | None
) -> Found:
    """Follows to the end, undisturbed, unless a mistake was made."""
    await asyncio.sleep(HOLD.total_seconds() + 0.1)
    if not mistake:
        await pull(house, source, holder=new_holder())
    lost, doubled = await _compared(house.database, source, exchange)
    return Found(exchange.rows, exchange.rotations, kills, missing, 0 if mistake else lost, doubled)


MISTAKES = ("position-first", "rows-without-key")


def main() -> None:
    """The command."""
    options = parser(__doc__)
    options.add_argument("--engine", default="sqlite", choices=["sqlite", "postgresql"])
    options.add_argument("--rows", type=int, default=6_000, help="how many rows are written")
    options.add_argument("--kills", type=int, default=60, help="how often the process is killed")
    options.add_argument("--mistake", choices=MISTAKES, help="make this mistake, which has to be caught")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = partial(measure, folder=folder, rows=given.rows, kills=given.kills, mistake=given.mistake)
        if given.engine == "sqlite":
            found = asyncio.run(work(f"sqlite:///{folder / 'store.sqlite'}"))
        else:
            with postgresql() as store:
                found = asyncio.run(work(store.url))
    report(found.figures)


if __name__ == "__main__":
    main()
