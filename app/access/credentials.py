"""A source's credentials: named by where they are to be found, or sealed with the settings' key; never kept in the open."""

import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.domain.errors import InputError

ENVIRONMENT, FILE, SEALED = "env:", "file:", "sealed:"
_SALT = b"switchboard credentials"


def place_of(said: str) -> str:
    """A credential's place as it is kept: `env:NAME` or `file:/path`. Raises InputError for anything else.

    A secret itself is none of them: on a command line everybody on the machine could read it.
    """
    if said.startswith(ENVIRONMENT) and said != ENVIRONMENT:
        return said
    if said.startswith(FILE) and said != FILE:
        return FILE + str(Path(said.removeprefix(FILE)).expanduser().absolute())
    raise InputError("A credential is env:NAME, file:/path, or - to be asked for it and keep it encrypted.")


def sealed(secret: str, keys: str) -> str:
    """A secret as it may be stored. Raises InputError without a key."""
    return SEALED + _box(keys).encrypt(secret.encode()).decode()


def opened(places: Mapping[str, str], keys: str) -> dict[str, str]:
    """The credentials themselves, by name. Raises InputError that says which one is not to be had, and why."""
    return {name: _opened(name, place, keys) for name, place in places.items()}


def shown(place: str) -> str:
    """A credential's place, for people; of a sealed one nothing but that it is."""
    return "encrypted in the store" if place.startswith(SEALED) else place


def _opened(name: str, place: str, keys: str) -> str:
    if place.startswith(ENVIRONMENT):
        found = os.environ.get(place.removeprefix(ENVIRONMENT), "")
    elif place.startswith(FILE):
        found = _read(name, Path(place.removeprefix(FILE)))
    else:
        try:
            found = _box(keys).decrypt(place.removeprefix(SEALED).encode()).decode()
        except InvalidToken as error:
            raise InputError(
                f"The credential {name!r} was encrypted with another SWITCHBOARD_CREDENTIALS_KEY. "
                "Add that key, after a comma, or set the credential again."
            ) from error
    if not found.strip():
        raise InputError(f"The credential {name!r} is empty: {shown(place)}.")
    return found.strip()


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InputError(f"The credential {name!r} cannot be read from {path}: {reason}.") from error


def _box(keys: str) -> MultiFernet:
    """Seals with the first key and opens with any, so that a key can be changed without setting every credential anew."""
    given = [key for key in (part.strip() for part in keys.split(",")) if key]
    if not given:
        raise InputError("Set SWITCHBOARD_CREDENTIALS_KEY, 16 characters or more: credentials are encrypted with it.")
    return MultiFernet([_fernet(key) for key in given])


@lru_cache(maxsize=8)  # made slow on purpose: a key may be a phrase
def _fernet(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(hashlib.scrypt(key.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32)))
