"""Changes over HTTP: by POST alone, by whom they are allowed to, and written down like every other operation."""

import hashlib

from app.domain.scope import EVERY_RIGHT, Right
from tests.web.serving import asking, codes, running, token_of
from tests.web.test_access_log import written

ADD = """mutation Leave { addExcludedNumbers(phoneNumbers: ["+9779810000078"]) { changed } }"""
LIST = "{ excludedNumbers { nodes { phoneNumber } } }"


async def test_change_is_made_by_post_and_is_in_the_access_log_without_the_number(store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        refused = await client.get("/graphql", params={"query": ADD}, headers={"graphql-require-preflight": "1"})
        assert (refused.status_code, codes(refused)) == (405, ["METHOD_NOT_ALLOWED"])
        for changed in (1, 0):
            made = await client.post("/graphql", json={"query": ADD})
            assert made.json() == {"data": {"addExcludedNumbers": {"changed": changed}}}
        listed = await client.post("/graphql", json={"query": LIST})
        assert listed.json()["data"]["excludedNumbers"]["nodes"] == [{"phoneNumber": "+9779810000078"}]
    links = [link for link in await written(store_url) if link.access.operation == "Leave"]
    assert [(link.access.document, link.access.status) for link in links] == [
        (hashlib.sha256(ADD.encode()).hexdigest(), 200)
    ] * 2
    assert "9810000078" not in str(links)


async def test_change_needs_admin(store_url: str) -> None:
    async with running(store_url, anonymous=False) as app, asking(app) as client:
        secret = await token_of(app, EVERY_RIGHT - {Right.ADMIN})
        answer = await client.post("/graphql", json={"query": ADD}, headers={"authorization": f"Bearer {secret}"})
        assert answer.json()["data"] == {"addExcludedNumbers": None}
        assert codes(answer) == ["FORBIDDEN"]
        listed = await client.post("/graphql", json={"query": LIST})
        assert listed.json()["data"]["excludedNumbers"]["nodes"] == []
