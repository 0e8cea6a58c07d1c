"""A recording is heard by a link of ours alone: in parts, for some minutes, and no secret of the vendor's is seen by anybody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from app.domain.scope import Right
from app.domain.sources import Provider
from app.store import access_log, sources
from app.store.database import Database
from app.store.tables import calls
from tests.conftest import SCOPE, House
from tests.web.serving import asking, on_socket, running, token_of

SOUND = bytes(range(256)) * 4_000
SECRET = "the vendor's own token"
QUERY = "{ calls { nodes { id recording { url } } } }"


@dataclass
class Shelf:
    """A vendor's recordings: what is asked of it, and what it answers."""

    address: str = ""
    asked: list[Request] = field(default_factory=list)
    answer: Any = None
    open: int = 0

    async def answered(self, request: Request) -> Response:
        """The answer that the test has set, else the sound, whole or in part."""
        self.asked.append(request)
        if self.answer is not None:
            return self.answer(request)  # type: ignore[no-any-return]
        headers = {"set-cookie": "vendor=1", "x-vendor": "1", "accept-ranges": "bytes"}
        part = request.headers.get("range")
        if part is None:
            return Response(SOUND, 200, headers, "audio/x-wav; charset=binary")
        first, last = part.removeprefix("bytes=").split("-")
        if int(first) >= len(SOUND):
            return Response(b"", 416, {"content-range": f"bytes */{len(SOUND)}"}, "text/html")
        sound = SOUND[int(first) : int(last or len(SOUND) - 1) + 1]
        headers["content-range"] = f"bytes {first}-{int(first) + len(sound) - 1}/{len(SOUND)}"
        return Response(sound, 206, headers, "audio/wav")

    async def endless(self) -> AsyncIterator[bytes]:
        """Sound without end, which notes whether anybody still takes it."""
        self.open += 1
        try:
            while True:
                yield SOUND
                await asyncio.sleep(0.001)
        finally:
            self.open -= 1


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    """The vendor, on a socket."""
    made = Shelf()
    async with on_socket(Starlette(routes=[Route("/{path:path}", made.answered)])) as server:
        made.address = f"http://127.0.0.1:{server.port}"
        yield made


@dataclass
class Hearing:
    """A server with one recorded call, and clients of it: a viewer, and a browser without a token."""

    app: Starlette
    viewer: httpx.AsyncClient
    browser: httpx.AsyncClient
    house: House

    async def link(self) -> str:
        """The link of the recording, as the viewer is told it now."""
        answer = (await self.viewer.post("/graphql", json={"query": QUERY})).json()
        return str(answer["data"]["calls"]["nodes"][0]["recording"]["url"])

    async def heard(self, **headers: str) -> httpx.Response:
        """The answer to the link."""
        return await self.browser.get(await self.link(), headers=headers)


@asynccontextmanager
async def hearing(url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, link: str = "", **settings: Any) -> Any:
    """A call whose recording lies on the shelf, unless it is elsewhere, and a server."""
    monkeypatch.setenv("VENDOR", SECRET)
    house = House(Database(url))
    row = {
        "agent_fullname": "Asha",
        "phone_number": "9811789678",
        "agent_extension": "2003",
        "trunk": "main",
        "calldate": "2024-05-06 11:21:23",
        "duration": 16,
        "disposition": "ANSWERED",
        "call_type": "outbound",
        "recording_link": link or f"{shelf.address}/records/out-9811789678.wav",
    }
    await house.take(Provider.VOXCROW, [row])
    source = await house.source(Provider.VOXCROW)
    async with house.database.write() as connection:
        pulled = sources.Pulled(f"{shelf.address}/api", {"token": "env:VENDOR"}, datetime.now(UTC))
        await sources.set_pulled(connection, SCOPE, source, pulled)
    async with running(url, anonymous=False, **settings) as app, asking(app) as viewer:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://switchboard.test") as browser:
            yield Hearing(app, viewer, browser, house)
    await house.database.close()


