"""What the steps of a plan have in common: where their arguments stand, and the rows they read, with what belongs to each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField

from app.engine.level import Level
from app.engine.run import Run

if TYPE_CHECKING:
    from app.engine.steps import Child

MOST_PARENTS = 512  # of one statement with a list of them
MOST_BRANCHES = 32  # of one statement with a branch for each
Build = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Where a step's arguments stand."""

    type_name: str
    field: GraphQLField
    node: FieldNode

    @property
    def name(self) -> str:
        """The field's."""
        return self.node.name.value


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
