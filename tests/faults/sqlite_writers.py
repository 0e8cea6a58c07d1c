"""Eight processes change one row of one SQLite file at once: no change is lost, and no writer is turned away.

Example: python -m tests.faults.sqlite_writers --writers 8 --seconds 10
"""

import asyncio
import multiprocessing
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from app.domain.errors import StoreError
from app.store.database import Database
from app.store.tables import workspaces
from tests.faults.figures import Figure, parser, report
from tests.faults.servers import prepared


@dataclass(frozen=True, slots=True)
class Written:
    """What one writer did."""

    changes: int
    errors: int
    longest: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    written: list[Written]
    kept: int

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        changes = sum(one.changes for one in self.written)
        return [
            Figure("writers", len(self.written)),
            Figure("changes acknowledged", changes),
            Figure("changes lost", abs(changes - self.kept), 0),
            Figure("writers turned away", sum(one.errors for one in self.written), 0),
            Figure("fewest changes of a writer", min(one.changes for one in self.written)),
            Figure("longest time to a change, s", max(one.longest for one in self.written), 5),
        ]


def measure(folder: Path, writers: int, seconds: float) -> Found:
    """Each writer reads a number and writes the next one, in one transaction, again and again."""
    url = f"sqlite:///{folder / 'store.sqlite'}"
    asyncio.run(prepared(url))
    before = asyncio.run(_kept(url))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([prepared.__module__])  # what they need is read once, not by each
    with context.Pool(writers) as pool:
        written = pool.starmap(
            _write, [(url, folder, number, writers, seconds) for number in range(writers)], chunksize=1
        )
    return Found(written, asyncio.run(_kept(url)) - before)


def _write(url: str, folder: Path, number: int, writers: int, seconds: float) -> Written:
    (folder / f"ready-{number}").touch()
    while len(list(folder.glob("ready-*"))) < writers:  # they begin together, once every process is up
        time.sleep(0.01)
    return asyncio.run(_writing(url, seconds))


async def _writing(url: str, seconds: float) -> Written:
    database = Database(url)
    changes, errors, longest = 0, 0, 0.0
    end = time.monotonic() + seconds
    try:
        while (began := time.monotonic()) < end:
            try:
                async with database.write() as connection:
                    number = (await connection.execute(select(workspaces.c.connected_above_seconds))).scalar_one()
                    await connection.execute(update(workspaces).values(connected_above_seconds=number + 1))
                changes += 1
            except StoreError:
                errors += 1
            longest = max(longest, time.monotonic() - began)
    finally:
        await database.close()
    return Written(changes, errors, longest)


async def _kept(url: str) -> int:
    database = Database(url)
    try:
        async with database.read() as connection:
            return int((await connection.execute(select(workspaces.c.connected_above_seconds))).scalar_one())
    finally:
        await database.close()


def main() -> None:
    """Runs it."""
    made = parser(__doc__, seconds=10)
    made.add_argument("--writers", type=int, choices=range(1, 33), default=8, help="how many processes, up to 32")
    options = made.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report(measure(Path(folder), options.writers, options.seconds).figures)


if __name__ == "__main__":
    main()
