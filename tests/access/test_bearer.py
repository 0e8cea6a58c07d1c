"""JWT bearers: taken only as the identity provider signed them, for us, in their time; read into rights and limits."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from joserfc.jwk import Key

from app.access.bearer import ClaimNames, Issuer
from app.access.keys import GivenKeys, keys_of
from app.domain.errors import UnauthenticatedError
from app.domain.scope import Reach, Right
from tests.access.identity_provider import AUDIENCE, ISSUER, NULL, ec, ed, jwks, rsa, token

RSA, EC, ED = rsa("rsa"), ec("ec"), ed("ed")


def issuer(*, names: ClaimNames | None = None, required: tuple[str, ...] = ()) -> Issuer:
    return Issuer(ISSUER, AUDIENCE, GivenKeys(keys_of(jwks(RSA, EC, ED))), names or ClaimNames(), required)


async def refusal(text: str, reader: Issuer | None = None) -> str:
    with pytest.raises(UnauthenticatedError) as raised:
        await (reader or issuer()).read(text)
    return str(raised.value)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "anita", "exp": 2**33, "scope": "admin"}


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA, "RS256"), (RSA, "PS384"), (EC, "ES256"), (ED, "Ed25519")],
    ids=["RS256", "PS384", "ES256", "Ed25519"],
)
async def test_token_of_the_provider_is_read(key: Key, algorithm: str) -> None:
    found = await issuer().read(token(key, {"alg": algorithm}, scope="calls:read numbers:read openid"))
    assert (found.subject, found.workspace_id) == ("anita", None)
    assert found.rights == {Right.CALLS_READ, Right.NUMBERS_READ}
    assert found.reach == Reach()


async def test_token_without_a_signature_is_refused() -> None:
    for algorithm in ("none", "None", "NONE"):
        assert "not signed" in await refusal(f"{part({'alg': algorithm})}.{part(CLAIMS)}.")


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
async def test_public_key_is_no_secret_to_sign_by(algorithm: str) -> None:
    signed = f"{part({'alg': algorithm, 'kid': 'rsa'})}.{part(CLAIMS)}"
    for secret in (RSA.as_pem(private=False), json.dumps(RSA.as_dict(private=False)).encode()):
        made = hmac.new(secret, signed.encode(), hashlib.sha256 if algorithm == "HS256" else hashlib.sha512).digest()
        text = f"{signed}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"
        assert "not signed in a way that is taken" in await refusal(text)


async def test_header_brings_no_key_of_its_own() -> None:
    forger = ec("ec")
    own = {"jwk": forger.as_dict(private=False), "jku": "https://forger.example/keys"}
    assert "not signed by the identity provider" in await refusal(token(forger, own))


async def test_key_of_another_kind_or_nobody_verifies_nothing() -> None:
    assert "not signed by" in await refusal(token(EC, {"kid": "rsa"}))
    assert "not signed by" in await refusal(token(ec("unknown")))
    assert "not signed by" in await refusal(token(ec("ec", "P-384"), {"alg": "ES384"}))


async def test_one_changed_letter_breaks_a_token() -> None:
    head, body, signature = token(RSA).split(".")
    forged = part(CLAIMS)
    for changed in (f"{head}.{forged}.{signature}", f"{head}.{body}.{signature[:-3]}AAA", f"{head}.{body}."):
        assert "not signed by" in await refusal(changed)


DEEP = base64.urlsafe_b64encode(b"[" * 3_000).decode()


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "..", "a.b.c", "sb", "é.é.é", "eyJhbGciOiJSUzI1NiJ9", "a.b.c.d.e", "x" * 60_000),
        *(f"{part([1])}.e30.AA", f"{part({})}.e30.AA", f"{DEEP}.e30.AA"),
    ],
)
async def test_what_is_no_jwt_is_refused_in_the_same_words(text: str) -> None:
    assert await refusal(text) == (
        "The bearer token is no token of ours, nor a JWT. Get a new one from your identity provider."
    )


async def test_odd_values_in_a_header_are_refused() -> None:
    for head in ({"alg": "RS256", "kid": 1}, {"alg": ["RS256"]}, {"alg": None}, {"alg": "RS256", "crit": ["b64"]}):
        assert "The bearer token" in await refusal(f"{part(head)}.{part(CLAIMS)}.AAAA")


def from_now(**claims: Any) -> dict[str, Any]:
    """Claims whose times are given as seconds from now."""
    now = int(time.time())
    times = {name: now + claims[name] for name in ("exp", "nbf", "iat") if isinstance(claims.get(name), int)}
    return claims | times


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"exp": -61}, "has expired"),
        ({"nbf": 120}, "not valid yet"),
        ({"iat": 120}, "of the future"),
        ({"aud": "another"}, "not for this server"),
        ({"aud": ["another", "yet another"]}, "not for this server"),
        ({"iss": "https://login.example.org"}, "another issuer"),
        ({"iss": "https://login.example/"}, "another issuer"),
        ({"iss": [ISSUER]}, "another issuer"),
        ({"exp": "later"}, "claim exp is not"),
        ({"sub": ""}, "claim sub is not"),
        ({"sub": 7}, "claim sub is not"),
    ],
)
async def test_token_of_another_time_or_for_others_is_refused_with_what_to_do(
    claims: dict[str, Any], words: str
) -> None:
    said = await refusal(token(RSA, **from_now(**claims)))
    assert words in said
    assert ISSUER not in said
    assert AUDIENCE not in said.removesuffix("switchboard")


@pytest.mark.parametrize("name", ["iss", "aud", "exp", "sub"])
async def test_claim_that_every_token_needs_is_named_where_it_is_missing(name: str) -> None:
    assert f"lacks the claim {name}" in await refusal(token(RSA, **{name: None}))


async def test_claims_that_the_settings_require_are_named_where_they_are_missing() -> None:
    strict = issuer(required=("agent_ids", "org.unit"))
    assert "lacks the claim agent_ids" in await refusal(token(RSA), strict)
    assert "lacks the claim org.unit" in await refusal(token(RSA, agent_ids=["a"], org={}), strict)
    assert (await strict.read(token(RSA, agent_ids=["a"], org={"unit": "b"}))).reach.agent_ids == ("a",)


async def test_clocks_may_be_a_minute_apart() -> None:
    assert await issuer().read(token(RSA, **from_now(exp=-30, nbf=30, iat=30)))


async def test_our_audience_may_be_one_of_several_and_providers_may_say_more_in_the_header() -> None:
    found = await issuer().read(token(RSA, {"nonce": "x", "x5t": "AAAA", "typ": "at+jwt"}, aud=["others", AUDIENCE]))
    assert found.subject == "anita"


@pytest.mark.parametrize(
    ("scope", "rights"),
    [
        ("calls:read  stats:read", {Right.CALLS_READ, Right.STATS_READ}),
        (["calls:read", "export"], {Right.CALLS_READ, Right.EXPORT}),
        ("everything ADMIN Calls:read", set()),
        ([1, None, {"calls:read": 1}], set()),
        ({"calls:read": True}, set()),
        (7, set()),
        (None, set()),
    ],
)
async def test_only_our_scopes_count(scope: Any, rights: set[Right]) -> None:
    assert (await issuer().read(token(RSA, scope=scope))).rights == rights


async def test_limits_are_lists_or_one_value_and_what_is_neither_lets_nothing_through() -> None:
    said = {"agent_ids": ["a", "b"], "source_ids": "c", "org_unit_ids": 5, "agent_tags": []}
    assert (await issuer().read(token(RSA, **said))).reach == Reach(("a", "b"), ("c",), (), ())


@pytest.mark.parametrize("said", [NULL, {"ids": None}, "none", {"ids": {}}])
async def test_limit_that_is_null_lets_nothing_through_rather_than_everything(said: Any) -> None:
    names = ClaimNames(source_ids="employee.ids", agent_ids="employee")
    reach = (await issuer(names=names).read(token(RSA, employee=said))).reach
    assert reach.source_ids == ()
    assert reach.agent_ids in ((), ("none",))
    assert (reach.org_unit_ids, reach.agent_tags) == (None, None)


async def test_each_limit_may_be_null() -> None:
    said = dict.fromkeys(("agent_ids", "source_ids", "org_unit_ids", "agent_tags"), NULL)
    assert (await issuer().read(token(RSA, **said))).reach == Reach((), (), (), ())


@pytest.mark.parametrize("subject", ["a" * 256, 7, ["anita"]])
async def test_subject_is_a_text_that_can_be_kept(subject: Any) -> None:
    assert "sub" in await refusal(token(RSA, sub=subject))
    assert (await issuer().read(token(RSA, sub="a" * 255))).subject == "a" * 255


async def test_provider_may_have_names_of_its_own_for_our_claims() -> None:
    names = ClaimNames(
        scope="realm_access.roles",
        workspace="https://example.com/workspace",
        agent_ids="employee.ids",
        agent_tags="team",
    )
    claims = {
        "realm_access": {"roles": ["calls:read"]},
        "https://example.com/workspace": "acme",
        "employee": {"ids": ["a"]},
        "team": "night",
        "scope": "admin",
        "agent_ids": ["another"],
        "workspace": "another",
    }
    found = await issuer(names=names).read(token(RSA, **claims))
    assert found.workspace_id == "acme"
    assert found.rights == {Right.CALLS_READ}
    assert found.reach == Reach(agent_ids=("a",), agent_tags=("night",))


@pytest.mark.parametrize("workspace", ["", [], ["main"], 0, False])
async def test_workspace_that_is_odd_is_none_of_ours(workspace: Any) -> None:
    found = await issuer().read(token(RSA, workspace=workspace))
    assert found.workspace_id not in (None, "main")
