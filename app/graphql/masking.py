"""What a viewer without the right to numbers sees of one: its last three digits."""

from collections.abc import Callable

from app.domain.numbers import digits_of
from app.domain.scope import Right, Scope

SHOWN = 3
HIDDEN = "•"


def masked(number: str | None) -> str | None:
    """A number with all but its last three characters hidden; of a short one, all."""
    if number is None:
        return None
    return HIDDEN * (len(number) - SHOWN) + number[-SHOWN:] if len(number) > SHOWN else HIDDEN * len(number)


def shown(scope: Scope, number: str | None) -> str | None:
    """A number as the viewer may see it."""
    return number if scope.may(Right.NUMBERS_READ) else masked(number)


def number_mask(scope: Scope) -> Callable[[str | None], str | None] | None:
    """What becomes of numbers for the viewer; None where they are shown as they are."""
    return None if scope.may(Right.NUMBERS_READ) else masked


def shown_name(scope: Scope, name: str | None) -> str | None:
    """A name as the viewer may see it: some trunks are called by their number."""
    if name is None or scope.may(Right.NUMBERS_READ) or len(digits_of(name)) <= SHOWN:
        return name
    return masked(name) if not any(c.isalpha() for c in name) else name
