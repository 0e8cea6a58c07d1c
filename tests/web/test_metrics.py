"""The figures for Prometheus: they count what happened, stay few whatever clients send, and are shown to few."""

import re
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.store.database import Database
from app.store.statements import Statement
from app.web.metrics import Metrics
from tests.web.serving import client_of, running


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and its labels' values."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_requests_are_counted_by_kind_status_and_code(store_url: str) -> None:
    async with running(store_url) as app, client_of(app) as client:
        for query in ("{ calls { nodes { id } } }", "{ calls { nodes { id } } }", "{ nosuch }", "{"):
            await client.post({"query": query})
        found = figures((await client.http.get("/metrics")).text)
    assert found["switchboard_requests_total", "OK", "query", "200"] == 2
    assert found["switchboard_requests_total", "GRAPHQL_VALIDATION_FAILED", "query", "200"] == 1
    assert found["switchboard_requests_total", "GRAPHQL_PARSE_FAILED", "unknown", "200"] == 1
    assert found["switchboard_request_seconds_count", "query"] == 3
    assert found["switchboard_sql_statement_seconds_count", "ok"] >= 2
    assert found["switchboard_sql_connections_limit",] == 5
    assert found["switchboard_sql_connections_in_use",] == 0


async def test_rows_and_failed_statements_are_counted(store_url: str) -> None:
    async with running(store_url) as app, client_of(app) as client, app.state.database.read() as connection:
        before = figures((await client.http.get("/metrics")).text)
        await connection.exec_driver_sql("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3")
        with pytest.raises(Exception, match="nosuch"):
            await connection.exec_driver_sql("SELECT nosuch FROM calls")
        after = figures((await client.http.get("/metrics")).text)
    assert after["switchboard_sql_rows_total",] - before["switchboard_sql_rows_total",] == 3
    assert after["switchboard_sql_statement_seconds_count", "failed"] == 1


async def test_busy_connections_are_counted(store_url: str) -> None:
    async with running(store_url) as app, client_of(app) as client:
        database = app.state.database
        async with database.read(), database.read():
            found = figures((await client.http.get("/metrics")).text)
    assert found["switchboard_sql_connections_in_use",] == 2


async def test_figures_can_be_had_while_the_store_is_gone() -> None:
    database = Database("postgresql://me@127.0.0.1:1/calls")
    assert b"switchboard_sql_connections_in_use 0" in Metrics(database).text()
    await database.close()


async def test_what_a_client_names_is_no_label(store_url: str) -> None:
    async with running(store_url) as app, client_of(app) as client:
        for number in range(5):
            name = f"Evil{number}"
            await client.post({"query": f"query {name} {{ {name} }}", "operationName": name})
            await client.http.request("POST", f"/{name}", headers={"user-agent": name})
        text = (await client.http.get("/metrics")).text
    assert "Evil" not in text
    assert len(re.findall("^switchboard_requests_total", text, re.MULTILINE)) <= 3


def test_labels_stay_few_whatever_they_are_given() -> None:
    metrics = Metrics(Database("postgresql://me@127.0.0.1:1/calls"))
    for number in range(200):
        metrics.request(f"kind {number}", 200, (f"CODE_{number}",), f"limit {number}", f"reference: {number}", 0.1)
    found = figures(metrics.text().decode())
    assert len([key for key in found if key[0] == "switchboard_requests_total"]) <= 61
    assert len([key for key in found if key[0] == "switchboard_rejected_total"]) <= 61
    assert len([key for key in found if key[0] == "switchboard_request_seconds_count"]) == 1


def test_a_limit_is_counted_by_its_name() -> None:
    metrics = Metrics(Database("postgresql://me@127.0.0.1:1/calls"))
    metrics.request("query", 429, ("TOO_COSTLY",), "cost", "", 0.01)
    metrics.statement(Statement("SELECT 1", 0, 0.2, 7, failed=False))
    found = figures(metrics.text().decode())
    assert found["switchboard_rejected_total", "cost"] == 1
    assert found["switchboard_sql_rows_total",] == 7


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("settings", "headers", "status"),
    [
        ({"anonymous": True}, {}, 200),
        ({"anonymous": False}, {}, 404),
        ({"anonymous": False, "metrics_token": "scrape"}, {}, 401),
        ({"anonymous": True, "metrics_token": "scrape"}, {}, 401),
        ({"anonymous": False, "metrics_token": "scrape"}, {"authorization": "Bearer wrong"}, 401),
        ({"anonymous": False, "metrics_token": "scrape"}, {"authorization": "Bearer scrapé".encode()}, 401),
        ({"anonymous": False, "metrics_token": "scrape"}, {"authorization": "Basic scrape"}, 401),
        ({"anonymous": False, "metrics_token": "scrape"}, {"authorization": "Bearer scrape"}, 200),
    ],
)
async def test_figures_are_shown_to_who_has_their_token(
    store_url: str, settings: dict[str, Any], headers: dict[str, Any], status: int
) -> None:
    async with running(store_url, **settings) as app, client_of(app) as client:
        answer = await client.http.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("switchboard_requests" in answer.text) == (status == 200)
