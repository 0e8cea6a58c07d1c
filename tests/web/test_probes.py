"""What graphql-cop looks for, asked over a socket by a stranger and by a viewer: none of it is found.

The tool itself is in no package registry; these are its checks, one by one, and what else a scanner tries.
"""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.serving import on_socket, running, token_of

PAGE = Path(__file__).parents[2] / "app/web/frontend/index.html"
JSON_TYPE = {"content-type": "application/json"}
# Words of the schema, of other schemas' tools, and of what broke inside.
TELLING = ("Call", "startedAt", "phoneNumber", "Did you mean", "Traceback", "sqlalchemy", "graphql-core", "Strawberry")
IDES = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground", "Apollo", "Altair")
CIRCLE = (
    "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }"
)


@dataclass(frozen=True)
class Probe:
    """A request, and the sign in its answer that it found something."""

    body: Any
    found: str
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=lambda: JSON_TYPE)
    # A viewer may do this, where the settings do not say otherwise.
    of_viewers: bool = False


PROBES = {
    "array batching": Probe([{"query": "query cop { __typename }"}] * 10, "__typename"),
    "alias overloading": Probe({"query": "{ " + " ".join(f"a{n}: __typename" for n in range(101)) + " }"}, "a100"),
    "directive overloading": Probe({"query": "query cop { __typename " + "@aa" * 10 + " }"}, '"message"' * 10),
    "field duplication": Probe({"query": "query cop { " + "__typename " * 500 + "}"}, "data"),
    "circular introspection": Probe({"query": CIRCLE}, "data"),
    "introspection": Probe({"query": "{ __schema { types { name } } }"}, "data", of_viewers=True),
    "one type's introspection": Probe(
        {"query": '{ __type(name: "Call") { fields { name } } }'}, "data", of_viewers=True
    ),
    "field suggestions": Probe({"query": "query cop { __schema { directive } }"}, "Did you mean"),
    "suggestions of root fields": Probe({"query": "{ cals { id } }"}, "calls"),
    "suggestions of arguments": Probe({"query": "{ calls(filtr: {}) { totalCount } }"}, "filter"),
    "suggestions of types": Probe(
        {"query": "query ($f: CallFiltr) { calls(filter: $f) { totalCount } }"}, "CallFilter"
    ),
    "mutations by GET": Probe({"query": "mutation cop { __typename }"}, '"data"', "GET", {}),
    "queries by GET without a preflight": Probe({"query": "query cop { __typename }"}, '"data"', "GET", {}),
    "a form": Probe(
        b"query=query+cop+%7B__typename%7D", '"data"', headers={"content-type": "application/x-www-form-urlencoded"}
    ),
    "a form of parts": Probe(
        b'--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--\r\n',
        '"data"',
        headers={"content-type": "multipart/form-data; boundary=x"},
    ),
    "JSON as plain text": Probe(b'{"query": "{__typename}"}', '"data"', headers={"content-type": "text/plain"}),
    "tracing": Probe({"query": "query cop { __typename }"}, "tracing"),
    "the cost unasked": Probe({"query": "query cop { __typename }"}, 'extensions": {"cost'),
    "unhandled errors": Probe({"query": "qwerty cop { abc }"}, "exception"),
    "a body that is no object": Probe(b"[[", "Traceback"),
    "an engine's error": Probe({"query": '{ calls(filter: {search: "\' OR 1=1 --"}) { totalCount } }'}, "syntax error"),
}


@asynccontextmanager
async def scanned(template: Path, folder: Path, **settings: Any) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A client of a server on a socket, and the token of a viewer."""
    shutil.copy(template, folder / "store.sqlite")
    async with (
        running(f"sqlite:///{folder / 'store.sqlite'}", anonymous=False, **settings) as app,
        on_socket(app) as server,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client,
    ):
        yield client, await token_of(app)


async def answer(client: httpx.AsyncClient, probe: Probe, token: str | None) -> httpx.Response:
    """The answer to a probe."""
    headers = probe.headers | ({"authorization": f"Bearer {token}"} if token else {})
    if probe.method == "GET":
        return await client.get("/graphql", params=probe.body, headers=headers)
    content = probe.body if isinstance(probe.body, bytes) else json.dumps(probe.body).encode()
    return await client.post("/graphql", content=content, headers=headers)


async def test_nothing_is_found_by_a_stranger(sqlite_template: Path, tmp_path: Path) -> None:
    async with scanned(sqlite_template, tmp_path) as (client, _):
        for name, probe in PROBES.items():
            found = await answer(client, probe, None)
            assert 400 <= found.status_code < 500, name
            assert '"data"' not in found.text, name
            assert not [word for word in TELLING if word in found.text], name


async def test_a_stranger_is_told_the_same_whatever_is_asked(sqlite_template: Path, tmp_path: Path) -> None:
    async with scanned(sqlite_template, tmp_path) as (client, _):
        asked = [probe for probe in PROBES.values() if probe.headers is JSON_TYPE and isinstance(probe.body, dict)]
        assert len(asked) > 10
        assert len({(await answer(client, probe, None)).text for probe in asked}) == 1


@pytest.mark.parametrize("introspection", ["viewers", "nobody"])
async def test_nothing_is_found_by_a_viewer_but_the_schema_where_they_may_read_it(
    sqlite_template: Path, tmp_path: Path, introspection: str
) -> None:
    async with scanned(sqlite_template, tmp_path, introspection=introspection) as (client, token):
        for name, probe in PROBES.items():
            found = await answer(client, probe, token)
            assert found.status_code < 500, name
            assert (probe.found in found.text) is (probe.of_viewers and introspection == "viewers"), name


async def test_what_a_stranger_can_open_tells_nothing_of_the_schema(sqlite_template: Path, tmp_path: Path) -> None:
    async with scanned(sqlite_template, tmp_path) as (client, token):
        for path in (
            "/",
            "/graphiql",
            "/graphiql/config.json",
            "/playground",
            "/console",
            "/graphql",
            "/schema.graphql",
        ):
            found = await client.get(path, headers={"accept": "text/html"}, follow_redirects=True)
            assert not [word for word in TELLING if word in found.text], path
        asked = {"authorization": f"Bearer {token}"}
        assert (await client.get("/graphiql/config.json", headers=asked)).json()["examples"]


def test_the_page_is_not_told_from_others_by_its_words() -> None:
    assert not [word for word in IDES if word in PAGE.read_text()]


async def test_there_is_no_page_where_the_settings_say_so(sqlite_template: Path, tmp_path: Path) -> None:
    async with scanned(sqlite_template, tmp_path, graphiql=False) as (client, _):
        for path in ("/graphiql", "/graphiql/config.json", "/graphiql/assets/index.js"):
            assert (await client.get(path)).status_code == 404, path
