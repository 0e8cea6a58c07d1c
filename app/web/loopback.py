"""Whether a request comes from this very machine, and is meant for it."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

# What whoever passes requests on says of them; then the connection says nothing of who asks.
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def is_loopback(host: str | None) -> bool:
    """Whether a host's name or address can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def asked_from_here(request: Request) -> bool:
    """Whether a program of this machine asks directly, by a name of this machine.

    A page of a stranger whose name was made to lead here (DNS rebinding) is told by the name in the Host header.
    """
    client = request.client.host if request.client else None
    passed_on = any(name in request.headers for name in _PASSED_ON)
    return is_loopback(client) and is_loopback(_name_in(request.headers.get("host", ""))) and not passed_on


def _name_in(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
