"""The rows that a step reads, with what belongs to each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.engine.level import Level
from app.engine.question import Build
from app.engine.run import Run

if TYPE_CHECKING:
    from app.engine.steps import Child

MOST_BRANCHES = 32  # of one statement with a branch for each


@dataclass(slots=True)
class Rows:
    """What a level's rows are built with: the children of each row, then one generated function."""

    level: Level
    # How many columns come after the level's own: what it is sorted by, then the parent's id.
    extra: int = 0
    # The place in the row of each child's parent id.
    children: list[tuple[int, "Child"]] = field(default_factory=list)
    build: Build | None = None

    async def beside(self, run: Run, rows: Sequence[Sequence[Any]]) -> list[Mapping[str, Any]]:
        """What each child has for the rows' ids."""
        found: list[Mapping[str, Any]] = []
        for place, child in self.children:
            ids = list(dict.fromkeys(row[place] for row in rows if row[place] is not None))
            found.append(await child.fetch(run, ids) if ids else {})
        return found
