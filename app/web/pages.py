"""The pages: GraphiQL from our own origin with its examples, the SDL, and the way there from the front."""

from functools import cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.access.viewer import Viewer
from app.domain.errors import IdentityProviderError, StoreError, UnauthenticatedError
from app.domain.scope import Right
from app.graphql.schema import sdl as schema_text
from app.settings import Settings
from app.web.examples import examples
from app.web.loopback import asked_from_here

STATIC = Path(__file__).parent / "static" / "graphiql"
# Only this origin may be asked for anything. The editor sets styles while it runs and has small images inside its styles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_QUERY_OF_STRANGERS = "{ __typename }\n"
_HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}


async def front(request: Request) -> Response:
    """The front door leads to GraphiQL, or says where the endpoint is."""
    if request.app.state.settings.graphiql:
        return RedirectResponse("/graphiql")
    return PlainTextResponse("Switchboard. The endpoint is POST /graphql; its schema is /schema.graphql.\n")


async def graphiql(_: Request) -> Response:
    """GraphiQL."""
    page = STATIC / "index.html"
    if not page.exists():
        return PlainTextResponse(
            "GraphiQL was not built. Run: pip install -e . (it needs no Node.js of yours)\n", status_code=503
        )
    return FileResponse(page, headers=_HEADERS)


async def graphiql_config(request: Request) -> Response:
    """What GraphiQL begins with: the endpoint, the demo's token, the default query and the shelf of examples.

    The token is given to this machine only: another one's visitor is asked for it. The examples say names of the
    schema, which are not for strangers, nor, in trusted mode, for anybody but admins.
    """
    token = request.app.state.page_token if asked_from_here(request) else None
    shelf = examples() if token or await _is_shown_names(request) else ()
    return JSONResponse(
        {
            "endpoint": "/graphql",
            "token": token,
            "defaultQuery": shelf[0].query if shelf else _QUERY_OF_STRANGERS,
            "examples": [
                {"title": one.title, "description": one.description, "query": one.query, "variables": one.variables}
                for one in shelf
            ],
        },
        headers={"Cache-Control": "no-store"},
    )


async def _is_shown_names(request: Request) -> bool:
    """Whether whoever opens the page may see names of the schema."""
    try:
        return await _may_see_schema(request)
    except (UnauthenticatedError, IdentityProviderError, StoreError):
        return False


async def _may_see_schema(request: Request) -> bool:
    """Whether the viewer may; a frontend that is held to its own documents has no use for others: its token is public.

    Raises UnauthenticatedError; StoreError or IdentityProviderError where it cannot be said.
    """
    viewer: Viewer = await request.app.state.viewers.of_request(request)
    return request.app.state.settings.documents != "trusted" or viewer.scope.may(Right.ADMIN)


async def sdl(request: Request) -> Response:
    """The schema in GraphQL's schema definition language, for whom introspection is for."""
    settings: Settings = request.app.state.settings
    try:
        shown = (settings.anonymous and settings.documents != "trusted") or await _may_see_schema(request)
    except UnauthenticatedError as error:
        return PlainTextResponse(f"{error}\n", 401, {"WWW-Authenticate": "Bearer"})
    except (StoreError, IdentityProviderError) as error:
        return PlainTextResponse(f"{error}\n", 503, {"Retry-After": "1"})
    if settings.introspection == "nobody":
        return PlainTextResponse("The schema is not shown here: SWITCHBOARD_INTROSPECTION is nobody.\n", 403)
    if not shown:
        return PlainTextResponse("Only registered documents are answered here: the schema is for admin tokens.\n", 403)
    return PlainTextResponse(_sdl(), headers={"Cache-Control": "no-cache"})


@cache
def _sdl() -> str:
    return schema_text()


class _Assets(StaticFiles):
    """GraphiQL's files: their names change with their content, so a browser may keep them for good."""

    async def check_config(self) -> None:
        if not STATIC.exists():  # it was not built
            raise HTTPException(404)
        await super().check_config()

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Content-Security-Policy"] = POLICY  # a worker obeys its own script's, not the page's
        return response


def assets() -> Any:
    """GraphiQL's scripts, styles and workers."""
    return _Assets(directory=STATIC / "assets", check_dir=False)
