"""What vendors push is checked before it is parsed, kept before it is acknowledged, and stored once, whatever is sent again."""

import asyncio
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from structlog.testing import capture_logs

from app.domain.pulls import SourceState
from app.domain.sources import Provider, Source
from app.store import inbox, sources
from app.store.database import Database
from app.store.source_tables import source_inbox
from app.store.tables import calls, rejected_records
from app.sync.inbox import read_some
from app.web.webhooks import LARGEST
from tests.builders import callyzer_call
from tests.conftest import SCOPE, House
from tests.providers.callyzer.samples import PAYLOADS
from tests.web.serving import running

SECRET = "a shared secret"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret of every source here."""
    monkeypatch.setenv("WEBHOOK", SECRET)


async def pushed_to(house: House, provider: Provider) -> Source:
    """A source that takes messages."""
    source = await house.source(provider)
    pulled = sources.Pulled(None, {"webhook": "env:WEBHOOK"}, datetime.now(UTC))
    async with house.database.write() as connection:
        return await sources.set_pulled(connection, house.scope, source, pulled)


@asynccontextmanager
async def taking(
    store_url: str, provider: Provider = Provider.CALLYZER
) -> AsyncIterator[tuple[httpx.AsyncClient, House]]:
    """A client of a server with a source that takes messages, and its store."""
    database = Database(store_url)
    house = House(database)
    await pushed_to(house, provider)
    async with running(store_url, anonymous=False) as app:
        yield client_of(app), house
    await database.close()


def client_of(app: Starlette) -> httpx.AsyncClient:
    """A client without any token."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://switchboard.test")


def signed(body: bytes, id: str = "message-1", secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    """The headers of a signed message."""
    said = str(int((at or datetime.now(UTC)).timestamp()))
    digest = hmac.digest(secret.encode(), f"{id}.{said}.".encode() + body, "sha256")
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return dict(zip(names, (id, said, f"v1,{b64encode(digest).decode()}"), strict=True))


async def stored(house: House) -> dict[str, Any]:
    """The stored calls' lengths by the vendor's id, once every message has been read."""
    for _ in range(200):
        async with house.database.read() as connection:
            if not await inbox.waiting(connection, house.scope, 1):
                break
        await asyncio.sleep(0.02)
    async with house.database.read() as connection:
        rows = await connection.execute(select(calls.c.provider_call_id, calls.c.duration_seconds))
        return {row.provider_call_id: row.duration_seconds for row in rows}


async def test_callyzers_own_message_is_taken_with_its_secret(store_url: str) -> None:
    async with taking(store_url) as (client, house):
        answer = await client.post("/webhooks/callyzer?secret=a%20shared%20secret", json=PAYLOADS["webhook"])
        assert (answer.status_code, answer.json()) == (202, {"status": "accepted"})
        assert len(await stored(house)) == 3


async def test_a_pushed_and_a_pulled_call_are_one(store_url: str) -> None:
    async with taking(store_url) as (client, house):
        await client.post("/webhooks/callyzer", json=PAYLOADS["webhook"], headers={"secret": SECRET})
        before = await stored(house)
        nested = [log for one in PAYLOADS["webhook"] for log in one["call_logs"]]
        told = [{**log, "modified_at": "2099-01-01 00:00:00", "duration": int(log["duration"]) + 1} for log in nested]
        await house.take(Provider.CALLYZER, told)
        after = await stored(house)
    assert after == {key: seconds + 1 for key, seconds in before.items()}


async def test_any_source_takes_its_vendors_records_signed(store_url: str) -> None:
    body = json.dumps([callyzer_call("one", duration=30)]).encode()
    async with taking(store_url) as (client, house):
        answer = await client.post("/webhooks/callyzer", content=body, headers=signed(body))
        assert answer.status_code == 202
        assert await stored(house) == {"one": 30}


async def test_a_program_of_ones_own_tells_calls_in_our_words(store_url: str) -> None:
    said = {"started_at": "2024-05-20T08:00:00Z", "direction": "INBOUND", "outcome": "ANSWERED", "duration_seconds": 30}
    rows = [{"call": {**said, "provider_call_id": "one"}}, {"call": {**said, "provider_call_id": ""}}]
    body = json.dumps({"records": rows}).encode()
    async with taking(store_url, Provider.GENERIC) as (client, house):
        answer = await client.post("/webhooks/generic", content=body, headers=signed(body))
        assert answer.status_code == 202
        assert await stored(house) == {"one": 30}
        async with house.database.read() as connection:
            reasons = (await connection.execute(select(rejected_records.c.reason))).scalars().all()
        assert reasons == ["call.provider_call_id is missing"]


async def test_a_message_that_is_sent_again_changes_nothing(store_url: str) -> None:
    first = json.dumps([callyzer_call("one", duration=30)]).encode()
    second = json.dumps([callyzer_call("one", duration=60)]).encode()
    async with taking(store_url) as (client, house):
        for body, id in ((first, "a"), (second, "b"), (first, "a"), (first, "a")):
            assert (await client.post("/webhooks/callyzer", content=body, headers=signed(body, id))).status_code == 202
            found = await stored(house)
        assert found == {"one": 60}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"secret": "another"},
        signed(b"[]", secret="another"),
        signed(b"[] "),
        signed(b"[]", at=datetime.now(UTC) - timedelta(minutes=6)),
    ],
)
async def test_a_stranger_is_refused_before_anything_is_parsed_or_kept(store_url: str, headers: dict[str, str]) -> None:
    async with taking(store_url) as (client, house):
        for body in (b"[]", b"no json"):
            answer = await client.post("/webhooks/callyzer", content=body, headers=headers)
            assert answer.status_code == 401
        async with house.database.read() as connection:
            assert not (await connection.execute(select(source_inbox))).all()


