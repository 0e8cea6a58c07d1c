"""Node: what every type with an id of its own has in common."""

from typing import Any

import strawberry

from app.graphql import ids
from app.graphql.declare import computed, written_column

TYPE = "_type"  # under which a row that was found by its node id carries its type's name


@strawberry.interface(description="Anything with an id that can be asked for again through `node`.")
class Node:
    """Relay's node. The values behind the types are rows, so the type is told by the row, not by a Python class."""

    id = computed(strawberry.ID, ("id",), lambda row, scope: row["id"], "An opaque id, unique over all types.")

    @classmethod
    def resolve_type(cls, value: Any, *_: Any) -> str:
        """The name of the type that a found row is of."""
        return str(value[TYPE])

    @classmethod
    def is_type_of(cls, *_: Any) -> bool:
        """Rows are plain mappings: where one type is possible, it is the right one."""
        return True


def node_id(type_name: str) -> Any:
    """The `id` field of a type."""
    text = "An opaque id, unique over all types."
    return written_column(strawberry.ID, "id", lambda scope: ids.encoder(type_name, scope), text)
