"""The tables that no migration makes yet: drop this file, and the line that imports it, once one does."""

import pytest

from app.store import privacy_tables  # noqa: F401 - its tables are in the metadata once it is imported
from app.store.database import Database
from app.store.tables import metadata


@pytest.fixture(autouse=True)
async def tables_to_come(database: Database) -> None:
    """Makes what is missing."""
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