async def test_a_source_that_is_not_there_takes_none_or_is_paused_all_say_the_same(store_url: str) -> None:
    async with taking(store_url) as (client, house):
        await house.source(Provider.SMARTFLO)
        said = [
            await client.post(f"/webhooks/{name}", content=b"[]", headers=signed(b"[]")) for name in ("x", "smartflo")
        ]
        async with house.database.write() as connection:
            source = await sources.required(connection, SCOPE, "callyzer")
            await sources.set_state(connection, SCOPE, source.id, SourceState.PAUSED)
        said.append(await client.post("/webhooks/callyzer", content=b"[]", headers=signed(b"[]")))
    assert {(one.status_code, one.text) for one in said} == {(401, said[0].text)}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"secret": "another"},
        signed(b"[]", secret="another"),
        {**signed(b"[]"), "webhook-timestamp": "999999999999"},
        {**signed(b"[]"), "webhook-timestamp": "-1"},
        {**signed(b"[]"), "webhook-signature": "v1,\u00e9 v1, v2,x"},
    ],
)
async def test_strangers_cannot_tell_which_sources_there_are(store_url: str, headers: dict[str, str]) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    async with taking(store_url) as (client, _):
        names = ("callyzer", "nobody", "%00", "%ff", "%F0%9F%93%9E", "x" * 2_000)
        answers = [await client.post(f"/webhooks/{name}", content=b"[]", headers=raw) for name in names]
    assert {(one.status_code, one.text) for one in answers} == {(401, answers[0].text)}


async def test_operator_is_told_why_a_message_was_refused(store_url: str) -> None:
    async with taking(store_url) as (client, _):
        with capture_logs() as logged:
            await client.post("/webhooks/callyzer", content=b"[]", headers=signed(b"[]", secret="another"))
            await client.post("/webhooks/nobody", content=b"[]", headers=signed(b"[]"))
    said = [(line["source"], line["reason"]) for line in logged if line["event"] == "webhook"]
    assert said == [("callyzer", "The message was signed with another secret.")]


async def test_a_body_that_is_too_long_or_no_json_is_refused(store_url: str) -> None:
    async with taking(store_url) as (client, _):
        long, broken = b" " * (LARGEST + 1), b'{"id": '
        assert (await client.post("/webhooks/callyzer", content=long, headers=signed(long))).status_code == 413
        assert (await client.post("/webhooks/callyzer", content=broken, headers=signed(broken))).status_code == 400


async def test_a_message_whose_server_was_killed_is_read_by_the_next_one(house: House) -> None:
    source, scope = await pushed_to(house, Provider.CALLYZER), house.scope
    body = json.dumps([callyzer_call("one", duration=30), {"id": "two"}])
    async with house.database.write() as connection:
        await inbox.add(connection, scope, source.id, "message", body, datetime.now(UTC))
    assert await read_some(house.database, scope)
    assert not await read_some(house.database, scope)
    assert await stored(house) == {"one": 30}
    async with house.database.read() as connection:
        assert len((await connection.execute(select(rejected_records))).all()) == 1
        (kept,) = (await connection.execute(select(source_inbox))).all()
    assert kept.body == ""


async def test_a_message_that_cannot_be_read_holds_up_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    source, scope = await pushed_to(house, Provider.CALLYZER), house.scope
    at = datetime.now(UTC)
    async with house.database.write() as connection:
        await inbox.add(connection, scope, source.id, "bad", "[" * 100_000, at)
        await inbox.add(connection, scope, source.id, "good", json.dumps([callyzer_call("one", duration=30)]), at)
    await read_some(house.database, scope)
    assert await stored(house) == {"one": 30}
