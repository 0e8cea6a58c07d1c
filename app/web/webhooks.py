"""POST /webhooks/{source}: takes what a vendor pushes, checked before it is parsed, and kept before it is acknowledged."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from app.access.credentials import opened
from app.access.signatures import check_secret, check_signature, secrets_of
from app.domain.errors import InputError, StoreError, UnauthenticatedError
from app.domain.pulls import SourceState
from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.decoded import NOT_JSON, decoded
from app.providers.registry import spec_of
from app.settings import Settings
from app.store import inbox, sources
from app.store.database import Database

LARGEST = 1_000_000
# The name of the credential that messages are signed with.
SECRET = "webhook"  # noqa: S105  # a name
# One answer to every stranger: it says what is needed, and nothing of which sources there are.
_STRANGER = (
    "There is no such source, or it takes no messages, or this one was not signed for it within the last five minutes: "
    "webhook-id, webhook-timestamp and webhook-signature are needed."
)
log = structlog.get_logger()


async def webhook(request: Request) -> Response:
    """202 once the message is kept; 400, 401, 408 or 413 where it is refused; 503 where it has to be sent again."""
    settings: Settings = request.app.state.settings
    try:
        async with asyncio.timeout(settings.deadline_seconds):
            body = await _body(request)
    except TimeoutError:
        return _said(408, "The body did not arrive in time.")
    except ClientDisconnect:
        return Response(status_code=499)
    if body is None:
        return _said(413, f"The body is longer than {LARGEST} bytes.")
    try:
        return await _kept(request, settings, body)
    except StoreError as error:
        log.error("webhook", reason=error.detail)
        return _said(503, str(error), **{"Retry-After": "5"})


async def _body(request: Request) -> bytes | None:
    """The body; None as soon as it is longer than allowed."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > LARGEST:
            return None
    return bytes(found)


async def _kept(request: Request, settings: Settings, body: bytes) -> Response:
    database: Database = request.app.state.database
    scope = Scope(settings.workspace)
    name = request.path_params["source"]
    async with database.read() as connection:
        source = await sources.named(connection, scope, name) if name.isprintable() else None  # no store has others
    try:
        id = await asyncio.to_thread(partial(_checked, request, settings, source, body))
    except UnauthenticatedError as error:
        if source is not None:
            log.warning("webhook", source=source.name, reason=str(error))
        return _said(401, _STRANGER)
    try:
        decoded(body)
        text = body.decode()
    except NOT_JSON:
        return _said(400, "The body is not JSON in UTF-8.")
    assert source is not None
    async with database.write() as connection:
        await inbox.add(connection, scope, source.id, id, text.replace("\0", ""), datetime.now(UTC))
    request.app.state.inbox.wake()
    return JSONResponse({"status": "accepted"}, status_code=202)


def _checked(request: Request, settings: Settings, source: Source | None, body: bytes) -> str:
    """The message's id. Raises UnauthenticatedError, whose words are for the operator."""
    if source is None or SECRET not in source.credentials or source.state is SourceState.PAUSED:
        raise UnauthenticatedError("The source is paused, or has no credential `webhook`.")
    try:
        credential = opened({SECRET: source.credentials[SECRET]}, settings.credentials_key)[SECRET]
    except InputError as error:
        raise UnauthenticatedError(str(error)) from error
    secrets = secrets_of(credential)
    given = request.headers.get("secret") or request.query_params.get("secret")
    if given is not None and spec_of(source.provider).pushes_with_secret:
        return check_secret(secrets, given, body)
    return check_signature(secrets, request.headers, body, datetime.now(UTC))


def _said(status: int, message: str, **headers: str) -> Response:
    return JSONResponse({"error": message}, status_code=status, headers=headers)
