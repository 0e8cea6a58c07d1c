"""What is kept of a call beside its columns: labels, words, parts of numbers, organisation units, the raw record."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.errors import StoreError
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.sources import Provider
from app.providers.registry import spec_of
from app.sync.clean import cleaned
from tests.builders import a_call, callcap_call, voxcrow_row
from tests.conftest import NOW, House
from tests.sync.bodies import recorded_bodies
from tests.sync.records import take
from tests.sync.stored import content, rows


@pytest.mark.parametrize(
    "provider",
    [provider for provider in Provider if provider is not Provider.ASTERISK],
    ids=lambda provider: provider.value.lower(),
)
async def test_raw_record_is_kept_whole(provider: Provider, house: House) -> None:
    spec = spec_of(provider)
    kept = 0
    for name, body in recorded_bodies(provider):
        await house.take(provider, body, name)
        items = [cleaned(item) for item in spec.items(body)]
        payloads = [row["payload"] for row in (await rows(house))["call_payloads"]]
        kept = len(payloads)
        letters = [row["payload"] for row in (await rows(house))["rejected_records"]]
        told = [payload for payload in payloads if payload in items]
        people = [item for item in items if item not in payloads and item not in letters]
        assert len(told) + len(people) + len([one for one in letters if one in items]) >= len(items), name
        assert all(not {"call_id", "call_type", "calldate"} & item.keys() for item in people if isinstance(item, dict))
    assert kept


async def test_rows_of_an_asterisk_call_are_kept_whole(house: House) -> None:
    body = dict(recorded_bodies(Provider.ASTERISK))["cdr.csv"]
    await house.take(Provider.ASTERISK, body)
    kept = {tuple(row) for one in (await rows(house))["call_payloads"] for row in one["payload"]["rows"]}
    assert kept == {tuple(cell.strip() for cell in row) for item in body for row in item["rows"]}


async def test_labels_are_found_by_name_and_by_id_in_any_case(house: House) -> None:
    await take(house, a_call("a", labels={"campaign": ("Spring  Sale", "C7"), "queue": "Support"}))
    (call,) = (await content(house))["calls"].values()
    assert [(label["kind"], label["key"]) for label in call["call_labels"]] == [
        ("CAMPAIGN", "c7"),
        ("CAMPAIGN", "spring sale"),
        ("QUEUE", "support"),
    ]
    assert (call["campaign_name"], call["queue_name"]) == ("Spring  Sale", "Support")


async def test_number_is_findable_by_every_ending_of_three_digits_or_more(house: House) -> None:
    await take(house, a_call("a", phone_number="+13165550133"))
    suffixes = {row["suffix"] for row in (await rows(house))["number_suffixes"]}
    assert suffixes == {"13165550133"[start:] for start in range(9)}


async def test_words_of_notes_are_folded_and_each_kept_once(house: House) -> None:
    await take(house, a_call("a", notes="Größe, größe! Leak-Repair नेपाल"))
    assert {row["word"] for row in (await rows(house))["words"] if row["owner_kind"] == "NOTE"} >= {
        "grösse", "leak", "repair",
    }  # fmt: skip


async def test_organisation_units_are_a_tree(house: House) -> None:
    call = callcap_call(
        "a",
        corporate={"id": "1", "name": "Corp"},
        division={"id": "2", "name": "Midwest"},
        location={"id": "3", "name": "Shop"},
        campaign={"id": "4", "name": "Web"},
    )
    await house.take(Provider.CALLCAP, {"status": "success", "call": [call]})
    found = await rows(house)
    names = {unit["id"]: unit["name"] for unit in found["org_units"]}
    assert {unit["name"]: names.get(unit["parent_id"]) for unit in found["org_units"]} == {
        "Corp": None, "Midwest": "Corp", "Shop": "Midwest", "Web": "Shop",
    }  # fmt: skip
    (row,) = found["calls"]
    levels = ("corporate_id", "division_id", "location_id", "campaign_id")
    assert [names[row[level]] for level in levels] == ["Corp", "Midwest", "Shop", "Web"]


def unit(kind: OrgUnitKind, id: str, name: str | None = None, **changes: Any) -> OrgUnitRecord:
    return OrgUnitRecord(kind=kind, provider_unit_id=id, name=name, **changes)


async def test_unit_of_the_same_id_on_another_level_is_another_unit(house: House) -> None:
    path = (unit(OrgUnitKind.DIVISION, "1", "Division"), unit(OrgUnitKind.LOCATION, "1", "Location"))
    await take(house, a_call("a", org_units=path))
    found = await rows(house)
    parents = {one["kind"]: one["parent_id"] for one in found["org_units"]}
    ids = {one["kind"]: one["id"] for one in found["org_units"]}
    assert parents == {"DIVISION": None, "LOCATION": ids["DIVISION"]}


async def test_unit_is_completed_and_never_made_poorer(house: House) -> None:
    full = unit(OrgUnitKind.LOCATION, "3", "Shop", external_id="X9", label="North")
    await take(house, a_call("a", org_units=(unit(OrgUnitKind.CORPORATE, "1", "Corp"), full)))
    await take(house, a_call("b", org_units=(unit(OrgUnitKind.LOCATION, "3"),)))
    await take(house, a_call("c", org_units=(unit(OrgUnitKind.LOCATION, "3", "Shop & Co"),)))
    found = (await rows(house))["org_units"]
    ids = {one["kind"]: one["id"] for one in found}
    (location,) = [one for one in found if one["kind"] == "LOCATION"]
    assert (location["name"], location["external_id"], location["label"]) == ("Shop & Co", "X9", "North")
    assert location["parent_id"] == ids["CORPORATE"]
    words = {row["word"] for row in (await rows(house))["words"] if row["owner_id"] == location["id"]}
    assert words == {"shop", "co", "x9", "north"}


async def test_units_of_two_sources_are_never_one(house: House) -> None:
    for source in ("one", "two"):
        await take(house, a_call("a", org_units=(unit(OrgUnitKind.CORPORATE, "1", "Corp"),)), source=source)
    assert len((await rows(house))["org_units"]) == 2


async def test_batch_is_kept_whole_or_not_at_all(house: House) -> None:
    """The raw records are among the last that are written; where they cannot be, nothing of the batch is there."""
    await house.source(Provider.VOXCROW)
    before = await rows(house)
    async with house.database.write() as connection:
        await connection.execute(text("ALTER TABLE call_payloads RENAME TO call_payloads_elsewhere"))
    with pytest.raises((DBAPIError, StoreError)):
        await house.take(Provider.VOXCROW, [voxcrow_row(), "not a record"], now=NOW + timedelta(hours=1))
    async with house.database.write() as connection:
        await connection.execute(text("ALTER TABLE call_payloads_elsewhere RENAME TO call_payloads"))
    assert await rows(house) == before
    assert (await house.take(Provider.VOXCROW, [voxcrow_row(), "not a record"])).new == 1
