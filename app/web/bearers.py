"""The identity provider of the settings, whose bearers are trusted beside our own tokens."""

from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

from app.access.bearer import ClaimNames, Issuer
from app.access.keys import FetchedKeys, GivenKeys, Keys, keys_of
from app.domain.errors import InputError
from app.settings import PREFIX, Settings
from app.web.loopback import is_loopback

_HOUR = 3600


def issuer_of(settings: Settings) -> Issuer | None:
    """The identity provider; None where none is set. Raises InputError that says which setting to change."""
    given = (settings.jwt_issuer, settings.jwt_audience, settings.jwt_keys)
    if not any(given):
        return None
    if not all(given):
        raise InputError(f"Set {PREFIX}JWT_ISSUER, {PREFIX}JWT_AUDIENCE and {PREFIX}JWT_KEYS together.")
    return Issuer(
        settings.jwt_issuer,
        settings.jwt_audience,
        _keys(settings),
        _names(settings.jwt_claims),
        tuple(part.strip() for part in settings.jwt_required.split(",") if part.strip()),
        settings.jwt_leeway_seconds,
    )


def _keys(settings: Settings) -> Keys:
    given = settings.jwt_keys.strip()
    if "://" in given.partition("{")[0]:
        return FetchedKeys(_address(given), settings.jwt_keys_kept_hours * _HOUR)
    try:
        return GivenKeys(keys_of(given if given.startswith("{") else Path(given).read_bytes()))
    except OSError as error:
        raise InputError(f"{PREFIX}JWT_KEYS names a file that cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"{PREFIX}JWT_KEYS cannot be used: {error}.") from error


def _address(given: str) -> str:
    """An address that nobody on the way can answer in place of the provider."""
    try:
        parts = urlsplit(given)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    except ValueError:
        safe = False
    if not (safe and parts.hostname):
        raise InputError(f"{PREFIX}JWT_KEYS has to be an https:// address; http:// is taken for this machine only.")
    return given


def _names(text: str) -> ClaimNames:
    known = [field.name for field in fields(ClaimNames)]
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        ours, _, theirs = (word.strip() for word in part.partition("="))
        if ours not in known or not theirs:
            raise InputError(f"{PREFIX}JWT_CLAIMS has {part!r}. Use: {', '.join(f'{name}=…' for name in known)}.")
        found[ours] = theirs
    return ClaimNames(**found)
