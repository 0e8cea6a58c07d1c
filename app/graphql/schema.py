"""The schema: the only definition of the graph, and its SDL."""

from functools import cache

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from app.graphql.excluded import ExcludedMutation, ExcludedQuery
from app.graphql.queries import TYPES, Query
from app.graphql.ready.activity import ActivityQuery
from app.graphql.ready.pairs import Pairs
from app.graphql.ready.summaries import Summaries
from app.graphql.ready.unreturned import UnreturnedQuery
from app.graphql.scalars import SCALARS
from app.graphql.statistics import Statistics


@strawberry.type(name="Query", description="The ways into the graph.")
class _Root(Query, Statistics, Pairs, UnreturnedQuery, Summaries, ActivityQuery, ExcludedQuery):
    """All root fields, of whatever file."""


@strawberry.type(name="Mutation", description="What can be changed, one after the other in the order of the document.")
class _Changes(ExcludedMutation):
    """All root fields that change something."""


class _Schema(strawberry.Schema):
    """Strawberry's, without its own log of errors: `presented` logs those that are ours, once and with a request id."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """A visitor's mistake is no event of the server's."""


@cache
def schema() -> strawberry.Schema:
    """The schema; made once, on first use."""
    return _Schema(_Root, _Changes, types=TYPES, config=StrawberryConfig(scalar_map=SCALARS))


def sdl() -> str:
    """The schema in GraphQL's schema definition language, as `schema.graphql` has it."""
    return schema().as_str() + "\n"
