"""The statistics asked of a store of each engine, in words that both engines and plain Python share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.domain.filters import CallFilter, SortDirection
from app.domain.pages import SORT, Page, Position, Row, Window
from app.domain.sources import Provider
from app.domain.times import from_ms
from app.store import excluded
from app.store.ready import groups
from app.store.tables import agents, calls, sources
from tests.builders import save
from tests.conftest import House
from tests.store.plain_filter import EXCLUDED
from tests.store.ready.plain import DATASET

LARGE = Window(1000)


async def fill(house: House) -> None:
    """Saves the dataset, each vendor's part in a source of its own."""
    for provider in (Provider.SMARTFLO, Provider.CALLCAP):
        records = [known.call for known in DATASET if known.provider is provider]
        assert (await save(house, *records, provider=provider)).new == len(records)
    async with house.database.write() as connection:
        await excluded.add(connection, house.scope, EXCLUDED, house.now)


@dataclass
class Names:
    """What the ids of a store are of: calls by the vendor's id, agents by vendor and name."""

    calls: dict[str, str] = field(default_factory=dict)
    agents: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def learn(self, house: House) -> None:
        """Reads them, once."""
        if self.calls:
            return
        async with house.database.read() as connection:
            found = await connection.execute(select(calls.c.id, calls.c.provider_call_id))
            self.calls = {row.id: row.provider_call_id for row in found}
            joined = select(agents.c.id, sources.c.provider, agents.c.name).join(
                sources, sources.c.id == agents.c.source_id
            )
            self.agents = {id: (provider, name) for id, provider, name in await connection.execute(joined)}


async def rows_of(house: House, statistic: Any, given: CallFilter) -> list[Row]:
    """All groups of a statistic."""
    async with house.database.read() as connection:
        first = next(iter(statistic.SORTS))
        page = await groups.page(connection, house.scope, statistic, given, first, SortDirection.ASC, LARGE)
        assert await groups.count(connection, house.scope, statistic, given) == len(page.rows)
    return page.rows


def shown(row: Row, *names: str) -> tuple[Any, ...]:
    """Some values of a row; instants as datetimes."""
    return tuple(from_ms(row[name]) if name.endswith("_at") and row[name] is not None else row[name] for name in names)


async def walked(house: House, statistic: Any, field: Any, way: SortDirection, size: int, backward: bool) -> list[str]:
    """The ids of all groups, page by page from one end to the other."""
    found: list[str] = []
    at: Position | None = None
    async with house.database.read() as connection:
        while True:
            window = Window(size, before=at, backward=True) if backward else Window(size, after=at)
            page = await groups.page(connection, house.scope, statistic, CallFilter(), field, way, window)
            assert len(page.rows) <= size
            ids = [row["id"] for row in page.rows]
            found = ids + found if backward else found + ids
            if not (page.has_previous if backward else page.has_next):
                return found
            at = _position(page, backward)


def _position(page: Page, backward: bool) -> Position:
    row = page.rows[0 if backward else -1]
    return Position(row[SORT], row["id"])


def by_pair(rows: list[Row], names: Names, *wanted: str) -> Mapping[Any, tuple[Any, ...]]:
    """Rows by agent and number."""
    return {(names.agents[row["agent_id"]], row["phone_number"]): shown(row, *wanted) for row in rows}
