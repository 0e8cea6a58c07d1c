"""An answer as a response: its status, the headers that belong to it, and its bytes."""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.access.budget import BudgetSpentError
from app.domain.errors import StoreError, SwitchboardError
from app.graphql.execution import Answer, refused
from app.graphql.registered import UntrustedDocumentError
from app.store.access_log import UnwrittenError
from app.store.trouble import BusyError, TooSlowError
from app.web.negotiation import GRAPHQL_JSON, JSON
from app.web.requests import seen

_TOO_MANY, UNAVAILABLE = 429, 503
# By the code of an error.
STATUS = {
    "TOO_MANY_EXPORTS": _TOO_MANY,
    "METHOD_NOT_ALLOWED": 405,
    UntrustedDocumentError.code: 403,
    BudgetSpentError.code: _TOO_MANY,
    StoreError.code: UNAVAILABLE,
    UnwrittenError.code: UNAVAILABLE,
    BusyError.code: UNAVAILABLE,
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
    UNAVAILABLE: {"Retry-After": "1"},
}
_PREPARED = {
    media_type: [(b"content-type", f"{media_type}; charset=utf-8".encode()), (b"cache-control", b"no-store")]
    for media_type in (JSON, GRAPHQL_JSON)
}


def encoded(found: Answer, media_type: str) -> Response:
    """An answer as GraphQL over HTTP has it."""
    _note(found)
    return response_of(found, _status(found, media_type), media_type)


def _status(found: Answer, media_type: str) -> int:
    """What has data is a success, whatever else went wrong; but who asks a store that is gone is to ask again."""
    if not found.errors:
        return 200
    meant = [STATUS[code] for code in found.codes if code in STATUS]
    if UNAVAILABLE in meant:
        return UNAVAILABLE
    if meant and not (isinstance(found.data, dict) and any(found.data.values())):
        return max(meant)
    return 400 if not found.executed and media_type == GRAPHQL_JSON else 200


def refused_as(error: SwitchboardError, status: int, media_type: str) -> Response:
    """A refusal with a status."""
    found = refused(error)
    _note(found)
    return response_of(found, status, media_type)


def _note(found: Answer) -> None:
    if not found.errors:
        return
    noted = seen()
    noted.codes = found.codes
    if not found.executed:  # every limit has a code that says what there is too much of
        noted.limit = next((code for code in found.codes if "TOO_" in code or code == BudgetSpentError.code), None)


class _Whole(Response):
    """A response whose parts are there already: Starlette would put them together anew each time."""

    def __init__(self, status: int, media_type: str, body: bytes) -> None:
        self.status_code, self.body, self.background = status, body, None
        self.raw_headers = [*_PREPARED[media_type], (b"content-length", b"%d" % len(body))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


def response_of(found: Answer, status: int, media_type: str) -> Response:
    """An answer with a status, and the headers that belong to it."""
    response = _Whole(status, media_type, found.written)
    if status in _HEADERS:
        response.headers.update(_HEADERS[status])
    if status == _TOO_MANY:
        response.headers["Retry-After"] = str(found.errors[0]["extensions"]["retryAfterSeconds"])
    return response
