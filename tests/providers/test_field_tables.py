"""Every field that the vendors' documents name is asked for through the graph, at the place its table says."""

import csv
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type, is_leaf_type

from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord
from app.domain.contacts import ContactRecord
from app.domain.sources import Locale, Provider
from app.domain.times import zone_named
from app.graphql.schema import sdl
from app.providers.asterisk.rows import COLUMNS
from app.providers.registry import PROVIDERS, spec_of
from app.store import recordings
from tests.conftest import House
from tests.providers.acefone import fields as acefone
from tests.providers.asterisk import fields as asterisk
from tests.providers.callcap import fields as callcap
from tests.providers.callyzer import fields as callyzer
from tests.providers.domain_paths import leaves
from tests.providers.field_table import Place, Shown
from tests.providers.generic import fields as generic
from tests.providers.smartflo import fields as smartflo
from tests.providers.voxcrow import fields as voxcrow

HERE = Path(__file__).parent
SCHEMA = build_schema(sdl())
# How the list of each root type is asked for, and what a record of it is told from its neighbours by.
LISTS = {
    "Call": ("calls", "providerCallId"),
    "Agent": ("agents", "name"),
    "Contact": ("contacts", "phoneNumber"),
}


@dataclass(frozen=True)
class Table:
    """A vendor's table: which recorded body has the values of a field, and what the table calls a field of a body."""

    provider: Provider
    fields: Mapping[str, Place]
    sample: Callable[[str], str]
    key: Callable[[str, str], str]

    def bodies(self) -> Iterator[tuple[str, Any]]:
        """Every recorded body, by the name of its file."""
        for path in sorted((HERE / self.provider.value.lower() / "payloads").glob("*.[jc]s*")):
            yield path.name, _body(path)

    def shown(self, sample: str) -> dict[str, Shown]:
        """The fields that a recorded body has values of in the graph."""
        return {key: p for key, p in self.fields.items() if isinstance(p, Shown) and self.sample(key) == sample}


