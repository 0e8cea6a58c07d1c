"""A window on a sorted list: how many, from which position, in which direction."""

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
# The key under which a row of a page carries the value that it was sorted by.
SORT = "_sort"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a sorted list: the sort value of a row, and its id for equal ones.

    None is the value that the row has now, for a viewer who may not know it: a list after a row that is gone is empty.
    """

    value: int | str | None
    id: str


@dataclass(frozen=True, slots=True)
class Window:
    """`limit` rows after and before a position; the last ones of those, in the list's order, where `backward`."""

    limit: int
    after: Position | None = None
    before: Position | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the list's order, and whether there are more on either side."""

    rows: list[Row]
    has_next: bool
    has_previous: bool
