"""The rows of a short to-many list, by their parent."""

from typing import Any

from aiodataloader import DataLoader

from app.domain.pages import Row
from app.graphql.context import Context
from app.store import rows


def rows_of_parent(
    context: Context, table: str, key: str, order_by: tuple[str, ...], columns: frozenset[str]
) -> DataLoader[str, list[Row]]:
    """Loads all rows of a table that belong to a parent by the column `key`."""

    async def load(parents: list[str]) -> list[list[Row]]:
        async with context.view.reading() as connection:
            found = await rows.children(connection, context.scope, table, key, parents, columns, order_by)
        return [found[parent] for parent in parents]

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("rows_of_parent", table, key, columns), make)
