"""An answer as a response: its status, the headers that belong to it, and its bytes."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.access.budget import BudgetSpentError
from app.domain.errors import StoreError, SwitchboardError
from app.graphql.execution import Answer, refused
from app.graphql.registered import UntrustedDocumentError
from app.store.access_log import UnwrittenError
from app.store.trouble import BusyError, TooSlowError
from app.web.at_once import written_at_once
from app.web.headers import ALL, Header, secured
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
_NONE: Mapping[str, str] = {}
_PREPARED = {
    media_type: [(b"content-type", f"{media_type}; charset=utf-8".encode()), (b"cache-control", b"no-store"), *ALL]
    for media_type in (JSON, GRAPHQL_JSON)
}
_LINES = {
    media_type: b"".join([b"%b: %b\r\n" % header for header in headers]) for media_type, headers in _PREPARED.items()
}


def encoded(found: Answer, media_type: str) -> Response:
    """An answer as GraphQL over HTTP has it."""
    if not found.errors:
        return _Whole(200, media_type, found.written)
    _note(found)
    return response_of(found, _status(found, media_type), media_type)


def _status(found: Answer, media_type: str) -> int:
    """What has data is a success, whatever else went wrong; but who asks a store that is gone is to ask again."""
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
    noted = seen()
    noted.codes = found.codes
    if not found.executed:  # every limit has a code that says what there is too much of
        noted.limit = next((code for code in found.codes if "TOO_" in code or code == BudgetSpentError.code), None)


class _Whole(Response):
    """A response whose parts are there already: Starlette would put them together anew each time."""

    body: bytes

    def __init__(self, status: int, media_type: str, body: bytes) -> None:
        self.status_code, self.body, self.background = status, body, None
        self._media_type = media_type

    @property
    def raw_headers(self) -> list[Header]:  # type: ignore[override]  # of Starlette it is an attribute
        """The headers as ASGI has them."""
        return [*_PREPARED[self._media_type], (b"content-length", b"%d" % len(self.body))]

    @property
    def lines(self) -> bytes:
        """The headers as they go over the wire, without the length."""
        return _LINES[self._media_type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _send(send, self, self.raw_headers)


async def send_named(response: Response, request_id: str, send: Send) -> None:
    """Sends a response with the headers that all have, and the name of its request: at once where it can be."""
    name = request_id.encode()
    if isinstance(response, _Whole):
        lines = b"%bx-request-id: %b\r\n" % (response.lines, name)
        if written_at_once(getattr(send, "__self__", None), response.status_code, lines, response.body):
            return
    await _send(send, response, secured(response.raw_headers, (b"x-request-id", name)))


async def _send(send: Send, response: Response, headers: list[Header]) -> None:
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def response_of(found: Answer, status: int, media_type: str, headers: Mapping[str, str] = _NONE) -> Response:
    """An answer with a status, the headers that belong to it, and some more."""
    whole = _Whole(status, media_type, found.written)
    more = {**_HEADERS.get(status, _NONE), **headers}
    if status == _TOO_MANY:
        more["Retry-After"] = str(found.errors[0]["extensions"]["retryAfterSeconds"])
    if not more:  # nearly always
        return whole
    response = Response(whole.body, status)
    response.raw_headers = whole.raw_headers
    response.headers.update(more)
    return response
