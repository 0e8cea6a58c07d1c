"""Who exports: no row beyond their limits, no number without its scope, nothing after their token has ended."""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import Table, select, update
from starlette.applications import Starlette

from app.domain.errors import UnauthenticatedError
from app.domain.scope import Reach, Right
from app.graphql import exporting
from app.store.access_tables import api_tokens
from app.store.tables import agents, sources
from app.web import export, viewers
from tests.conftest import House
from tests.graphql.rows import fill, row
from tests.web.serving import running as running_app
from tests.web.serving import token_of

CALLS = 25


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_SIZES", (10, 1))


@dataclass
class Exporting:
    """A server with calls of two agents and two sources, and its exports to viewers of every kind."""

    app: Starlette
    client: httpx.AsyncClient

    async def lines(self, query: str, rights: Iterable[Right], reach: Reach | None = None, **asked: Any) -> Any:
        """The rows that a viewer exports; the code of what is wrong where they may not."""
        secret = await token_of(self.app, frozenset({Right.EXPORT, *rights}), reach)
        headers = {"authorization": f"Bearer {secret}"}
        answer = await self.client.post("/export", json={"query": query, "format": "ndjson"} | asked, headers=headers)
        if answer.status_code != 200:
            return answer.json()["errors"][0]["extensions"]["code"]
        return [json.loads(line) for line in answer.text.splitlines()]

    async def ours(self, table: Table, name: str) -> str:
        """Our id of an agent or a source."""
        async with self.app.state.database.read() as connection:
            return str((await connection.execute(select(table.c.id).where(table.c.name == name))).scalar_one())


@pytest.fixture
async def exports(store_url: str) -> AsyncIterator[Exporting]:
    """Anna's calls of the office and Zoe's of the shop, by turns, each with a number of its own."""
    async with running_app(store_url, anonymous=False) as app:
        house = House(app.state.database)
        for agent, source, first in (("Anna", "office", 0), ("Zoe", "shop", 1)):
            told = [
                row(f"{agent}{n}", minute=n, agent=agent, caller=f"+97798110{n:05}", contact=f"Contact {n}")
                for n in range(first, CALLS, 2)
            ]
            await fill(house, told, source)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://switchboard.test") as client:
            yield Exporting(app, client)


ROWS = "{ calls { nodes { providerCallId agent { name } contact { name } } } }"
IN_MAY = 'filter: {startedAt: {from: "2024-05-01T00:00:00Z", to: "2024-06-01T00:00:00Z"}}'
NUMBERS = f"{{ uniqueContacts({IN_MAY}) {{ nodes {{ phoneNumber total }} }} }}"


async def test_an_export_has_no_row_beyond_the_viewers_limits(exports: Exporting) -> None:
    reads = (Right.CALLS_READ, Right.STATS_READ, Right.NUMBERS_READ)
    assert len(await exports.lines(ROWS, reads)) == CALLS
    hers = Reach(agent_ids=(await exports.ours(agents, "Anna"),))
    office = Reach(source_ids=(await exports.ours(sources, "office"),))
    for reach in (hers, office):
        found = await exports.lines(ROWS, reads, reach, cursors=True)
        assert len(found) == 13
        assert {one["agent"]["name"] for one in found} == {"Anna"}
        assert len(await exports.lines(NUMBERS, reads, reach)) == 13
        # Gone on after a row of somebody else's, it has no more than before.
        everybodys = await exports.lines(ROWS, reads, cursors=True)
        found = await exports.lines(ROWS, reads, reach, after=everybodys[12]["cursor"])
        assert {one["agent"]["name"] for one in found} == {"Anna"}
        by_agent = f"{{ callStats({IN_MAY}, groupBy: [AGENT]) {{ total key {{ agent {{ name }} }} }} }}"
        assert await exports.lines(by_agent, reads, reach) == [{"total": 13, "key": {"agent": {"name": "Anna"}}}]
    assert await exports.lines(ROWS, reads, Reach(source_ids=())) == []


async def test_an_export_tells_no_number_to_who_may_not_see_any(exports: Exporting) -> None:
    reads = (Right.CALLS_READ, Right.STATS_READ)
    numbers = "{ calls { nodes { phoneNumber callerNumber numbers { raw e164 digits } contact { phoneNumber } } } }"
    for query in (numbers, NUMBERS):
        found = await exports.lines(query, reads, cursors=True)
        assert len(found) == CALLS
        told = json.dumps([{name: value for name, value in one.items() if name != "cursor"} for one in found])
        assert "9811" not in told
        for one in found:  # a call's id may have these digits by chance
            *place, id = json.loads(b64decode(one["cursor"] + "=="))
            assert "9811" not in json.dumps(place)
            assert re.fullmatch("[0-9a-f]{32}", id)
    asked = (
        'calls(filter: {phoneNumbers: ["+9779811000001"]}) { nodes { id } }',
        'calls(filter: {callerNumber: {endsWith: "1"}}) { nodes { id } }',
        'calls(filter: {search: "9811"}) { nodes { id } }',
        "calls(orderBy: {field: CALLER_NUMBER}) { nodes { id } }",
        f"callStats({IN_MAY}, groupBy: [PHONE_NUMBER]) {{ total }}",
        'callCounts(phoneNumbers: ["+9779811000001"]) { total }',
    )
    for field in asked:
        assert await exports.lines(f"{{ {field} }}", reads) == "FORBIDDEN", field
        assert isinstance(await exports.lines(f"{{ {field} }}", (*reads, Right.NUMBERS_READ)), list), field


async def test_an_export_needs_the_scopes_of_what_is_in_it(exports: Exporting) -> None:
    assert await exports.lines(ROWS, (Right.STATS_READ,)) == "FORBIDDEN"
    assert await exports.lines(NUMBERS, (Right.CALLS_READ,)) == "FORBIDDEN"
    with_contacts = f"{{ uniqueContacts({IN_MAY}) {{ nodes {{ total contact {{ name }} }} }} }}"
    assert await exports.lines(with_contacts, (Right.STATS_READ,)) == "FORBIDDEN"


async def test_an_export_ends_with_its_token(exports: Exporting, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = exporting._asked

    async def revoked_after_the_first_page(*given: Any) -> Any:
        found = await asked(*given)
        async with exports.app.state.database.write() as connection:
            await connection.execute(update(api_tokens).values(revoked_at=0))
        return found

    monkeypatch.setattr(exporting, "_asked", revoked_after_the_first_page)
    monkeypatch.setattr(viewers, "FRESH_SECONDS", 0)
    with pytest.raises(UnauthenticatedError):
        await exports.lines(ROWS, (Right.CALLS_READ,))


async def test_a_reader_who_takes_nothing_loses_the_place(exports: Exporting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_PATIENCE_SECONDS", 0.05)
    streaming = export._Streaming(_endless(), "text/csv", {}, exports.app.state.exports.free)
    await exports.app.state.exports.free.acquire()

    async def nobody() -> Any:
        await asyncio.sleep(30)

    async def send(message: Any) -> None:
        await asyncio.sleep(30)

    async with asyncio.timeout(5):
        await streaming({"type": "http", "asgi": {"spec_version": "2.4"}}, nobody, send)
    assert exports.app.state.exports.free._value == export.MOST_AT_ONCE


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield b"a row"
