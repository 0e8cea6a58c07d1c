"""Which pages of other origins may ask (CORS): those on a list, and never with the browser's own credentials."""

import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.errors import InputError
from app.web.bodies import PREFLIGHT_HEADERS

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
_PREFLIGHT_SECONDS = 600
_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    # A token is sent by the page's own script; cookies and the like are never asked for, so never allowed.
    "Access-Control-Allow-Headers": ", ".join(("Authorization", "Content-Type", *PREFLIGHT_HEADERS)),
    "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
}
_EXPOSED = b"Retry-After, WWW-Authenticate, X-Request-Id"


def origins_of(text: str) -> frozenset[str]:
    """The origins of a setting, between commas. Raises InputError for what is no origin; `*` is none."""
    found = frozenset(part.strip().rstrip("/").lower() for part in text.split(",") if part.strip())
    for origin in found:
        if not _ORIGIN.fullmatch(origin):
            raise InputError(
                f"SWITCHBOARD_CORS_ORIGINS has {origin!r}. List whole origins: https://dashboard.example, with commas."
            )
    return found


class Cors:
    """ASGI middleware that lets the pages of some origins read the answers, and answers their preflights."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = origin in self._origins
        if scope["method"] == "OPTIONS" and origin and "access-control-request-method" in headers:
            return await _preflight(origin if allowed else None)(scope, receive, send)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Also for who is not on the list: a cache must not hand one origin's answer to another.
                added = [(b"vary", b"Origin")]
                if allowed:
                    added.append((b"access-control-allow-origin", origin.encode()))
                    added.append((b"access-control-expose-headers", _EXPOSED))
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        return await self._app(scope, receive, sending)


def _preflight(origin: str | None) -> Response:
    vary = {"Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
    if origin is None:
        return PlainTextResponse("Pages of this origin may not ask here.\n", 403, vary)
    return Response(status_code=204, headers={**vary, **_ALLOWED, "Access-Control-Allow-Origin": origin})
