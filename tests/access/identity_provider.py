"""A small identity provider: real keys, real tokens, and a real HTTP server that gives its public keys away."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

ISSUER, AUDIENCE = "https://login.example", "switchboard"
_ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519"}


@cache
def rsa(kid: str) -> RSAKey:
    """An RSA key of that name, made once."""
    return RSAKey.generate_key(2048, {"kid": kid})


def ec(kid: str, curve: str = "P-256") -> ECKey:
    """An EC key of that name."""
    return ECKey.generate_key(curve, {"kid": kid})


def ed(kid: str) -> OKPKey:
    """An Ed25519 key of that name."""
    return OKPKey.generate_key("Ed25519", {"kid": kid})


def jwks(*keys: Key, **parameters: str) -> bytes:
    """The public keys, as a provider gives them away."""
    return json.dumps({"keys": [key.as_dict(private=False) | parameters for key in keys]}).encode()


NULL = object()  # a claim that is there, and is null


def token(key: Key, header: dict[str, Any] | None = None, /, **claims: Any) -> str:
    """A token of ours for Anita, who may read calls; `claims` are more of them or others, None is left out, NULL is null."""
    now = int(time.time())
    said = {"iss": ISSUER, "aud": AUDIENCE, "sub": "anita", "exp": now + 300, "scope": "calls:read"} | claims
    head = {"alg": _ALGORITHMS[key.key_type], "kid": key.kid} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    said = {name: None if value is NULL else value for name, value in said.items() if value is not None}
    return jwt.encode(head, said, key, registry=JWSRegistry(algorithms=[head["alg"]], strict_check_header=False))


@dataclass
class IdentityProvider:
    """A provider that answers at an address; what it says can be changed meanwhile."""

    address: str
    says: bytes
    status: int = 200
    # Set where it may answer.
    well: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request, and closes."""
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            await self.well.wait()
            head = (
                f"HTTP/1.1 {self.status} Some\r\nContent-Length: {len(self.says)}\r\nLocation: {self.address}/other\r\n"
            )
            writer.write(head.encode() + b"Connection: close\r\n\r\n" + self.says)
            await writer.drain()
        except ConnectionError:
            pass  # who asked has gone
        finally:
            writer.close()


@asynccontextmanager
async def identity_provider(*keys: Key) -> AsyncIterator[IdentityProvider]:
    """A provider with these keys, on a socket of this machine; afterwards nobody answers there."""
    found = IdentityProvider("", jwks(*keys))
    found.well.set()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"
    try:
        yield found
    finally:
        found.well.set()
        server.close()
        await server.wait_closed()
