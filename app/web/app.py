"""create_app: the server as a value made from settings; nothing is global."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from starlette.applications import Starlette

from app.domain.scope import Scope
from app.graphql.registered import Registered
from app.graphql.schema import schema
from app.settings import Settings
from app.store import sources
from app.store.database import Database
from app.store.migrate import check_version, migrate
from app.web.graphql import unexpected
from app.web.requests import watch
from app.web.routes import middleware, routes
from app.web.viewers import Viewers


def create_app(settings: Settings, page_token: str | None = None) -> Starlette:
    """The ASGI application. It connects to the store when it starts and lets go of it when it stops.

    GraphiQL asks with `page_token`, so whoever opens the page on this machine has what it may do: it is for the demo.
    """
    database = Database(settings.database, settings.database_pool, settings.behind_pgbouncer)
    viewers = Viewers(database, settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        schema()  # made before the first request rather than in it
        try:
            await prepare(database, settings)
            yield
        finally:
            await viewers.close()
            app.state.traces.close()
            await database.close()

    app = Starlette(
        routes=routes(settings),
        middleware=middleware(settings),
        exception_handlers={Exception: unexpected},
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.page_token = page_token
    watch(app, settings, database)
    app.state.viewers = viewers
    app.state.documents = Registered(
        database,
        Scope(settings.workspace),
        trusted=settings.documents == "trusted",
        introspection=settings.introspection == "viewers",
    )
    return app


async def prepare(database: Database, settings: Settings) -> None:
    """Makes the store ready: the embedded one migrates by itself, a server is only checked. Raises StoreError."""
    if database.is_sqlite:
        await migrate(database)
    else:
        await check_version(database)
    async with database.write() as connection:
        await sources.ensure_workspace(connection, Scope(settings.workspace), settings.timezone, datetime.now(UTC))
    await database.optimize()
