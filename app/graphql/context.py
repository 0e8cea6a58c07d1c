"""What one request carries through the graph: whose it is, the store, the moment, and its loaders."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from aiodataloader import DataLoader

from app.domain.periods import Period, range_of
from app.domain.scope import Scope
from app.store.database import Database
from app.store.quick import Quick
from app.store.view import View


@dataclass(slots=True)
class Context:
    """One request, entered while its fields are looked at.

    `now` and the view of the store are the same for its whole length, so that two periods in one query agree, and so
    do a list and its count.
    """

    scope: Scope
    zone: ZoneInfo
    database: Database
    now: datetime
    viewer_name: str = ""
    # Makes the link to a call's recording for the viewer, by our id of the call; None where there is no server to ask.
    recording_link: Callable[[str], str] | None = None
    # What is put around a part of the work by whoever traces it.
    span: Callable[[str], AbstractContextManager[object]] = nullcontext
    # query, mutation or subscription, and its name in the document, as soon as they are known.
    operation: str = "unknown"
    operation_name: str | None = None
    # By what it was answered: compiled, or reference and why; nothing where it was not executed.
    path: str = ""
    # By the name that each statistic has in the answer, what it was read from: totals, or the calls one by one.
    read_from: dict[str, str] = field(default_factory=dict)
    _view: View | None = None
    _loaders: dict[Hashable, DataLoader[Any, Any]] = field(default_factory=dict)
    # The tasks in which loaders read: nobody awaits them, so that cancelling a request does not reach them by itself.
    _reading: set[asyncio.Task[Any]] = field(default_factory=set)
    _ended: bool = False

    @property
    def view(self) -> View:
        """What the request reads, unless a plan reads it in a hurry."""
        if self._view is None:
            self._view = View(self.database, closed=self._ended)
        return self._view

    def ends_of(self, period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The ends of a period, as of the request's moment."""
        return range_of(period, zone, self.now)

    @property
    def quick(self) -> Quick | None:
        """How the engine reads in a hurry."""
        return self.database.quick

    async def send(self, text: str, values: tuple[Any, ...]) -> Sequence[Sequence[Any]]:
        """The rows of a statement in the driver's own form, within the request's view."""
        async with self.view.reading() as connection:
            return (await connection.exec_driver_sql(text, values)).all()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if (view := self.end()) is not None:
            await view.close()

    def end(self) -> View | None:
        """The request is over, answered or not: what is still to be closed, if anything is."""
        self._ended = True
        for task in self._reading:  # what loaders still read is of no use to anybody
            task.cancel()
        return self._view

    def loader(self, key: Hashable, make: Callable[[], DataLoader[Any, Any]]) -> DataLoader[Any, Any]:
        """The request's loader of that key, made on first use: a loader has to be born within the running loop.

        The key holds everything but the parent that shapes the statement (columns, filter, order, window), so that
        two fields that ask alike share a statement and two that do not never share a row.
        """
        found = self._loaders.get(key)
        if found is None:
            found = self._loaders[key] = make()
            found.batch_load_fn = self._noted(found.batch_load_fn)
        return found

    def _noted(self, load: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Any]:
        async def noted(keys: Any) -> Any:
            task = asyncio.current_task()
            if task is None or self._ended:
                raise asyncio.CancelledError
            self._reading.add(task)
            try:
                return await load(keys)
            finally:
                self._reading.discard(task)

        return noted
