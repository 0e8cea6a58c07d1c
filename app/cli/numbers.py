"""Commands for the exclude list: numbers whose calls a filter can leave out."""

from typing import Annotated, Any

import typer

from app.cli.accesses import write_down
from app.cli.running import now, with_store
from app.domain.scope import Scope
from app.settings import Settings
from app.store import excluded
from app.store.database import Database

Numbers = Annotated[list[str], typer.Argument(help="Numbers, with the country code: +9779810000078.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="Numbers whose calls `includeExcludedNumbers: false` leaves out.")
    group.command("add", epilog="Example: `switchboard exclude add +9779810000078`")(add)
    group.command("remove", epilog="Example: `switchboard exclude remove +9779810000078`")(remove)
    group.command("list", epilog="Example: `switchboard exclude list`")(list_)
    app.add_typer(group, name="exclude", epilog="Example: `switchboard exclude add +9779810000078`")


def add(numbers: Numbers) -> None:
    """Put numbers on the list."""

    async def run(database: Database, scope: Scope, _: Any) -> int:
        async with database.write() as connection:
            return (await excluded.add(connection, scope, numbers, now())).changed

    typer.echo(f"{with_store(run):,} added.")


def remove(numbers: Numbers) -> None:
    """Take numbers off the list."""

    async def run(database: Database, scope: Scope, _: Any) -> int:
        async with database.write() as connection:
            return (await excluded.remove(connection, scope, numbers)).changed

    typer.echo(f"{with_store(run):,} removed.")


def list_() -> None:
    """Print the list, a number a line."""

    async def run(database: Database, scope: Scope, settings: Settings) -> list[str]:
        async with database.read() as connection:
            found = await excluded.listed(connection, scope)
        await write_down(database, scope, settings, "exclude list", len(found))
        return found

    for number in with_store(run):
        typer.echo(number)
