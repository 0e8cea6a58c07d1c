"""Stores what pushed messages tell, at least once each, by the way that pulled records take."""

import asyncio
from contextlib import suppress
from typing import Any

import structlog

from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.contract import Unreadable
from app.providers.decoded import decoded
from app.providers.registry import spec_of
from app.store import inbox, sources
from app.store.database import Connection, Database
from app.store.inbox import Message
from app.sync.attempt import utc_now
from app.sync.ingest import BATCH, ingest
from app.sync.work import Work

_AT_ONCE = 20
# How often is looked for messages that another process has left behind.
_LOOK_SECONDS = 5.0
log = structlog.get_logger()


class Inbox(Work):
    """Reads messages as they come, and now and then what another process left behind; what it stops at is kept."""

    def __init__(self, database: Database, scope: Scope, look_seconds: float = _LOOK_SECONDS) -> None:
        super().__init__()
        self._database, self._scope, self._look = database, scope, look_seconds
        self._woken = asyncio.Event()

    async def stop(self, patience: float = 2.0) -> None:
        """Ends after the message that is being read."""
        self._woken.set()
        await super().stop(patience)

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


async def _read(database: Database, scope: Scope, message: Message) -> None:
    spec = spec_of((await _source(database, scope, message)).provider)
    await _store(database, scope, message, list(spec.items(decoded(message.body.encode()))))


async def _give_up(database: Database, scope: Scope, message: Message, error: Exception) -> None:
    """Keeps the whole message as a dead letter, but for what no dead letter may say: see `ingest`."""
    reason = f"the message could not be read: {type(error).__name__}"
    await _store(database, scope, message, [Unreadable(message.body, reason)])


async def _source(database: Database, scope: Scope, message: Message) -> Source:
    async with database.read() as connection:
        return await sources.required(connection, scope, message.source)


async def _store(database: Database, scope: Scope, message: Message, payloads: list[Any]) -> None:
    """Takes payloads in, and notes with the last of them that the message is done."""

    async def mark(connection: Connection) -> None:
        await inbox.done(connection, scope, message, utc_now())

    source = await _source(database, scope, message)
    spec = spec_of(source.provider)
    for first in range(0, max(len(payloads), 1), BATCH):
        last = mark if first + BATCH >= len(payloads) else None
        # As of its receipt: a message that waited is not newer for that.
        some = payloads[first : first + BATCH]
        await ingest(database, scope, source, spec, some, message.received_at, mark=last)
