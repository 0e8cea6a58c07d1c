"""What an operation has to pass before a field of it is looked at: the access log's readiness, and its viewer's budget."""

import time
from dataclasses import dataclass, replace
from typing import Any

from app.access.budget import Budget, BudgetSpentError
from app.access.viewer import Viewer
from app.domain.scope import Scope
from app.graphql.documents import LIMITS, Document
from app.graphql.limits import Cost, Limits
from app.graphql.literals import without_literals
from app.settings import Settings
from app.store.access_log import AccessLog
from app.store.database import Database
from app.web.requests import Seen

# Comparisons and values of filters that take as long to make into statements as an object takes to be answered.
_PARTS_OF_AN_OBJECT = 10


@dataclass(frozen=True, slots=True)
class Gate:
    """What one server asks of every operation; None where the settings ask nothing."""

    limits: Limits
    budget: Budget | None
    access_log: AccessLog | None


def gate_of(settings: Settings, database: Database) -> Gate:
    """The gate that the settings ask for."""
    a_minute = settings.budget_per_minute
    return Gate(
        replace(LIMITS, cost=settings.query_cost),
        Budget(a_minute, a_minute) if a_minute else None,
        AccessLog(database, Scope(settings.workspace)) if settings.access_log else None,
    )


@dataclass(slots=True)
class Admission:
    """One operation's: asked by the graph, and read by whoever answers."""

    gate: Gate
    viewer: Viewer
    noted: Seen
    cost: int | None = None

    @property
    def limits(self) -> Limits:
        """The limits of one request."""
        return self.gate.limits

    @property
    def _budget(self) -> Budget | None:
        # Strangers, where they are answered, share a name: one of them would spend what all the others have.
        return None if self.viewer.anonymous else self.gate.budget

    def begin(self, document: Document, cost: Cost) -> None:
        """Lets an operation begin. Raises UnwrittenError and BudgetSpentError."""
        self.cost = cost.nodes
        access_log, budget = self.gate.access_log, self._budget
        if access_log is not None:
            access_log.check()
        if budget is not None:
            _spend(budget, self.viewer.key, cost.nodes)
        if access_log is not None and access_log.documents.is_new(document.digest):
            access_log.documents.meet(document.digest, lambda: without_literals(document.node))
        self.noted.begin(document.digest)

    def worked(self, parts: int) -> None:
        """Charges what the filters came to: it is known only now, so it is the next requests that may have to wait."""
        if parts >= _PARTS_OF_AN_OBJECT and self._budget is not None:
            self._budget.charge(self.viewer.key, parts // _PARTS_OF_AN_OBJECT, time.monotonic())

    def shown(self) -> dict[str, Any]:
        """What the operation cost, for the answer's extensions; nothing where it was refused before that was known."""
        if self.cost is None:
            return {}
        budget = self._budget
        return {
            "cost": {
                "requested": self.cost,
                "limit": self.limits.cost,
                "budgetPerMinute": None if budget is None else round(budget.capacity),
                "budgetRemaining": None if budget is None else budget.left(self.viewer.key, time.monotonic()),
            }
        }


def _spend(budget: Budget, key: str, cost: int) -> None:
    now = time.monotonic()
    wait = budget.take(key, cost, now)
    if wait is not None:
        raise BudgetSpentError(cost, round(budget.capacity), budget.left(key, now), wait)
