"""The GraphQL endpoint: GraphQL over HTTP, from the bytes of a request to the bytes of an answer."""

import secrets
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.domain.errors import StoreError, SwitchboardError
from app.graphql.context import Context
from app.graphql.execution import Answer, Question, answer, refused
from app.store.trouble import BusyError

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
# Codes of a store that may answer in a moment.
_TRY_AGAIN = {StoreError.code, BusyError.code}
log = structlog.get_logger()


class RequestError(SwitchboardError):
    """The request itself is wrong, before any GraphQL: its HTTP status, a code and what to do."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


async def graphql(request: Request) -> Response:
    """POST with a JSON body, or GET for queries."""
    request_id = secrets.token_hex(8)
    media_type = _accepted(request.headers.get("accept", ""))
    begun = time.perf_counter()
    try:
        question = await _posted(request) if request.method == "POST" else _asked(request.query_params)
        viewer = await request.app.state.viewers.of_request()
    except RequestError as error:
        return _refused(error, error.status, media_type)
    except StoreError as error:
        log.warning("store", request_id=request_id, reason=error.detail)
        return _refused(error, 503, media_type)
    except ClientDisconnect:
        return Response(status_code=499)
    context = Context(viewer.scope, viewer.zone, request.app.state.database, datetime.now(UTC))
    response = _encoded(await answer(question, context, request.method != "POST", request_id), media_type)
    response.headers["X-Request-Id"] = request_id
    milliseconds = round((time.perf_counter() - begun) * 1000, 1)
    log.info(
        "graphql",
        request_id=request_id,
        operation=question.operation_name,
        status=response.status_code,
        ms=milliseconds,
    )
    return response


def _encoded(found: Answer, media_type: str) -> Response:
    status = 200
    if not found.executed and media_type == GRAPHQL_JSON:
        status = 400
    if "METHOD_NOT_ALLOWED" in found.codes:
        status = 405
    if found.codes & _TRY_AGAIN:
        status = 503
    return _response(found.body, status, media_type)


def _refused(error: SwitchboardError, status: int, media_type: str) -> Response:
    return _response(refused(error.code, str(error)).body, status, media_type)


def _response(body: dict[str, Any], status: int, media_type: str) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "1"} if status == 503 else {})
    if status == 405:
        headers["Allow"] = "POST"
    return Response(msgspec.json.encode(body), status, headers, f"{media_type}; charset=utf-8")


def _accepted(accept: str) -> str:
    """The media type to answer in: the newer one for a client that lists it before plain JSON, or does not list that."""
    listed = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    if GRAPHQL_JSON not in listed:
        return JSON
    return JSON if JSON in listed and listed.index(JSON) < listed.index(GRAPHQL_JSON) else GRAPHQL_JSON


async def _posted(request: Request) -> Question:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise RequestError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the question as application/json.")
    body = await _body(request, request.app.state.settings.max_body_bytes)
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(400, "BAD_REQUEST", f"The body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise RequestError(400, "BAD_REQUEST", 'The body is not an object. Send {"query": "..."}.')
    return _question(found)


async def _body(request: Request, most: int) -> bytes:
    """The body, refused as soon as it is longer than allowed rather than when it has all arrived."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise RequestError(
                413, "BODY_TOO_LARGE", f"The body is longer than {most} bytes. Use variables, or ask less at once."
            )
    return bytes(body)


def _asked(parameters: Any) -> Question:
    found: dict[str, Any] = dict(parameters)
    for name in ("variables", "extensions"):
        if found.get(name):
            try:
                found[name] = msgspec.json.decode(found[name])
            except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
                raise RequestError(400, "BAD_REQUEST", f"{name} is not JSON: {error}") from error
        else:
            found.pop(name, None)
    return _question(found)


def _question(found: dict[str, Any]) -> Question:
    """The question in an object. A null means the same as not given, except for the query."""
    query, name = found.get("query"), found.get("operationName")
    variables, extensions = found.get("variables"), found.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise RequestError(400, "BAD_REQUEST", "query is missing, or is no text.")
    if name is not None and not isinstance(name, str):
        raise RequestError(400, "BAD_REQUEST", "operationName is no text.")
    if variables is not None and not isinstance(variables, dict):
        raise RequestError(400, "BAD_REQUEST", "variables is no object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise RequestError(400, "BAD_REQUEST", "extensions is no object.")
    return Question(query, name or None, variables)
