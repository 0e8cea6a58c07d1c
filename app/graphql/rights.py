"""Refuses what a viewer has no right to."""

from app.domain.errors import ForbiddenError
from app.domain.scope import Right, Scope


def demand(scope: Scope, right: Right) -> None:
    """Raises ForbiddenError where the viewer has not the right."""
    if not scope.may(right):
        raise ForbiddenError(f"This needs the scope {right.value}.")
