"""Documents by hash: clients need not send a text twice, and a public frontend can ask nothing but what is registered."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from starlette.applications import Starlette
from typer.testing import CliRunner

from app.cli.main import app as commands
from app.domain.errors import InputError
from app.domain.scope import EVERY_RIGHT, Right, Scope
from app.graphql.registered import Registered
from tests.web.serving import Client, client_of, codes, running, token_of

TEXT = "query Name { __typename }"
OTHER = "{ viewer { name } }"
NAMED = {"data": {"__typename": "Query"}}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def by_hash(text: str, **more: Any) -> dict[str, Any]:
    """A question in the way of Apollo's persisted queries."""
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)}}, **more}


def run(store_url: str, *arguments: str | Path) -> Result:
    """Runs `switchboard documents …` on a store."""
    environment = {"SWITCHBOARD_DATABASE": store_url, "COLUMNS": "200"}
    return CliRunner().invoke(commands, ["documents", *map(str, arguments)], env=environment)


async def switchboard(app: Starlette, *arguments: str | Path) -> Result:
    """The same beside a running server."""
    return await asyncio.to_thread(run, app.state.settings.database, *arguments)


@pytest.fixture
def query_file(tmp_path: Path) -> Path:
    """A file with the document."""
    path = tmp_path / "name.graphql"
    path.write_text(TEXT)
    return path


@pytest.fixture
async def app(store_url: str) -> AsyncIterator[Starlette]:
    async with running(store_url) as found:
        yield found


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[Client]:
    async with client_of(app) as found:
        yield found


@pytest.fixture
async def trusting(store_url: str) -> AsyncIterator[Starlette]:
    """A server that answers registered documents only."""
    async with running(store_url, documents="trusted") as found:
        yield found


# Automatic persisted queries


async def test_a_hash_is_answered_once_its_text_was_sent(client: Client) -> None:
    unknown = await client.post(by_hash(TEXT))
    assert unknown.status_code == 200
    assert codes(unknown) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert (await client.post(by_hash(TEXT, query=TEXT))).json() == NAMED
    assert (await client.post(by_hash(TEXT))).json() == NAMED
    by_get = await client.get({"extensions": json.dumps(by_hash(TEXT)["extensions"]), "operationName": "Name"})
    assert by_get.json() == NAMED


async def test_an_unknown_hash_is_a_bad_request_in_the_newer_media_type(client: Client) -> None:
    answer = await client.post(by_hash(TEXT), accept="application/graphql-response+json")
    assert (answer.status_code, codes(answer)) == (400, ["PERSISTED_QUERY_NOT_FOUND"])


async def test_a_text_under_a_wrong_hash_is_refused_and_not_kept(client: Client) -> None:
    answer = await client.post(by_hash(OTHER, query=TEXT))
    assert codes(answer) == ["PERSISTED_QUERY_HASH_MISMATCH"]
    assert codes(await client.post(by_hash(OTHER))) == ["PERSISTED_QUERY_NOT_FOUND"]


async def test_a_text_that_is_not_valid_is_not_kept(client: Client) -> None:
    wrong = "{ nothing }"
    assert codes(await client.post(by_hash(wrong, query=wrong))) == ["GRAPHQL_VALIDATION_FAILED"]
    assert codes(await client.post(by_hash(wrong))) == ["PERSISTED_QUERY_NOT_FOUND"]


@pytest.mark.parametrize(
    "extension",
    [
        {"version": 2, "sha256Hash": sha256(TEXT)},
        {"sha256Hash": sha256(TEXT)},
        {"version": 1},
        {"version": 1, "sha256Hash": sha256(TEXT)[:-1]},
        {"version": 1, "sha256Hash": "\0" * 64},
        {"version": 1, "sha256Hash": 1},
        "x",
    ],
)
async def test_what_is_no_persisted_query_is_a_bad_request(client: Client, extension: Any) -> None:
    answer = await client.post({"query": TEXT, "extensions": {"persistedQuery": extension}})
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


async def test_a_registered_document_is_had_by_hash_from_any_server(
    app: Starlette, client: Client, query_file: Path
) -> None:
    assert (await switchboard(app, "add", query_file)).exit_code == 0
    for body in (by_hash(TEXT), {"documentId": sha256(TEXT)}, {"documentId": f"sha256:{sha256(TEXT)}"}):
        assert (await client.post(body)).json() == NAMED
    assert (await client.get({"documentId": sha256(TEXT).upper()})).json() == NAMED


# Trusted documents


async def test_only_registered_documents_are_answered(trusting: Starlette, query_file: Path) -> None:
    assert (await switchboard(trusting, "add", query_file)).exit_code == 0
    async with client_of(trusting) as client:
        for body in (by_hash(TEXT), by_hash(TEXT, query=TEXT), {"documentId": sha256(TEXT)}, {"query": TEXT}):
            assert (await client.post(body)).json() == NAMED, body
        others = (
            by_hash(OTHER),
            by_hash(OTHER, query=OTHER),
            {"documentId": sha256(OTHER)},
            {"query": OTHER},
            {"query": TEXT + " "},
            {"query": "{ nothing }"},
            {"query": "{"},
        )
        for body in others:
            for accept in ("application/json", "application/graphql-response+json"):
                answer = await client.post(body, accept=accept)
                assert (answer.status_code, codes(answer)) == (403, ["UNTRUSTED_DOCUMENT"]), body
            assert "switchboard documents add" in answer.json()["errors"][0]["message"]


