"""Commands that make a server: demo, serve, migrate, schema."""

import asyncio
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from app.cli.running import now, progress
from app.demo import fill
from app.domain.errors import InputError
from app.domain.scope import Scope
from app.graphql.schema import sdl
from app.settings import Settings
from app.store.database import Database
from app.store.migrate import migrate as migrate_store
from app.web.app import create_app, prepare
from app.web.examples import examples
from app.web.logs import configure

Host = Annotated[str | None, typer.Option(help="The address to listen on; else SWITCHBOARD_HOST.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="The port; else SWITCHBOARD_PORT. 0 takes a free one.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Example: `switchboard demo --port 8080`")(demo)
    app.command(epilog="Example: `SWITCHBOARD_DATABASE=postgresql://me@db/calls switchboard serve --port 8080`")(serve)
    app.command(epilog="Example: `SWITCHBOARD_DATABASE=postgresql://me@db/calls switchboard migrate`")(migrate)
    app.command(epilog="Example: `switchboard schema > schema.graphql`")(schema)


def demo(
    host: Host = None,
    port: Port = None,
    database: Annotated[Path, typer.Option(help="The SQLite file of the demo.")] = Path("switchboard-demo.sqlite"),
    fill_only: Annotated[bool, typer.Option(help="Make the company's calls and stop.")] = False,
) -> None:
    """Make a believable company's calls, serve them, and print where.

    The company has 3 sources, 40 agents, 2,000 contacts and 50,000 calls of the last 90 days; made once, then kept.
    """
    settings = _listening(
        Settings(database=f"sqlite:///{database}", workspace="demo", timezone="Asia/Kolkata"), host, port
    )
    asyncio.run(_fill(settings))
    if not fill_only:
        _run(settings, demo=True)


def serve(host: Host = None, port: Port = None) -> None:
    """Serve the store of SWITCHBOARD_DATABASE."""
    _run(_listening(Settings(), host, port))


def migrate() -> None:
    """Bring the store's tables to this version; harmless where they are."""

    async def run() -> tuple[str | None, str | None]:
        settings = Settings()
        database = Database(settings.database, settings.database_pool, settings.behind_pgbouncer)
        try:
            return await migrate_store(database)
        finally:
            await database.close()

    before, after = asyncio.run(run())
    typer.echo(
        f"The store is at version {after}." if before == after else f"Migrated from {before or 'nothing'} to {after}."
    )


def schema() -> None:
    """Print the graph's schema (SDL)."""
    sys.stdout.write(sdl())


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    change = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return settings.model_copy(update=change)


async def _fill(settings: Settings) -> None:
    database = Database(settings.database)
    try:
        with progress() as shown:
            task = shown.add_task("Making the demo company", total=None, said="")
            await prepare(database, settings)

            def on_progress(done: int, total: int) -> None:
                shown.update(task, completed=done, total=total, said=f"{done:,} of {total:,} calls")

            counts = await fill(database, Scope(settings.workspace), now(), on_progress)
    finally:
        await database.close()
    if counts.new:
        Console(stderr=True).print(f"Made {counts.new:,} records.", highlight=False)


def _run(settings: Settings, demo: bool = False) -> None:
    """Serves until it is told to stop. The port is taken before the address is printed, so that the address is true."""
    configure(settings.log_format)
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise InputError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Choose another: --port 0"
        ) from error
    _greet(settings, f"http://{_host(settings.host)}:{listener.getsockname()[1]}", demo)
    config = uvicorn.Config(create_app(settings), log_config=None, access_log=False, timeout_graceful_shutdown=30)
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(1)


def _host(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104


def _greet(settings: Settings, address: str, demo: bool) -> None:
    say = Console(highlight=False, soft_wrap=True, markup=False)
    if settings.graphiql:
        say.print(f"GraphiQL  {address}/graphiql")
    say.print(f"Endpoint  {address}/graphql")
    say.print(f"Schema    {address}/schema.graphql")
    if demo:
        query = " ".join(examples()[0].query.split())
        say.print(f"\nA query to begin with; GraphiQL opens with it:\n\n{examples()[0].query}")
        say.print(f"curl -s {address}/graphql -H 'content-type: application/json' -d '{{\"query\": \"{query}\"}}'\n")
    say.print("Stop with Ctrl+C.")
