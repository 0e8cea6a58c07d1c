"""A view of the store: one state of it for all that a request reads, whatever is written meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from app.domain.errors import StoreError
from app.store.database import Connection, Database
from app.store.trouble import told_apart


class View:
    """Opened by the first who reads; ends with `close`. Readers take turns: a connection has one statement at a time."""

    def __init__(self, database: Database, closed: bool = False) -> None:
        """One that is `closed` from the start lets nobody read: its request is over."""
        self._database = database
        self._turn = asyncio.Lock()
        self._held: AsyncExitStack | None = None
        self._connection: Connection | None = None
        self._closed = closed
        self._given_up: StoreError | None = None

    def give_up(self, error: StoreError) -> None:
        """Lets everybody who reads from now on know what is wrong, at once: it was waited for, and would be again."""
        self._given_up = error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """The view's connection, for a statement or a few. Raises StoreError; what broke in it is read anew after that."""
        async with self._turn:
            with told_apart(self._database.url, reads=True):
                if self._closed:
                    raise StoreError("The request is over.")
                if self._given_up is not None:
                    raise self._given_up
                if self._connection is None:
                    self._held = self._held or AsyncExitStack()
                    self._connection = await self._held.enter_async_context(self._database.read())
                try:
                    yield self._connection
                except BaseException:  # a cancelled request, too
                    await self._let_go()  # a transaction that failed answers nothing more
                    raise

    async def close(self) -> None:
        """Lets go of the connection, after the statement that is under way."""
        self._closed = True
        if self._held is not None or self._turn.locked():
            async with self._turn:
                await self._let_go()

    async def _let_go(self) -> None:
        self._connection = None
        if self._held is not None:
            await self._held.aclose()
