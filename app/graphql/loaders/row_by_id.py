"""The row of a to-one relation, by its id."""

from typing import Any

from aiodataloader import DataLoader

from app.domain.pages import Row
from app.graphql.context import Context
from app.store import rows


def row_by_id(context: Context, noun: str, columns: frozenset[str]) -> DataLoader[str, Row | None]:
    """Loads rows of a noun with these columns; None where an id is of nothing in the workspace."""

    async def load(ids: list[str]) -> list[Row | None]:
        async with context.view.reading() as connection:
            found = await rows.by_id(connection, context.scope, noun, columns, ids)
        return [found.get(id) for id in ids]

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("row_by_id", noun, columns), make)
