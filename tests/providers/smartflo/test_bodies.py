"""Every body and every field of Smartflo's is read; whatever else comes is refused by name."""

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calls import CallRecord
from app.domain.errors import RecordError
from app.domain.sources import Locale
from app.providers.smartflo.wire import SPEC
from tests.providers.domain_paths import leaves, shown
from tests.providers.field_table import Shown
from tests.providers.smartflo.fields import FIELDS, LISTS, sample
from tests.providers.smartflo.samples import ANSWER, INDIA, RECORD, RESENT, call, load

# Bodies


@pytest.mark.parametrize(
    "body", [ANSWER, [ANSWER], ANSWER["results"], RECORD, [[RECORD]], {"results": RECORD}, {"results": ANSWER}]
)
def test_record_is_found_in_every_kind_of_body(body: Any) -> None:
    assert list(SPEC.items(body)) == [RECORD]


def test_records_keep_their_order() -> None:
    assert [item["call_id"] for item in SPEC.items([RECORD | {"call_id": str(number)} for number in range(5)])] == list(
        "01234"
    )


@pytest.mark.parametrize("body", [{"count": 0, "results": []}, {"results": None}, []])
def test_empty_page_has_no_records(body: Any) -> None:
    assert list(SPEC.items(body)) == []


def test_what_is_no_object_comes_out_as_it_is() -> None:
    assert list(SPEC.items([1, "odd", None, RECORD])) == [1, "odd", None, RECORD]


def test_deeply_nested_lists_are_no_danger() -> None:
    body: Any = RECORD
    for _ in range(100_000):
        body = [body]
    assert list(SPEC.items(body)) == [RECORD]


# The field table


@pytest.mark.parametrize("path", [path for path, place in FIELDS.items() if isinstance(place, Shown)])
def test_field_of_the_document_is_shown(path: str) -> None:
    place = FIELDS[path]
    assert isinstance(place, Shown)
    assert place.value in shown(call(load(sample(path))), place.path)


def without(value: Any, names: list[str]) -> Any:
    """A copy of a payload without the field at a path, wherever a list on the way has it."""
    if isinstance(value, list):
        return [without(item, names) for item in value]
    if len(names) == 1:
        return {key: inner for key, inner in value.items() if key != names[0]}
    return {key: without(inner, names[1:]) if key == names[0] else inner for key, inner in value.items()}


@pytest.mark.parametrize(
    "path", [path for path, place in FIELDS.items() if isinstance(place, Shown) and sample(path) == LISTS]
)
def test_field_of_a_list_is_shown_of_that_list_and_no_other(path: str) -> None:
    place, record = FIELDS[path], load(LISTS)
    assert isinstance(place, Shown)
    names = path.removeprefix("results[].").replace("[]", "").split(".")
    for depth in range(1, len(names) + 1):
        assert place.value not in shown(call(without(record, names[:depth])), place.path)


def recorded_paths() -> Iterator[str]:
    for path in (*leaves(ANSWER), *leaves(RESENT, "results[]")):
        yield path.replace("agents_call_details.05040000422", "agents_call_details.{id}")


def test_every_recorded_field_is_in_the_table() -> None:
    assert set(recorded_paths()) - FIELDS.keys() == set()


# Totality

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(
        ["1715235734", 1715235734.5, "2024-05-09", "11:52:14", "N.A.", "9" * 40, 10**40, -1, "Agent", "Asha Example(12345)"]
    ),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["id", "name", "time", "type", "dialst", "num", "anstime", "odd"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(inner, (*path, key))


PLACES = list(places(RESENT))


def replaced(path: tuple[Any, ...], value: Any, record: dict[str, Any]) -> None:
    target: Any = record
    for key in path[:-1]:
        target = target[key] if isinstance(target, dict | list) else None
        if not isinstance(target, dict | list):
            return
    if isinstance(target, dict) or (isinstance(target, list) and len(target) > path[-1]):
        target[path[-1]] = value


def reads_or_refuses(payload: dict[str, Any], locale: Locale) -> None:
    with suppress(RecordError):
        found = SPEC.records(payload, locale)
        assert all(isinstance(one, CallRecord) and one.started_at.tzinfo for one in found)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=6), st.sampled_from([None, "IN", "NP"]))
def test_any_change_of_a_record_is_read_or_refused(
    changes: list[tuple[tuple[Any, ...], Any]], region: str | None
) -> None:
    record = deepcopy(RESENT)
    for path, value in sorted(changes, key=lambda change: -len(change[0])):
        replaced(path, value, record)
    reads_or_refuses(record, Locale(ZoneInfo("Asia/Kolkata"), region))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(RESENT)), JSON))
def test_any_object_is_read_or_refused(payload: dict[str, Any]) -> None:
    reads_or_refuses(payload, INDIA)


@settings(max_examples=200, deadline=None)
@given(JSON | st.dictionaries(st.sampled_from(["results", "call_id", "count"]), JSON))
def test_any_body_falls_apart_into_items(body: Any) -> None:
    assert not any(isinstance(item, list) for item in SPEC.items(body))
