"""Stores what pushed messages tell, at least once each, by the way that pulled records take."""

import asyncio
from contextlib import suppress

import structlog

from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.providers.decoded import decoded
from app.providers.registry import spec_of
from app.store import inbox, rejected, sources
from app.store.database import Connection, Database
from app.store.inbox import Message
from app.sync.attempt import utc_now
from app.sync.ingest import BATCH, ingest

_AT_ONCE = 20
# How often is looked for messages that another process has left behind.
_LOOK_SECONDS = 5.0
log = structlog.get_logger()


class Inbox:
    """Reads messages as they come; nothing runs before `start`."""

    def __init__(self, database: Database, scope: Scope, look_seconds: float = _LOOK_SECONDS) -> None:
        self._database, self._scope, self._look = database, scope, look_seconds
        self._woken, self._stopping = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to read: messages as they come, and after a while what was left behind."""
        self._task = asyncio.create_task(self._run())

    async def stop(self, patience: float = 2.0) -> None:
        """Ends after the message that is being read; the others are kept for the next process."""
        self._stopping.set()
        self._woken.set()
        if self._task:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, patience)

    def wake(self) -> None:
        """Says that there is a message."""
        self._woken.set()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._look)
            self._woken.clear()
            try:
                while await read_some(self._database, self._scope) and not self._stopping.is_set():
                    pass
            except StoreError as error:
                log.error("inbox", reason=error.detail)
            except Exception as error:  # whatever it is, the next look may go well
                log.error("inbox", reason=type(error).__name__, exc_info=error)


async def read_some(database: Database, scope: Scope) -> bool:
    """Stores what the oldest messages tell; False where there is none."""
    async with database.read() as connection:
        messages = await inbox.waiting(connection, scope, _AT_ONCE)
    for message in messages:
        try:
            await _read(database, scope, message)
        except StoreError:
            raise
        except Exception as error:  # a message that cannot be read holds up no other: it is kept as a dead letter
            log.error("inbox", source=message.source, reason=type(error).__name__, exc_info=error)
            await _give_up(database, scope, message, error)
    return bool(messages)


async def _give_up(database: Database, scope: Scope, message: Message, error: Exception) -> None:
    reason = f"the message could not be read: {type(error).__name__}"
    async with database.write() as connection:
        await rejected.add(connection, scope, message.source_id, [(message.body, reason)], message.received_at)
        await inbox.done(connection, scope, message, utc_now())


async def _read(database: Database, scope: Scope, message: Message) -> None:
    async def mark(connection: Connection) -> None:
        await inbox.done(connection, scope, message, utc_now())

    async with database.read() as connection:
        source = await sources.required(connection, scope, message.source)
    spec = spec_of(source.provider)
    payloads = list(spec.items(decoded(message.body.encode())))
    for first in range(0, max(len(payloads), 1), BATCH):
        last = mark if first + BATCH >= len(payloads) else None
        # As of its receipt: a message that waited is not newer for that.
        some = payloads[first : first + BATCH]
        await ingest(database, scope, source, spec, some, message.received_at, mark=last)