def _body(path: Path) -> Any:
    if path.suffix == ".json":
        return json.loads(path.read_text("utf-8"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return [row for row in [header, *rows] if len(row) == len(asterisk.FIELDS) and row[0] != "accountcode"]


def _smartflo_key(name: str, path: str) -> str:
    path = path.replace("agents_call_details.05040000422", "agents_call_details.{id}")
    return path if name == "records.json" else f"results[].{path}"


def _voxcrow_key(name: str, path: str) -> str:
    return {"call_log.json": "CallLogAPI", "call_log_count.json": "CallLogCountAPI"}[name] + path


TABLES = {
    table.provider: table
    for table in (
        Table(Provider.VOXCROW, voxcrow.FIELDS, lambda _: voxcrow.SAMPLE, _voxcrow_key),
        Table(Provider.CALLCAP, callcap.FIELDS, lambda _: callcap.SAMPLE, lambda _, path: path),
        Table(Provider.SMARTFLO, smartflo.FIELDS, smartflo.sample, _smartflo_key),
        Table(
            Provider.ACEFONE,
            acefone.FIELDS,
            lambda _: acefone.SAMPLE,
            lambda name, path: path if name == "records.json" else f"results[].{path}",
        ),
        Table(
            Provider.CALLYZER,
            callyzer.FIELDS,
            lambda key: key.partition(": ")[0] + ".json",
            lambda name, path: f"{name.removesuffix('.json')}: {path}",
        ),
        Table(
            Provider.GENERIC,
            generic.FIELDS,
            lambda _: generic.SAMPLE,
            lambda _, path: path,
        ),
        Table(Provider.ASTERISK, asterisk.FIELDS, lambda _: asterisk.SAMPLE, lambda _, path: path),
    )
}
EVERY = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.provider.value.lower())
SAMPLES = [
    pytest.param(table, name, id=f"{table.provider.value.lower()}-{name}")
    for table in TABLES.values()
    for name, _ in table.bodies()
    if table.shown(name)
]


def types_on(path: str) -> list[Any]:
    """The types of the fields on a path. Fails where the schema has no such field."""
    kind, *names = path.split(".")
    found, types = SCHEMA.type_map[kind], []
    for name in (name.partition("[")[0] for name in names):
        assert isinstance(found, GraphQLObjectType), f"{path}: {found} has no fields"
        assert name in found.fields, f"{path}: {found} has no field {name}"
        types.append(found.fields[name].type)
        found = get_named_type(types[-1])
    return types


def query_of(path: str) -> str:
    """A query for the value at a path, of every record."""
    kind, *names = path.split(".")
    asked, known_by = LISTS[kind]
    selection = re.sub(r"\[\w+\] \{", " { kind", " { ".join(names)) + " }" * (len(names) - 1)
    return f"{{ {asked}(first: 100) {{ nodes {{ known_by: {known_by} {selection} }} }} }}"


def values_at(node: Any, names: list[str], whole_list: bool) -> Iterator[Any]:
    """The values at a path within an answer; `legs[QUEUE]` means the elements of that kind."""
    if isinstance(node, list) and (names or not whole_list):
        for item in node:
            yield from values_at(item, names, whole_list)
    elif node is not None and names:
        name, _, kind = names[0].rstrip("]").partition("[")
        found = [item for item in node[name] if item["kind"] == kind] if kind else node[name]
        yield from values_at(found, names[1:], whole_list)
    elif node is not None:
        yield node


def known_by(record: Any) -> tuple[str, str | None]:
    """The root type that shows a record, and what its node is told by."""
    match record:
        case CallRecord():
            return "Call", record.provider_call_id
        case AgentRecord():
            return "Agent", record.name
        case ContactRecord():
            return "Contact", record.numbers[0].key if record.numbers else None
    raise AssertionError(record)


def same(value: Any, other: Any) -> bool:
    """Whether two values of JSON are the same; in Python, true is 1."""
    return bool(value == other) and isinstance(value, bool) is isinstance(other, bool)


def _order(table: Table, body: Any) -> dict[tuple[str, str | None], int]:
    """Where each record stands in the sample: the first one that has a value is the one the table means."""
    spec = spec_of(table.provider)
    locale = Locale(zone_named(spec.default_zone), spec.default_region)
    records = [record for item in spec.items(body) for record in spec.records(item, locale)]
    return {known_by(record): place for place, record in reversed(list(enumerate(records)))}


async def place_behind(house: House, link: str) -> str:
    """The vendor's address that a link of ours leads to."""
    said = house.links.read(link.rsplit("/", 1)[1], house.now)
    async with house.database.read() as connection:
        found = await recordings.place(connection, house.scope, said.call_id)
    assert found
    return found[0]


@pytest.mark.parametrize(("table", "sample"), SAMPLES)
async def test_field_is_shown_at_its_place(table: Table, sample: str, house: House) -> None:
    body = dict(table.bodies())[sample]
    counts = await house.take(table.provider, body)
    assert (counts.read > 0, counts.rejected) == (True, 0)
    order = _order(table, body)
    wrong: dict[str, tuple[Any, Any]] = {}
    answers: dict[str, Any] = {}
    for key, place in table.shown(sample).items():
        kind, *names = place.path.split(".")
        if place.path not in answers:
            found = (await house.ask(query_of(place.path)))[LISTS[kind][0]]["nodes"]
            told = [node for node in found if (kind, node["known_by"]) in order]
            answers[place.path] = sorted(told, key=lambda node: order[kind, node["known_by"]])
        values = list(values_at(answers[place.path], names, isinstance(place.value, list)))
        if place.path == "Call.recording.url":
            values = [await place_behind(house, value) for value in values]
        if not any(same(place.value, value) for value in (values if "[" in place.path else values[:1])):
            wrong[key] = (place.value, values)
    assert wrong == {}


@EVERY
def test_place_is_in_the_schema_and_is_a_single_value(table: Table) -> None:
    for place in table.fields.values():
        if isinstance(place, Shown):
            assert is_leaf_type(get_named_type(types_on(place.path)[-1])), place.path


@EVERY
def test_shown_field_says_something(table: Table) -> None:
    assert [key for key, place in table.fields.items() if isinstance(place, Shown) and place.value in (None, "")] == []


@EVERY
def test_field_that_is_not_shown_says_why(table: Table) -> None:
    for key, place in table.fields.items():
        if not isinstance(place, Shown):
            (reason,) = vars(place).values()
            assert len(reason) > 3, key


def recorded(table: Table) -> set[str]:
    """What the table calls every single value of the recorded bodies."""
    if table.provider is Provider.ASTERISK:
        return set(COLUMNS)
    return {table.key(name, path) for name, body in table.bodies() for path in leaves(body)}


def within(path: str, fields: Collection[str]) -> bool:
    """Whether a path is one of the fields, or stands in one, or has some in it."""
    parents = {path[: found.start()] for found in re.finditer(r"\.|\[\]|$", path)}
    return not parents.isdisjoint(fields) or any(field.startswith((f"{path}.", f"{path}[]")) for field in fields)


@EVERY
def test_recorded_field_has_a_place(table: Table) -> None:
    assert {path for path in recorded(table) if not within(path, table.fields)} == set()


@EVERY
def test_shown_field_is_recorded(table: Table) -> None:
    shown = {field for field, place in table.fields.items() if isinstance(place, Shown)}
    assert {field for field in shown if not within(field, recorded(table))} == set()


def test_vendor_has_a_table() -> None:
    assert TABLES.keys() == PROVIDERS.keys()
