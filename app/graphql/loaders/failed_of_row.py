"""How many calls failed of a row of a statistic, by its agent or number."""

from typing import Any

from aiodataloader import DataLoader

from app.domain.filters import CallFilter
from app.graphql.context import Context
from app.store.ready.failed import Failed, failed_calls


def failed_of_row(context: Context, given: CallFilter, failed: Failed, by: str | None) -> DataLoader[str, int]:
    """Loads the number by the value of the column `by`; of all calls without one."""

    async def load(keys: list[str]) -> list[int]:
        async with context.view.reading() as connection:
            return await failed_calls(connection, context.scope, given, failed, by, keys)

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("failed_of_row", given, failed, by), make)
