"""How errors look to the outside: a code, a message in our words, the path; the unexpected ones masked."""

import re
from typing import Any

import structlog
from graphql import GraphQLError

from app.domain.errors import StoreError, SwitchboardError

log = structlog.get_logger()
# How graphql-core begins what it says of a value that was given, rather than of the document or of our answer.
_OF_A_VALUE = re.compile(r"(?:Variable '\$\w+'|Argument '\w+') (?:has invalid|of required type)")


def presented(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as the answer shows it. What nobody foresaw says only a request id, under which the log has it whole."""
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = list(error.path)
    cause = _cause(error)
    if isinstance(cause, StoreError):
        log.warning("store", request_id=request_id, reason=cause.detail)
    if isinstance(cause, SwitchboardError):
        shown |= {"message": str(cause), "extensions": {"code": cause.code, **cause.facts}}
    elif cause is not None or (error.path and not _OF_A_VALUE.match(error.message)):
        log.error("unexpected", request_id=request_id, exc_info=cause or error)
        message = f"Something went wrong here. Tell the operator this request id: {request_id}"
        shown |= {"message": message, "extensions": {"code": "INTERNAL", "requestId": request_id}}
    else:
        shown["extensions"] = {"code": _code(error)}
    return shown


def _cause(error: GraphQLError) -> Exception | None:
    """What a resolver or a scalar raised; None for an error that graphql-core found by itself.

    Its `__cause__` tells neither: an unknown word for an enum has the KeyError it was found by.
    """
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _code(error: GraphQLError) -> str:
    if error.message.startswith("Syntax Error"):
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if _OF_A_VALUE.match(error.message) else "GRAPHQL_VALIDATION_FAILED"
