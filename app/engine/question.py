"""What steps are made with: where the question of one stands, and what builds its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField

MOST_PARENTS = 512  # of one statement with a list of them
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
