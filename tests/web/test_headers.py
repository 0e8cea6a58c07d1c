"""Every answer tells a browser what not to do with it."""

import re
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from tests.web.serving import Client, client_of, codes, running

QUESTION = {"query": "{ __typename }"}


@pytest.fixture
async def app(store_url: str) -> AsyncIterator[Starlette]:
    async with running(store_url) as found:
        yield found


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[Client]:
    async with client_of(app) as found:
        yield found


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 307),
        ("GET", "/livez", 200),
        ("GET", "/readyz", 200),
        ("GET", "/schema.graphql", 200),
        ("GET", "/graphiql/config.json", 200),
        ("GET", "/graphiql/assets/nothing.js", 404),
        ("GET", "/nothing", 404),
        ("DELETE", "/graphql", 405),
        ("POST", "/graphql", 415),
        ("GET", "/graphql", 400),
    ],
)
async def test_every_answer_has_the_security_headers(client: Client, method: str, path: str, status: int) -> None:
    answer = await client.http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_what_nobody_foresaw_has_them_too_and_tells_nothing(app: Starlette, client: Client) -> None:
    del app.state.viewers
    answer = await client.post(QUESTION)
    assert (answer.status_code, codes(answer)) == (500, ["INTERNAL"])
    assert "viewers" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_no_page_may_run_scripts_but_ours(client: Client) -> None:
    page = await client.http.get("/graphiql")
    if page.status_code == 503:  # it was not built: the answer is no page
        assert page.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        return
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=", page.text), "nothing inline"


async def test_answers_with_calls_are_kept_by_no_cache(client: Client) -> None:
    for answer in (await client.post(QUESTION), await client.post(b"null"), await client.get(QUESTION)):
        assert answer.headers["cache-control"] == "no-store"
