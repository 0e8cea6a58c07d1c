"""create_app: the server as a value made from settings; nothing is global."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from app.access.recording_links import recording_links
from app.domain.scope import Scope
from app.engine.engine import Engine
from app.graphql.graph import Declared
from app.graphql.registered import Registered
from app.graphql.schema import schema
from app.settings import Settings
from app.store import sources
from app.store.database import Database
from app.store.migrate import check_version, migrate
from app.sync.attempt import manner_of
from app.sync.compacting import Compacting
from app.sync.following import Following
from app.sync.inbox import Inbox
from app.web.admission import gate_of
from app.web.cors import Cors, origins_of
from app.web.export import Exporting
from app.web.graphql import Endpoint, unexpected
from app.web.recordings import Passing
from app.web.requests import WriteLine, is_posted_question, watch
from app.web.retention import Retention
from app.web.routes import middleware, routes
from app.web.viewers import Viewers


def create_app(settings: Settings, page_token: str | None = None, write_line: WriteLine | None = None) -> Starlette:
    """The ASGI application. It connects to the store when it starts and lets go of it when it stops.

    GraphiQL asks with `page_token`, so whoever opens the page on this machine has what it may do: it is for the demo.
    The lines of requests go to `write_line`, else into the log.
    """
    database = Database(settings.database, settings.database_pool, settings.behind_pgbouncer)
    viewers = Viewers(database, settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        schema()  # made before the first request rather than in it
        try:
            await prepare(database, settings)
            async with working(app, settings):
                yield
        finally:
            await viewers.close()
            app.state.traces.close()
            await database.close()

    app = _App(
        routes=routes(settings),
        middleware=middleware(settings),
        exception_handlers={Exception: unexpected},
        lifespan=lifespan,
    )
    app.state = _Parts()
    origins = origins_of(settings.cors_origins)
    app.posted = Cors(Endpoint(app), origins) if origins else Endpoint(app)
    app.state.settings = settings
    app.state.database = database
    app.state.page_token = page_token
    app.state.gate = gate_of(settings, database)
    watch(app, settings, database, write_line)
    app.state.engine = Engine(Declared(), schema()._schema, database.dialect) if settings.engine else None
    app.state.viewers = viewers
    app.state.exports = Exporting()
    app.state.inbox = Inbox(database, Scope(settings.workspace))
    lasting = timedelta(seconds=settings.recording_link_seconds)
    app.state.recording_links = recording_links(settings.credentials_key, lasting)
    app.state.passing = Passing()
    app.state.documents = Registered(
        database,
        Scope(settings.workspace),
        trusted=settings.documents == "trusted",
        introspection=settings.introspection == "viewers",
    )
    return app


class _App(Starlette):
    """Starlette, but for the questions that are posted."""

    posted: ASGIApp

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if is_posted_question(scope):
            await self.posted(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Parts(State):
    """The parts of one server as plain attributes: Starlette's own are looked up by a function, a dozen times a request."""

    def __init__(self) -> None:
        super().__init__(vars(self))


@asynccontextmanager
async def working(app: Starlette, settings: Settings) -> AsyncIterator[None]:
    """What the server does by itself while it serves; the access log is the last to end, with all that it was told."""
    scope, access_log, metrics = Scope(settings.workspace), app.state.gate.access_log, app.state.metrics
    every = timedelta(hours=settings.retention_hours)
    retention = Retention(app.state.database, scope, every, metrics, access_log) if every else None
    following = Following(app.state.database, scope, manner_of(settings)) if settings.sync else None
    pause = timedelta(seconds=settings.compact_seconds)
    compacting = Compacting(app.state.database, scope, pause) if pause else None
    works = [work for work in (access_log, retention, following, app.state.inbox, compacting) if work]
    async with AsyncExitStack() as ending:
        for work in works:
            await work.start()
            ending.push_async_callback(work.stop)
        yield


async def prepare(database: Database, settings: Settings) -> None:
    """Makes the store ready: the embedded one migrates by itself, a server is only checked. Raises StoreError."""
    if database.is_sqlite:
        await migrate(database)
    else:
        await check_version(database)
    async with database.write() as connection:
        await sources.ensure_workspace(connection, Scope(settings.workspace), settings.timezone, datetime.now(UTC))
    await database.optimize()
