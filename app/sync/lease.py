"""Holds a source's turn for as long as it is pulled, and lets go of it at once when the turn is lost."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app.domain.errors import StoreError, SwitchboardError
from app.domain.scope import Scope
from app.store import source_leases
from app.store.database import Connection, Database

HOLD = timedelta(seconds=45)


class TakenError(SwitchboardError):
    """Another process pulls the source."""

    code = "SOURCE_TAKEN"


def new_holder() -> str:
    """A name for this process that no other has, and that tells people which one it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True)
class Lease:
    """The turn of one process on one source."""

    scope: Scope
    source_id: str
    holder: str
    hold: timedelta = HOLD

    async def confirm(self, connection: Connection) -> None:
        """Holds on, in the transaction of what is written: a process that slept past its turn writes nothing any more.

        Raises TakenError.
        """
        now = datetime.now(UTC)
        if not await source_leases.keep(connection, self.scope, self.source_id, self.holder, now, self.hold):
            raise TakenError("Another process has taken over the pulling of the source.")


@asynccontextmanager
async def held(database: Database, lease: Lease) -> AsyncIterator[None]:
    """Takes the turn, keeps it while the block runs, and gives it back. Raises TakenError where it is not to be had."""
    async with database.write() as connection:
        now = datetime.now(UTC)
        if not await source_leases.claim(connection, lease.scope, lease.source_id, lease.holder, now, lease.hold):
            raise TakenError("Another process pulls the source.")
    over = asyncio.Event()
    beating = asyncio.create_task(_beat(database, lease, over))
    try:
        yield
    finally:
        over.set()
        await beating  # it is never broken off amid a statement, which would leave a connection behind
        with suppress(StoreError):  # then it ends by itself
            async with database.write() as connection:
                await source_leases.release(connection, lease.scope, lease.source_id, lease.holder)


async def _beat(database: Database, lease: Lease, over: asyncio.Event) -> None:
    """Holds on while nothing is written: a vendor may take its time. Whether the turn was lost is seen at the next write."""
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), lease.hold.total_seconds() / 3)
            return
        with suppress(StoreError, TakenError):
            async with database.write() as connection:
                await lease.confirm(connection)
