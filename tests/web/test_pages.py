"""GraphiQL from our own origin: served with its examples, and used in a real browser with the network closed."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Error as PlaywrightError

from app.domain.sources import Provider
from app.store.database import Database
from app.web.examples import examples
from tests.conftest import House
from tests.web.browser import Visit, visiting
from tests.web.serving import listening, on_socket, running, served, token_of

PAYLOADS = Path(__file__).parents[1] / "providers"
TITLES = [example.title for example in examples()]


async def take_payloads(house: House) -> None:
    """Takes in what four vendors once sent."""
    for provider, file in (
        (Provider.VOXCROW, "voxcrow/payloads/call_log.json"),
        (Provider.SMARTFLO, "smartflo/payloads/records.json"),
        (Provider.CALLCAP, "callcap/payloads/search.json"),
        (Provider.CALLYZER, "callyzer/payloads/history.json"),
    ):
        await house.take(provider, json.loads((PAYLOADS / file).read_text()))


@pytest.fixture
async def filled(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a small filled store."""
    path = tmp_path / "store.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    await take_payloads(House(database))
    await database.close()
    return f"sqlite:///{path}"


@pytest.fixture
async def client(filled: str) -> AsyncIterator[httpx.AsyncClient]:
    async with served(filled) as found:
        yield found


def test_shelf_has_examples_with_a_title_and_a_description_each() -> None:
    assert len(set(TITLES)) == len(TITLES) >= 5
    for example in examples():
        assert example.title
        assert example.description.endswith(".")
        assert not example.query.startswith("#")
        assert isinstance(json.loads(example.variables or "{}"), dict)


async def test_every_example_is_answered_without_errors(house: House) -> None:
    await take_payloads(house)
    for example in examples():
        found = await house.ask(example.query, **json.loads(example.variables or "{}"))
        assert found, example.title


async def test_every_example_is_answered_by_the_server_as_the_page_asks_it(client: httpx.AsyncClient) -> None:
    shelf = (await client.get("/graphiql/config.json")).json()["examples"]
    assert [example["title"] for example in shelf] == TITLES
    for example in shelf:
        body = {"query": example["query"], "variables": json.loads(example["variables"] or "{}")}
        response = await client.post("/graphql", json=body, headers={"accept": "application/graphql-response+json"})
        assert response.status_code == 200, response.text
        assert response.json().keys() == {"data"}


