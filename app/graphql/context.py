"""What one request carries through the graph: whose it is, the store, the moment, and its loaders."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from aiodataloader import DataLoader

from app.domain.scope import Scope
from app.store.database import Database
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
    view: View = field(init=False)
    _loaders: dict[Hashable, DataLoader[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.view = View(self.database)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.view.close()

    def loader(self, key: Hashable, make: Callable[[], DataLoader[Any, Any]]) -> DataLoader[Any, Any]:
        """The request's loader of that key, made on first use: a loader has to be born within the running loop.

        The key holds everything but the parent that shapes the statement (columns, filter, order, window), so that
        two fields that ask alike share a statement and two that do not never share a row.
        """
        found = self._loaders.get(key)
        if found is None:
            found = self._loaders[key] = make()
        return found
