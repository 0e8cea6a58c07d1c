"""The schema: the only definition of the graph, and its SDL."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from app.graphql.queries import TYPES, Query
from app.graphql.scalars import SCALARS


@cache
def schema() -> strawberry.Schema:
    """The schema; made once, on first use."""
    return strawberry.Schema(Query, types=TYPES, config=StrawberryConfig(scalar_map=SCALARS))


def sdl() -> str:
    """The schema in GraphQL's schema definition language, as `schema.graphql` has it."""
    return schema().as_str() + "\n"
