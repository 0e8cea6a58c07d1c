"""The demo: its company is made by several processes at once, and its visitor has a token without doing anything for it."""

import asyncio
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.cli import demo as command
from app.cli.demo import fill, prepared
from app.demo import Size
from app.settings import Settings
from app.sync.ingest import Counts
from app.web.app import create_app
from tests.cli.program import Program

NOW = datetime(2026, 3, 18, 21, 17, 5, tzinfo=UTC)
SMALL = Size(agents=9, contacts=90, calls=900, days=21)


def test_processes_that_fill_one_store_lose_and_double_nothing(tmp_path: Path) -> None:
    settings = Settings(database=f"sqlite:///{tmp_path / 'demo.sqlite'}", workspace="demo")
    assert not asyncio.run(prepared(settings, NOW))
    counts = fill(settings, NOW, SMALL)
    assert (counts.read, counts.new, counts.rejected) == (900, 900, 0)
    again = fill(settings, NOW, SMALL)
    assert (again.read, again.new, again.updated, again.unchanged) == (900, 0, 0, 900)
    with sqlite3.connect(tmp_path / "demo.sqlite") as store:
        held = [store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("calls", "sources")]
    assert held == [900, 3]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Settings, str]]:
    """The servers that were started, without serving: their settings and the token of their page. No calls are made."""
    found: list[tuple[Settings, str]] = []

    def run(settings: Settings, greeting: Any, token: str) -> None:
        greeting("http://127.0.0.1:8000")
        found.append((settings, token))

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(command, "fill", lambda *_: Counts())
    return found


async def asked(settings: Settings, token: str) -> tuple[str, dict[str, int]]:
    """The token that GraphiQL is given, and what a server says to who sends which."""
    app = create_app(settings, token)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        given = (await client.get("/graphiql/config.json")).json()["token"]
        headers = {"the page": {"authorization": f"Bearer {given}"}, "a stranger": {}}
        query = {"query": "{ calls { totalCount } sources { name } viewer { scopes } }"}
        answers = {who: await client.post("/graphql", json=query, headers=held) for who, held in headers.items()}
        assert "errors" not in answers["the page"].json()
        return given, {who: answer.status_code for who, answer in answers.items()}


def test_visitor_asks_with_the_token_of_the_page_and_of_the_curl_line_and_nobody_without(
    switchboard: Program, started: list[tuple[Settings, str]]
) -> None:
    shown = switchboard("demo", "--port", "0")
    assert shown.code == 0, shown.err
    ((settings, token),) = started
    assert re.findall(r"^curl .* -H 'authorization: Bearer (\S+)' ", shown.out, re.MULTILINE) == [token]
    assert asyncio.run(asked(settings, token)) == (token, {"the page": 200, "a stranger": 401})


def test_token_of_an_earlier_demo_ends_with_the_next_one(
    switchboard: Program, started: list[tuple[Settings, str]]
) -> None:
    for _ in range(2):
        assert switchboard("demo", "--port", "0").code == 0
    (_, before), (_, token) = started
    assert before != token
    with sqlite3.connect(switchboard.folder / "switchboard-demo.sqlite") as store:
        assert store.execute("SELECT count(*), count(revoked_at) FROM api_tokens").fetchone() == (2, 1)


@pytest.mark.parametrize(("host", "told"), [("127.0.0.1", 0), ("0.0.0.0", 1), ("::", 1)])
def test_who_opens_the_demo_to_others_is_told_the_token_that_those_are_asked_for(
    switchboard: Program, started: list[tuple[Settings, str]], host: str, told: int
) -> None:
    shown = switchboard("demo", "--port", "0", "--host", host)
    assert shown.code == 0, shown.err
    ((_, token),) = started
    assert shown.out.count(f"Token     {token}\n") == told
    assert shown.out.count("on others it asks for it") == told
