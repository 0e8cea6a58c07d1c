"""The identity provider's public keys: given once, or fetched from its address and kept while it does not answer."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Any, Protocol

import httpx
import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from app.domain.errors import IdentityProviderError

# Keys are asked for again after this long, while those in hand are used on: so soon a withdrawn one ends.
FRESH_SECONDS = 300
# A token by a key that is not known may be by a new one. Strangers can send such tokens, too: only so often it is seen.
BETWEEN_SECONDS = 30
# The same where the provider did not answer.
RETRY_SECONDS = 5
FETCH_SECONDS = 3
_MOST_BYTES = 256 * 1024
# As letters of base64: a modulus of 2,048 bits.
_LEAST_RSA_LETTERS = 342
_KINDS = {"RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}
log = structlog.get_logger()


class Keys(Protocol):
    """Where the key for a token is looked up."""

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key that a token names, if it is of the algorithm's kind. Raises IdentityProviderError."""

    async def close(self) -> None:
        """Ends whatever is still under way."""


class GivenKeys:
    """Keys from the settings, which stay as they are."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = keys

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key that a token names."""
        return _fitting(self._keys, kid, algorithm)

    async def close(self) -> None:
        """There is nothing to end."""


class FetchedKeys:
    """Keys from an address. One request at a time asks for them, for all who wait, and goes on when those leave."""

    def __init__(self, url: str, kept_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`kept_seconds` is how long keys are used after they came, while the provider does not answer."""
        self._url = url
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._keys: Sequence[Key] = ()
        self._came_at = float("-inf")
        self._next_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key that a token names; fetched anew if it is not known and that is not too soon."""
        if self._age > self._kept_seconds:
            await self._fetched()
            if self._age > self._kept_seconds:
                raise IdentityProviderError(
                    "The identity provider gives no keys, so that its tokens cannot be verified. Try again."
                )
        elif self._age > FRESH_SECONDS:
            self._begin()  # nobody waits for it
        found = _fitting(self._keys, kid, algorithm)
        if found is None and await self._fetched():
            found = _fitting(self._keys, kid, algorithm)
        return found

    async def close(self) -> None:
        """Ends a request for keys that is still under way."""
        if self._fetching and not self._fetching.done():
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    @property
    def _age(self) -> float:
        return self._clock() - self._came_at

    async def _fetched(self) -> bool:
        """Waits for newer keys; False at once where it is too soon to ask."""
        if fetching := self._begin():
            await asyncio.shield(fetching)
        return fetching is not None

    def _begin(self) -> asyncio.Task[None] | None:
        if self._fetching is None or self._fetching.done():
            if self._clock() < self._next_at:
                return None
            self._fetching = asyncio.create_task(self._fetch(), context=Context())
        return self._fetching

    async def _fetch(self) -> None:
        began = self._clock()
        self._next_at = began + RETRY_SECONDS  # whatever comes of it
        try:
            self._keys = keys_of(await _downloaded(self._url))
            self._came_at, self._next_at = began, self._clock() + BETWEEN_SECONDS
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            log.warning("identity provider", reason=f"{type(error).__name__}: {error}")


def keys_of(text: bytes | str) -> list[Key]:
    """The keys of a JWKS that a signature can be verified by. Raises ValueError where there is none.

    Left out is what others may need: keys for encryption, of kinds that we do not know; and what nobody should trust:
    shared secrets, short RSA keys.
    """
    try:
        entries = msgspec.json.decode(text)["keys"]
        found = [key for entry in entries if (key := _key(entry))]
    except (msgspec.DecodeError, TypeError, KeyError, RecursionError) as error:
        raise ValueError('it is no JWKS: {"keys": […]}') from error
    if not found:
        raise ValueError("it has no key that a signature can be verified by (RSA from 2048 bits, EC, Ed25519)")
    return found


def _key(entry: Any) -> Key | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    if entry.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    if entry["kty"] == "RSA" and len(str(entry.get("n", ""))) < _LEAST_RSA_LETTERS:
        return None
    try:
        key: Key = import_key(entry)
        _ = key.public_key  # numbers that are no key are found here
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key


def _fitting(keys: Sequence[Key], kid: str | None, algorithm: str) -> Key | None:
    """The key of that name. A token may name none where there is only one that it can be by."""
    kind = _KINDS[algorithm[:2]]
    fitting = [key for key in keys if isinstance(key, kind) and key.get("alg") in (None, algorithm)]
    if kid is None:
        return fitting[0] if len(fitting) == 1 else None
    return next((key for key in fitting if key.get("kid") == kid), None)


async def _downloaded(url: str) -> bytes:
    """The body at an address, as it is: no redirect is followed, and nothing unpacked."""
    body = bytearray()
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    async with (
        asyncio.timeout(FETCH_SECONDS),
        httpx.AsyncClient(timeout=FETCH_SECONDS) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if response.status_code != httpx.codes.OK:
            raise ValueError(f"it answered {response.status_code}")
        async for part in response.aiter_raw():
            body += part
            if len(body) > _MOST_BYTES:
                raise ValueError(f"its answer has more than {_MOST_BYTES} bytes")
    return bytes(body)
