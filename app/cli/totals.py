"""The command that keeps totals: compact, for who does not wait for a server to do it."""

from contextlib import aclosing
from typing import Any

import typer

from app.cli.running import progress, with_store
from app.domain.scope import Scope
from app.domain.times import from_ms
from app.store.database import Database
from app.sync.compacting import compacting


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: `switchboard compact`")(compact)


def compact() -> None:
    """Sum calls up for statistics, now; a server does it by itself every SWITCHBOARD_COMPACT_SECONDS.

    Answers are the same without it, only slower. Stop it at any time: it goes on from there.
    """

    async def run(database: Database, scope: Scope, _: Any) -> int:
        days = 0
        with progress() as shown:
            task = shown.add_task("Summing up calls", total=None, said="")
            async with aclosing(compacting(database, scope)) as steps:
                async for began in steps:
                    days += 1
                    shown.update(task, said=f"back to {from_ms(began):%Y-%m-%d}")
        await database.optimize()
        return days

    typer.echo(f"summed up: days {with_store(run):,}")
