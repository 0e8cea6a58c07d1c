"""What a store holds, row by row or told without the ids that chance gives, so that two stores can be compared."""

from typing import Any

from sqlalchemy import select

from app.store.search import words_of
from app.store.tables import metadata
from tests.conftest import House

Rows = dict[str, list[dict[str, Any]]]
# What says when a row was written and in which order, rather than what it says.
_WHEN = {
    "id",
    "workspace_id",
    "version",
    "content_hash",
    "synced_at",
    "created_at",
    "received_at",
    "told_at",
    "is_renamed",
}
_CALL_LISTS = ("call_labels", "call_payloads")


async def rows(house: House) -> Rows:
    """Every row of the house's workspace, sorted; but not when a source was last heard of."""
    found: Rows = {}
    async with house.database.read() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "last_success_at"]
            owner = table.c.id if table.name == "workspaces" else table.c.workspace_id
            held = select(*columns).where(owner == house.scope.workspace_id)
            result = (await connection.execute(held)).mappings()
            found[table.name] = sorted((dict(row) for row in result), key=repr)
    return found


async def content(house: House) -> dict[str, Any]:
    """What the store says, without ids and moments of writing; rows that refer to others name them by what they say."""
    return told(await rows(house))


def told(found: Rows) -> dict[str, Any]:
    """The content of rows."""
    by_id: dict[str | None, Any] = {None: None}
    for source in found["sources"]:
        by_id[source["id"]] = source["name"]
    numbers = _grouped(found["contact_numbers"], "contact_id")
    for contact in found["contacts"]:
        by_id[contact["id"]] = tuple(sorted(row["number"] for row in numbers.get(contact["id"], [])))
    for agent in found["agents"]:
        by_id[agent["id"]] = (agent["provider_agent_id"], agent["number"], agent["name_key"])
    for unit in found["org_units"]:
        by_id[unit["id"]] = (unit["kind"], unit["provider_unit_id"])
    legs, parts = (
        _grouped(found["call_legs"], "call_id"),
        {name: _grouped(found[name], "call_id") for name in _CALL_LISTS},
    )
    calls, words = {}, _grouped(found["words"], "owner_id")
    for row in found["calls"]:
        call = _plain(row, by_id)
        call["legs"] = [
            _plain(leg, by_id, "call_id") for leg in sorted(legs.get(row["id"], []), key=lambda leg: leg["position"])
        ]
        for name, owned in parts.items():
            call[name] = sorted((_plain(one, by_id, "call_id") for one in owned.get(row["id"], [])), key=repr)
        call["words"] = sorted(_words(row, words))
        calls[f"{call['source_id']}/{row['provider_call_id']}"] = call
    said = {
        name: sorted((_plain(row, by_id, "identity") for row in found[name]), key=repr)
        for name in ("sources", "agents", "contacts", "contact_numbers", "org_units", "number_suffixes")
    }
    letters = sorted((_plain(row, by_id) for row in found["rejected_records"]), key=repr)
    return {"calls": calls, "rejected": letters, **said}


def _plain(row: dict[str, Any], by_id: dict[str | None, Any], *without: str) -> dict[str, Any]:
    return {
        name: by_id.get(value, value) if name.endswith("_id") and not name.startswith("provider_") else value
        for name, value in row.items()
        if name not in _WHEN and name not in without
    }


def _grouped(found: list[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        groups.setdefault(row[key], []).append(row)
    return groups


def _words(call: dict[str, Any], words: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str]]:
    """What a call is found by of what it told itself, whether that is kept for it or for its contact."""
    own = {(one["owner_kind"], one["word"]) for one in words.get(call["id"], [])}
    of_contact = {one["word"] for one in words.get(call["contact_id"], []) if one["owner_kind"] == "CONTACT"}
    return own | {("CALL", word) for word in words_of((call["contact_name_key"],)) & of_contact}
