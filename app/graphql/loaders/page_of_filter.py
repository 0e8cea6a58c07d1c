"""A page of the rows that a filter selects, and their number: of many filters in one statement each."""

from typing import Any

from aiodataloader import DataLoader

from app.domain.filters import Filter, Order
from app.domain.pages import Page, Window
from app.graphql.context import Context
from app.store import pages


def page_of_filter(
    context: Context, noun: str, columns: frozenset[str], order: Order, window: Window
) -> DataLoader[Filter, Page]:
    """Loads a page of a noun for a filter."""

    async def load(filters: list[Filter]) -> list[Page]:
        async with context.view.reading() as connection:
            return await pages.pages_of(connection, context.scope, noun, filters, columns, order, window)

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("page_of_filter", noun, columns, order, window), make)


def total_of_filter(context: Context, noun: str) -> DataLoader[Filter, int]:
    """Loads how many rows of a noun a filter selects."""

    async def load(filters: list[Filter]) -> list[int]:
        async with context.view.reading() as connection:
            return await pages.counts_of(connection, context.scope, noun, filters)

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("total_of_filter", noun), make)
