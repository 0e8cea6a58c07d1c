"""Tells an error answer from one with records, whatever the vendor: it has a message, and nothing to take."""

from typing import Any

from app.providers.payload import sequence, text

_MESSAGES = ("error", "error_message", "message", "msg", "error_description", "detail", "errors")
_CODES = {
    "status", "status_code", "statusCode", "code", "error_code", "errorCode", "success", "type", "timestamp", "path",
    "request_id", "requestId",
}  # fmt: skip
_GOOD = {"success", "successful", "ok", "true", "200"}


def error_said(body: Any) -> str | None:
    """What an error answer says; None for any other body, be it a record, records, or an empty list of them."""
    if not isinstance(body, dict) or [] in body.values():
        return None
    if any(value not in (None, "", {}) for key, value in body.items() if key not in _CODES and key not in _MESSAGES):
        return None
    if any(_is_good(body.get(key)) for key in ("status", "status_code", "statusCode", "code", "success")):
        return None
    found = dict.fromkeys(said for key in _MESSAGES for said in _words(body.get(key)))
    return ": ".join(said for said in found if not _is_good(said)) or None


def _is_good(value: Any) -> bool:
    return (text(value) or "").casefold().rstrip(".!") in _GOOD


def _words(value: Any) -> list[str]:
    """The message as it may be given: plain, in an object, or in a list of either."""
    if isinstance(value, dict):
        return [said for key in _MESSAGES for said in _words(value.get(key))]
    if isinstance(value, list):
        return [said for item in sequence(value) for said in _words(item)]
    return [said] if (said := text(value)) and said not in ("true", "false") else []
