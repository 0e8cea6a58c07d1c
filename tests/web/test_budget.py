"""What a token may ask for: so much at once, so much a minute; and what it is told of that."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.access.budget import Budget
from app.domain.scope import EVERY_RIGHT
from app.settings import Settings
from app.web.admission import gate_of
from tests.web.serving import asking, client_of, running, token_of
from tests.web.test_metrics import figures

PLAIN, NEWER = "application/json", "application/graphql-response+json"
QUERY = "{ calls(first: 60) { nodes { id } } }"


@pytest.fixture
def engine_name() -> str:
    """A budget is in memory: the store has no part in it."""
    return "sqlite"


@pytest.fixture
async def app(store_url: str) -> AsyncIterator[Any]:
    """A server whose tokens may ask for 100 objects a minute."""
    async with running(store_url, anonymous=False, budget_per_minute=100) as found:
        yield found


async def ask(client: httpx.AsyncClient, query: str = QUERY, accept: str = PLAIN, **more: Any) -> httpx.Response:
    return await client.post("/graphql", json={"query": query, **more}, headers={"accept": accept})


@pytest.mark.parametrize("accept", [PLAIN, NEWER])
async def test_what_is_over_the_budget_is_429_with_a_time_to_come_again(app: Any, accept: str) -> None:
    async with asking(app) as client:
        assert (await ask(client, accept=accept)).status_code == 200
        refused = await ask(client, accept=accept)
        less = await ask(client, "{ calls(first: 30) { nodes { id } } }", accept=accept)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == f"{accept}; charset=utf-8"
    (error,) = refused.json()["errors"]
    assert "data" not in refused.json()
    facts = error["extensions"]
    assert facts.pop("retryAfterSeconds") == int(refused.headers["retry-after"]) == 12  # of 60 at 100 a minute
    assert facts == {"code": "BUDGET_SPENT", "requested": 60, "budgetPerMinute": 100, "budgetRemaining": 40}
    assert error["message"].startswith("The query may be answered with 60 objects; of the 100 that you may ask for")
    assert less.status_code == 200


async def test_each_token_has_a_budget_of_its_own(app: Any) -> None:
    async with asking(app) as one, asking(app) as other:
        answers = [await ask(client) for client in (one, one, other)]
    assert [answer.status_code for answer in answers] == [200, 429, 200]


async def test_what_is_not_executed_is_not_spent(app: Any) -> None:
    async with asking(app) as client:
        for query in (
            "{ calls(first: 60) { nodes { nosuch } } }",
            "{",
            "{ calls(first: 1000) { nodes { legs { id } } } }",
        ):
            assert "errors" in (await ask(client, query)).json()
        assert (await ask(client)).status_code == 200


async def test_strangers_have_no_budget_to_spend_for_each_other(store_url: str) -> None:
    async with running(store_url, anonymous=True, budget_per_minute=100) as app, client_of(app) as client:
        answers = [await client.post({"query": QUERY, "extensions": {"cost": True}}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[-1].json()["extensions"]["cost"]["budgetPerMinute"] is None


async def test_refusals_are_counted(app: Any) -> None:
    async with asking(app) as client:
        for _ in range(4):
            await ask(client)
    found = figures(app.state.metrics.text().decode())
    assert found["switchboard_rejected_total", "BUDGET_SPENT"] == 3
    assert found["switchboard_requests_total", "BUDGET_SPENT", "query", "429"] == 3


async def test_the_answer_says_what_it_cost_and_what_is_left_if_asked(app: Any) -> None:
    async with asking(app) as client:
        answer = await ask(client, extensions={"cost": True})
        spent = await ask(client, extensions={"cost": True})
        silent = [await ask(client, "{ __typename }", extensions=given) for given in (None, {}, {"cost": 1})]
    expected = {"requested": 60, "limit": 10_000, "budgetPerMinute": 100, "budgetRemaining": 40}
    assert answer.json()["extensions"] == {"cost": expected}
    assert spent.status_code == 429
    assert spent.json()["extensions"] == {"cost": expected}
    assert [one.json() for one in silent] == [{"data": {"__typename": "Query"}}] * 3


async def test_what_it_cost_is_told_over_get_too(app: Any) -> None:
    async with asking(app) as client:
        answer = await client.get("/graphql", params={"query": QUERY, "extensions": '{"cost": true}'})
    assert answer.json()["extensions"]["cost"]["requested"] == 60


async def test_one_request_may_cost_what_the_settings_say(store_url: str) -> None:
    async with running(store_url, query_cost=59) as app, client_of(app) as client:
        answer = await client.post({"query": QUERY, "extensions": {"cost": True}})
        less = await client.post({"query": QUERY.replace("60", "59"), "extensions": {"cost": True}})
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "QUERY_TOO_COSTLY", "requested": 60, "limit": 59}
    assert error["message"] == (
        "The query may be answered with 60 objects; 59 are allowed. "
        "Ask for smaller pages with first, or for less below them."
    )
    assert "extensions" not in answer.json()
    assert less.json()["extensions"]["cost"] | {"requested": 0} == {
        "requested": 0,
        "limit": 59,
        "budgetPerMinute": None,
        "budgetRemaining": None,
    }


async def test_zero_is_no_budget(store_url: str) -> None:
    async with running(store_url, anonymous=False, budget_per_minute=0) as app, client_of(app) as client:
        token = f"Bearer {await token_of(app, EVERY_RIGHT)}"
        for _ in range(30):
            big = "{ calls(first: 1000) { nodes { agent { id } contact { id } } } }"
            assert (await client.post({"query": big}, authorization=token)).status_code == 200


def test_without_settings_a_token_may_ask_for_twenty_of_the_largest_queries_a_minute(tmp_path: Path) -> None:
    gate = gate_of(Settings(), database=None)  # type: ignore[arg-type]
    assert gate.limits.cost == 10_000
    assert gate.budget == Budget(200_000, 200_000)
