"""Refuses what a viewer has no right to."""

from app.domain.errors import ForbiddenError
from app.domain.scope import Right, Scope


def demand(scope: Scope, right: Right, what: str = "This") -> None:
    """Raises ForbiddenError where the viewer has not the right; it says what needs it."""
    if not scope.may(right):
        raise ForbiddenError(f"{what} needs the scope {right.value}.")