async def test_a_link_plays_the_recording_without_a_token(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        link = await one.link()
        answer = await one.browser.get(link)
        assert (answer.status_code, answer.content) == (200, SOUND)
        assert SECRET not in link
        assert shelf.address not in link
        assert answer.headers["content-type"] == "audio/x-wav"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "set-cookie" not in answer.headers
        assert "x-vendor" not in answer.headers
    assert shelf.asked[0].query_params["token"] == SECRET
    assert "cookie" not in shelf.asked[0].headers


async def test_a_part_is_passed_on_as_a_part(store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        part = await one.heard(range="bytes=1000-1999")
        assert (part.status_code, part.content) == (206, SOUND[1000:2000])
        assert part.headers["content-range"] == f"bytes 1000-1999/{len(SOUND)}"
        beyond = await one.heard(range=f"bytes={len(SOUND)}-")
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(SOUND)}")
        head = await one.browser.head(await one.link())
        assert (head.status_code, head.headers["content-length"]) == (200, str(len(SOUND)))


async def test_who_may_not_hear_recordings_has_no_link(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        token = await token_of(one.app, frozenset({Right.CALLS_READ}))
        answer = await one.browser.post("/graphql", json={"query": QUERY}, headers={"authorization": f"Bearer {token}"})
        assert answer.json()["data"]["calls"]["nodes"][0]["recording"] is None


async def test_wrong_links_are_403_and_ended_ones_410(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        link = await one.link()
        for wrong in (link[:-3] + "AAA", "/recordings/a.b", "/recordings/x"):
            answer = await one.browser.get(wrong)
            assert (answer.status_code, answer.json()) == (403, {"error": "This link is not valid."})
        later = datetime.now(UTC).timestamp() + 400
        monkeypatch.setattr("app.web.requests.datetime", _Clock(later))
        assert (await one.browser.get(link)).status_code == 410
    assert not shelf.asked


@dataclass
class _Clock:
    seconds: float

    def now(self, zone: Any) -> datetime:
        """The moment it stands at."""
        return datetime.fromtimestamp(self.seconds, zone)


async def test_a_removed_recording_is_gone_and_so_is_one_that_the_vendor_removed(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        link = await one.link()
        for status in (404, 410):
            shelf.answer = lambda _, status=status: Response(b"", status)
            answer = await one.browser.get(link)
            assert (answer.status_code, answer.json()["error"]) == (410, "The vendor has this recording no more.")
        async with one.house.database.write() as connection:
            await connection.execute(update(calls).values(details={}))  # as retention and erasure leave it
        answer = await one.browser.get(link)
        assert (answer.status_code, answer.json()["error"]) == (410, "This recording was removed.")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Response("<p>Log in!</p>", 200, media_type="text/html"), 502),
        (Response(b"x", 200, {"content-encoding": "gzip"}, "audio/mpeg"), 502),
        (Response(b"", 401), 502),
        (Response(b"", 503), 503),
        (RedirectResponse("http://localhost:1/elsewhere.wav"), 502),
        (RedirectResponse("https://10.0.0.1/elsewhere.wav"), 502),
        (RedirectResponse("/round/and/round"), 502),
    ],
)
async def test_what_is_no_recording_is_told_in_our_own_words(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, answer: Response, status: int
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        shelf.answer = lambda _: answer
        found = await one.heard()
        assert found.status_code == status
        assert found.json()["error"].startswith(("The vendor", "The recording"))
        assert SECRET not in found.text


async def test_a_file_of_no_kind_is_saved_rather_than_shown(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        shelf.answer = lambda _: Response(SOUND, 200, media_type="binary/octet-stream")
        found = await one.heard()
        assert (found.headers["content-type"], found.content) == ("application/octet-stream", SOUND)
        assert found.headers["content-disposition"] == "attachment"


async def test_elsewhere_the_browser_is_sent_unless_that_tells_a_number(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "https://files.example/out-9811789678.wav"
    async with hearing(store_url, shelf, monkeypatch, place) as one:
        sent = await one.heard()
        assert (sent.status_code, sent.headers["location"]) == (307, place)
        token = await token_of(one.app, frozenset({Right.CALLS_READ, Right.RECORDINGS_READ}))
        one.viewer.headers["authorization"] = f"Bearer {token}"
        assert (await one.heard()).status_code == 403


async def test_every_hearing_is_in_the_access_log_with_who_it_was(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        await one.heard()
        await one.browser.get("/recordings/wrong")
    database = Database(store_url)
    async with database.read() as connection:
        asked, heard = [link.access for link in await access_log.latest(connection, SCOPE, 10)]
    await database.close()
    assert heard.viewer_key == asked.viewer_key
    assert (heard.operation, heard.path, heard.rows, heard.status) == ("recording", "recording", 2, 200)


async def test_a_listener_who_leaves_ends_what_was_fetched_for_them(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.answer = lambda _: StreamingResponse(shelf.endless(), media_type="audio/mpeg")
    async with hearing(store_url, shelf, monkeypatch) as one, on_socket(one.app) as server:
        path = "/recordings/" + (await one.link()).rsplit("/", 1)[1]
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as browser,
            browser.stream("GET", path) as response,
        ):
            async for _ in response.aiter_raw():
                break
            assert shelf.open == 1
        for _ in range(100):
            if not shelf.open:
                break
            await asyncio.sleep(0.02)
        assert shelf.open == 0


async def test_credentials_that_are_not_to_be_had_are_told_without_their_place(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch) as one:
        monkeypatch.delenv("VENDOR")
        found = await one.heard()
        assert (found.status_code, "VENDOR" in found.text, shelf.asked) == (502, False, [])


async def test_the_address_is_the_one_that_the_settings_say(
    store_url: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(store_url, shelf, monkeypatch, public_url="https://calls.example/phone/") as one:
        assert (await one.link()).startswith("https://calls.example/phone/recordings/")
