"""How errors look to the outside: a code, a message in our words, the path; the unexpected ones masked."""

from typing import Any

import structlog
from graphql import GraphQLError

from app.domain.errors import SwitchboardError

log = structlog.get_logger()


def presented(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as the answer shows it. What nobody foresaw says only a request id, under which the log has it whole."""
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = list(error.path)
    cause = _cause(error)
    if isinstance(cause, SwitchboardError):
        shown |= {"message": str(cause), "extensions": {"code": cause.code}}
    elif cause is not None:
        log.error("unexpected", request_id=request_id, exc_info=cause)
        message = f"Something went wrong here. Tell the operator this request id: {request_id}"
        shown |= {"message": message, "extensions": {"code": "INTERNAL", "requestId": request_id}}
    else:
        shown["extensions"] = {"code": _code(error)}
    return shown


def _cause(error: GraphQLError) -> Exception | None:
    """What a resolver or a scalar raised; None for an error that graphql-core found by itself."""
    cause: BaseException | None = error.original_error or error.__cause__
    while isinstance(cause, GraphQLError):
        cause = cause.original_error or cause.__cause__
    return cause if isinstance(cause, Exception) else None


def _code(error: GraphQLError) -> str:
    if error.message.startswith("Syntax Error"):
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if error.path is not None or "$" in error.message[:12] else "GRAPHQL_VALIDATION_FAILED"
