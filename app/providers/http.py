"""Asks a vendor over HTTP: at its pace, again after what passes, and never with a secret in an error or a log."""

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import stamina

from app.domain.errors import CredentialsError, PageError, TryLaterError, VendorError
from app.providers.answers import error_said
from app.providers.api import Api, Pace, Request
from app.providers.decoded import NOT_JSON, decoded

_TOO_BUSY = {408, 425, 429}
_NOT_LET_IN = {401, 402, 403, 407}
# A page of any of the vendors has a hundredth of it; more is not read into the memory.
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a vendor is waited for."""

    attempts: int = 5
    # The first pause is up to this long, the next up to twice that, and so on; drawn at random, so that processes which
    # failed together do not come back together.
    first_seconds: float = 1.0
    longest: timedelta = timedelta(minutes=5)
    # A vendor who asks for a longer pause than this is left alone instead of waited for.
    longest_in_place: timedelta = timedelta(minutes=1)
    # For an answer to begin and go on, and for all of it.
    silence_seconds: float = 30
    answer_seconds: float = 120

    def pause(self, failures: int, after: timedelta | None = None) -> timedelta:
        """How long to wait after so many failures in a row: what the vendor asked for, else full jitter."""
        if after is not None:
            return after
        most = min(self.longest.total_seconds(), self.first_seconds * 2 ** min(failures - 1, 30))
        return timedelta(seconds=random.uniform(0, most))  # noqa: S311  # no secret hangs on it


class Vendor:
    """One account at a vendor, asked one request after the other."""

    def __init__(
        self,
        api: Api,
        title: str,
        address: str,
        credentials: Mapping[str, str],
        client: httpx.AsyncClient,
        patience: Patience | None = None,
        pace: Pace | None = None,
    ) -> None:
        """`title` is what messages call the vendor; `pace` stands in for the vendor's documented one in tests."""
        self._api, self._title, self._address, self._client = api, title, address.rstrip("/") + "/", client
        self._credentials = credentials
        self._patience = patience or Patience()
        self._turns = _Turns((pace or api.pace).spacing)

    async def ask(self, request: Request) -> Any:
        """The decoded answer. Raises TryLaterError, PageError or CredentialsError, by what is to be done next."""
        failures = 0

        def pause(error: Exception) -> bool | timedelta:
            nonlocal failures
            failures += 1
            if not isinstance(error, TryLaterError):
                return False
            wait = self._patience.pause(failures, error.after)
            return wait if wait <= self._patience.longest_in_place else False

        async for attempt in stamina.retry_context(on=pause, attempts=self._patience.attempts, timeout=None):
            with attempt:
                await self._turns.wait()
                return await self._once(request)
        raise AssertionError("stamina ends by an answer or an error")

    async def _once(self, request: Request) -> Any:
        signed = self._api.signed(request, self._credentials)
        try:
            async with asyncio.timeout(self._patience.answer_seconds):
                status, headers, body = await self._sent(signed)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise TryLaterError(f"{self._title} did not answer in time.") from error
        except httpx.HTTPError as error:
            raise TryLaterError(f"{self._title} cannot be reached: {type(error).__name__}.") from error
        except httpx.InvalidURL as error:
            raise PageError(f"The address of {self._title} is none.") from error
        return self._judged(status, headers, body)

    async def _sent(self, request: Request) -> tuple[int, httpx.Headers, bytes]:
        async with self._client.stream(
            request.method,
            httpx.URL(self._address).join(request.path),
            params=dict(request.params) or None,
            json=request.json,
            headers={"Accept": "application/json", **request.headers},
            timeout=self._patience.silence_seconds,
        ) as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _LARGEST:
                    raise PageError(f"{self._title} answered with more than {_LARGEST // 1024**2} MB.")
            return response.status_code, response.headers, bytes(body)

    def _judged(self, status: int, headers: httpx.Headers, body: bytes) -> Any:
        try:
            value = decoded(body)
        except NOT_JSON as error:
            if status < 300:
                raise TryLaterError(f"{self._title} answered with something else than JSON.") from error
            value = None
        if status < 300:
            return value
        raise self._error(status, headers, self._said(value))

    def _error(self, status: int, headers: httpx.Headers, said: str) -> VendorError:
        if status in _TOO_BUSY or status >= 500:
            return TryLaterError(f"{self._title} answered {status}{said}", _retry_after(headers))
        if status in _NOT_LET_IN:
            return CredentialsError(
                f"{self._title} answered {status}{said} See to the account and its credentials, then run: "
                "switchboard source resume"
            )
        return PageError(f"{self._title} answered {status}{said}")

    def _said(self, value: Any) -> str:
        """What the vendor says, without our secrets, should it repeat them."""
        found = (error_said(value) or "")[:200]
        for secret in self._credentials.values():
            found = found.replace(secret, "***") if secret else found
        return f": {found.rstrip('.')}." if found else "."


class _Turns:
    """Spaces the starts of requests."""

    def __init__(self, spacing: float) -> None:
        # A little more than the vendor asks for: on the way to it, requests come closer together.
        self._spacing = spacing * 1.02
        self._next = 0.0
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        async with self._lock:
            if (pause := self._next - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            self._next = time.monotonic() + self._spacing


def _retry_after(headers: httpx.Headers) -> timedelta | None:
    """What `Retry-After` says, in seconds or as a date; at most a day, and None where it says nothing readable."""
    said = headers.get("retry-after", "").strip()
    try:
        seconds = float(said) if said.replace(".", "", 1).isdecimal() else _until(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return timedelta(seconds=min(max(seconds, 0.0), 86_400.0))


def _until(date: str) -> float:
    at = parsedate_to_datetime(date)
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
