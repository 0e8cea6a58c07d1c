"""Records that cannot be read: kept with payload and reason, once, while all the others are taken."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.scope import Reach
from app.domain.sources import Provider
from app.store import rejected
from app.store.tables import agents
from app.store.trouble import RefusedError
from app.sync.files import Unreadable
from tests.builders import a_call, an_agent, callyzer_call, voxcrow_row
from tests.conftest import NOW, House
from tests.sync.records import Records, ingest_all, take
from tests.sync.stored import rows

LATER = NOW + timedelta(days=1)


async def letters_of(house: House) -> list[tuple[Any, str]]:
    async with house.database.read() as connection:
        return [(one.payload, one.reason) for one in await rejected.all_listed(connection, house.scope, None)]


async def test_bad_record_in_the_middle_leaves_the_others_alone(house: House) -> None:
    bad = voxcrow_row(calldate="yesterday")
    body = [voxcrow_row(phone_number="9811000001"), bad, voxcrow_row(phone_number="9811000002")]
    counts = await house.take(Provider.VOXCROW, body)
    assert (counts.read, counts.new, counts.rejected) == (3, 2, 1)
    ((payload, reason),) = await letters_of(house)
    assert (payload, reason) == (bad, "'yesterday' is not a date and time")


async def test_record_that_is_rejected_again_is_kept_once_with_the_newer_reason(house: House) -> None:
    vendor = Records()
    payload = vendor.payload("first reason")
    await ingest_all(house, vendor, [payload, payload])
    counts = await ingest_all(house, vendor, [payload], now=LATER)
    assert counts.rejected == 1
    assert await letters_of(house) == [(payload, "first reason")]


@pytest.mark.parametrize("odd", [None, 5, 1.5, True, "text", "", [], ["a"]])
async def test_item_that_is_no_object_is_rejected_by_name(odd: Any, house: House) -> None:
    counts = await ingest_all(house, Records(), [odd])
    assert (counts.read, counts.rejected) == (1, 1)
    assert await letters_of(house) == [(odd, "it is not an object")]


async def test_letters_of_two_sources_are_kept_apart(house: House) -> None:
    for source in ("one", "two"):
        await take(house, "unreadable", source=source)
    assert len(await letters_of(house)) == 2
    async with house.database.read() as connection:
        assert len(await rejected.all_listed(connection, house.scope, "one")) == 1
    data = await house.ask("{ sources { name rejectedRecords } }")
    assert data["sources"] == [{"name": "one", "rejectedRecords": 1}, {"name": "two", "rejectedRecords": 1}]


async def test_piece_of_a_file_with_nul_characters_is_kept(house: House) -> None:
    counts = await ingest_all(house, Records(), [Unreadable("\0 \ud800 broken", "it is not JSON: \0")])
    assert counts.rejected == 1
    ((payload, reason),) = await letters_of(house)
    assert payload.endswith("broken")
    assert reason.startswith("it is not JSON")


async def test_payload_of_every_odd_kind_of_value_is_rejected_and_kept(house: House) -> None:
    deep: Any = "bottom"
    for _ in range(200):
        deep = {"in": [deep]}
    odd = {"calldate": "\0", "nul\0key": "a\0b", "half": "\ud83d", "nan": float("nan"), "big": 10**30, "deep": deep}
    counts = await house.take(Provider.VOXCROW, [odd, voxcrow_row()])
    assert (counts.new, counts.rejected) == (1, 1)
    ((payload, reason),) = await letters_of(house)
    assert (payload["calldate"], payload["nul\ufffdkey"], payload["nan"]) == ("\ufffd", "a\ufffdb", "nan")
    assert "date" in reason


async def test_odd_values_beside_the_known_ones_are_kept_with_the_call(house: House) -> None:
    deep: Any = "bottom"
    for _ in range(200):
        deep = [deep]
    odd = voxcrow_row(x="a\0b", y="\ud800", z=float("inf"), big=10**30, deep=deep, agent_fullname="Ad\0a \ud800 x")
    assert (await house.take(Provider.VOXCROW, [odd])).new == 1
    again = await house.take(Provider.VOXCROW, [odd], now=LATER)
    assert (again.unchanged, again.rejected) == (1, 0)
    found = await rows(house)
    (kept,) = found["call_payloads"]
    assert (kept["payload"]["x"], kept["payload"]["z"]) == ("a\ufffdb", "inf")
    assert str(kept["payload"]["big"]) == str(10**30)
    assert [agent["name"] for agent in found["agents"]] == ["Ad\ufffda ? x"]


def noise(length: int) -> str:
    """Text that no engine can press together."""
    return "".join(Random(length).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


@pytest.mark.parametrize(
    "record",
    [
        lambda: a_call(noise(9_000)),
        lambda: a_call("long", agent=an_agent(noise(9_000))),
        lambda: a_call("long", labels={"queue": noise(9_000)}),
        lambda: a_call("long", phone_number="".join(str(ord(c) % 10) for c in noise(20_000))),
    ],
    ids=["id", "agent", "label", "number"],
)
async def test_record_beyond_what_a_store_can_keep_never_takes_others_with_it(record: Any, house: House) -> None:
    """Whether an engine can keep it or not, it is taken or rejected, and its neighbours are there."""
    counts = await take(house, a_call("before"), record(), a_call("after"))
    assert counts.read == 3
    assert counts.new + counts.rejected == 3
    assert counts.rejected <= 1
    ids = {call["provider_call_id"] for call in (await rows(house))["calls"]}
    assert {"before", "after"} <= ids
    assert len(await letters_of(house)) == counts.rejected


async def test_more_values_than_a_statement_may_have_are_refused_and_not_taken_for_a_broken_store(
    house: House,
) -> None:
    """What a single record with tens of thousands of agents or numbers comes to."""
    many = [str(number) for number in range(251_000)]
    with pytest.raises(RefusedError):
        async with house.database.write() as connection:
            await connection.execute(select(agents.c.id).where(agents.c.id.in_(many)))


async def test_merging_with_a_stored_record_that_cannot_be_read_any_more_rejects_just_that_one(house: House) -> None:
    """The zone of the source was mended meanwhile, and the stored record says its times in the old one's word."""
    await house.take(Provider.CALLYZER, [callyzer_call("a"), callyzer_call("b")], "phones")
    async with house.database.write() as connection:
        await connection.execute(text("UPDATE sources SET timezone = 'Asia/Kathmandu'"))
    bare = {key: value for key, value in callyzer_call("a", note="new").items() if not key.endswith("_at")}
    fresh = {key: value for key, value in callyzer_call("c").items() if not key.endswith("_at")}
    counts = await house.take(Provider.CALLYZER, [bare, fresh], "phones")
    assert (counts.new, counts.rejected) == (1, 1)
    ((payload, reason),) = await letters_of(house)
    assert payload["note"] == "new"
    assert "'IST'" in reason


async def test_who_sees_a_part_of_a_source_is_not_told_of_its_rejected_records(house: House) -> None:
    broken = callyzer_call("b", call_type="?")
    await house.take(Provider.CALLYZER, [callyzer_call("a", emp_tags=["field"]), broken])
    source = await house.source(Provider.CALLYZER)
    (agent,) = [row["id"] for row in (await rows(house))["agents"]]
    told = {
        Reach(): 1,
        Reach(source_ids=(source.id,)): 1,
        Reach(agent_ids=(agent,)): None,
        Reach(agent_tags=("field",)): None,
        Reach(source_ids=(source.id,), agent_tags=("field",)): None,
    }
    for reach, number in told.items():
        viewer = replace(house, scope=replace(house.scope, reach=reach))
        assert (await viewer.ask("{ sources { rejectedRecords } }"))["sources"] == [{"rejectedRecords": number}]
