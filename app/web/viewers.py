"""Finds the viewer of a request; what they share of their workspace is read anew every half minute."""

import time

from app.access.viewer import Viewer
from app.domain.errors import StoreError
from app.domain.scope import Scope
from app.domain.times import zone_named
from app.store import sources
from app.store.database import Database

_FRESH_SECONDS = 30


class Viewers:
    """The viewers of one server. Every request is the workspace's own: there are no tokens yet."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database, self._scope = database, scope
        self._known: tuple[float, Viewer] | None = None

    async def of_request(self) -> Viewer:
        """The viewer. Raises StoreError where the store or the workspace is not there."""
        if self._known and time.monotonic() - self._known[0] < _FRESH_SECONDS:
            return self._known[1]
        async with self._database.read() as connection:
            found = await sources.workspace(connection, self._scope)
        if found is None:
            raise StoreError(
                f"There is no workspace {self._scope.workspace_id!r} in the store. Run: switchboard migrate"
            )
        viewer = Viewer(found[0], zone_named(found[1]))
        self._known = (time.monotonic(), viewer)
        return viewer
