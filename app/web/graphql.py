"""The GraphQL endpoint: GraphQL over HTTP, from a request to the bytes of its answer."""

from dataclasses import replace

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.budget import BudgetSpentError
from app.domain.errors import IdentityProviderError, InputError, StoreError, SwitchboardError, UnauthenticatedError
from app.graphql.context import Context
from app.graphql.execution import Answer, Question, answer, refused
from app.graphql.registered import UntrustedDocumentError
from app.store.access_log import UnwrittenError
from app.store.trouble import BusyError, TooSlowError
from app.web.admission import Admission
from app.web.bodies import RequestError, question_of
from app.web.deadlines import Deadline
from app.web.headers import SECURITY, header
from app.web.negotiation import GRAPHQL_JSON, JSON, accepted
from app.web.recordings import linking
from app.web.requests import ENDPOINT, request_id_of, seen

METHODS = ["GET", "POST"]
_TOO_MANY, _NOBODY_WAITS, _UNAVAILABLE = 429, 499, 503
_STATUS = {
    "METHOD_NOT_ALLOWED": 405,
    UntrustedDocumentError.code: 403,
    BudgetSpentError.code: _TOO_MANY,
    StoreError.code: _UNAVAILABLE,
    UnwrittenError.code: _UNAVAILABLE,
    BusyError.code: _UNAVAILABLE,
    # Not 503, which tells clients to try the same again.
    "TIMEOUT": 504,
    TooSlowError.code: 504,
}
_HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    405: {"Allow": "POST"},
    # What is left of the body is not waited for.
    408: {"Connection": "close"},
    413: {"Connection": "close"},
    _UNAVAILABLE: {"Retry-After": "1"},
}
_PREPARED = {
    media_type: [(b"content-type", f"{media_type}; charset=utf-8".encode()), (b"cache-control", b"no-store")]
    for media_type in (JSON, GRAPHQL_JSON)
}
_encode = msgspec.json.Encoder().encode
log = structlog.get_logger()


class Endpoint:
    """ASGI middleware, the innermost: questions are met here, before the table of routes, which costs as much as a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a question; leaves everything else to the routes, which have the endpoint, too."""
        if scope["type"] == "http" and scope["path"] == ENDPOINT and scope["method"] == "POST":
            response = await graphql(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def graphql(request: Request) -> Response:
    """POST with a JSON body, or GET for queries."""
    media_type = accepted(header(request.scope["headers"], b"accept"))
    try:
        question = await question_of(request)
        seen().operation_name = question.operation_name
        return _encoded(await _answered(request, question), media_type)
    except RequestError as error:
        return _refused(error, error.status, media_type)
    except UnauthenticatedError as error:
        return _refused(error, 401, media_type)
    except IdentityProviderError as error:
        return _refused(error, _UNAVAILABLE, media_type)
    except StoreError as error:
        log.warning("store", reason=error.detail)
        return _refused(error, _STATUS.get(error.code, _UNAVAILABLE), media_type)
    except ClientDisconnect:
        return Response(status_code=_NOBODY_WAITS)


async def _answered(request: Request, question: Question) -> Answer:
    state, noted = request.app.state, seen()
    seconds = state.settings.deadline_seconds
    context: Context | None = None
    try:
        async with Deadline(seconds, request.receive):
            viewer = await state.viewers.of_request(request)
            noted.viewer, noted.viewer_name = viewer.key, viewer.name
            admission = Admission(state.gate, viewer, noted)
            link = linking(state.recording_links, request, viewer, noted.at)
            context = Context(viewer.scope, viewer.zone, state.database, noted.at, viewer.name, link, state.traces.span)
            only_queries, engine = request.method != "POST", state.engine
            found = await answer(question, state.documents, context, admission, only_queries, noted.request_id, engine)
            return replace(found, extensions=admission.shown()) if question.asks_cost else found
    except TimeoutError:
        message = f"This takes longer than {seconds:g} seconds. Ask for a shorter range, or less at once."
        return refused(InputError(message, "TIMEOUT"))
    finally:
        if context:
            noted.operation, noted.path = context.operation, context.path
            noted.operation_name = context.operation_name or question.operation_name


async def unexpected(request: Request, error: Exception) -> Response:
    """The answer where something broke that nobody foresaw: only an id, under which the log has it whole."""
    request_id = request_id_of(request.scope)
    log.error("unexpected", request_id=request_id, path=request.url.path, exc_info=error)
    message = f"Something went wrong here. Tell the operator this request id: {request_id}"
    found = refused(InputError(message, "INTERNAL"))
    response = _response(found, 500, accepted(request.headers.get("accept", "")))
    # This answer is made outside of every middleware.
    response.headers.update(SECURITY | {"X-Request-Id": request_id})
    return response


def _encoded(found: Answer, media_type: str) -> Response:
    _note(found)
    return _response(found, _status(found, media_type), media_type)


def _status(found: Answer, media_type: str) -> int:
    """What has data is a success, whatever else went wrong; but who asks a store that is gone is to ask again."""
    meant = [_STATUS[code] for code in found.codes if code in _STATUS]
    if _UNAVAILABLE in meant:
        return _UNAVAILABLE
    if meant and not (isinstance(found.data, dict) and any(found.data.values())):
        return max(meant)
    return 400 if not found.executed and media_type == GRAPHQL_JSON else 200


def _refused(error: SwitchboardError, status: int, media_type: str) -> Response:
    found = refused(error)
    _note(found)
    return _response(found, status, media_type)


def _note(found: Answer) -> None:
    noted = seen()
    noted.codes = found.codes
    if not found.executed:  # every limit has a code that says what there is too much of
        noted.limit = next((code for code in found.codes if "TOO_" in code or code == BudgetSpentError.code), None)


def _response(found: Answer, status: int, media_type: str) -> Response:
    response = Response(status_code=status)
    response.body = _encode(found.body)
    length = (b"content-length", str(len(response.body)).encode())
    response.raw_headers = [*_PREPARED[media_type], length]  # what `headers` would put together anew each time
    if status in _HEADERS:
        response.headers.update(_HEADERS[status])
    if status == _TOO_MANY:
        response.headers["Retry-After"] = str(found.errors[0]["extensions"]["retryAfterSeconds"])
    return response
