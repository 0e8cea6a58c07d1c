"""What no request can do: the server judges a document before it works on it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from graphql import get_introspection_query

from app.web.examples import Example, examples
from tests.web.serving import served

DEEP = "{ calls { nodes " + "{ agent { calls { nodes " * 4 + "{ id }" + " } } }" * 4 + " } }"
BOMB = (
    "query { ...F0 } "
    + " ".join(
        f"fragment F{i} on Query {{ a{i}: sources {{ id }} ...F{i + 1} b{i}: sources {{ id }} ...F{i + 1} }}"
        for i in range(30)
    )
    + " fragment F30 on Query { sources { id } }"
)


@pytest.fixture
async def client(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server of an empty store."""
    shutil.copy(sqlite_template, tmp_path / "store.sqlite")
    async with served(f"sqlite:///{tmp_path / 'store.sqlite'}") as found:
        yield found


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (DEEP, "QUERY_TOO_DEEP"),
        (BOMB, "TOO_MANY_ROOT_FIELDS"),
        ("{ " + " ".join(f"a{i}: sources {{ id }}" for i in range(21)) + " }", "TOO_MANY_ROOT_FIELDS"),
        ("{ agents(first: 1000) { nodes { calls(first: 1000) { nodes { id } } } } }", "QUERY_TOO_COSTLY"),
        ("{" * 100_000, "DOCUMENT_TOO_LARGE"),
        ("{ calls { " + "id " * 3_000 + "} }", "DOCUMENT_TOO_LARGE"),
    ],
)
async def test_what_is_too_much_is_refused_and_says_what_to_change(
    client: httpx.AsyncClient, query: str, code: str
) -> None:
    response = await client.post(
        "/graphql", json={"query": query}, headers={"accept": "application/graphql-response+json"}
    )
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == code
    assert error["message"]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title)
async def test_every_example_is_within_the_limits(client: httpx.AsyncClient, example: Example) -> None:
    body = f'{{"query": {httpx.Response(200, json=example.query).text}, "variables": {example.variables or "null"}}}'
    response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert "errors" not in response.json()


async def test_graphiql_may_read_the_schema(client: httpx.AsyncClient) -> None:
    query = get_introspection_query(specified_by_url=True, input_value_deprecation=True)
    response = await client.post("/graphql", json={"query": query})
    assert "errors" not in response.json()


async def test_a_misspelt_field_is_named_without_suggesting_others(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ callz { id } }"})
    assert "callz" in response.text
    assert "Did you mean" not in response.text
