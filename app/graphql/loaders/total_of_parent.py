"""The length of a nested connection, by its parent."""

from typing import Any

from aiodataloader import DataLoader

from app.domain.filters import Filter
from app.graphql.context import Context
from app.store import pages


def total_of_parent(context: Context, noun: str, key: str, filter: Filter | None) -> DataLoader[str, int]:
    """Loads how many rows of a noun a filter selects for a parent, by the column `key` of the noun."""

    async def load(parents: list[str]) -> list[int]:
        async with context.view.reading() as connection:
            found = await pages.counts_by(connection, context.scope, noun, key, parents, filter)
        return [found[parent] for parent in parents]

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("total_of_parent", noun, key, filter), make)
