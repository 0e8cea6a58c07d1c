"""Views for BI tools: real timestamps, names instead of ids, the same counts as the graph's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.calls import CallOutcome
from app.store import views
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, House


async def rows(house: House, query: str) -> list[dict[str, Any]]:
    async with house.database.read() as connection:
        return [dict(row) for row in (await connection.execute(text(query))).mappings()]


async def test_calls_have_names_and_real_timestamps(house: House) -> None:
    await save(house, a_call("a", started_at=NOW, agent=an_agent("Ada"), labels={"queue": "Support"}))
    (call,) = await rows(house, "SELECT * FROM bi_calls")
    at = call["started_at"] if isinstance(call["started_at"], datetime) else datetime.fromisoformat(call["started_at"])
    assert at.replace(tzinfo=at.tzinfo or UTC) == NOW
    assert call["deleted_at"] is None
    assert (call["agent_name"], call["queue"], call["source"]) == ("Ada", "Support", "smartflo")
    assert call["phone_country"] == "US"


async def test_connected_calls_are_those_of_the_graph(house: House) -> None:
    said = [(3, "ANSWERED"), (2, "ANSWERED"), (None, "ANSWERED"), (9, "MISSED")]
    calls = [a_call(talk_seconds=talk, duration_seconds=9, outcome=CallOutcome[outcome]) for talk, outcome in said]
    await save(house, *calls)
    (counted,) = await rows(house, "SELECT sum(is_connected) AS connected FROM bi_calls")
    found = await house.ask("{ calls(filter: {connected: true}) { totalCount } }")
    assert counted["connected"] == found["calls"]["totalCount"] == 2


async def test_every_view_can_be_read_and_none_repeats_a_row(house: House) -> None:
    await save(house, a_call("a", agent=an_agent("Ada"), labels={"queue": ("Support", "7"), "campaign": "Spring"}))
    counts = {name: len(await rows(house, f"SELECT * FROM {name}")) for name in views.NAMES}  # our own names
    assert counts == {"bi_calls": 1, "bi_agents": 1, "bi_contacts": 1, "bi_call_labels": 2}


async def test_views_cannot_be_written_to(house: House) -> None:
    with pytest.raises(DBAPIError):
        async with house.database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM bi_calls"))
