"""Brings a store's tables to this version, and tells whether they are."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.domain.errors import StoreError
from app.store.database import Database
from app.store.trouble import told_apart

MIGRATIONS = Path(__file__).parent / "migrations"
# Two processes that start at once must not both migrate: PostgreSQL holds the second until the first is done.
_LOCK = 0x5317C4B0A2D


def config(connection: Connection) -> Config:
    """Alembic's configuration for a connection; there is no alembic.ini to keep in step."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


async def migrate(database: Database) -> tuple[str | None, str | None]:
    """Runs the missing steps. Returns the version before and after; they are equal where nothing was missing.

    Raises StoreError for a store that a newer program has migrated.
    """
    if not database.is_sqlite:
        return await _migrate_postgresql(database)
    async with database.write() as connection:
        return await connection.run_sync(_upgrade)


async def _migrate_postgresql(database: Database) -> tuple[str | None, str | None]:
    # A connection of its own: a step over millions of rows may take longer than a request's statement may.
    engine = create_async_engine(database.url)
    try:
        with told_apart(database.url):
            async with engine.begin() as connection:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                return await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


async def check_version(database: Database) -> None:
    """Raises StoreError where the tables are not of this version."""
    async with database.read() as connection:
        at = await connection.run_sync(_version)
    _check_known(at)
    if at != _newest():
        raise StoreError(
            f"The store is at version {at or 'none'}, this program needs {_newest()}. Run: switchboard migrate"
        )


def _upgrade(connection: Connection) -> tuple[str | None, str | None]:
    before = _version(connection)
    _check_known(before)
    if before != _newest():
        command.upgrade(config(connection), "head")
    return before, _version(connection)


def _check_known(version: str | None) -> None:
    newest = _newest()
    if version and newest and version > newest:  # they are numbered in four digits
        raise StoreError(
            f"The store is at version {version}, of a newer Switchboard than this one, which knows {newest} at most."
            " Install that one, or name another store: SWITCHBOARD_DATABASE."
        )


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
