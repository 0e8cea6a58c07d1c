"""The identity provider's keys: found by name, fetched seldom, changed while we run, and kept while it is down."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

from app.access import keys
from app.access.keys import BETWEEN_SECONDS, FRESH_SECONDS, RETRY_SECONDS, FetchedKeys, GivenKeys, keys_of
from app.domain.errors import IdentityProviderError
from tests.access.identity_provider import IdentityProvider, ec, ed, identity_provider, jwks, rsa

KEPT_SECONDS = 3_600
OLD, NEW = ec("old"), ec("new")


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: float = 0

    def __call__(self) -> float:
        return self.now


@dataclass
class Fetching:
    """Keys that are fetched from a real provider, on a clock of the test."""

    provider: IdentityProvider
    clock: Clock
    keys: FetchedKeys

    async def knows(self, kid: str) -> bool:
        return await self.keys.find(kid, "ES256") is not None

    async def settled(self) -> None:
        """Waits for what is asked meanwhile, whatever comes of it."""
        assert self.keys._fetching
        await asyncio.wait([self.keys._fetching])


@pytest.fixture
async def fetching() -> AsyncIterator[Fetching]:
    async with identity_provider(OLD) as provider:
        clock = Clock()
        found = FetchedKeys(provider.address, KEPT_SECONDS, clock)
        yield Fetching(provider, clock, found)
        await found.close()


async def test_keys_are_fetched_once_for_all_who_wait_and_then_kept(fetching: Fetching) -> None:
    assert all(await asyncio.gather(*[fetching.knows("old") for _ in range(20)]))
    fetching.clock.now = FRESH_SECONDS
    assert await fetching.knows("old")
    assert fetching.provider.asked == 1


async def test_who_leaves_while_keys_are_fetched_does_not_stop_that(fetching: Fetching) -> None:
    fetching.provider.well.clear()
    leaving = asyncio.create_task(fetching.knows("old"))
    while not fetching.provider.asked:  # noqa: ASYNC110  # the provider has no event for it
        await asyncio.sleep(0.01)
    leaving.cancel()
    fetching.provider.well.set()
    assert await fetching.knows("old")
    assert fetching.provider.asked == 1


async def test_key_that_is_not_known_is_looked_for_at_once_but_only_so_often(fetching: Fetching) -> None:
    assert await fetching.knows("old")
    fetching.provider.says = jwks(OLD, NEW)
    fetching.clock.now = BETWEEN_SECONDS - 1
    assert not any([await fetching.knows(f"strange {number}") for number in range(50)])
    assert not await fetching.knows("new")
    assert fetching.provider.asked == 1
    fetching.clock.now = BETWEEN_SECONDS
    assert all(await asyncio.gather(*[fetching.knows("new") for _ in range(20)]))
    assert not any([await fetching.knows(f"strange {number}") for number in range(50)])
    assert fetching.provider.asked == 2


async def test_key_that_was_withdrawn_is_not_known_after_the_time_for_that(fetching: Fetching) -> None:
    assert await fetching.knows("old")
    fetching.provider.says = jwks(NEW)
    fetching.clock.now = FRESH_SECONDS + 1
    assert await fetching.knows("old")  # asked for meanwhile; nobody waits
    await fetching.settled()
    assert not await fetching.knows("old")
    assert await fetching.knows("new")
    assert fetching.provider.asked == 2


@pytest.mark.parametrize("trouble", ["an error", "a redirect", "no JWKS", "an endless one", "silence"])
async def test_keys_are_kept_while_the_provider_is_down_but_not_for_ever(
    fetching: Fetching, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "FETCH_SECONDS", 0.3)
    assert await fetching.knows("old")
    match trouble:
        case "an error":
            fetching.provider.status = 503
        case "a redirect":
            fetching.provider.status = 302
        case "no JWKS":
            fetching.provider.says = b"<html>"
        case "an endless one":
            fetching.provider.says = jwks(OLD) + b" " * 300_000
        case _:
            fetching.provider.well.clear()
    fetching.clock.now = KEPT_SECONDS
    assert await fetching.knows("old")
    await fetching.settled()
    assert fetching.provider.asked == 2
    fetching.clock.now = KEPT_SECONDS + 1
    with pytest.raises(IdentityProviderError, match="Try again"):
        await fetching.knows("old")


async def test_provider_that_comes_back_is_asked_again_soon(fetching: Fetching) -> None:
    fetching.provider.status = 500
    for _ in range(5):
        with pytest.raises(IdentityProviderError):
            await fetching.knows("old")
    assert fetching.provider.asked == 1
    fetching.provider.status = 200
    fetching.clock.now = RETRY_SECONDS
    assert await fetching.knows("old")
    assert fetching.provider.asked == 2


async def test_address_where_nobody_answers_gives_no_keys() -> None:
    async with identity_provider(OLD) as provider:
        pass
    with pytest.raises(IdentityProviderError):
        await FetchedKeys(provider.address, KEPT_SECONDS).find("old", "ES256")


async def test_key_is_found_by_its_name_and_its_kind() -> None:
    one, other = rsa("one"), ec("other")
    given = GivenKeys(keys_of(jwks(one, other)))
    found = await given.find("one", "RS256")
    assert found
    assert found.kid == "one"
    assert await given.find("one", "ES256") is None
    assert await given.find("other", "RS256") is None
    assert await given.find("another", "RS256") is None


async def test_token_that_names_no_key_is_by_the_only_one_there_can_be() -> None:
    given = GivenKeys(keys_of(jwks(rsa("one"), ec("a"), ec("b"))))
    assert await given.find(None, "PS512") is not None
    assert await given.find(None, "ES256") is None


async def test_key_for_one_algorithm_is_for_no_other() -> None:
    given = GivenKeys(keys_of(jwks(rsa("one"), alg="RS256")))
    assert await given.find("one", "RS256") is not None
    assert await given.find("one", "PS256") is None


def test_keys_that_nobody_should_verify_by_are_left_out() -> None:
    entries = json.loads(jwks(ec("good"), ed("too")))["keys"]
    entries += json.loads(jwks(ec("for encryption"), use="enc"))["keys"]
    with pytest.warns(SecurityWarning):
        entries += json.loads(jwks(RSAKey.generate_key(1024, {"kid": "short"})))["keys"]
    entries += [{"kty": "oct", "kid": "shared", "k": "c2VjcmV0IHNlY3JldCBzZWNyZXQ"}, {"kty": "LATTICE", "kid": "later"}]
    entries += [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "no point"}, {"kty": "RSA"}, {}]
    assert [key.kid for key in keys_of(json.dumps({"keys": entries}))] == ["good", "too"]


NO_JWKS = ("", "<html>", "1", "[]", "{}", '{"keys": 1}', "[" * 50_000)
NO_KEYS = ('{"keys": []}', '{"keys": [1]}', '{"keys": [{"kty": "oct", "k": "YQ"}]}')


@pytest.mark.parametrize("text", [*NO_JWKS, *NO_KEYS])
def test_what_has_no_keys_says_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"JWKS|no key"):
        keys_of(text)
