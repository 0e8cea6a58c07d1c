"""The GraphQL endpoint: GraphQL over HTTP, from a request to the bytes of its answer."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.access.budget import BudgetSpentError
from app.domain.errors import IdentityProviderError, InputError, StoreError, SwitchboardError, UnauthenticatedError
from app.graphql.context import Context
from app.graphql.execution import Answer, Question, answer, refused
from app.graphql.registered import UntrustedDocumentError
from app.store.access_log import UnwrittenError
from app.store.trouble import BusyError, TooSlowError
from app.web.admission import Admission
from app.web.bodies import RequestError, question_of
from app.web.deadlines import deadline
from app.web.headers import SECURITY
from app.web.negotiation import GRAPHQL_JSON, accepted
from app.web.requests import request_id_of, seen

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
log = structlog.get_logger()


async def graphql(request: Request) -> Response:
    """POST with a JSON body, or GET for queries."""
    media_type = accepted(request.headers.get("accept", ""))
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
        async with deadline(request, seconds):
            viewer = await state.viewers.of_request(request)
            noted.viewer, noted.viewer_name = viewer.key, viewer.name
            admission = Admission(state.gate, viewer, noted)
            context = Context(
                viewer.scope, viewer.zone, state.database, datetime.now(UTC), viewer.name, state.traces.span
            )
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
    headers = {"Cache-Control": "no-store", **_HEADERS.get(status, {})}
    if status == _TOO_MANY:
        headers["Retry-After"] = str(found.errors[0]["extensions"]["retryAfterSeconds"])
    return Response(msgspec.json.encode(found.body), status, headers, f"{media_type}; charset=utf-8")
