"""From the bytes of a request to a question: whatever is no question is refused with a status, a code and what to do."""

import re
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from app.domain.errors import SwitchboardError
from app.graphql.execution import Question
from app.settings import Settings
from app.web.at_once import read_at_once
from app.web.deadlines import Deadline
from app.web.headers import header
from app.web.negotiation import essence, is_json

PREFLIGHT_HEADERS = ("X-Requested-With", "GraphQL-Require-Preflight")
# What a page of any origin may send without its browser asking us first.
_SENT_UNASKED = {"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}
_decode = msgspec.json.Decoder().decode
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NOTHING = frozenset[str]()


class RequestError(SwitchboardError):
    """The request itself is wrong, before any GraphQL: its HTTP status, a code and what to do."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


async def question_of(request: Request) -> Question:
    """The question of a request, whose body is waited for as long as the caller lets it.

    Raises RequestError, and ClientDisconnect where the client went away meanwhile.
    """
    settings: Settings = request.app.state.settings
    if request.scope["method"] == "POST":
        return question_in(await _object(request, settings.max_body_bytes))
    if len(request.scope["query_string"]) > settings.max_body_bytes:
        raise RequestError(414, "URI_TOO_LONG", "The address is too long. Send the question as POST.")
    if not _forces_preflight(request):
        named = " or ".join(PREFLIGHT_HEADERS)
        raise RequestError(400, "PREFLIGHT_REQUIRED", f"Send GET with {named}, or as Content-Type: application/json.")
    return _asked(dict(request.query_params))


def _forces_preflight(request: Request) -> bool:
    """Whether a browser would ask us before it sent this for a page of another origin."""
    unusual_type = essence(request.headers.get("content-type", "")) not in _SENT_UNASKED
    return unusual_type or any(name in request.headers for name in PREFLIGHT_HEADERS)


async def object_of(request: Request) -> dict[str, Any]:
    """The JSON object that is posted, in time. Raises RequestError and ClientDisconnect."""
    settings: Settings = request.app.state.settings
    try:
        async with Deadline(settings.deadline_seconds):
            return await _object(request, settings.max_body_bytes)
    except TimeoutError as error:
        raise late(settings.deadline_seconds) from error


def late(seconds: float) -> RequestError:
    """What is said to whoever sends a body too slowly."""
    return RequestError(408, "REQUEST_TIMEOUT", f"The body did not arrive within {seconds:g} seconds.")


async def _object(request: Request, most: int) -> dict[str, Any]:
    scope = request.scope
    if not is_json(header(scope, b"content-type"), header(scope, b"content-encoding")):
        message = "Send the question as application/json in UTF-8, uncompressed."
        raise RequestError(415, "UNSUPPORTED_MEDIA_TYPE", message)
    body = read_at_once(getattr(request.receive, "__self__", None))
    if body is None:
        body = await _body(request.receive, most)
    else:
        _check_length(len(body), most)
    found = _decoded(body, "The body")
    if not isinstance(found, dict):
        raise RequestError(400, "BAD_REQUEST", 'The body is not an object. Send {"query": "..."}.')
    return found


async def _body(receive: Receive, most: int) -> bytes:
    """The body, refused as soon as it is longer than allowed rather than when it has all arrived."""
    chunks, length, more = list[bytes](), 0, True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = part.get("body", b"")
        length += len(chunk)
        _check_length(length, most)
        more = part.get("more_body", False)
        if not more and not chunks:  # nearly always it comes in one piece
            return chunk
        chunks.append(chunk)
    return b"".join(chunks)


def _check_length(length: int, most: int) -> None:
    if length > most:
        message = f"The body is longer than {most} bytes. Use variables, or ask less at once."
        raise RequestError(413, "BODY_TOO_LARGE", message)


def _asked(parameters: dict[str, Any]) -> Question:
    for name in ("variables", "extensions"):
        if parameters.get(name):
            parameters[name] = _decoded(parameters[name], name)
        else:
            parameters.pop(name, None)
    return question_in(parameters)


def _decoded(text: bytes | str, name: str) -> Any:
    """What a JSON text says. NaN, numbers that no float holds, and lone surrogates are no JSON."""
    try:
        return _decode(text)
    except UnicodeError as error:
        raise RequestError(400, "BAD_REQUEST", f"{name} is not UTF-8.") from error
    except RecursionError as error:
        raise RequestError(400, "BAD_REQUEST", f"{name} is nested too deeply.") from error
    except msgspec.DecodeError as error:
        raise RequestError(400, "BAD_REQUEST", f"{name} is not JSON: {error}") from error


def question_in(found: dict[str, Any]) -> Question:
    """The question in an object. Raises RequestError. A null means the same as not given, except for the query where nothing stands for it."""
    name, variables, extensions = found.get("operationName"), found.get("variables"), found.get("extensions")
    if name is not None and not isinstance(name, str):
        raise RequestError(400, "BAD_REQUEST", "operationName is no text.")
    if variables is not None and not isinstance(variables, dict):
        raise RequestError(400, "BAD_REQUEST", "variables is no object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise RequestError(400, "BAD_REQUEST", "extensions is no object.")
    digest = _digest(found.get("documentId"), extensions.get("persistedQuery") if extensions else None)
    query = found.get("query")
    if not (query is None and digest) and not (isinstance(query, str) and query.strip()):
        raise RequestError(400, "BAD_REQUEST", "query is missing, or is no text.")
    return Question(
        query, name or None, variables, digest, asks=_asked_of_itself(extensions) if extensions else _NOTHING
    )


def _asked_of_itself(extensions: dict[str, Any]) -> frozenset[str]:
    return frozenset(name for name in ("cost", "statistics") if extensions.get(name) is True)


def _digest(document_id: Any, persisted: Any) -> str | None:
    """The hash that names the document: its id, or that of Apollo's persisted queries."""
    if document_id is not None:
        return _checked(document_id.removeprefix("sha256:") if isinstance(document_id, str) else None, "documentId")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise RequestError(400, "BAD_REQUEST", "persistedQuery is of no known version. Send version 1.")
    return _checked(persisted.get("sha256Hash"), "sha256Hash")


def _checked(digest: Any, name: str) -> str:
    if isinstance(digest, str) and _DIGEST.fullmatch(digest.lower()):
        return digest.lower()
    raise RequestError(400, "BAD_REQUEST", f"{name} is no SHA-256 in hexadecimal.")
