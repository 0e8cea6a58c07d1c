"""A page of a nested connection, by its parent."""

from typing import Any

from aiodataloader import DataLoader

from app.domain.filters import Filter, Order
from app.domain.pages import Page, Window
from app.graphql.context import Context
from app.store import pages


def page_of_parent(
    context: Context,
    noun: str,
    key: str,
    columns: frozenset[str],
    filter: Filter | None,
    order: Order,
    window: Window,
) -> DataLoader[str, Page]:
    """Loads a page of a noun for a parent, by the column `key` of the noun."""

    async def load(parents: list[str]) -> list[Page]:
        async with context.view.reading() as connection:
            found = await pages.pages_by(connection, context.scope, noun, key, parents, columns, filter, order, window)
        return [found[parent] for parent in parents]

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("page_of_parent", noun, key, columns, filter, order, window), make)
