"""Bearers of an identity provider, at a running server: who is taken, who is told what, and what they then see."""

import json
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.access import keys
from app.domain.errors import InputError
from app.domain.sources import Provider
from app.settings import Settings
from app.store.database import Database
from app.web.bearers import issuer_of
from tests.access.identity_provider import AUDIENCE, ISSUER, IdentityProvider, ec, identity_provider, jwks, rsa, token
from tests.builders import callyzer_call, voxcrow_row
from tests.conftest import House
from tests.web.serving import asking, codes, running

KEY, NEXT = rsa("this year"), ec("next year")
TRUSTED = {"anonymous": False, "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}
CALLS = "{ calls { totalCount nodes { id source { id } agent { id tags } } } }"


@pytest.fixture
async def store(sqlite_template: Path, tmp_path: Path) -> str:
    """A store with the calls of two sources: whose they are does not depend on the engine (see test_viewers of the graph)."""
    shutil.copy(sqlite_template, tmp_path / "store.sqlite")
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    database = Database(url)
    house = House(database)
    await house.take(Provider.VOXCROW, [voxcrow_row(phone_number="9811000001")])
    await house.take(
        Provider.CALLYZER,
        {
            "result": [
                callyzer_call("a", emp_tags=["Night"]),
                callyzer_call("b", emp_code="2", emp_number="9876500002", emp_tags=[]),
            ]
        },
    )
    await database.close()
    return url


@pytest.fixture
async def provider() -> AsyncIterator[IdentityProvider]:
    async with identity_provider(KEY) as found:
        yield found


async def ask(client: httpx.AsyncClient, bearer: str, query: str = CALLS) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers={"authorization": f"Bearer {bearer}"})


async def calls(client: httpx.AsyncClient, **claims: Any) -> list[Any]:
    """The calls that a bearer with these claims sees."""
    answer = await ask(client, token(KEY, **claims))
    assert "errors" not in answer.json(), answer.json()
    found = answer.json()["data"]["calls"]
    assert found["totalCount"] == len(found["nodes"])
    return list(found["nodes"])


async def test_bearer_asks_with_the_scopes_of_its_token(store: str, provider: IdentityProvider) -> None:
    async with running(store, jwt_keys=provider.address, **TRUSTED) as app, asking(app) as client:
        answer = await ask(client, token(KEY, scope="calls:read"), "{ viewer { name scopes } calls { totalCount } }")
        assert answer.json()["data"] == {
            "viewer": {"name": "anita", "scopes": ["calls:read"]},
            "calls": {"totalCount": 3},
        }
        answer = await ask(client, token(KEY, scope="profile"), "{ calls { totalCount } viewer { scopes } }")
        assert codes(answer) == ["FORBIDDEN"]
        assert answer.json()["data"] == {"calls": None, "viewer": {"scopes": []}}
        assert provider.asked == 1


REFUSED: dict[str, Callable[[], str]] = {
    "expired": lambda: token(KEY, exp=int(time.time()) - 3_600),
    "audience": lambda: token(KEY, aud="another"),
    "issuer": lambda: token(KEY, iss="https://another.example"),
    "no subject": lambda: token(KEY, sub=None),
    "workspace": lambda: token(KEY, workspace="another"),
    "key": lambda: token(rsa("unknown")),
    "unsigned": lambda: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbml0YSJ9.",
    "no JWT": lambda: "nonsense",
    "no token": lambda: "sb.main.nonsense",
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=list(REFUSED))
async def test_who_is_refused_is_told_what_to_do_and_nothing_of_us(
    store: str, provider: IdentityProvider, made: Callable[[], str]
) -> None:
    bearer = made()
    async with running(store, jwt_keys=provider.address, **TRUSTED) as app, asking(app) as client:
        answer = await ask(client, bearer)
        assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])
        assert answer.headers["www-authenticate"] == "Bearer"
        (error,) = answer.json()["errors"]
        advice = ("your identity provider", "switchboard token add", "Ask", "Sign in", "RS256")
        assert any(words in error["message"] for words in advice)
        for secret in (bearer, ISSUER, AUDIENCE + '"', "this year", provider.address, "Traceback"):
            assert secret not in answer.text
        assert (await client.get("/schema.graphql", headers={"authorization": f"Bearer {bearer}"})).status_code == 401


async def test_limits_of_the_claims_hold(store: str, provider: IdentityProvider) -> None:
    async with running(store, jwt_keys=provider.address, **TRUSTED) as app, asking(app) as client:
        everything = await calls(client)
        source = everything[0]["source"]["id"]
        agent = next(call["agent"]["id"] for call in everything if "Night" in call["agent"]["tags"])
        assert {call["source"]["id"] for call in everything} > {source}
        assert {call["source"]["id"] for call in await calls(client, source_ids=[source])} == {source}
        assert {call["agent"]["id"] for call in await calls(client, agent_ids=agent)} == {agent}
        assert {call["agent"]["id"] for call in await calls(client, agent_tags=["night"])} == {agent}
        assert await calls(client, agent_ids=["nobody"]) == []
        assert await calls(client, agent_ids=[source]) == []
        assert await calls(client, org_unit_ids=[]) == []


