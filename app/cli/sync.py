"""The command that pulls: sync, once or for as long as it runs, with what each source has come to."""

import asyncio
import sys
from contextlib import aclosing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Display
from rich.progress import TaskID

from app.cli.calls import said
from app.cli.running import progress, with_store
from app.domain.errors import InputError, SwitchboardError
from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.registry import spec_of
from app.settings import Settings
from app.store import sources
from app.store.database import Database
from app.sync.attempt import Manner, attempt, is_pulled, manner_of
from app.sync.following import Following
from app.sync.ingest import Counts
from app.sync.pull import Progress
from app.web.logs import configure

FAILED = 1
say = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: `switchboard sync office --follow`")(sync)


def sync(
    source: Annotated[str | None, typer.Argument(help="Only this source; else all that are not paused.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on for ever, until Ctrl+C.")] = False,
) -> None:
    """Pull what is new and changed, and then history, the newest days first. Stop it at any time: it goes on from there."""
    configure(Settings().log_format)

    async def run(database: Database, scope: Scope, settings: Settings) -> bool:
        manner = manner_of(settings)
        if follow:
            return await _follow(database, scope, manner, source)
        found = await _chosen(database, scope, source)
        with progress() as display:
            ends = await asyncio.gather(*[_once(database, scope, one, manner, _Shown(display)) for one in found])
        await database.optimize()
        return all(ends)

    if not with_store(run):
        sys.exit(FAILED)


async def _chosen(database: Database, scope: Scope, name: str | None) -> list[Source]:
    async with database.read() as connection:
        if name is not None:
            source = await sources.required(connection, scope, name)
            spec = spec_of(source.provider)
            if spec.api is None and spec.lines is None:
                raise InputError(
                    f"Nothing is pulled into {name!r}: push its records to /webhooks/{name}, or import them."
                )
            return [source]
        found = [one for one in await sources.listed(connection, scope) if is_pulled(one)]
    if not found:
        raise InputError("There is no source to pull. Add one: switchboard source add callyzer --name office")
    return found


async def _once(database: Database, scope: Scope, source: Source, manner: Manner, shown: "_Shown") -> bool:
    """Pulls one source; its trouble is told and stays its own. Returns whether all went well."""
    total = Counts()
    try:
        async with aclosing(attempt(database, scope, source, manner)) as pages:
            async for page in pages:
                total += page.counts
                shown.page(source, page, total)
    except SwitchboardError as error:
        say.print(f"Error: {source.name}: {error}", style="red")
        return False
    finally:
        typer.echo(f"{source.name}: {said(total)}")
    return True


async def _follow(database: Database, scope: Scope, manner: Manner, name: str | None) -> bool:
    if name is not None:
        raise InputError("--follow follows all sources that are not paused. Pause others: switchboard source pause …")
    await _chosen(database, scope, None)
    following = Following(database, scope, manner)
    await following.start()
    say.print("Following. Stop with Ctrl+C.")
    try:
        await asyncio.Event().wait()
    finally:
        await following.stop()
    return True


class _Shown:
    """A source's line of the display."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._task: TaskID | None = None

    def page(self, source: Source, page: Progress, total: Counts) -> None:
        """Shows how far the source is."""
        if self._task is None:
            self._task = self._display.add_task(source.name, total=100, said="")
        self._display.update(
            self._task,
            description=f"{source.name} {page.said}",
            completed=page.percent,
            said=f"{total.read:,} records, {total.new:,} new",
        )
