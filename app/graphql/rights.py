"""Refuses what a viewer has no right to."""

from app.domain.errors import ForbiddenError
from app.domain.scope import Right, Scope


def demand_all(scope: Scope, what: str) -> None:
    """Raises ForbiddenError where the viewer sees a part of the workspace's calls only."""
    if scope.reach.limited:
        raise ForbiddenError(f"{what} is the whole workspace's, and this viewer sees some of its calls only.")


def demand(scope: Scope, right: Right, what: str = "This") -> None:
    """Raises ForbiddenError where the viewer has not the right; it says what needs it."""
    if not scope.may(right):
        raise ForbiddenError(f"{what} needs the scope {right.value}.")