async def test_names_and_required_claims_are_those_of_the_settings(store: str, provider: IdentityProvider) -> None:
    said = {"jwt_claims": "scope=realm.roles, agent_tags=team", "jwt_required": "team"}
    async with running(store, jwt_keys=provider.address, **TRUSTED, **said) as app, asking(app) as client:
        assert len(await calls(client, scope="", realm={"roles": ["calls:read"]}, team="night")) == 1
        answer = await ask(client, token(KEY, realm={"roles": ["calls:read"]}))
        assert answer.status_code == 401
        assert "lacks the claim team" in answer.text


async def test_new_key_is_taken_without_a_restart_and_the_old_one_while_both_are_there(
    store: str, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BETWEEN_SECONDS", 0)
    async with running(store, jwt_keys=provider.address, **TRUSTED) as app, asking(app) as client:
        assert (await ask(client, token(KEY))).status_code == 200
        assert (await ask(client, token(NEXT))).status_code == 401
        provider.says = jwks(KEY, NEXT)
        assert (await ask(client, token(NEXT))).status_code == 200
        assert (await ask(client, token(KEY))).status_code == 200


async def test_provider_that_is_down_from_the_start_is_503_for_its_bearers_and_nothing_to_tokens(
    store: str, provider: IdentityProvider
) -> None:
    provider.status = 500
    async with running(store, jwt_keys=provider.address, **TRUSTED) as app, asking(app) as client:
        answer = await ask(client, token(KEY))
        assert (answer.status_code, codes(answer)) == (503, ["IDENTITY_PROVIDER_UNAVAILABLE"])
        assert answer.headers["retry-after"] == "1"
        assert provider.address not in answer.text
        schema = await client.get("/schema.graphql", headers={"authorization": f"Bearer {token(KEY)}"})
        assert (schema.status_code, schema.headers["retry-after"]) == (503, "1")
        assert (await client.post("/graphql", json={"query": CALLS})).status_code == 200
        assert (await client.get("/readyz")).status_code == 200


async def test_provider_that_goes_down_leaves_its_bearers_in(
    store: str, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "FRESH_SECONDS", 0)
    monkeypatch.setattr(keys, "BETWEEN_SECONDS", 0)
    async with running(store, jwt_keys=provider.address, **TRUSTED) as app, asking(app) as client:
        assert (await ask(client, token(KEY))).status_code == 200
        provider.well.clear()  # silent
        for _ in range(3):
            assert (await ask(client, token(KEY))).status_code == 200


@pytest.mark.parametrize("way", ["inline", "file"])
async def test_keys_may_be_given(store: str, tmp_path: Path, way: str) -> None:
    (tmp_path / "keys.json").write_bytes(jwks(KEY))
    given = jwks(KEY).decode() if way == "inline" else str(tmp_path / "keys.json")
    async with running(store, jwt_keys=given, **TRUSTED) as app, asking(app) as client:
        assert (await ask(client, token(KEY))).status_code == 200
        assert (await ask(client, token(NEXT))).status_code == 401


GIVEN = {"jwt_issuer": ISSUER, "jwt_audience": AUDIENCE, "jwt_keys": json.dumps(json.loads(jwks(KEY)))}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jwt_audience": ""}, "SWITCHBOARD_JWT_AUDIENCE and SWITCHBOARD_JWT_KEYS together"),
        ({"jwt_keys": "http://login.example/keys"}, "https:// address"),
        ({"jwt_keys": "ftp://login.example/keys"}, "https:// address"),
        ({"jwt_keys": "https://"}, "https:// address"),
        ({"jwt_keys": "https://[login/keys"}, "https:// address"),
        ({"jwt_keys": "nowhere.json"}, "SWITCHBOARD_JWT_KEYS names a file that cannot be read"),
        ({"jwt_keys": '{"keys": []}'}, "SWITCHBOARD_JWT_KEYS cannot be used: it has no key"),
        ({"jwt_claims": "role=roles"}, "SWITCHBOARD_JWT_CLAIMS has 'role=roles'. Use: scope=…, workspace=…"),
        ({"jwt_claims": "scope"}, "SWITCHBOARD_JWT_CLAIMS has 'scope'"),
    ],
)
def test_settings_that_make_no_provider_say_which_to_change(change: dict[str, str], said: str) -> None:
    assert issuer_of(Settings(**GIVEN)) is not None  # type: ignore[arg-type]
    with pytest.raises(InputError) as raised:
        issuer_of(Settings(**GIVEN | change))  # type: ignore[arg-type]
    assert said in str(raised.value)


@pytest.mark.parametrize("address", ["https://login.example/keys", "http://localhost:1/keys", "http://[::1]:1/keys"])
def test_safe_addresses_are_taken(address: str) -> None:
    assert issuer_of(Settings(**GIVEN | {"jwt_keys": address})) is not None  # type: ignore[arg-type]
