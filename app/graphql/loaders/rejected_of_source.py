"""How many dead letters a source has."""

from typing import Any

from aiodataloader import DataLoader

from app.graphql.context import Context
from app.store import rejected


def rejected_of_source(context: Context) -> DataLoader[str, int]:
    """Loads the number of a source's rejected records."""

    async def load(source_ids: list[str]) -> list[int]:
        async with context.view.reading() as connection:
            found = await rejected.counts(connection, context.scope, source_ids)
        return [found[id] for id in source_ids]

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader("rejected_of_source", make)
