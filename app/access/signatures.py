"""Who may push records: whoever signs with the source's secret (Standard Webhooks), or knows it, where a vendor cannot sign."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from app.domain.errors import UnauthenticatedError

TOLERANCE = timedelta(minutes=5)
_PREFIX = "whsec_"


def secrets_of(credential: str) -> list[str]:
    """The secrets in a credential: several, with commas, while one takes over from another."""
    return [secret for secret in (part.strip() for part in credential.split(",")) if secret]


def check_signature(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The message's id, where it was signed with one of the secrets within the last five minutes. Raises UnauthenticatedError."""
    id, said, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not id or not said.isdecimal() or len(said) > 12:
        raise UnauthenticatedError("Sign the message: webhook-id, webhook-timestamp and webhook-signature are needed.")
    if abs(now.timestamp() - int(said)) > TOLERANCE.total_seconds():
        raise UnauthenticatedError("The message was signed more than five minutes from now.")
    signed = f"{id}.{said}.".encode() + body
    given = [part.removeprefix("v1,").encode() for part in signatures.split(" ") if part.startswith("v1,")]
    if not any(hmac.compare_digest(_signature(secret, signed), one) for secret in secrets for one in given):
        raise UnauthenticatedError("The message was signed with another secret.")
    return id[:200]


def check_secret(secrets: Iterable[str], given: str, body: bytes) -> str:
    """A name for the message, where its sender knows one of the secrets. Raises UnauthenticatedError."""
    if not any(hmac.compare_digest(secret.encode(), given.encode()) for secret in secrets):
        raise UnauthenticatedError("The secret is missing, or another one.")
    return hashlib.sha256(body).hexdigest()


def _signature(secret: str, signed: bytes) -> bytes:
    key = secret.encode()
    if secret.startswith(_PREFIX):
        with suppress(NotBase64):  # then it only looks like one
            key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    return b64encode(hmac.digest(key, signed, "sha256"))
