"""Selective questions are answered from indexes: no engine reads every call for them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from app.domain.contacts import ContactRecord
from app.domain.filters import CallFilter, CallOrder, NumberMatch, TypedNumber
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.pages import Window
from app.domain.times import to_ms
from app.store import pages, totals
from app.store.pace import LOOKED_AT, OF_INDEX, READ_BESIDE, READ_OF_INDEX, SEARCHED, SEARCHED_FOR_SEVERAL
from app.sync.compacting import compact
from tests.builders import a_call, a_number, an_agent, save
from tests.conftest import NOW, Filling, House

MANY = 4_000
UNIT = OrgUnitRecord(kind=OrgUnitKind.DIVISION, provider_unit_id="d1", name="Midwest")


def call(place: int) -> Any:
    """One of many calls, of a few agents and many contacts; the first says something that the others do not."""
    number = f"+1316832{place:04}" if place else "+14085550133"
    said: dict[str, Any] = {"notes": "A routine call", "agent": an_agent(f"Agent {place % 120} Common")}
    if place == 0:
        said = {"notes": "Zebra crossing", "agent": an_agent("Quirin Rare"), "org_units": (UNIT,)}
    contact = ContactRecord(name="Xaver Seldom" if place == 0 else f"Contact {place}", numbers=(a_number(number),))
    rung = {"dialed_number": f"+1202331{place:04}", "destination_number": f"+1202441{place:04}"}
    return a_call(f"c{place}", phone_number=number, contact=contact, **rung, **said)


# How many calls are looked at before any are gathered: PostgreSQL takes so many of them, SQLite goes up to that one.
_LOOK = f"({LOOKED_AT}|{SEARCHED}|{SEARCHED_FOR_SEVERAL}|{OF_INDEX}|{2 * READ_BESIDE}|{2 * READ_OF_INDEX})"


async def filled(house: House) -> None:
    for start in range(0, MANY, 500):
        await save(house, *[call(place) for place in range(start, start + 500)])
    async with house.database.write() as connection:
        await connection.execute(text("ANALYZE"))


@pytest.fixture
def fill() -> Filling:
    """Every test's store holds these calls."""
    return filled


async def plan_of(house: House, given: CallFilter) -> str:
    """How the engine reads a page and a count of these calls, but for the first look at a few thousand of them."""
    sent: list[tuple[str, Any]] = []
    target = house.database.engine.sync_engine
    event.listen(
        target, "before_cursor_execute", lambda _, __, statement, values, *___: sent.append((statement, values))
    )
    async with house.database.read() as connection:
        window = Window(limit=50)
        page = await pages.page(connection, house.scope, "calls", ("started_at",), given, CallOrder(), window)
        assert len(page.rows) == 1
        assert await pages.count(connection, house.scope, "calls", given) == 1
        asked, plan = sent[:], []
        explain = "EXPLAIN QUERY PLAN " if house.database.is_sqlite else "EXPLAIN "
        for statement, values in asked:
            if statement.startswith("SELECT") and not re.search(
                rf"OFFSET {_LOOK}\b|LIMIT {_LOOK}\) AS \w+ \nWHERE", statement
            ):
                plan += [str(row[-1]) for row in await connection.exec_driver_sql(explain + statement, values)]
    return "\n".join(plan)


def reads_all_calls(plan: str) -> bool:
    """Whether some part of a plan goes through every call of the workspace, by the table or by an index."""
    lines = [line for line in plan.splitlines() if " calls" in line]
    return any(re.search(r"SCAN |Seq Scan |\(workspace_id=\?\)|_id>\?\)|_number>\?\)", line) for line in lines)


async def test_search_and_parts_of_numbers_read_no_more_calls_than_they_find(house: House) -> None:
    for search in ("zebra", "crossing zeb", "quirin", "seldom", "midwest", "5550133", "4085550133", "zebra 5550133"):
        plan = await plan_of(house, CallFilter(search=search))
        assert not reads_all_calls(plan), f"{search}:\n{plan}"
    number = NumberMatch(contains=TypedNumber("555-0133"))
    assert not reads_all_calls(plan := await plan_of(house, CallFilter(phone_number=number))), plan


@pytest.mark.parametrize("plan", ["SCAN calls", "  ->  Parallel Seq Scan on calls calls_1", "SEARCH calls USING INDEX ix_calls_workspace_id_started_at_id (workspace_id=?)"])  # fmt: skip
def test_plan_that_reads_all_calls_is_known_by_its_words(plan: str) -> None:
    assert reads_all_calls(plan)


async def test_totals_read_no_calls_but_those_of_marked_quarter_hours(house: House) -> None:
    await compact(house.database, house.scope)
    start, end = to_ms(NOW - timedelta(days=40)), to_ms(NOW + timedelta(days=2))
    for rows in (
        totals.quarter_rows(house.scope, start, end),
        totals.hour_rows(house.scope, house.zone, start, end),
        totals.day_rows(house.scope, house.zone, start, end),
        totals.agent_day_rows(house.scope, house.zone, start, end),
        totals.agent_week_rows(house.scope, house.zone, start, end),
    ):
        prepare = {"render_postcompile": True}
        asked: Any = select(func.sum(rows.c.calls)).compile(dialect=house.database.dialect, compile_kwargs=prepare)
        values = tuple(asked.params[name] for name in asked.positiontup)
        explain = "EXPLAIN QUERY PLAN " if house.database.is_sqlite else "EXPLAIN "
        async with house.database.read() as connection:
            assert (await connection.exec_driver_sql(str(asked), values)).scalar_one() == MANY
            found = await connection.exec_driver_sql(explain + str(asked), values)
            plan = "\n".join(str(row[-1]) for row in found)
        assert " calls" in plan
        assert not reads_all_calls(plan), plan