async def test_a_registered_document_under_another_ones_hash_is_refused(trusting: Starlette, query_file: Path) -> None:
    await switchboard(trusting, "add", query_file)
    async with client_of(trusting) as client:
        assert codes(await client.post(by_hash(TEXT, query=OTHER))) == ["PERSISTED_QUERY_HASH_MISMATCH"]


async def test_a_document_of_another_workspace_is_not_trusted(
    trusting: Starlette, query_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHBOARD_WORKSPACE", "another")
    assert (await switchboard(trusting, "add", query_file)).exit_code == 0
    async with client_of(trusting) as client:
        assert codes(await client.post({"query": TEXT})) == ["UNTRUSTED_DOCUMENT"]


async def test_a_removed_document_ends_once_the_store_is_asked_again(
    trusting: Starlette, query_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await switchboard(trusting, "add", query_file)
    registered = Registered(trusting.state.database, Scope("main"), trusted=True)
    assert await registered.asked(TEXT, None)
    await switchboard(trusting, "remove", sha256(TEXT))
    assert await registered.asked(TEXT, None), "believed for some seconds"
    monkeypatch.setattr("app.graphql.registered.FRESH_SECONDS", 0)
    with pytest.raises(Exception, match="registered"):
        await registered.asked(TEXT, None)


# The command


def test_documents_are_added_listed_and_removed(prepared: str, query_file: Path) -> None:
    added = run(prepared, "add", query_file)
    assert added.stdout.splitlines() == [f"{sha256(TEXT)}  name.graphql", "1 registered, 0 were before."]
    assert "0 registered, 1 were before." in run(prepared, "add", query_file).stdout
    listed = run(prepared, "list").stdout
    assert sha256(TEXT) in listed
    assert "name.graphql" in listed
    assert sha256(TEXT) in run(prepared, "remove", sha256(TEXT)[:6].upper()).stdout
    assert "no document yet" in run(prepared, "list").stdout


@pytest.mark.parametrize(
    "manifest",
    [
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [
                {"id": sha256(TEXT), "name": "Name", "type": "query", "body": TEXT},
                {"id": sha256(OTHER), "name": "Viewer", "type": "query", "body": OTHER},
            ],
        },
        {sha256(TEXT): TEXT, "anything": OTHER},
    ],
)
def test_the_documents_of_a_manifest_are_added(prepared: str, tmp_path: Path, manifest: dict[str, Any]) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    said = run(prepared, "add", path).stdout
    assert sha256(TEXT) in said
    assert sha256(OTHER) in said
    assert "2 registered" in said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.graphql", "{", "not GraphQL"),
        ("a.graphql", "{ nothing }", "does not fit the schema"),
        ("a.json", "{", "not JSON"),
        ("a.json", "[]", "no manifest"),
        ("a.json", '{"operations": [{"name": "A"}]}', "no manifest"),
        ("a.json", '{"hash": {"a": 1}}', "no manifest"),
        ("a.json", '{"hash": "{ nothing }"}', "does not fit the schema"),
    ],
)
def test_what_cannot_be_answered_is_not_added(prepared: str, tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    failed = run(prepared, "add", path)
    assert isinstance(failed.exception, InputError)
    assert said in str(failed.exception)
    assert "no document yet" in run(prepared, "list").stdout


def test_a_file_that_is_not_there_is_named(prepared: str, tmp_path: Path) -> None:
    failed = run(prepared, "add", tmp_path / "nothing.graphql")
    assert "nothing.graphql" in str(failed.exception)


def test_a_hash_has_to_tell_one_document(prepared: str, query_file: Path) -> None:
    run(prepared, "add", query_file)
    for digest in ("", "0" * 64):
        assert "No document has a hash" in str(run(prepared, "remove", digest).exception)


@pytest.fixture
def prepared(store_url: str) -> str:
    """A store with every table."""
    return store_url


async def shown(app: Starlette, token: str | None) -> tuple[int, bool]:
    """What `/schema.graphql` answers, and whether the page is given examples."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with client_of(app) as client:
        schema = await client.http.get("/schema.graphql", headers=headers)
        page = (await client.http.get("/graphiql/config.json", headers=headers)).json()
    assert ("type Query" in schema.text) == (schema.status_code == 200)
    assert bool(page["examples"]) == ("calls" in page["defaultQuery"])
    return schema.status_code, bool(page["examples"])


async def test_trusted_mode_shows_the_schema_to_admins_only(store_url: str) -> None:
    every = EVERY_RIGHT - {Right.ADMIN}
    async with running(store_url, anonymous=False, documents="trusted") as app:
        assert await shown(app, await token_of(app, every)) == (403, False)
        assert await shown(app, await token_of(app)) == (200, True)
        assert await shown(app, None) == (401, False)
    async with running(store_url, anonymous=True, documents="trusted") as app:
        assert await shown(app, None) == (403, False)
    async with running(store_url, anonymous=False) as app:
        assert await shown(app, await token_of(app, every)) == (200, True)
