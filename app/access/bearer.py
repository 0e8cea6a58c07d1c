"""JWT bearers of an identity provider (OIDC): verified against its keys, read into rights and a reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.domain.errors import UnauthenticatedError
from app.domain.scope import Reach, Right

# Only signatures by a private key: with a shared secret whoever can verify could also forge.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
CLOCK_SKEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a verified token says."""

    subject: str
    workspace_id: str
    rights: frozenset[Right]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Issuer:
    """The identity provider that is trusted."""

    issuer: str
    audience: str
    keys: Mapping[str, Any]

    def read(self, token: str) -> Bearer:
        """What a token says. Raises UnauthenticatedError for one that is not theirs, not for us, or out of its time.

        Claims: `sub`; `scope` (words with blanks) or `scp` (a list), of which only our scopes count; `workspace`; and
        the limits `agent_ids`, `source_ids`, `org_unit_ids` (node ids) and `agent_tags`, each a list.
        """
        try:
            decoded = jwt.decode(token, KeySet.import_key_set(dict(self.keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            rules = jwt.JWTClaimsRegistry(
                leeway=CLOCK_SKEW_SECONDS,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.audience},
                exp={"essential": True},
                sub={"essential": True},
            )
            rules.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise UnauthenticatedError("The bearer token is not valid here.") from error
        return _read(decoded.claims)


def _read(claims: Mapping[str, Any]) -> Bearer:
    said = claims.get("scope", claims.get("scp", ""))
    words = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
    known = {right.value: right for right in Right}
    return Bearer(
        subject=str(claims["sub"]),
        workspace_id=str(claims.get("workspace", "")),
        rights=frozenset(known[word] for word in words if isinstance(word, str) and word in known),
        reach=Reach(
            agent_ids=_limit(claims, "agent_ids"),
            source_ids=_limit(claims, "source_ids"),
            org_unit_ids=_limit(claims, "org_unit_ids"),
            agent_tags=_limit(claims, "agent_tags"),
        ),
    )


def _limit(claims: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """A limit of the claims. One that is there but is no list lets nothing through, rather than everything."""
    if name not in claims:
        return None
    value = claims[name]
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
