"""How the log is written: one line an event, for people or for machines, on standard error; no secret, no number."""

import logging
import re
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import structlog

from app.domain.written_numbers import GONE, WRITTEN

# The request that is being answered, which every line about it names.
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
_MAX_FRAMES = 50
# Names under which a value is a secret, whatever it looks like.
_SECRET = re.compile(r"authorization|cookie|credential|passw|secret|token$|api_?key", re.IGNORECASE)
# Names under which a number counts something, so that a large one is nobody's telephone.
_COUNTS = {"ms", "rows", "statements", "bytes", "status", "port", "records", "cost", "waiting", "at"}
_COUNTS |= {"calls", "recordings", "payloads"}
_CREDENTIALS = re.compile(
    r"""
      \bbearer\s+[^\s"',;]+                       # Authorization: Bearer …
    | \bbasic\s+[a-z0-9+/=]{8,}                   # Authorization: Basic …
    | \bsb\.[^\s."']+\.[^\s"',;]+                 # our tokens: sb.<workspace>.<secret>
    | \beyj[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?         # a JWT
    | (?<=://)[^\s/@]*@                           # user:password@ of an address
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Numbers, however they are written, even within a word. UUIDs, which are what we name viewers
# and rows by, and SHA-256s, which documents are named by, are read first and let through.
_NUMBERS = re.compile(
    rf"""
      (?P<id> (?<![0-9a-f]) (?: [0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}
        | [0-9a-f]{{12}}7[0-9a-f]{{3}}[89ab][0-9a-f]{{15}} | [0-9a-f]{{64}} ) (?![0-9a-f]) )
    | [+(]* {WRITTEN}
    """,
    re.VERBOSE,
)


def configure(form: str) -> None:
    """Sets the log's form, `text` or `json`, for ours and for uvicorn's.

    An error is logged with its traceback, never with the values of variables: those hold people's names and numbers.
    """
    first: list[Any] = [_named, structlog.processors.add_log_level]
    # What is written of an exception is text by the time it is redacted, and the time is added after that.
    last: list[Any] = [
        _exceptions_for_machines() if form == "json" else structlog.processors.format_exc_info,
        redact,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer() if form == "json" else _for_people(),
    ]
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=first, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _named(_: Any, __: str, event: Any) -> Any:
    request_id = REQUEST_ID.get()
    return event if request_id is None else {"request_id": request_id, **event}


def _exceptions_for_machines() -> Any:
    frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=_MAX_FRAMES)
    return structlog.processors.ExceptionRenderer(frames)


def _for_people() -> Any:
    # The other formatters of exceptions print the values of variables.
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def redact(_: Any, __: str, event: Any) -> Any:
    """The processor that takes telephone numbers, tokens and credentials out of an event."""
    return {name: _of_name(name, value) for name, value in event.items()}


def redacted(text: str) -> str:
    """A text without telephone numbers, tokens and credentials."""
    text = _CREDENTIALS.sub(GONE, text)
    return _NUMBERS.sub(lambda found: found[0] if found["id"] else GONE, text)


def _of_name(name: str, value: Any) -> Any:
    if _SECRET.search(name) and value is not None:
        return GONE
    if name in _COUNTS and isinstance(value, int | float):
        return value
    return _without(value)


def _without(value: Any) -> Any:
    """A value, whatever it is, without what no log may hold."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return GONE if redacted(str(value)) != str(value) else value
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Mapping):
        return {redacted(str(name)): _of_name(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without(inner) for inner in value]
    return redacted(value.decode(errors="replace") if isinstance(value, bytes) else str(value))
