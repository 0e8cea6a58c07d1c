"""Refuses what a viewer has no right to."""

from app.domain.errors import ForbiddenError
from app.domain.labels import LabelKind
from app.domain.scope import Right, Scope

# What the labels of some kinds tell of needs a right to be seen.
LABEL_RIGHTS: dict[LabelKind, Right] = {
    LabelKind.WRAP_UP: Right.NOTES_READ,
    LabelKind.REVIEW: Right.INSIGHTS_READ,
    LabelKind.REVIEW_CHANGE: Right.INSIGHTS_READ,
    LabelKind.RESCUE: Right.INSIGHTS_READ,
}


def demand_all(scope: Scope, what: str) -> None:
    """Raises ForbiddenError where the viewer sees a part of the workspace's calls only."""
    if scope.reach.limited:
        raise ForbiddenError(f"{what} is the whole workspace's, and this viewer sees some of its calls only.")


def demand(scope: Scope, right: Right, what: str = "This") -> None:
    """Raises ForbiddenError where the viewer has not the right; it says what needs it."""
    if not scope.may(right):
        raise ForbiddenError(f"{what} needs the scope {right.value}.")
