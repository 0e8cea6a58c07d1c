"""The request as those see it who work out what arguments ask for: it notices whether that depends on the moment."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Dialect

from app.domain.periods import Period, range_of
from app.domain.scope import Scope
from app.store.slots import Origin, Slot


class Asking:
    """Stands for the request's context."""

    def __init__(self, context: Any, dialect: Dialect, slotted: bool) -> None:
        self._context = context
        self._slotted = slotted
        self.dialect = dialect
        self.scope: Scope = context.scope
        self.zone: ZoneInfo = context.zone
        self.viewer_name: str = context.viewer_name
        # Whether the moment was looked at: what came of it is true for this request only.
        self.momentary = False

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        self.momentary = True
        now: datetime = self._context.now
        return now

    def ends_of(self, period: Period, zone: ZoneInfo) -> tuple[Any, Any]:
        """The ends of a period: slots, where statements can have them."""
        if not self._slotted:
            return range_of(period, zone, self.now)
        now = Slot(Origin.NOW)
        return now.then(lambda at: range_of(period, zone, at)[0]), now.then(lambda at: range_of(period, zone, at)[1])
