"""Every field and parameter of Callyzer's document has its place, and the records have the values there."""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any

import pytest

from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord, Record
from app.domain.contacts import ContactRecord
from app.domain.numbers import PhoneNumber
from app.domain.times import rfc3339, to_ms
from app.providers.callyzer.wire import items
from tests.providers.callyzer.fields import FIELDS
from tests.providers.callyzer.parameters import PARAMETERS
from tests.providers.callyzer.samples import PAYLOADS, all_records
from tests.providers.field_table import Shown

# What the gateway has no records for: deletions of recordings are told, but never made here.
WITHOUT_RECORDS = {"call-recording-remove"}


def test_every_field_of_every_recorded_payload_has_its_place() -> None:
    found = {f"{name}: {path}" for name, body in PAYLOADS.items() for path in leaves(body)}
    assert found - FIELDS.keys() == set()


@pytest.mark.parametrize(
    ("field", "shown"), [(field, place) for field, place in FIELDS.items() if isinstance(place, Shown)]
)
def test_shown_field_is_in_the_records_with_its_value(field: str, shown: Shown) -> None:
    assert first_shown(all_records(field.split(":")[0]), shown.path) == shown.value


def test_fields_are_shown_only_where_a_payload_is_recorded() -> None:
    assert {field.split(":")[0] for field in FIELDS} == PAYLOADS.keys()


def test_every_recorded_record_is_read() -> None:
    for name in PAYLOADS.keys() - WITHOUT_RECORDS:
        assert len(all_records(name)) == len(list(items(PAYLOADS[name])))


def test_every_parameter_is_explained_in_a_sentence() -> None:
    assert all(meaning.endswith(".") and len(meaning) > 20 for meaning in PARAMETERS.values())


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The paths of a body's single values, arrays as `[]`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path


def first_shown(found: list[Record], path: str) -> Any:
    """The first value at a path of the graph that is not null, over all records of the type it starts from."""
    kind, *steps = path.split(".")
    roots = {
        "Call": [record for record in found if isinstance(record, CallRecord)],
        "Agent": [record for record in found if isinstance(record, AgentRecord)]
        + [record.agent for record in found if isinstance(record, CallRecord)],
        "Contact": [record for record in found if isinstance(record, ContactRecord)],
    }[kind]
    values = (shown_value(inner) for root in roots for inner in followed(root, steps))
    return next((value for value in values if value is not None), None)


def followed(value: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(value, tuple):
        for inner in value:
            yield from followed(inner, steps)
    elif not steps:
        yield value
    elif value is not None:
        name = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", steps[0]).lower()
        owner = value if hasattr(value, name) else value.details
        yield from followed(getattr(owner, name), steps[1:])


def shown_value(value: Any) -> Any:
    if isinstance(value, PhoneNumber):
        return value.e164 or value.digits or None
    if isinstance(value, datetime):
        return rfc3339(to_ms(value))
    if isinstance(value, Enum):
        return value.name
    return value
