"""The disk under an SQLite store gets full while calls are taken in: what was acknowledged is kept, questions are answered.

The disk is a small tmpfs where this machine lets us mount one (in a namespace of our own), else a limit on the size of files.

Example: python -m tests.faults.full_disk --megabytes 32
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from argparse import SUPPRESS
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import httpx
from sqlalchemy import text

from app.domain.errors import StoreError
from app.domain.sources import Provider
from app.store.database import Database
from tests.builders import voxcrow_row
from tests.conftest import House
from tests.faults.figures import Figure, parser, report
from tests.faults.load import Load, ask
from tests.faults.servers import Switchboard, switchboard

_BATCH = 25
_WHILE_FULL = 20  # attempts
_MEGABYTE = 1024 * 1024
_MOUNT = 'mount -t tmpfs -o size="$1"m tmpfs "$2" && shift 2 && exec "$@"'


@dataclass(slots=True)
class Found:
    """What was measured."""

    disk: str
    acknowledged: int = 0
    kept: int = 0
    unclear: list[str] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    whole: str = ""
    resumed_after: float = float("inf")
    load: Load = field(default_factory=Load)

    @property
    def figures(self) -> list[Figure]:
        """The table."""
        answered = self.load.told["200"]
        return [
            Figure("the disk", self.disk),
            Figure("calls acknowledged", self.acknowledged),
            Figure("of these lost", max(0, self.acknowledged - self.kept), 0),
            Figure("calls kept that were refused", max(0, self.kept - self.acknowledged), 0),
            Figure("batches refused while it was full", len(self.refusals)),
            Figure("refusals that do not speak of space", len(self.unclear), 0),
            Figure("longest time to a refusal, s", max(self.refusals, default=float("inf")), 2),
            Figure("questions answered while it was full", answered),
            Figure("questions answered otherwise", len(self.load.asked) - answered, 0),
            Figure("calls are taken again after space was freed, s", self.resumed_after, 5),
            Figure("faults that SQLite finds in the file", int(self.whole != "ok"), 0),
        ]


async def measure(url: str, server: Switchboard, disk: str, free: Callable[[], None]) -> Found:
    """Takes calls in until there is no room, tries on while clients ask, and goes on once space is freed."""
    found, numbers, database = Found(disk), count(), Database(url)
    try:
        while await _taken(database, found, numbers):
            pass
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            for _ in range(_WHILE_FULL):
                await _taken(database, found, numbers)
                await ask(client, server.endpoint, found.load)
        free()
        began = time.monotonic()
        while not await _taken(database, found, numbers) and time.monotonic() - began < 10:  # noqa: ASYNC110  # it has no event
            await asyncio.sleep(0.05)
        found.resumed_after = time.monotonic() - began
        async with database.read() as connection:
            found.kept = (await connection.execute(text("SELECT count(*) FROM calls"))).scalar_one()
            found.whole = (await connection.execute(text("PRAGMA integrity_check"))).scalar_one()
    finally:
        await database.close()
    return found


async def _taken(database: Database, found: Found, numbers: Iterator[int]) -> bool:
    """Takes a batch of new calls in; whether that was acknowledged."""
    rows = [voxcrow_row(phone_number=f"98{next(numbers):08}") for _ in range(_BATCH)]
    began = time.monotonic()
    try:
        found.acknowledged += (await House(database).take(Provider.VOXCROW, rows)).new
    except StoreError as error:
        found.refusals.append(time.monotonic() - began)
        if "space" not in error.detail:
            found.unclear.append(error.detail)
        return False
    return True


def on_tmpfs(arguments: Sequence[str], megabytes: int, folder: Path) -> subprocess.CompletedProcess[str] | None:
    """Runs this command on a disk of so many megabytes in a mount namespace of its own; None where that may not be had."""
    inside = ["unshare", "--map-root-user", "--mount", "sh", "-ec", _MOUNT, "sh", str(megabytes), str(folder)]
    try:
        if subprocess.run([*inside, "true"], capture_output=True).returncode:
            return None
    except OSError:  # there is no `unshare`
        return None
    command = [sys.executable, "-m", "tests.faults.full_disk", *arguments, "--inside", str(folder)]
    return subprocess.run([*inside, *command], capture_output=True, text=True)


def within(folder: Path, megabytes: int) -> Found:
    """Measures on the small disk that is mounted at a folder."""
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(megabytes * _MEGABYTE // 4))
    return _measured(folder, f"a tmpfs of {megabytes} MB", ballast.unlink)


def with_small_files(folder: Path, megabytes: int) -> Found:
    """Measures with files that may not grow beyond a size, in this process and in those that it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes * _MEGABYTE, hard))
    free = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (hard, hard))
    try:
        return _measured(folder, f"files of {megabytes} MB at most", free)
    finally:
        free()


def _measured(folder: Path, disk: str, free: Callable[[], None]) -> Found:
    url = f"sqlite:///{folder / 'store.sqlite'}"
    with switchboard(url) as server:
        return asyncio.run(measure(url, server, disk, free))


def main() -> None:
    """Runs it."""
    made = parser(__doc__)
    made.add_argument("--megabytes", type=int, choices=range(4, 513), default=32, metavar="4-512", help="of the disk")
    made.add_argument("--inside", type=Path, help=SUPPRESS)
    options = made.parse_args()
    if options.inside:
        return report(within(options.inside, options.megabytes).figures)
    with tempfile.TemporaryDirectory() as folder:
        ended = on_tmpfs(["--megabytes", str(options.megabytes)], options.megabytes, Path(folder))
        if ended is None:
            return report(with_small_files(Path(folder), options.megabytes).figures)
    print(ended.stdout + ended.stderr, end="")
    sys.exit(ended.returncode)


if __name__ == "__main__":
    main()
