"""Each kind of data is kept as long as its rule says, no shorter and no longer; without a rule for ever."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from app.domain.scope import Scope
from app.domain.sources import Provider
from app.store import retention, sources, tables
from app.store.retention import Kind, Removed, enforce
from tests.conftest import NOW, House
from tests.graphql import rows as made_up
from tests.store import people
from tests.store.people import rows

DAY = 24 * 60
# Minutes after MORNING, which is 12 days and 4 hours before NOW.
AGES = {"old": -20 * DAY, "month": -18 * DAY, "new": 0}


async def fill(house: House, **said: Any) -> None:
    callers = {"old": "+9779811000001", "month": "+9779811000002", "new": "+9779811000002"}
    told = [made_up.row(id, minute=AGES[id], caller=callers[id], legs=1, notes=id, **said) for id in AGES]
    await made_up.fill(house, told)


async def rule(house: House, kind: Kind, days: int | None) -> None:
    async with house.database.write() as connection:
        await retention.set_rule(connection, house.scope, kind, days)


async def kept(house: House) -> set[str]:
    return {row["provider_call_id"] for row in await rows(house, "calls")}


async def test_without_a_rule_nothing_is_removed(house: House) -> None:
    await fill(house)
    assert await enforce(house.database, house.scope, NOW + timedelta(days=10_000)) == Removed()
    assert await kept(house) == set(AGES)


async def test_calls_go_with_all_that_hangs_on_them(house: House) -> None:
    await fill(house, agent="Asha", organisation="North")
    await rule(house, Kind.CALLS, 31)
    assert await enforce(house.database, house.scope, NOW) == Removed(calls=1)
    assert await kept(house) == {"month", "new"}
    left = {row["id"] for row in await rows(house, "calls")}
    for table in ("call_legs", "call_payloads"):
        assert {row["call_id"] for row in await rows(house, table)} == left, table
    assert {row["word"] for row in await rows(house, "words") if row["owner_kind"] == "NOTE"} == {"month", "new"}


async def test_contacts_and_numbers_that_no_call_is_left_of_go_too(house: House) -> None:
    await fill(house, contact="Ravi")
    await rule(house, Kind.CALLS, 31)
    await enforce(house.database, house.scope, NOW)
    for table in ("contact_numbers", "number_suffixes"):
        assert {row["number"] for row in await rows(house, table)} == {"+9779811000002"}, table
    (contact,) = await rows(house, "contacts")
    assert {row["owner_id"] for row in await rows(house, "words") if row["owner_kind"] == "CONTACT"} == {contact["id"]}


async def test_a_lead_stays_without_any_call(house: House) -> None:
    await house.take(Provider.CALLYZER, people.callyzer()[:2])
    await rule(house, Kind.CALLS, 1)
    assert (await enforce(house.database, house.scope, NOW)).calls == 1
    assert [row["is_lead"] for row in await rows(house, "contacts")] == [True]


async def test_the_day_of_the_rule_is_kept_to_the_millisecond(house: House) -> None:
    await fill(house)
    start = made_up.MORNING + timedelta(minutes=AGES["month"])
    await rule(house, Kind.CALLS, 5)
    await enforce(house.database, house.scope, start + timedelta(days=5))
    assert await kept(house) == {"month", "new"}
    await enforce(house.database, house.scope, start + timedelta(days=5, milliseconds=1))
    assert await kept(house) == {"new"}


async def test_raw_records_go_and_calls_stay(house: House) -> None:
    await fill(house)
    await rule(house, Kind.PAYLOADS, 30)
    assert await enforce(house.database, house.scope, NOW) == Removed(payloads=2)
    assert len(await rows(house, "call_payloads")) == 1
    assert await kept(house) == set(AGES)


async def test_dead_letters_are_raw_records_of_their_day_of_receipt(house: House) -> None:
    await house.take(Provider.CALLYZER, people.BROKEN[:1], now=NOW - timedelta(days=40))
    await house.take(Provider.CALLYZER, people.BROKEN[1:], now=NOW)
    await rule(house, Kind.PAYLOADS, 30)
    assert await enforce(house.database, house.scope, NOW) == Removed(payloads=1)
    assert [row["payload"]["id"] for row in await rows(house, "rejected_records")] == ["y"]


async def test_recording_links_go_from_the_call_and_from_its_raw_record(house: House) -> None:
    await house.take(Provider.VOXCROW, people.voxcrow()[:1])
    await house.take(Provider.SMARTFLO, people.smartflo()[:1])
    await rule(house, Kind.RECORDINGS, 10)
    assert await enforce(house.database, house.scope, NOW) == Removed(recordings=2)
    assert await people.said(house.database, "pbx.example", "cloudphone.tatateleservices.com") == []
    calls = await rows(house, "calls")
    assert [row["has_recording"] for row in calls] == [False, False]
    assert all(row["details"] for row in calls)
    assert len(await rows(house, "call_payloads")) == 2


async def test_a_removed_link_does_not_come_back_with_the_same_record(house: House) -> None:
    await house.take(Provider.VOXCROW, people.voxcrow()[:1])
    await rule(house, Kind.RECORDINGS, 10)
    await enforce(house.database, house.scope, NOW)
    await house.take(Provider.VOXCROW, people.voxcrow()[:1], now=NOW + timedelta(days=1))
    assert await people.said(house.database, "pbx.example") == []


async def test_many_calls_go_in_small_transactions(house: House) -> None:
    told = [made_up.row(f"c{n}", minute=-n * 60, caller=f"+97798110{n % 40:05}") for n in range(700)]
    await made_up.fill(house, told)
    await rule(house, Kind.CALLS, 13)
    expected = {f"c{n}" for n in range(700) if made_up.MORNING - timedelta(hours=n) >= NOW - timedelta(days=13)}
    removed = await enforce(house.database, house.scope, NOW)
    assert await kept(house) == expected
    assert removed == Removed(calls=700 - len(expected))
    assert removed.calls > 2 * retention.BATCH


async def test_running_again_removes_nothing_more(house: House) -> None:
    await fill(house)
    for kind in Kind:
        await rule(house, kind, 20)
    await enforce(house.database, house.scope, NOW)
    assert await enforce(house.database, house.scope, NOW) == Removed()


async def test_a_rule_is_changed_and_cleared(house: House) -> None:
    await rule(house, Kind.CALLS, 730)
    await rule(house, Kind.CALLS, 365)
    await rule(house, Kind.PAYLOADS, 30)
    await rule(house, Kind.PAYLOADS, None)
    async with house.database.read() as connection:
        assert await retention.rules(connection, house.scope) == {Kind.CALLS: 365}


async def test_another_workspace_keeps_its_own(house: House) -> None:
    other = House(house.database, Scope("other", regions=house.scope.regions))
    async with house.database.write() as connection:
        await sources.ensure_workspace(connection, other.scope, "UTC", NOW)
    await fill(house)
    await fill(other)
    await rule(house, Kind.CALLS, 1)
    await enforce(house.database, house.scope, NOW)
    assert (await kept(house), await kept(other)) == (set(), set(AGES))


async def test_a_number_that_another_row_still_has_stays_findable(house: House) -> None:
    await fill(house)
    async with house.database.write() as connection:
        agent = {
            "workspace_id": house.scope.workspace_id,
            "id": "a",
            "source_id": (await rows(house, "sources"))[0]["id"],
        }
        agent |= {"identity": "a", "number": "+9779811000001", "tags": [], "told_at": 0, "details": {}}
        await connection.execute(insert(tables.agents).values(agent))
    await rule(house, Kind.CALLS, 1)
    await enforce(house.database, house.scope, NOW)
    assert {row["number"] for row in await rows(house, "number_suffixes")} == {"+9779811000001"}
