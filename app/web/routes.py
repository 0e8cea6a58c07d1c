"""Every path of the server, in one table, and what all of them go through."""

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, Route

from app.settings import Settings
from app.web import health, metrics, pages
from app.web.cors import Cors, origins_of
from app.web.export import export
from app.web.graphql import METHODS, graphql
from app.web.recordings import recording
from app.web.requests import Watching
from app.web.webhooks import webhook


def routes(settings: Settings) -> list[BaseRoute]:
    """The routes that the settings ask for."""
    found: list[BaseRoute] = [
        Route("/", pages.front),
        Route("/graphql", graphql, methods=METHODS),
        Route("/export", export, methods=["POST"]),
        Route("/schema.graphql", pages.sdl),
        Route("/livez", health.live),
        Route("/readyz", health.ready),
        Route("/metrics", metrics.page),
        Route("/recordings/{link}", recording),
        Route("/webhooks/{source}", webhook, methods=["POST"]),
    ]
    if settings.graphiql:
        found += [
            Route("/graphiql", pages.graphiql),
            Route("/graphiql/config.json", pages.graphiql_config),
            Mount("/graphiql/assets", pages.assets(), middleware=[Middleware(GZipMiddleware)]),
        ]
    return found


def middleware(settings: Settings) -> list[Middleware]:
    """What every request and answer goes through, outermost first. Raises InputError for a list of no origins."""
    origins = origins_of(settings.cors_origins)
    return [Middleware(Watching), *([Middleware(Cors, origins)] if origins else [])]
