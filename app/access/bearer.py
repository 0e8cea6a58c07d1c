"""JWT bearers of an identity provider (OIDC): verified against its keys, read into rights and a reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError, MissingClaimError

from app.access.keys import Keys
from app.domain.errors import UnauthenticatedError
from app.domain.scope import Reach, Right

# Only signatures by a private key: with a shared secret whoever can verify could also forge.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
# Providers put what they like into the header; what it says is critical has to be understood all the same.
_REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
_LONGEST_SUBJECT = 255  # as OpenID Connect has it: it is kept in the access log, and for each subject's budget
_ABSENT = object()
_NEW_ONE = "Get a new one from your identity provider."
# What a token that is truly theirs is told about its claims; what we expect there is not said.
_WRONG = {
    "iss": "The bearer token is of another issuer (iss) than the one trusted here. Sign in there for a new one.",
    "aud": "The bearer token is not for this server (aud). Ask your identity provider for one that is.",
    "nbf": f"The bearer token is not valid yet (nbf). Compare the clocks. {_NEW_ONE}",
    "iat": f"The bearer token is of the future (iat). Compare the clocks. {_NEW_ONE}",
}


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a verified token says; no workspace is whichever is served."""

    subject: str
    workspace_id: str | None
    rights: frozenset[Right]
    reach: Reach


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """What the identity provider calls that which we look for.

    A name with dots also leads into objects: `realm_access.roles`.
    """

    # Words with blanks between them, or a list; of which only our scopes count.
    scope: str = "scope"
    workspace: str = "workspace"
    # The limits, each a list or one value; the ids are node ids of the graph.
    agent_ids: str = "agent_ids"
    source_ids: str = "source_ids"
    org_unit_ids: str = "org_unit_ids"
    agent_tags: str = "agent_tags"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The identity provider that is trusted."""

    issuer: str
    audience: str
    keys: Keys
    names: ClaimNames = ClaimNames()
    # Claims, by the provider's names, without which no token is taken.
    required: tuple[str, ...] = ()
    # How far its clock and ours may be apart.
    leeway_seconds: int = 60

    async def read(self, token: str) -> Bearer:
        """What a token says.

        Raises UnauthenticatedError for one that is not theirs, not for us, out of its time or without a claim; and
        IdentityProviderError where that cannot be said.
        """
        claims = await self._verified(token)
        rules = jwt.JWTClaimsRegistry(
            leeway=self.leeway_seconds,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            rules.validate(claims)
        except ClaimError as error:
            raise UnauthenticatedError(_why(error)) from error
        if not isinstance(subject := claims["sub"], str) or len(subject) > _LONGEST_SUBJECT:
            raise UnauthenticatedError(
                f"The bearer token's claim sub has to be a text of at most {_LONGEST_SUBJECT} characters. "
                "Have your identity provider put a shorter one in."
            )
        for name in self.required:
            if claim(claims, name) is None:
                raise UnauthenticatedError(_missing(name))
        return self._bearer(claims)

    async def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token whose signature is by one of the keys."""
        try:
            header = jws.extract_compact(token.encode(), registry=_REGISTRY).headers()
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise UnauthenticatedError(f"The bearer token is no token of ours, nor a JWT. {_NEW_ONE}") from error
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise UnauthenticatedError(
                f"The bearer token is not signed in a way that is taken: {', '.join(ALGORITHMS)}."
            )
        key = await self.keys.find(kid if isinstance(kid, str) else None, algorithm)
        try:
            if key:
                return jwt.decode(token, key, registry=_REGISTRY).claims
        except (JoseError, ValueError, TypeError, RecursionError):
            pass
        raise UnauthenticatedError(f"The bearer token is not signed by the identity provider's keys. {_NEW_ONE}")

    def _bearer(self, claims: Mapping[str, Any]) -> Bearer:
        names = self.names
        workspace = claim(claims, names.workspace)
        return Bearer(
            subject=claims["sub"],
            workspace_id=None if workspace is None else str(workspace),
            rights=_rights(claims, names.scope),
            reach=Reach(
                agent_ids=_limit(claims, names.agent_ids),
                source_ids=_limit(claims, names.source_ids),
                org_unit_ids=_limit(claims, names.org_unit_ids),
                agent_tags=_limit(claims, names.agent_tags),
            ),
        )


def claim(claims: Mapping[str, Any], name: str, absent: Any = None) -> Any:
    """A claim by its name or, where there is none of that name, by the way that its dots lead; else `absent`.

    Where the way ends in something that has no claims in it, there is one, and it is null.
    """
    if name in claims:
        return claims[name]
    first, _, rest = name.partition(".")
    if not rest or first not in claims:
        return absent
    inner = claims[first]
    return claim(inner, rest, absent) if isinstance(inner, dict) else None


def _rights(claims: Mapping[str, Any], name: str) -> frozenset[Right]:
    said = claim(claims, name)
    words = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
    known = {right.value: right for right in Right}
    return frozenset(known[word] for word in words if isinstance(word, str) and word in known)


def _limit(claims: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """A limit of the claims; None where there is no such claim.

    One that is there but is no list of texts, null included, lets nothing through, rather than everything.
    """
    value = claim(claims, name, _ABSENT)
    if value is _ABSENT:
        return None
    values = value if isinstance(value, list) else [value]
    return tuple(item for item in values if isinstance(item, str))


def _why(error: ClaimError) -> str:
    if isinstance(error, ExpiredTokenError):
        return f"The bearer token has expired. {_NEW_ONE}"
    if isinstance(error, MissingClaimError):
        return _missing(str(error.claim))
    return _WRONG.get(str(error.claim), f"The bearer token's claim {error.claim} is not what it has to be. {_NEW_ONE}")


def _missing(name: str) -> str:
    return f"The bearer token lacks the claim {name}. Have your identity provider put it in."
