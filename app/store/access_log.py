"""The access log as rows: one chain a workspace, appended to in batches beside the answers, and checked from its start."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import structlog
from sqlalchemy import select, update

from app.domain.access_log import GENESIS, Access, BrokenChainError, Head, Link, checked, linked
from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.access_documents import MetDocuments
from app.store.access_rows import link_of, put, row_of, storable
from app.store.access_tables import access_log, access_log_heads
from app.store.database import Connection, Database
from app.store.upsert import insert_new

# Of one transaction: it is handed to and fro a dozen times, and each time waits for the answers that are being made.
BATCH = 5_000
_CHUNK = 250  # of the work between two looks at what else there is to do: some milliseconds
_PAGE = 2_000
_AGAIN = 0.2  # seconds between the last attempts
log = structlog.get_logger()


async def append(connection: Connection, scope: Scope, accesses: Sequence[Access]) -> None:
    """Puts accesses at the end of the workspace's chain."""
    if not accesses:
        return
    first = {"workspace_id": scope.workspace_id, "position": 0, "digest": GENESIS}
    await insert_new(connection, access_log_heads, [first])
    mine = access_log_heads.c.workspace_id == scope.workspace_id
    # The update holds the head's row until the transaction ends: no second process continues from the same head.
    taken = update(access_log_heads).where(mine).values(position=access_log_heads.c.position + len(accesses))
    row = (await connection.execute(taken.returning(access_log_heads.c.position, access_log_heads.c.digest))).one()
    rows: list[tuple[Any, ...]] = []
    digest, following = row.digest, linked(Head(row.position - len(accesses), row.digest), map(storable, accesses))
    while chunk := list(islice(following, _CHUNK)):
        rows += [row_of(scope, link) for link in chunk]
        digest = chunk[-1].digest
        await asyncio.sleep(0)
    await put(connection, rows)
    await connection.execute(update(access_log_heads).where(mine).values(digest=digest))


async def verify(connection: Connection, scope: Scope) -> Head:
    """Checks the whole chain, also while it grows, and gives its head. Raises BrokenChainError at the first bad row."""
    head = Head()
    while True:
        page = await _page(connection, scope, head.position)
        if page:
            head = checked(head, page)
            continue
        kept = await _head(connection, scope)
        if kept == head:
            return head
        if kept.position <= head.position:
            raise BrokenChainError(min(kept.position + 1, head.position), "it is not what the log is known to end with")
        if not await _page(connection, scope, head.position):
            raise BrokenChainError(head.position + 1, f"rows up to {kept.position:,} are missing from the end")


async def latest(connection: Connection, scope: Scope, limit: int) -> list[Link]:
    """The newest rows, oldest first."""
    statement = select(access_log).where(access_log.c.workspace_id == scope.workspace_id)
    rows = await connection.execute(statement.order_by(access_log.c.position.desc()).limit(limit))
    return [link_of(row) for row in reversed(rows.all())]


class UnwrittenError(StoreError):
    """Too much of the access log waits to be written: nobody is answered what could not be accounted for."""

    code = "ACCESS_LOG_UNAVAILABLE"


