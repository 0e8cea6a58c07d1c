"""Pages of other origins: those on the list may ask and read the answers, and no other."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.domain.errors import InputError
from app.web.cors import origins_of
from tests.web.serving import Client, client_of, running

OURS, OTHER = "https://dashboard.example", "https://elsewhere.example"
QUESTION = {"query": "{ __typename }"}


@pytest.fixture
async def client(store_url: str) -> AsyncIterator[Client]:
    async with running(store_url, cors_origins=f"{OURS}, http://localhost:5173") as app, client_of(app) as found:
        yield found


async def preflight(client: Client, origin: str) -> httpx.Response:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    return await client.http.options("/graphql", headers=headers)


@pytest.mark.parametrize("origin", [OURS, "http://localhost:5173"])
async def test_a_page_of_the_list_may_ask_and_read(client: Client, origin: str) -> None:
    asked = await preflight(client, origin)
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == origin
    assert asked.headers["access-control-allow-methods"] == "GET, POST"
    allowed = asked.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "x-requested-with", "graphql-require-preflight"} == set(allowed)
    answer = await client.post(QUESTION, origin=origin)
    assert answer.headers["access-control-allow-origin"] == origin
    assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()


@pytest.mark.parametrize("origin", [OTHER, "null", "https://dashboard.example.evil", "http://dashboard.example"])
async def test_a_page_of_any_other_origin_may_not(client: Client, origin: str) -> None:
    asked = await preflight(client, origin)
    assert asked.status_code == 403
    answer = await client.post(QUESTION, origin=origin)
    for one in (asked, answer):
        assert not [name for name in one.headers if name.startswith("access-control-")]


async def test_caches_are_told_that_the_origin_matters_whoever_asks(client: Client) -> None:
    for answer in (
        await client.post(QUESTION),
        await client.post(QUESTION, origin=OURS),
        await client.post(QUESTION, origin=OTHER),
        await preflight(client, OURS),
        await preflight(client, OTHER),
    ):
        assert "Origin" in answer.headers["vary"]


async def test_refusals_can_be_read_by_the_page_too(client: Client) -> None:
    answer = await client.post(b"null", origin=OURS)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (400, OURS)


async def test_credentials_of_the_browser_are_never_allowed(client: Client) -> None:
    for answer in (await preflight(client, OURS), await client.post(QUESTION, origin=OURS)):
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["access-control-allow-origin"] != "*"


async def test_without_a_list_no_page_of_another_origin_may_ask(store_url: str) -> None:
    async with running(store_url) as app, client_of(app) as client:
        for answer in (await preflight(client, OURS), await client.post(QUESTION, origin=OURS)):
            assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "text", ["*", "https://*.example", "dashboard.example", "https://a.example/path", "null", "ftp://a"]
)
def test_what_is_no_origin_is_refused_when_the_server_starts(text: str) -> None:
    with pytest.raises(InputError, match="SWITCHBOARD_CORS_ORIGINS"):
        origins_of(f"{OURS},{text}")


def test_a_list_is_read_with_blanks_slashes_and_capitals() -> None:
    assert origins_of(" https://A.example/ ,,http://[::1]:3000") == {"https://a.example", "http://[::1]:3000"}
