"""How long was worked on a day, of all agents together."""

from datetime import date
from typing import Any

from aiodataloader import DataLoader

from app.domain.filters import CallFilter
from app.graphql.context import Context
from app.store.ready.working import worked


def worked_on_day(context: Context, given: CallFilter) -> DataLoader[date, int]:
    """Loads the seconds by day: one statement has them all."""

    async def load(days: list[date]) -> list[int]:
        async with context.view.reading() as connection:
            found = await worked(connection, context.scope, given)
        return [found.get(day, 0) for day in days]

    def make() -> DataLoader[Any, Any]:
        return DataLoader(load, max_batch_size=10_000)

    return context.loader(("worked_on_day", given), make)