class AccessLog:
    """Takes notes at once and writes them behind the answers: each second, and whatever is left when it is stopped.

    Nothing is forgotten: while the store takes no notes they wait, up to `most` of them and for `longest` seconds, and
    after that requests are refused (see `check`) until they are written. So only an end without warning (a kill, a power
    cut) loses notes: those of the last second, or, while the store takes none, those that wait. A note whose writing broke off so
    that nobody knows whether it was kept is written again: twice rather than never.
    """

    def __init__(
        self,
        database: Database,
        scope: Scope,
        every: float = 1.0,
        most: int = 10_000,
        longest: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing runs before `start`. Times are in seconds."""
        self._database, self._scope, self._clock = database, scope, clock
        self._every, self._most, self._longest = every, most, longest
        self._waiting: list[Access] = []
        self.documents = MetDocuments()
        self._failing_since: float | None = None
        self._writing, self._stopping = asyncio.Lock(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.written = self.failures = 0

    @property
    def waiting(self) -> int:
        """How many notes are not written yet."""
        return len(self._waiting)

    def check(self) -> None:
        """To be asked before an answer is begun. Raises UnwrittenError where its note could be lost."""
        failing = self._failing_since
        if len(self._waiting) >= self._most or (failing is not None and self._clock() - failing >= self._longest):
            detail = f"{len(self._waiting):,} rows of the access log wait to be written; the log says why."
            raise UnwrittenError("Nothing is answered while the access log cannot be written. Try again.", detail)

    def note(self, access: Access) -> None:
        """Notes an answer; costs its request nothing, and never fails."""
        self._waiting.append(access)

    async def start(self) -> None:
        """Begins to write."""
        self._task = asyncio.create_task(self._run())

    async def stop(self, patience: float = 3.0) -> None:
        """Writes what is left and ends. What cannot be written for so many seconds goes to the server's own log."""
        self._stopping.set()
        try:
            async with asyncio.timeout(patience):
                if self._task:
                    await self._task
                while self._waiting:
                    await asyncio.sleep(_AGAIN)
                    await self.flush()
        except TimeoutError:
            for access in self._waiting:
                log.error("not in the access log", **_shown(access))
            self._waiting.clear()

    async def _run(self) -> None:
        stopped = False
        while not stopped:
            with suppress(TimeoutError):
                stopped = await asyncio.wait_for(self._stopping.wait(), self._every)
            await self.flush()

    async def flush(self) -> None:
        """Writes what waits, a transaction for each few hundred. What cannot be written goes on waiting.

        What comes meanwhile waits for the next time: under load there would be no end of transactions with one row each.
        """
        async with self._writing:
            left, documents = len(self._waiting), self.documents.waiting
            try:
                while left or documents > 0:
                    batch = self._waiting[: min(left, BATCH)]
                    documents -= await self._write(batch)
                    left -= len(batch)
                self._went_well()
            except Exception as error:  # noqa: BLE001  # whatever it is, the notes stay and are tried again
                self._went_wrong(error)

    async def _write(self, batch: list[Access]) -> int:
        """Writes notes, and some of the documents that wait; how many of these."""
        async with self._database.write() as connection:
            await append(connection, self._scope, batch)
            documents = await self.documents.write(connection, self._scope)
        del self._waiting[: len(batch)]
        self.documents.written(documents)
        self.written += len(batch)
        return len(documents)

    def _went_well(self) -> None:
        if self._failing_since is not None:
            log.info("access log is written again")
        self._failing_since = None

    def _went_wrong(self, error: Exception) -> None:
        self.failures += 1
        if self._failing_since is None:  # said once, not each second of an outage
            self._failing_since = self._clock()
            known = isinstance(error, StoreError)
            reason = error.detail if isinstance(error, StoreError) else type(error).__name__
            log.error("access log", waiting=self.waiting, reason=reason, exc_info=None if known else error)


def _shown(access: Access) -> dict[str, object]:
    """A note as a line of a log."""
    return {
        "at": to_ms(access.at),
        "viewer": access.viewer_key,
        "document": access.document,
        "name": access.operation,
        "rows": access.rows,
        "path": access.path,
        "status": access.status,
    }


async def _page(connection: Connection, scope: Scope, after: int) -> list[Link]:
    statement = select(access_log).where(access_log.c.workspace_id == scope.workspace_id)
    rows = await connection.execute(
        statement.where(access_log.c.position > after).order_by(access_log.c.position).limit(_PAGE)
    )
    return [link_of(row) for row in rows]


async def _head(connection: Connection, scope: Scope) -> Head:
    statement = select(access_log_heads.c.position, access_log_heads.c.digest).where(
        access_log_heads.c.workspace_id == scope.workspace_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return Head(row.position, row.digest) if row else Head()
