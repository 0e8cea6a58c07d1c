"""The server removes what is older than the rules allow by itself: gently, one process at a time, whatever the store does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app.domain.errors import StoreError
from app.store import retention, tables
from app.store.database import Database
from app.store.retention import Kind
from app.web.retention import Retention
from tests.conftest import SCOPE, House
from tests.graphql import rows as made_up
from tests.web.serving import running
from tests.web.test_access_log import written
from tests.web.test_metrics import figures

OFTEN = 0.5 / 3600  # every half second, in hours


@asynccontextmanager
async def kept_for_a_day(url: str, old: int) -> AsyncIterator[Database]:
    """A store with so many old calls, one of today, and a rule that keeps a day."""
    database = Database(url)
    minutes = (datetime.now(UTC) - made_up.MORNING) // timedelta(minutes=1)
    told = [made_up.row(f"old{n}", minute=n, caller=f"+97798110{n % 40:05}") for n in range(old)]
    await made_up.fill(House(database), [*told, made_up.row("new", minute=minutes - 10)])
    async with database.write() as connection:
        await retention.set_rule(connection, SCOPE, Kind.CALLS, 1)
    try:
        yield database
    finally:
        await database.close()


async def calls_in(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(tables.calls))).scalar_one())


async def until(true: Callable[[], Any], seconds: float = 10) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not await true():
        assert asyncio.get_running_loop().time() < end, "it did not come to that"
        await asyncio.sleep(0.05)


def removed(app: Any) -> float:
    found = figures(app.state.metrics.text().decode())
    return found.get(("switchboard_retention_removed_total", "calls"), 0)


async def test_a_server_removes_what_is_too_old_and_says_so(store_url: str) -> None:
    async with kept_for_a_day(store_url, 5) as database, running(store_url, retention_hours=OFTEN) as app:
        with capture_logs() as said:
            await until(lambda: _is(calls_in(database), 1))
            await until(lambda: _done(app))
        assert removed(app) == 5
    assert {"event": "retention", "calls": 5, "recordings": 0, "payloads": 0, "log_level": "info"} in said
    (link,) = await written(store_url)
    assert (link.access.viewer_key, link.access.operation, link.access.rows) == ("server", "retention", 5)


async def test_what_becomes_too_old_goes_in_a_later_round(store_url: str) -> None:
    async with kept_for_a_day(store_url, 1) as database, running(store_url, retention_hours=OFTEN):
        await until(lambda: _is(calls_in(database), 1))
        await made_up.fill(House(database), [made_up.row("late", minute=3)])
        await until(lambda: _is(calls_in(database), 1))


async def test_of_several_servers_one_does_it(store_url: str) -> None:
    async with (
        kept_for_a_day(store_url, 700) as database,
        running(store_url, retention_hours=0.01) as one,  # a round every 36 seconds, so that there is only one
        running(store_url, retention_hours=0.01) as other,
    ):
        await until(lambda: _is(calls_in(database), 1), seconds=20)
        await until(lambda: _any_done(one, other))
        assert sorted([removed(one), removed(other)]) == [0, 700]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_zero_hours_is_never(store_url: str) -> None:
    async with kept_for_a_day(store_url, 1) as database, running(store_url, retention_hours=0):
        await asyncio.sleep(0.3)
        assert not [task for task in asyncio.all_tasks() if "Retention" in repr(task)]
        assert await calls_in(database) == 2


async def test_an_outage_is_survived(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with kept_for_a_day(store_url, 5) as database, running(store_url, retention_hours=OFTEN) as app:
        with monkeypatch.context() as patched:
            patched.setattr(app.state.database, "write", _away)
            await until(lambda: _failed(app, 3))
            assert await calls_in(database) == 6
        await until(lambda: _is(calls_in(database), 1))


async def test_an_outage_in_the_middle_of_a_round_is_survived(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    remove, times = retention._REMOVING[Kind.CALLS], 0

    async def second_time_never(*given: Any) -> None:
        nonlocal times
        times += 1
        if times == 2:
            raise StoreError("The connection to the store broke.")
        await remove(*given)

    monkeypatch.setitem(retention._REMOVING, Kind.CALLS, second_time_never)
    async with kept_for_a_day(store_url, 500) as database, running(store_url, retention_hours=OFTEN) as app:
        await until(lambda: _is(calls_in(database), 1))
        await until(lambda: _done(app))
        assert removed(app) == 500
        assert await _failed(app, 1)
    assert [link.access.rows for link in await written(store_url)] == [300, 200]


async def test_a_server_that_stops_leaves_the_rest_to_others(store_url: str) -> None:
    async with kept_for_a_day(store_url, 1_500) as database:
        async with running(store_url, retention_hours=OFTEN) as app:
            await until(lambda: _is_true(removed(app) > 0))
        left = await calls_in(database)
        assert 1 < left <= 1_201
        async with running(store_url, retention_hours=OFTEN):
            await until(lambda: _is(calls_in(database), 1))
    assert sum(link.access.rows for link in await written(store_url)) == 1_500


async def test_a_turn_that_another_took_over_ends_the_round(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.retention._HOLD", timedelta(0))  # so that it is asked after each transaction
    monkeypatch.setattr("app.store.retention_runs.keep", _lost)
    async with kept_for_a_day(store_url, 700) as database, running(store_url) as app:
        metrics = app.state.metrics
        job = Retention(app.state.database, SCOPE, timedelta(days=1), metrics, None)
        assert await job._claimed()
        await job._round()
        assert await calls_in(database) == 401
        assert not await _done(app)


async def _lost(*_: Any) -> bool:
    return False


def _away() -> Any:
    raise StoreError("The store takes no changes.")


async def _is(found: Any, expected: int) -> bool:
    return bool(await found == expected)


async def _is_true(found: bool) -> bool:
    return found


async def _failed(app: Any, times: int) -> bool:
    return figures(app.state.metrics.text().decode())["switchboard_retention_failures_total",] >= times


async def _done(app: Any) -> bool:
    return figures(app.state.metrics.text().decode())["switchboard_retention_done_timestamp_seconds",] > 0


async def _any_done(*apps: Any) -> bool:
    return any([await _done(app) for app in apps])
