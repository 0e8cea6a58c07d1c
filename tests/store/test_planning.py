"""What SQLite is told of its indexes: rare calls are looked for by what they are, others by what tells more."""

import pytest

from app.domain.calls import CallDirection, CallOutcome
from app.domain.filters import CallFilter, CallOrder
from app.domain.pages import Window
from app.domain.sources import Provider
from app.store import pages
from app.store.database import Database
from tests.builders import a_call, save
from tests.conftest import House


async def asked_for(house: House, given: CallFilter) -> str:
    """The statement of a page of calls."""
    async with house.statements() as statements, house.database.read() as connection:
        await pages.pages_of(connection, house.scope, "calls", [given], {"provider_call_id"}, CallOrder(), Window(5))
    return next(one for one in statements if "calls" in one)


async def looked_into(house: House, given: CallFilter) -> str:
    """The index that a page of calls is read by."""
    asked = await asked_for(house, given)
    async with house.database.read() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("",) * asked.count("?"))
        return "\n".join(str(row[-1]) for row in plan)


@pytest.fixture
async def many(house: House) -> House:
    """Some hundred calls, most of which have no number."""
    if not house.database.is_sqlite:
        pytest.skip("PostgreSQL looks at samples of whole tables.")
    told = [a_call(f"c{n}", phone_number=None, direction=CallDirection.INBOUND) for n in range(300)]
    await save(house, *told)
    await house.database.optimize()
    return house


async def test_rare_calls_are_looked_for_by_what_they_are(many: House) -> None:
    found = await looked_into(many, CallFilter(direction=(CallDirection.INTERNAL,)))
    assert "ix_calls_workspace_id_direction_started_at_id" in found
    found = await looked_into(many, CallFilter(outcome=(CallOutcome.VOICEMAIL,)))
    assert "ix_calls_workspace_id_outcome_started_at_id" in found
    assert "ix_calls_having_notes" in await looked_into(many, CallFilter(has_notes=True))


async def test_calls_with_a_number_are_looked_for_by_the_number(many: House) -> None:
    missed = CallFilter(outcome=(CallOutcome.MISSED,), phone_numbers=("+9779810000078",))
    assert "phone_number_started_at" in await looked_into(many, missed)
    agents = CallFilter(outcome=(CallOutcome.MISSED,), agent_ids=("a",))
    assert "agent_id_started_at" in await looked_into(many, agents)


async def test_no_values_select_nothing_and_nothing_is_read_for_them(many: House) -> None:
    assert "0 = 1" in await asked_for(many, CallFilter(direction=()))
    assert "0 = 1" in await asked_for(many, CallFilter(agent_codes=()))
    assert "0 = 1" not in await asked_for(many, CallFilter(and_=()))


async def test_it_is_told_anew_whenever_it_has_looked(many: House) -> None:
    for _ in range(2):
        await many.database.optimize()
    (told,) = await _told(many.database)
    assert told.startswith("1000000 1000000 250000 ")


async def test_one_source_is_found_by_its_index_even_if_somebody_had_all_rows_counted(many: House) -> None:
    await save(many, *[a_call(f"other {n}") for n in range(300)], source="other")
    source = await many.source(Provider.VOXCROW, "other")
    one_of_two = CallFilter(source_ids=(source.id,))
    async with many.database.write() as connection:
        await connection.exec_driver_sql("PRAGMA analysis_limit=0")
        await connection.exec_driver_sql("ANALYZE")
    await many.database.engine.dispose()  # a connection knows what was known when it began
    assert "source_id_started_at" not in await looked_into(many, one_of_two)
    sent: list[str] = []
    many.database.watch(lambda statement: sent.append(statement.text))
    await many.database.optimize()
    assert "ANALYZE calls" in sent  # else SQLite looks only at what it thinks has changed
    await many.database.engine.dispose()
    assert "source_id_started_at" in await looked_into(many, one_of_two)


async def _told(database: Database) -> set[str]:
    query = "SELECT stat FROM sqlite_stat1 WHERE idx LIKE '%direction\\_started%' ESCAPE '\\'"
    async with database.read() as connection:
        found = (await connection.exec_driver_sql(query)).scalars()
        return set(found) - {None}


async def test_calls_with_notes_are_looked_for_among_those_that_have_some(many: House) -> None:
    """Once there are some, SQLite knows how many; the index of all calls has far more."""
    await save(many, *[a_call(f"n{n}", notes="A note") for n in range(20)])
    await many.database.optimize()
    assert "ix_calls_having_notes" in await looked_into(many, CallFilter(has_notes=True))
    async with many.database.read() as connection:
        query = "SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_calls_having_notes'"
        told = (await connection.exec_driver_sql(query)).scalar()
    assert told is None or int(told.split()[0]) < 1000
