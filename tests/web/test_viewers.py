"""Who asks: a token is believed for seconds, its last use is written seldom, and no question waits or fails for that."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update
from starlette.requests import Request
from structlog.testing import CapturingLogger

from app.access.tokens import digest_of, new_secret
from app.domain.errors import UnauthenticatedError
from app.domain.ids import new_id
from app.domain.scope import Reach, Right
from app.domain.tokens import Token
from app.settings import Settings
from app.store import tokens
from app.store.access_tables import api_tokens
from app.store.database import Database
from app.web.viewers import FRESH_SECONDS, USED_EVERY, Viewers
from tests.conftest import SCOPE
from tests.web.serving import asking, running


@dataclass
class Door:
    """The viewers of a store, and one token that is known there."""

    database: Database
    viewers: Viewers
    secret: str
    seconds: list[float]
    writes: list[str]

    async def knock(self, secret: str | None = None) -> str:
        """The name of who asks with a secret."""
        held = f"Bearer {secret or self.secret}".encode()
        return (await self.viewers.of_request(Request({"type": "http", "headers": [(b"authorization", held)]}))).name

    async def revoke(self) -> None:
        async with self.database.write() as connection:
            await tokens.revoke(connection, SCOPE, "wallboard", datetime.now(UTC))

    async def last_used(self) -> datetime | None:
        async with self.database.read() as connection:
            (token,) = await tokens.listed(connection, SCOPE)
        return token.last_used_at

    async def used_long_ago(self, used: datetime) -> None:
        """Has the last use be so long ago that the next one would be written; what was written before is forgotten."""
        earlier = round((used - USED_EVERY - timedelta(seconds=1)).timestamp() * 1000)
        async with self.database.write() as connection:
            await connection.execute(update(api_tokens).values(last_used_at=earlier))
        self.writes.clear()


@pytest.fixture
async def door(store_url: str) -> AsyncIterator[Door]:
    database, seconds, writes = Database(store_url), [0.0], list[str]()
    secret, at = new_secret(SCOPE.workspace_id), datetime.now(UTC)
    async with database.write() as connection:
        token = Token(new_id(at), "wallboard", frozenset({Right.CALLS_READ}), Reach(), at, None, None, None)
        await tokens.add(connection, SCOPE, token, digest_of(secret))

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("UPDATE"):
            writes.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    viewers = Viewers(database, Settings(database=store_url), lambda: seconds[0])
    yield Door(database, viewers, secret, seconds, writes)
    await viewers.close()
    await database.close()


async def test_revoked_token_ends_within_ten_seconds_on_a_running_server(door: Door) -> None:
    assert FRESH_SECONDS == 10, "the README says so"
    assert await door.knock() == "wallboard"
    await door.revoke()
    door.seconds[0] = FRESH_SECONDS - 0.1
    assert await door.knock() == "wallboard"
    door.seconds[0] = FRESH_SECONDS
    with pytest.raises(UnauthenticatedError, match="switchboard token add"):
        await door.knock()


async def test_token_that_expires_while_it_is_remembered_ends_at_once(door: Door) -> None:
    async with door.database.write() as connection:
        soon = datetime.now(UTC) + timedelta(seconds=0.3)
        await connection.execute(update(api_tokens).values(expires_at=round(soon.timestamp() * 1000)))
    assert await door.knock() == "wallboard"
    await asyncio.sleep(0.31)
    with pytest.raises(UnauthenticatedError):
        await door.knock()


async def test_new_token_is_known_at_once_and_only_by_its_whole_secret(door: Door) -> None:
    assert await door.knock() == "wallboard"
    prefix, _, random = door.secret.split(".")
    for wrong in (
        door.secret[:-1],
        f"{door.secret}A",
        door.secret.swapcase(),
        f"{prefix}.other.{random}",
        digest_of(random),
    ):
        with pytest.raises(UnauthenticatedError):
            await door.knock(wrong)


async def test_tokens_that_are_made_up_push_no_real_one_out_of_the_memory(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.viewers._MOST_KNOWN", 3)
    read = []
    event.listen(
        door.database.engine.sync_engine, "before_cursor_execute", lambda *told: read.append("api_tokens" in told[2])
    )
    await door.knock()
    made_up = [new_secret(SCOPE.workspace_id) for _ in range(5)]
    for secret in [*made_up, made_up[-1]]:
        with pytest.raises(UnauthenticatedError):
            await door.knock(secret)
    await door.viewers.close()
    read.clear()
    assert await door.knock() == "wallboard"
    with pytest.raises(UnauthenticatedError):
        await door.knock(made_up[-1])
    assert not any(read)
    with pytest.raises(UnauthenticatedError):
        await door.knock(made_up[0])  # which was forgotten meanwhile
    assert any(read)


async def test_last_use_is_written_seldom_and_never_for_who_is_refused(door: Door) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    await door.knock()
    await door.viewers.close()  # what is noted meanwhile is written now: a look before it would note it again
    for second in range(0, 100, 2):
        door.seconds[0] = second
        await door.knock()
    await door.viewers.close()
    assert len(door.writes) == 1
    used = await door.last_used()
    assert used
    assert used >= began
    await door.used_long_ago(used)
    door.seconds[0] += FRESH_SECONDS
    await door.knock()
    await door.viewers.close()
    assert len(door.writes) == 1
    await door.revoke()
    await door.used_long_ago(used)
    door.seconds[0] += FRESH_SECONDS
    with pytest.raises(UnauthenticatedError):
        await door.knock()
    await door.viewers.close()
    assert door.writes == []


async def test_no_question_waits_for_another_writer(door: Door) -> None:
    other = Database(
        door.database.url.render_as_string(hide_password=False).replace("+aiosqlite", "").replace("+asyncpg", "")
    )
    try:
        async with other.write() as connection:
            await connection.execute(update(api_tokens).values(name="wallboard"))  # held until the block ends
            async with asyncio.timeout(1):
                assert await door.knock() == "wallboard"
        await door.viewers.close()
        assert await door.last_used() is not None
    finally:
        await other.close()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_store_that_takes_no_changes_still_answers(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    log = CapturingLogger()
    monkeypatch.setattr("app.web.viewers.log", log)
    async with running(store_url, anonymous=False, database_pool=1) as app, asking(app) as client:
        async with app.state.database.read() as connection:
            await connection.execute(text("PRAGMA query_only = ON"))
        answer = await client.post("/graphql", json={"query": "{ viewer { scopes } }"})
        assert answer.status_code == 200
        assert "errors" not in answer.json()
    assert "The last use of a token was not noted" in str(log.calls)