async def test_page_is_told_the_endpoint_and_what_to_begin_with(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphiql/config.json")
    assert response.headers["cache-control"] == "no-store"
    found = response.json()
    assert (found["endpoint"], found["token"], found["defaultQuery"]) == ("/graphql", None, examples()[0].query)


async def test_front_door_leads_to_graphiql(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/graphiql")
    assert (await client.get("/", follow_redirects=True)).headers["content-type"] == "text/html; charset=utf-8"


async def test_without_graphiql_the_front_door_names_the_endpoint(filled: str) -> None:
    async with served(filled, graphiql=False) as client:
        response = await client.get("/")
        assert response.status_code == 200
        assert "POST /graphql" in response.text
        for path in ("/graphiql", "/graphiql/config.json", "/graphiql/assets/index.js"):
            assert (await client.get(path)).status_code == 404


async def test_page_may_ask_only_its_own_origin(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphiql")
    assert response.status_code == 200
    policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not re.search(r"https?:", response.headers["content-security-policy"])
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-cache"


async def test_page_names_only_files_that_are_there_and_may_be_kept_for_good(client: httpx.AsyncClient) -> None:
    page = (await client.get("/graphiql")).text
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert any(file.endswith(".js") for file in files)
    for file in files:
        assert file.startswith("/graphiql/"), file
        response = await client.get(file)
        assert response.status_code == 200, file
        if "/assets/" in file:
            assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_scripts_are_sent_compressed(client: httpx.AsyncClient) -> None:
    page = (await client.get("/graphiql")).text
    script = re.findall(r'src="([^"]+\.js)"', page)[0]
    response = await client.get(script, headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"].startswith("text/javascript")


@pytest.fixture
async def visit(filled: str) -> AsyncIterator[Visit]:
    """GraphiQL, open and ready in a browser, over a store with a call of this very day."""
    database = Database(filled)
    nepal = datetime.now(ZoneInfo("Asia/Kathmandu"))
    call = {"agent_fullname": "Anita Rai", "phone_number": "9810000078", "agent_extension": "2003", "duration": 16}
    call |= {"calldate": f"{nepal:%Y-%m-%d %H:%M:%S}", "disposition": "ANSWERED", "call_type": "inbound"}
    await House(database).take(Provider.VOXCROW, [call])
    await database.close()
    async with listening(filled) as address, visiting(address) as found:
        await found.page.goto(f"{address}/")
        await written(found)
        yield found


async def written(visit: Visit) -> None:
    """Waits until there is a query in the editor, which comes after the page around it."""
    await visit.page.locator(".graphiql-query-editor .view-line", has_text="{").first.wait_for()


async def run(visit: Visit, expected: str) -> None:
    """Executes what is in the editor, and waits until the answer shows a text."""
    await visit.page.get_by_role("button", name="Execute query").click()
    await visit.page.locator(".graphiql-response .view-line", has_text=expected).first.wait_for()


async def test_graphiql_opens_runs_its_query_and_shows_the_answer_with_the_network_closed(visit: Visit) -> None:
    assert visit.page.url.endswith("/graphiql")
    await run(visit, "Anita\u00a0Rai")
    await visit.holds_up()


async def test_example_opens_from_the_shelf_and_runs(visit: Visit) -> None:
    await run(visit, "Anita\u00a0Rai")
    (title,) = [example.title for example in examples() if "rejectedRecords" in example.query]
    shelf = visit.page.get_by_role("region", name="Examples")
    assert await shelf.get_by_role("button").count() == len(examples())
    await shelf.get_by_role("button", name=title).click()
    await visit.page.locator(".graphiql-query-editor .view-line", has_text="rejectedRecords").first.wait_for()
    await run(visit, "rejectedRecords")
    await visit.holds_up()


async def test_page_asks_for_a_token_where_it_was_given_none(filled: str) -> None:
    async with running(filled, anonymous=False) as app, on_socket(app) as server:
        address = f"http://127.0.0.1:{server.port}"
        async with visiting(address) as found:
            await found.page.goto(f"{address}/graphiql")
            notice = found.page.locator(".schema-notice")
            await notice.get_by_label("Token").fill(await token_of(app))
            await notice.get_by_role("button", name="Use token").click()
            await notice.wait_for(state="detached")
            await written(found)
            await run(found, "data")
            kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
            assert "sb.main." not in await found.page.evaluate(kept)


async def test_stranger_is_shown_the_shelf_once_a_token_is_typed(filled: str) -> None:
    async with (
        running(filled, anonymous=False) as app,
        on_socket(app) as server,
        visiting(f"http://127.0.0.1:{server.port}") as visit,
    ):
        await visit.page.goto(f"http://127.0.0.1:{server.port}/graphiql")
        shelf = visit.page.get_by_role("region", name="Examples")
        button = shelf.get_by_role("button", name="Show examples")
        await button.wait_for()
        assert await shelf.get_by_role("listitem").count() == 0
        await visit.page.get_by_role("button", name="Headers", exact=True).click()
        await visit.page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines").click()
        await visit.page.keyboard.press("Control+A")
        await visit.page.keyboard.insert_text(json.dumps({"Authorization": f"Bearer {await token_of(app)}"}))
        for key in ("Control+Shift+End", "Delete"):  # the brackets that the editor closed by itself
            await visit.page.keyboard.press(key)
        await button.click()
        await shelf.get_by_role("listitem").first.wait_for()
        assert await shelf.get_by_role("listitem").count() == len(examples())


async def test_browser_notices_what_it_is_there_to_notice(visit: Visit) -> None:
    """What `holds_up` looks for has to be seen when it happens."""
    script = """async () => {
      console.error('a complaint');
      await fetch('http://elsewhere.test/').catch(() => {});
      const image = new Image(); image.src = 'http://elsewhere.test/image.png';
      await new Promise((resolve) => setTimeout(resolve, 100));
    }"""
    await visit.page.evaluate(script)
    assert "a complaint" in visit.complaints
    violations = " ".join(await visit.page.evaluate("window.violations"))
    assert "connect-src" in violations
    assert "img-src" in violations
    with pytest.raises(PlaywrightError):
        await visit.page.goto("http://elsewhere.test/")
    assert visit.strangers == ["http://elsewhere.test/"]
