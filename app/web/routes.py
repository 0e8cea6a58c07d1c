"""Every path of the server, in one table."""

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, Route

from app.settings import Settings
from app.web import health, pages
from app.web.graphql import graphql


def routes(settings: Settings) -> list[BaseRoute]:
    """The routes that the settings ask for."""
    found: list[BaseRoute] = [
        Route("/", pages.front),
        Route("/graphql", graphql, methods=["GET", "POST"]),
        Route("/schema.graphql", pages.sdl),
        Route("/livez", health.live),
        Route("/readyz", health.ready),
    ]
    if settings.graphiql:
        found += [
            Route("/graphiql", pages.graphiql),
            Route("/graphiql/config.json", pages.graphiql_config),
            Mount("/graphiql/assets", pages.assets(), middleware=[Middleware(GZipMiddleware)]),
        ]
    return found
