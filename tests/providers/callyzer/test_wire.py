"""Callyzer's bodies cut into records, and what becomes of anything else."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agents import AgentRecord
from app.domain.calls import CallOutcome, CallRecord
from app.domain.errors import RecordError
from app.domain.sources import Locale
from app.providers.callyzer.wire import SPEC, items, merge, records
from tests.providers.callyzer.fields import FIELDS
from tests.providers.callyzer.samples import CALL, INDIA, NEPAL, PAYLOADS, all_records, only


@pytest.mark.parametrize("wrap", [lambda x: {"result": x}, lambda x: {"data": x}, lambda x: x, lambda x: [[x]]])
@pytest.mark.parametrize("many", [True, False])
def test_records_may_sit_under_result_or_data_in_a_list_or_alone(wrap: Any, many: bool) -> None:
    assert list(items(wrap([CALL, CALL] if many else CALL))) == ([CALL, CALL] if many else [CALL])


def test_calls_of_a_webhook_inherit_the_employee() -> None:
    assert [(found.agent and found.agent.name) for found in only(CallRecord, "webhook")] == [
        "Lalit Jain",
        "Lalit Jain",
        "Mohan Lal",
    ]


def test_calls_of_never_attended_and_not_picked_up_groups_inherit_employee_and_client() -> None:
    for payload, outcome in (
        ("never-attended", CallOutcome.MISSED),
        ("not-pickup-by-client", CallOutcome.NO_ANSWER),
    ):
        found = only(CallRecord, payload)[0]
        assert found.outcome is outcome
        assert found.agent is not None
        assert found.agent.number is not None
        assert found.contact is not None
        assert found.contact.numbers == (found.phone_number,)


def test_what_a_call_says_itself_wins_over_what_it_inherits() -> None:
    (found,) = items({"emp_name": "outer", "client_name": "outer", "last_call_log": {**CALL, "emp_name": "inner"}})
    assert (found["emp_name"], found["client_name"]) == ("inner", "Kiran Stores")


def test_employee_group_without_calls_is_the_employee() -> None:
    assert records({"emp_name": "Asha Verma", "call_logs": []}, INDIA) == (AgentRecord(name="Asha Verma"),)


def test_nested_call_that_lost_its_fields_is_refused_rather_than_taken_for_an_employee() -> None:
    (found,) = items({"emp_name": "Asha Verma", "call_logs": [{"id": "x"}]})
    with pytest.raises(RecordError, match="call_date is missing"):
        records(found, INDIA)


def test_analysis_tells_its_top_employees_and_the_longest_call() -> None:
    assert [type(record) for record in all_records("analysis")] == [AgentRecord] * 4 + [CallRecord]


@pytest.mark.parametrize("payload", ["summary", "hourly-analytics", "daywise-analytics"])
def test_statistics_have_no_records_and_are_never_taken_for_calls(payload: str) -> None:
    assert list(items(PAYLOADS[payload])) == []
    with pytest.raises(RecordError, match="statistics are computed from the calls"):
        records(PAYLOADS[payload]["result"], INDIA)


@pytest.mark.parametrize("body", [{"result": None, "message": "x"}, {"result": {}}, {"data": []}, []])
def test_empty_answer_has_no_records(body: Any) -> None:
    assert list(items(body)) == []


@pytest.mark.parametrize("stray", [None, 1, "oops", True])
def test_what_is_no_object_comes_out_as_it_is(stray: Any) -> None:
    assert list(items([stray, CALL])) == [stray, CALL]


def test_stray_text_under_result_is_refused_rather_than_lost() -> None:
    with pytest.raises(RecordError, match="'oops' is no object"):
        records({"result": "oops"}, INDIA)


@pytest.mark.parametrize("stray", [{}, {"message": "hello"}, *PAYLOADS["call-recording-remove"]["result"]])
def test_object_of_no_known_kind_is_refused(stray: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match="neither a call"):
        records(stray, INDIA)


def test_unfolding_an_item_again_changes_nothing() -> None:
    for payload in PAYLOADS.values():
        for item in items(payload):
            assert list(items(item)) == [item]


def test_streamed_arrays_hold_what_the_whole_body_holds() -> None:
    for name, body in PAYLOADS.items():
        streamed = [item for path in SPEC.item_paths for found in at(body, path) for item in items(found)]
        whole = [] if name == "analysis" else list(items(body))  # an analysis has no array: it is read at once
        assert streamed == whole, name


def test_call_told_twice_keeps_what_only_one_tells_and_the_later_of_what_both_tell() -> None:
    answer = {**CALL, "lead_id": "L", "note": "old", "modified_at": "2023-09-13 17:52:00 IST"}
    webhook = {**CALL, "note": "new", "modified_at": "2023-09-13 17:53:00"}
    for merged in (merge(answer, webhook), merge(webhook, answer)):
        assert (merged["lead_id"], merged["note"], merged["modified_at"]) == ("L", "new", "2023-09-13 17:53:00")


def at(body: Any, prefix: str) -> list[Any]:
    """What stands at an ijson prefix, as ijson finds it."""
    found = [body]
    for step in prefix.split("."):
        if step == "item":
            found = [inner for value in found if isinstance(value, list) for inner in value]
        else:
            found = [value[step] for value in found if isinstance(value, dict) and step in value]
    return found


_KEYS = sorted({key for path in FIELDS for key in re.findall(r"\w+", path.split(": ")[1])})
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["Incoming", "Outgoing", "Missed", "2023-09-13", "17:49:41", "0001-01-01", "9999-12-31", "23:59:59", "9x", "91"]
    )
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS) | st.text(), inner, max_size=6),
    max_leaves=25,
)
_OBJECTS = st.dictionaries(st.sampled_from(_KEYS) | st.text(), _JSON, max_size=12)
_ITEMS = [item for body in PAYLOADS.values() for item in items(body)]


@given(_OBJECTS, st.sampled_from([INDIA, NEPAL]))
def test_any_object_gives_records_or_a_reason(payload: dict[str, Any], locale: Locale) -> None:
    records_or_reason(payload, locale)


@given(st.sampled_from(_ITEMS), st.dictionaries(st.sampled_from(_KEYS), _JSON, min_size=1, max_size=4))
def test_recorded_payload_with_anything_anywhere_gives_records_or_a_reason(
    payload: dict[str, Any], changes: dict[str, Any]
) -> None:
    records_or_reason({**payload, **changes}, INDIA)


@given(_JSON)
def test_any_body_is_cut_into_items(body: Any) -> None:
    for item in items(body):
        if isinstance(item, dict):
            records_or_reason(item, INDIA)


@given(_OBJECTS, _OBJECTS)
def test_any_two_payloads_merge(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert merge(one, other).keys() == one.keys() | other.keys()


def records_or_reason(payload: dict[str, Any], locale: Locale) -> None:
    """Fails on any other exception, and on an empty answer."""
    try:
        found = records(payload, locale)
    except RecordError:
        return
    assert found
