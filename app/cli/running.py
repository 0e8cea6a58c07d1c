"""What commands share: a made-ready store for as long as a command runs, and its progress display."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.domain.scope import Scope
from app.settings import Settings
from app.store.database import Database
from app.web.app import prepare

Result = TypeVar("Result")


def with_store(work: Callable[[Database, Scope, Settings], Awaitable[Result]]) -> Result:
    """Runs work on the store of the settings, made ready as for serving."""

    async def run() -> Result:
        settings = Settings()
        async with ready_store(settings) as database:
            return await work(database, Scope(settings.workspace), settings)

    return asyncio.run(run())


@asynccontextmanager
async def ready_store(settings: Settings) -> AsyncIterator[Database]:
    """The store of the settings, made ready as for serving, and closed afterwards. Raises StoreError, InputError."""
    database = Database(settings.database, settings.database_pool, settings.behind_pgbouncer)
    try:
        await prepare(database, settings)
        yield database
    finally:
        await database.close()


def progress() -> Progress:
    """A progress display on standard error, where that is a terminal; standard output stays clean for pipes."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def say(text: str) -> None:
    """Prints a line for people as it is: nothing in it is markup, and no address is broken in two."""
    Console(highlight=False, soft_wrap=True, markup=False).print(text)
