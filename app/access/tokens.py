"""API tokens: how they are made, recognised and kept; the secret is shown once and only its hash is stored."""

import hashlib
import secrets
from collections.abc import Iterable

from app.domain.errors import InputError
from app.domain.scope import Right

PREFIX = "sb"


def new_secret(workspace_id: str) -> str:
    """A new token's text: 256 random bits, so that its hash needs no salt and no slow function."""
    return f"{PREFIX}.{workspace_id}.{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    """What is stored of a token's text."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def workspace_of(secret: str) -> str | None:
    """The workspace that a token's text names; None where it is no token of ours."""
    parts = secret.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == PREFIX and parts[1] and parts[2] else None


def rights_named(names: Iterable[str]) -> frozenset[Right]:
    """The rights of these names. Raises InputError that lists the names there are."""
    try:
        return frozenset(Right(name) for name in names)
    except ValueError as error:
        known = ", ".join(right.value for right in Right)
        raise InputError(f"{error.args[0].split(' ')[0]} is no scope. Use: {known}.") from error
