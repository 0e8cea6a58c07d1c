"""GET /recordings/{link}: passes a recording on from its vendor, whose credentials and links stay here."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from ssl import SSLContext

import httpx
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from app.access.credentials import opened
from app.access.recording_links import Link, RecordingLinks
from app.access.viewer import Viewer
from app.domain.errors import (
    GoneError,
    InputError,
    PageError,
    StoreError,
    TryLaterError,
    UnauthenticatedError,
    VendorError,
)
from app.domain.scope import Scope
from app.domain.sources import Source
from app.domain.written_numbers import without_numbers
from app.providers.recording_places import Place, place_of
from app.providers.recordings import Sound, sound_at
from app.providers.registry import spec_of
from app.settings import Settings
from app.store import recordings
from app.web.requests import seen
from app.web.webhooks import SECRET as WEBHOOK

# Recordings that one process passes on at a time, and the longest that it does one.
MOST, _LONGEST_SECONDS = 32, 900
_PATH = "/recordings/"
# A page of another origin may play it: whoever has the link may.
_HEADERS = {"Cache-Control": "private, no-store", "Cross-Origin-Resource-Policy": "cross-origin"}
log = structlog.get_logger()


def linking(links: RecordingLinks, request: Request, viewer: Viewer, now: datetime) -> Callable[[str], str]:
    """What makes the links of a viewer's answer."""

    def link(call_id: str) -> str:
        said = Link(viewer.scope.workspace_id, call_id, viewer.key, viewer.sees_numbers)
        settings: Settings = request.app.state.settings
        base = settings.public_url or str(request.base_url)
        return f"{base.rstrip('/')}{_PATH}{links.signed(said, now)}"

    return link


class Passing:
    """How recordings are fetched by one server."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(MOST)
        self._tls: SSLContext | None = None

    async def tls(self) -> SSLContext:
        """The certificates that vendors are known by; reading them takes a while, once."""
        if self._tls is None:
            self._tls = await asyncio.to_thread(httpx.create_ssl_context)
        return self._tls


async def recording(request: Request) -> Response:
    """The recording (200, or 206 for a part), or a way to it (307); 403, 410, 502, 503 say why it is not to be had."""
    state, noted = request.app.state, seen()
    try:
        link = state.recording_links.read(request.path_params["link"], noted.at)
        if link.workspace_id != state.settings.workspace:
            raise UnauthenticatedError("This link is not valid.")
        noted.viewer = noted.viewer_name = link.viewer_key
        noted.operation_name = noted.path = "recording"
        if state.gate.access_log:
            state.gate.access_log.check()
        noted.begin("")
        place = await _place(request, link)
        if not place.fetched:
            return RedirectResponse(place.url, 307, _HEADERS)
        return await _passed(request, state.passing, place)
    except UnauthenticatedError as error:
        return _said(403, error)
    except GoneError as error:
        return _said(410, error)
    except TryLaterError as error:
        log.warning("recording", reason=str(error))
        return _said(503, error, **{"Retry-After": "5"})
    except (VendorError, InputError) as error:
        log.warning("recording", reason=str(error))
        return _said(502, error)
    except StoreError as error:
        log.error("recording", reason=error.detail)
        return _said(503, error, **{"Retry-After": "5"})


async def _place(request: Request, link: Link) -> Place:
    state = request.app.state
    async with state.database.read() as connection:
        found = await recordings.place(connection, Scope(link.workspace_id), link.call_id)
    if found is None:
        raise GoneError("This recording was removed.")
    url, source = found
    api = spec_of(source.provider).api
    credentials = await asyncio.to_thread(partial(_credentials, source, state.settings))
    place = place_of(url, api, source.address, credentials)
    if not place.fetched and not link.sees_numbers and without_numbers(place.url) != place.url:
        raise UnauthenticatedError("This recording's address has a phone number in it: that takes numbers:read.")
    return place


def _credentials(source: Source, settings: Settings) -> dict[str, str]:
    """The source's credentials; none where it has none, as one that came from files. Raises PageError, which tells no place."""
    try:
        return opened({k: v for k, v in source.credentials.items() if k != WEBHOOK}, settings.credentials_key)
    except InputError as error:
        log.warning("recording", source=source.name, reason=str(error))
        raise PageError("The source's credentials are not to be had just now.") from error


async def _passed(request: Request, passing: Passing, place: Place) -> Response:
    if passing.turns.locked():
        raise TryLaterError("Too many recordings are being listened to just now. Try again.")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(passing.turns)
        tls = await passing.tls()
        sound = await stack.enter_async_context(sound_at(place, request.headers.get("range"), tls))
        if request.method == "HEAD" or sound.status == 416:
            return Response(status_code=sound.status, headers={**sound.headers, **_HEADERS})
        return _Passed(sound, stack.pop_all())
    raise AssertionError("a stack without its own errors ends by them")


class _Passed(StreamingResponse):
    """A recording, piece by piece as a slow listener takes it; what it is fetched with ends with it, whatever happens."""

    def __init__(self, sound: Sound, fetching: AsyncExitStack) -> None:
        super().__init__(sound.pieces, sound.status, {**sound.headers, **_HEADERS})
        self._fetching = fetching

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Sends it. What breaks off is left without its end, so that nobody takes it for the whole."""
        try:
            async with self._fetching, asyncio.timeout(_LONGEST_SECONDS):
                await super().__call__(scope, receive, send)
        except (VendorError, TimeoutError) as error:
            log.warning("recording", reason=f"It broke off: {error or 'it took too long'}")


def _said(status: int, error: Exception, **headers: str) -> Response:
    return JSONResponse({"error": str(error)}, status_code=status, headers={**_HEADERS, **headers})
