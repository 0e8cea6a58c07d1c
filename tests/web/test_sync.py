"""A server pulls its sources by itself where the settings say so, and not otherwise."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.sources import Provider
from app.store.database import Database
from app.web import app as application
from tests.conftest import House
from tests.standins import callyzer
from tests.standins.running import HASTY, UNPACED, source_of, standing_in
from tests.web.serving import asking, running

QUERY = "{ sources { percentFilled lagSeconds callCount { total } streams { name percentFilled } } }"


@pytest.mark.parametrize("pulls", [True, False])
async def test_server_pulls_where_the_settings_say_so(
    store_url: str, pulls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", callyzer.CREDENTIALS["token"])
    made = application.manner_of
    monkeypatch.setattr(
        application, "manner_of", lambda settings: replace(made(settings), patience=HASTY, pace=UNPACED)
    )
    async with standing_in(Provider.CALLYZER) as standin:
        standin.book.fill(20, over=timedelta(days=1))
        database = Database(store_url)
        await source_of(House(database), standin)
        await database.close()
        async with running(store_url, sync=pulls) as app, asking(app) as client:
            for _ in range(100):
                (source,) = (await client.post("/graphql", json={"query": QUERY})).json()["data"]["sources"]
                if not pulls or (source["callCount"]["total"] == 20 and source["percentFilled"] == 100):
                    break
                await asyncio.sleep(0.05)
    if pulls:
        assert source["callCount"]["total"] == 20
        assert 0 <= source["lagSeconds"] < 60
        assert {stream["name"] for stream in source["streams"]} == {"history", "employees", "leads"}
    else:
        assert standin.mischief.requests == 0
        assert source == {"percentFilled": None, "lagSeconds": None, "callCount": {"total": 0}, "streams": []}
