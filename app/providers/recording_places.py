"""What may be done with a vendor's address of a recording: fetched for the viewer, shown to them, or neither."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from app.domain.errors import InputError
from app.providers.api import Api, Request

# Parameters that are a vendor's credential in all but name: an address with one is shown to nobody.
_SECRET = re.compile(r"token|secret|passw|pwd|auth|credential|signature|(^|_|-)(api_?)?(key|sig|sid)$", re.IGNORECASE)
_UNUSABLE = "The vendor's address of this recording is none that can be used."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a recording lies."""

    url: str
    # Whether we fetch it; else a browser is sent there.
    fetched: bool
    # The source's own address may be of a private network; nothing else that is fetched may.
    own: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def place_of(link: str, api: Api | None, address: str | None, credentials: Mapping[str, str]) -> Place:
    """What may be done with a link. Raises InputError where it is nothing.

    Only the source's own address and the vendor's hosts are fetched from, credentials go nowhere else, and not over
    plain HTTP unless the source itself is asked so.
    """
    url = _parsed(link)
    own = _origin(httpx.URL(address)) if api and (address := address or api.address) else None
    is_own = _origin(url) == own
    if api is None or not (is_own or (url.scheme == "https" and url.port is None and _known(url.host, api))):
        if any(_SECRET.search(name) for name in url.params):
            raise InputError(
                "This recording lies where Switchboard does not know the vendor, behind a token of the vendor's."
            )
        return Place(str(url), fetched=False)
    if not api.recordings.signed or any(name not in credentials for name in api.credentials):
        return Place(str(url), fetched=True, own=is_own)
    signed = api.signed(Request(str(url)), credentials)
    return Place(str(url.copy_merge_params(dict(signed.params))), True, is_own, signed.headers)


def next_place(before: Place, location: str) -> Place:
    """Where a vendor sends us on to: without credentials, and never to a private network. Raises InputError."""
    url = _parsed(str(httpx.URL(before.url).join(location)))
    if url.scheme != "https" and not before.own:
        raise InputError(_UNUSABLE)
    same = _origin(url) == _origin(httpx.URL(before.url))
    return Place(str(url), True, before.own and same, before.headers if same else {})


def _parsed(link: str) -> httpx.URL:
    try:
        url = httpx.URL(link)
    except httpx.InvalidURL as error:
        raise InputError(_UNUSABLE) from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise InputError(_UNUSABLE)
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _known(host: str, api: Api) -> bool:
    return any(host.endswith(name) if name.startswith(".") else host == name for name in api.recordings.names)
