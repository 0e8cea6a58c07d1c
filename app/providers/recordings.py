"""Fetches a recording from where its vendor keeps it, piece by piece, and lets nothing through but sound."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from ssl import SSLContext

import httpx

from app.domain.errors import GoneError, InputError, PageError, TryLaterError
from app.providers.recording_places import Place, next_place

_MOST_REDIRECTS = 3
_SILENCE_SECONDS = 30
_RANGE_NOT_THERE = 416
_GONE = {404, 410}
_BUSY = {408, 425, 429}
# What some vendors call any file, sound or not: a browser is to save it rather than show it.
FILE = "application/octet-stream"
_FILES = {FILE, "binary/octet-stream", "application/force-download", "application/x-download"}
_PASSED = ("content-length", "content-range", "accept-ranges", "last-modified", "etag")


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that is being fetched."""

    # 200, 206 for a part of it, 416 for one that is not there.
    status: int
    # Nothing of the vendor's but what tells which part it is.
    headers: dict[str, str]
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def sound_at(place: Place, part: str | None, tls: SSLContext) -> AsyncIterator[Sound]:
    """The recording, or the part of it that a `Range` names, for as long as it is read.

    Raises GoneError where the vendor has it no more, TryLaterError, and PageError for anything that is no recording.
    """
    # A client of its own: no cookie of the vendor's is kept, let alone shown to it in another viewer's name.
    async with httpx.AsyncClient(verify=tls, follow_redirects=False, trust_env=False) as client:
        try:
            response = await _answer(client, place, part)
            try:
                yield Sound(response.status_code, _headers(response), response.aiter_raw(64 * 1024))
            finally:
                await response.aclose()
        except httpx.TimeoutException as error:
            raise TryLaterError("The vendor did not answer in time.") from error
        except httpx.HTTPError as error:
            raise TryLaterError(f"The vendor cannot be reached: {type(error).__name__}.") from error


async def _answer(client: httpx.AsyncClient, place: Place, part: str | None) -> httpx.Response:
    for _ in range(_MOST_REDIRECTS + 1):
        response = await client.send(await _request(client, place, part), stream=True)
        if not response.has_redirect_location:
            return response
        location = response.headers["location"]
        await response.aclose()
        try:
            place = next_place(place, location)
        except InputError as error:
            raise PageError(str(error)) from error
    raise PageError("The vendor sends us from one address to another.")


async def _request(client: httpx.AsyncClient, place: Place, part: str | None) -> httpx.Request:
    """The request, to the very address that was looked at: a name that is looked up again may mean another one then."""
    url = httpx.URL(place.url)
    address = await _address(url, place.own)
    headers = {
        "Accept": "audio/*, */*;q=0.5",
        "Accept-Encoding": "identity",
        **place.headers,
        "Host": url.netloc.decode(),
    }
    if part:
        headers["Range"] = part
    return client.build_request(
        "GET",
        url.copy_with(host=address),
        headers=headers,
        timeout=_SILENCE_SECONDS,
        extensions={"sni_hostname": url.host},
    )


async def _address(url: httpx.URL, private_too: bool) -> str:
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TryLaterError("The vendor's address cannot be found.") from error
    addresses = [str(one[4][0]) for one in found]
    if not private_too and not all(ip_address(address).is_global for address in addresses):
        raise PageError("The recording's address is one of a private network, which nothing is fetched from.")
    return addresses[0]


def _headers(response: httpx.Response) -> dict[str, str]:
    status = response.status_code
    if status in _GONE:
        raise GoneError("The vendor has this recording no more.")
    if status in _BUSY or status >= 500:
        raise TryLaterError(f"The vendor answered {status}.")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    found = {name: response.headers[name] for name in _PASSED if name in response.headers}
    if status == _RANGE_NOT_THERE:
        return {name: found[name] for name in ("content-range",) if name in found}
    if status not in (200, 206):
        raise PageError(f"The vendor answered {status}.")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise PageError("The vendor answered in an encoding that was not asked for.")
    if kind in _FILES:
        return {**found, "content-type": FILE, "content-disposition": "attachment"}
    if not kind.startswith("audio/"):
        raise PageError("The vendor answered with something else than a recording.")
    return {**found, "content-type": kind, "content-disposition": "inline"}
