"""The demo's token is for this machine: whoever else opens the page is not given it, by no trick with names."""

from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from app.web.app import create_app
from app.web.loopback import is_loopback

HERE = ["127.0.0.1:8000", "localhost", "LOCALHOST:8000", "[::1]:8000", "127.1.2.3"]
ELSEWHERE = ["demo.example", "192.168.1.5:8000", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0:8000"]
ODD = [
    "",
    "[",
    "[::1",
    "localhost@evil.example",
    "evil.example#localhost",
    "127.0.0.1:x@evil.example",
    "localhost.",
    "2130706433",
]


async def given(client: str, host: str, **headers: str) -> str | None:
    """The token that the page of a visitor is given."""
    app = create_app(Settings(database="sqlite:///nowhere.sqlite"), "sb.demo.secret")
    transport = httpx.ASGITransport(app=app, client=(client, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://page") as http:
        answer = await http.get("/graphiql/config.json", headers={"host": host, **headers})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    token: str | None = answer.json()["token"]
    assert ("sb.demo.secret" in answer.text) == (token == "sb.demo.secret")
    return token


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No store is needed to be told how to begin."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("host", HERE)
@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
async def test_page_of_this_machine_has_the_token(client: str, host: str) -> None:
    assert await given(client, host) == "sb.demo.secret"


@pytest.mark.parametrize("client", ["192.168.1.5", "172.17.0.1", "fe80::1", "203.0.113.9"])
@pytest.mark.parametrize("host", ["localhost:8000", "192.168.1.2:8000"])
async def test_another_machine_is_not_given_the_token_whatever_name_it_uses(client: str, host: str) -> None:
    assert await given(client, host) is None


@pytest.mark.parametrize("host", [*ELSEWHERE, *ODD])
async def test_name_of_somebody_else_that_was_made_to_lead_here_is_not_given_the_token(host: str) -> None:
    assert await given("127.0.0.1", host) is None


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"])
async def test_what_was_passed_on_by_a_proxy_of_this_machine_is_not_given_the_token(header: str) -> None:
    assert await given("127.0.0.1", "localhost", **{header: "127.0.0.1"}) is None


def test_no_host_is_not_this_machine() -> None:
    assert not is_loopback(None)
