"""Commands that make a server: serve, migrate, schema; and how a server is run."""

import asyncio
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from app.cli.running import ready_store, say
from app.graphql.schema import sdl
from app.settings import Settings
from app.store.database import Database
from app.store.migrate import migrate as migrate_store
from app.web.app import create_app
from app.web.lines import line_writer
from app.web.logs import configure
from app.web.serving import Server, listener_of

Host = Annotated[str | None, typer.Option(help="The address to listen on; else SWITCHBOARD_HOST.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="The port; else SWITCHBOARD_PORT. 0 takes a free one.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Example: `SWITCHBOARD_DATABASE=postgresql://me@db/calls switchboard serve --port 8080`")(serve)
    app.command(epilog="Example: `SWITCHBOARD_DATABASE=postgresql://me@db/calls switchboard migrate`")(migrate)
    app.command(epilog="Example: `switchboard schema > schema.graphql`")(schema)


def serve(host: Host = None, port: Port = None) -> None:
    """Serve the store of SWITCHBOARD_DATABASE."""
    run(listening(Settings(), host, port))


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


def listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings with the address of the command line, where it says one."""
    change = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return settings.model_copy(update=change)


def run(settings: Settings, greeting: Callable[[str], None] | None = None, page_token: str | None = None) -> None:
    """Serves until it is told to stop. The address is printed once it is true: the store is ready, the port is taken.

    `greeting` may say more of what is at the address, and GraphiQL asks with `page_token`. Raises InputError and StoreError before anything is printed.
    """
    configure(settings.log_format)
    asyncio.run(_check_store(settings))
    listener = listener_of(settings)
    address = f"http://{_host(settings.host)}:{listener.getsockname()[1]}"
    _greet(settings, address)
    if greeting:
        greeting(address)
    say("Stop with Ctrl+C.")
    server = Server(create_app(settings, page_token, line_writer(settings.log_format)), settings)
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(1)


async def _check_store(settings: Settings) -> None:
    async with ready_store(settings):
        pass


def _host(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104


def _greet(settings: Settings, address: str) -> None:
    if settings.graphiql:
        say(f"GraphiQL  {address}/graphiql")
    say(f"Endpoint  {address}/graphql")
    say(f"Schema    {address}/schema.graphql")
