"""Who may read the schema: no stranger, by no way; a viewer, unless the settings say nobody."""

import pytest

from tests.web.serving import Client, client_of, codes, running, token_of

SCHEMA = {"query": "{ __schema { types { name } } }"}
TYPE = {"query": '{ __type(name: "Call") { fields { name } } }'}


async def answers(client: Client, authorization: str | None) -> list[str]:
    """What the ways to the schema answer."""
    header = {"authorization": authorization} if authorization else {}
    found = [await client.post(SCHEMA, **header), await client.post(TYPE, **header)]
    found.append(await client.get(SCHEMA, x_requested_with="x", **header))
    found.append(await client.http.get("/schema.graphql", headers=header))
    return [f"{one.status_code} {one.text}" for one in found]


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Bearer sb.main.wrong", "Basic eA=="])
async def test_a_stranger_learns_nothing_of_the_schema(store_url: str, authorization: str | None) -> None:
    async with running(store_url, anonymous=False) as app, client_of(app) as client:
        for answer in await answers(client, authorization):
            assert answer.startswith("401 ")
            assert "startedAt" not in answer
        header = {"authorization": authorization} if authorization else {}
        right = await client.post({"query": "{ calls { nodes { id } } }"}, **header)
        wrong = await client.post({"query": "{ cals { nodes { id } } }"}, **header)
        assert right.json() == wrong.json(), "what is there and what is not look the same"


async def test_a_viewer_reads_the_schema(store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, client_of(app) as client:
        token = await token_of(app)
        schema, kind, by_get, sdl = await answers(client, f"Bearer {token}")
        assert schema.startswith("200 ")
        assert "CallConnection" in schema
        assert by_get == schema
        assert "startedAt" in kind
        assert "type Call " in sdl


async def test_nobody_reads_the_schema_where_the_settings_say_so(store_url: str) -> None:
    async with running(store_url, introspection="nobody") as app, client_of(app) as client:
        for answer in await answers(client, None):
            assert answer.startswith(("200 ", "403 "))
            assert "startedAt" not in answer
            assert "CallConnection" not in answer
        refused = await client.post(SCHEMA, accept="application/graphql-response+json")
        assert (refused.status_code, set(codes(refused))) == (400, {"GRAPHQL_VALIDATION_FAILED"})
        assert (await client.post({"query": "{ __typename }"})).json() == {"data": {"__typename": "Query"}}


async def test_a_typing_error_is_not_corrected_even_for_a_viewer(store_url: str) -> None:
    question = {"query": "query ($filter: CallFilter) { calls(filter: $filter) { __typename } }"}
    async with running(store_url) as app, client_of(app) as client:
        for filter in ({"directio": ["INBOUND"]}, {"direction": ["INBOUN"]}):
            answer = await client.post({**question, "variables": {"filter": filter}})
            assert codes(answer)
            assert "Did you mean" not in answer.text
