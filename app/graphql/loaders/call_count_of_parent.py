"""How many calls an agent, a contact or a source has, by direction."""

from typing import Any

from aiodataloader import DataLoader

from app.domain.filters import CallFilter
from app.graphql.context import Context
from app.store import counts


def call_count_of_parent(context: Context, key: str, filter: CallFilter) -> DataLoader[str, counts.CallCount]:
    """Loads the count of the calls that a filter selects for a parent, by the column `key` of calls."""

    async def load(parents: list[str]) -> list[counts.CallCount]:
        async with context.view.reading() as connection:
            return await counts.by_parent(connection, context.scope, key, parents, filter)

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("call_count_of_parent", key, filter), make)
