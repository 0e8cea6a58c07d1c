"""Callyzer's payloads as calls, employees and leads."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallOutcome, CallRecord, Record
from app.domain.contacts import ContactRecord
from app.domain.errors import RecordError
from app.domain.labels import Label, LabelKind
from app.domain.numbers import NumberKind, PhoneNumber
from app.domain.sources import Locale
from app.domain.times import rfc3339, to_ms
from app.providers.callyzer.wire import SPEC, items, merge, records
from tests.providers.callyzer.fields import FIELDS
from tests.providers.callyzer.parameters import PARAMETERS
from tests.providers.field_table import Shown

T = TypeVar("T")
INDIA = Locale(ZoneInfo("Asia/Kolkata"), "IN")
NEPAL = Locale(ZoneInfo("Asia/Kathmandu"), "NP")
PAYLOADS = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "payloads").glob("*.json"))
}
# What the gateway has no records for: deletions of recordings are told, but never made here.
WITHOUT_RECORDS = {"call-recording-remove"}
CALL = {
    "id": "one",
    "emp_name": "Asha Verma",
    "emp_country_code": "91",
    "emp_number": "9000000101",
    "client_name": "Kiran Stores",
    "client_country_code": "91",
    "client_number": "9100000201",
    "duration": 30,
    "call_type": "Incoming",
    "call_date": "2023-09-13",
    "call_time": "17:49:41",
}


def call(locale: Locale = INDIA, **changes: Any) -> CallRecord:
    (found,) = records({**CALL, **changes}, locale)
    assert isinstance(found, CallRecord)
    return found


def all_records(payload: str) -> list[Record]:
    return [record for item in items(PAYLOADS[payload]) for record in records(item, INDIA)]


def only(kind: type[T], payload: str) -> list[T]:
    return [record for record in all_records(payload) if isinstance(record, kind)]


# --- calls ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call_type", "duration", "direction", "outcome"),
    [
        ("Incoming", 30, CallDirection.INBOUND, CallOutcome.ANSWERED),
        ("Outgoing", 30, CallDirection.OUTBOUND, CallOutcome.ANSWERED),
        ("Outgoing", 0, CallDirection.OUTBOUND, CallOutcome.NO_ANSWER),
        ("Outgoing", None, CallDirection.OUTBOUND, CallOutcome.UNKNOWN),
        ("Missed", 0, CallDirection.INBOUND, CallOutcome.MISSED),
        ("Rejected", 0, CallDirection.INBOUND, CallOutcome.REJECTED),
        ("MISSED", "0", CallDirection.INBOUND, CallOutcome.MISSED),
    ],
)
def test_call_type_tells_direction_and_with_the_duration_the_outcome(
    call_type: str, duration: Any, direction: CallDirection, outcome: CallOutcome
) -> None:
    found = call(call_type=call_type, duration=duration)
    assert (found.direction, found.outcome, found.provider_status) == (direction, outcome, call_type)


def test_unknown_call_type_is_refused_by_its_word_because_it_tells_no_direction() -> None:
    with pytest.raises(RecordError, match="call_type is 'Voicemail'"):
        call(call_type="Voicemail")


@pytest.mark.parametrize("missing", ["id", "call_date", "call_time", "call_type"])
@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_call_without_a_required_field_is_refused_by_its_name(missing: str, nothing: str | None) -> None:
    with pytest.raises(RecordError, match=f"{missing} is missing"):
        call(**{missing: nothing})


def test_duration_is_the_talk_time_of_an_answered_call() -> None:
    found = call(duration=30)
    assert (found.duration_seconds, found.talk_seconds) == (30, 30)


@pytest.mark.parametrize("call_type", ["Missed", "Rejected"])
def test_unanswered_call_has_no_talk_time(call_type: str) -> None:
    found = call(call_type=call_type, duration=12)
    assert (found.duration_seconds, found.talk_seconds) == (12, 0)


def test_webhook_durations_are_strings() -> None:
    assert [found.duration_seconds for found in only(CallRecord, "webhook")] == [30, 87, 0]


def test_duration_that_is_no_number_is_refused_rather_than_counted_as_nothing() -> None:
    with pytest.raises(RecordError, match="duration is 'long'"):
        call(duration="long")


def test_duration_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(RecordError, match="end after the year 9999"):
        call(call_date="9999-12-31", duration=1_000_000)


def test_start_is_local_to_the_source_and_the_end_is_the_duration_later() -> None:
    found = call(duration=30)
    assert found.started_at == datetime(2023, 9, 13, 12, 19, 41, tzinfo=UTC)
    assert found.ended_at == datetime(2023, 9, 13, 12, 20, 11, tzinfo=UTC)
    assert call(NEPAL).started_at == datetime(2023, 9, 13, 12, 4, 41, tzinfo=UTC)


def test_webhook_times_without_a_zone_are_the_sources() -> None:
    found = call(synced_at="2023-09-13 17:50:00", modified_at="2023-09-13 17:52:00")
    assert found.provider_synced_at == datetime(2023, 9, 13, 12, 20, tzinfo=UTC)
    assert found.modified_at == datetime(2023, 9, 13, 12, 22, tzinfo=UTC)


def test_zone_word_that_is_not_the_sources_is_refused_because_the_call_date_would_be_misread_too() -> None:
    assert call(synced_at="2023-09-13 17:50:00 IST").provider_synced_at == datetime(2023, 9, 13, 12, 20, tzinfo=UTC)
    with pytest.raises(RecordError, match="set the source's zone"):
        call(NEPAL, synced_at="2023-09-13 17:50:00 IST")


def test_inbound_call_came_from_the_client_and_rang_the_employee() -> None:
    found = call(call_type="Incoming")
    assert e164(found.phone_number) == e164(found.caller_number) == "+919100000201"
    assert e164(found.dialed_number) == e164(found.destination_number) == "+919000000101"


def test_outbound_call_came_from_the_employee_and_rang_the_client() -> None:
    found = call(call_type="Outgoing")
    assert e164(found.caller_number) == "+919000000101"
    assert e164(found.phone_number) == e164(found.dialed_number) == e164(found.destination_number) == "+919100000201"


def test_country_code_of_the_client_wins_over_the_region_of_the_source() -> None:
    found = call(client_country_code="977", client_number="9811789678")
    assert e164(found.phone_number) == "+9779811789678"


@pytest.mark.parametrize("country_code", ["91", "+91", "", None, 91])
def test_country_code_may_be_plain_with_a_plus_a_number_or_missing(country_code: Any) -> None:
    assert e164(call(client_country_code=country_code).phone_number) == "+919100000201"


@pytest.mark.parametrize("country_code", ["", "977"])
def test_country_code_may_stand_before_a_hyphen(country_code: str) -> None:
    found = call(client_country_code=country_code, client_number="977-9811789678").phone_number
    assert found is not None
    assert (found.e164, found.raw) == ("+9779811789678", "977-9811789678")


def test_masked_number_is_withheld_and_its_masked_country_code_is_not_read() -> None:
    found = only(CallRecord, "webhook")[2]
    assert found.phone_number == PhoneNumber("89709xxxxx", None, "", NumberKind.WITHHELD)
    assert e164(call(client_country_code="9x").phone_number) == "+919100000201"


def test_employee_with_a_masked_number_is_known_by_name() -> None:
    agent = only(CallRecord, "webhook")[2].agent
    assert agent is not None
    assert (agent.name, agent.known, agent.number and agent.number.key) == ("Mohan Lal", True, None)


def test_contact_of_a_withheld_number_has_the_name_alone() -> None:
    assert only(CallRecord, "webhook")[2].contact == ContactRecord(name="Zoya Khan")


def test_number_that_is_possible_but_not_valid_is_kept() -> None:
    agent = only(CallRecord, "unique-clients")[0].agent
    assert agent is not None
    assert e164(agent.number) == "+91900000106"


def test_call_whose_employee_and_client_are_blank_has_neither() -> None:
    found = call(emp_name="", emp_number=None, client_name=" ", client_number="")
    assert (found.agent, found.contact, found.phone_number, found.dialed_number) == (None, None, None, None)


@pytest.mark.parametrize(("tags", "kept"), [(["", ""], ()), (["", "field"], ("field",)), ([], ()), (None, None)])
def test_blank_tags_are_dropped_and_missing_tags_are_not_said(tags: Any, kept: tuple[str, ...] | None) -> None:
    agent = call(emp_tags=tags).agent
    assert agent is not None
    assert agent.tags == kept


def test_crm_status_and_lead_are_fields_and_labels() -> None:
    details = only(CallRecord, "history")[0].details
    assert (details.crm_status, details.provider_lead_id) == ("Not Interested", "LeadOfRohan-2Kc2Qoud")
    assert details.labels == (
        Label(LabelKind.CRM_STATUS, name="Not Interested"),
        Label(LabelKind.LEAD, id="LeadOfRohan-2Kc2Qoud"),
    )


def test_call_without_status_lead_reminder_note_and_recording_has_none_of_them() -> None:
    found = only(CallRecord, "history")[1]
    details = found.details
    assert (details.labels, details.crm_status, details.provider_lead_id, details.reminder_at) == ((), None, None, None)
    assert (details.recording, found.notes) == (None, None)


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("2023-09-15", "16:50:34", datetime(2023, 9, 15, 11, 20, 34, tzinfo=UTC)),
        ("2023-09-15", "", datetime(2023, 9, 14, 18, 30, tzinfo=UTC)),
        (None, "16:50:34", None),
        ("", "", None),
    ],
)
def test_reminder_is_date_and_time_in_the_sources_zone(day: Any, time: Any, expected: datetime | None) -> None:
    assert call(reminder_date=day, reminder_time=time).details.reminder_at == expected


# --- employees and leads -------------------------------------------------------------------------------------------


def test_employee_is_an_agent_with_device_and_settings() -> None:
    agent = only(AgentRecord, "employee-get")[1]
    assert (agent.name, agent.code, agent.tags) == ("test333", None, ())
    assert agent.device is not None
    assert (agent.device.version_code, agent.device.sdk_version, agent.device.sim_id) == ("30", "29", None)
    assert (agent.device.app_uninstalled, agent.device.battery_percentage) == (True, None)
    assert agent.settings is not None
    assert (agent.settings.lead_active, agent.settings.call_recording_location) == (False, None)


def test_last_call_of_an_employee_may_lack_the_zone() -> None:
    agent = only(AgentRecord, "employee-get")[0]
    assert agent.last_call_at == datetime(2022, 12, 30, 10, 45, 32, tzinfo=UTC)
    assert agent.last_sync_requested_at == datetime(2022, 12, 30, 10, 45, 30, tzinfo=UTC)


def test_employee_without_a_name_or_a_readable_number_is_refused() -> None:
    with pytest.raises(RecordError, match="neither an emp_name nor a readable emp_number"):
        records({"emp_name": "", "emp_number": "98765xxxxx", "app_version": "1.3.16"}, INDIA)


def test_employee_without_device_details_has_no_device() -> None:
    assert records({"emp_name": "Asha Verma"}, INDIA) == (AgentRecord(name="Asha Verma"),)


def test_lead_is_a_contact_with_its_numbers_profile_and_state() -> None:
    contact = only(ContactRecord, "lead-get")[0]
    assert [number.e164 for number in contact.numbers] == ["+919100000221", "+919100000222"]
    assert (contact.name, contact.email) == ("Varun Malik", "varun@example.com")
    assert contact.lead is not None
    assert (contact.lead.status, contact.lead.attempts, contact.lead.price) == ("Interested", 5, 1250.5)
    assert contact.lead.assigned_to_all is False


def test_employees_a_lead_is_assigned_to_are_agents_by_name_and_number() -> None:
    contact = only(ContactRecord, "lead-get")[0]
    assert contact.lead is not None
    assert contact.lead.assigned_to == ("Indu (+91-9000000109)", "Jai (+91-9000000110)")
    assert [(agent.name, e164(agent.number)) for agent in contact.assignees] == [
        ("Indu", "+919000000109"),
        ("Jai", "+919000000110"),
    ]


def test_employee_of_a_lead_without_a_number_is_known_by_name() -> None:
    (contact,) = records({"contact_numbers": ["9100000221"], "assigned_to": {"employee": ["Indu", "", "()"]}}, INDIA)
    assert isinstance(contact, ContactRecord)
    assert contact.assignees == (AgentRecord(name="Indu"),)


def test_blank_fields_of_a_lead_say_nothing() -> None:
    contact = only(ContactRecord, "lead-get")[1]
    assert (contact.email, contact.assignees) == (None, ())
    assert contact.profile is not None
    assert (contact.profile.company, contact.profile.last_name) == (None, None)
    assert contact.lead is not None
    assert (contact.lead.price, contact.lead.reminder_at, contact.lead.status) == (None, None, None)


def test_last_call_of_a_lead_is_a_call_to_its_first_number() -> None:
    first, second = only(CallRecord, "lead-get")
    assert e164(first.phone_number) == e164(first.caller_number) == "+919100000221"
    assert (first.contact and first.contact.name, first.details.provider_lead_id) == (
        "Varun Malik",
        "LeadOfVarun-gDE0GGgNMxAkp-01",
    )
    assert (second.agent and second.agent.name) == "Indu"  # written employee_name there


@pytest.mark.parametrize("never", [None, {}, "", {"id": None, "call_type": None}])
def test_lead_that_was_never_called_is_a_contact_alone(never: Any) -> None:
    lead = {**PAYLOADS["lead-get"]["result"][0], "last_call_log": never}
    assert [type(record) for record in records(lead, INDIA)] == [ContactRecord]


def test_bad_last_call_does_not_take_its_lead_along() -> None:
    lead = {**PAYLOADS["lead-get"]["result"][0], "last_call_log": {"id": "x", "call_type": "Fax"}}
    contact, bad = items(lead)
    assert isinstance(records(contact, INDIA)[0], ContactRecord)
    with pytest.raises(RecordError):
        records(bad, INDIA)


@pytest.mark.parametrize("numbers", [None, [], [""], "", ["98765xxxxx"]])
def test_lead_without_a_readable_number_is_refused_whole_with_its_last_call(numbers: Any) -> None:
    lead = {"id": "lead", "details": {"first_name": "Varun", "contact_numbers": numbers}, "lead_tags": []}
    with pytest.raises(RecordError, match="none of its contact_numbers can be read"):
        records({**lead, "last_call_log": {"call_type": "Incoming"}}, INDIA)
    assert next(items({**lead, "last_call_log": CALL}))["id"] == "lead"


# --- bodies --------------------------------------------------------------------------------------------------------


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


# --- the whole document --------------------------------------------------------------------------------------------


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


# --- totality ------------------------------------------------------------------------------------------------------

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


# --- reading the records as the graph shows them -------------------------------------------------------------------


def e164(number: PhoneNumber | None) -> str | None:
    return number.e164 if number else None


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


def at(body: Any, prefix: str) -> list[Any]:
    """What stands at an ijson prefix, as ijson finds it."""
    found = [body]
    for step in prefix.split("."):
        if step == "item":
            found = [inner for value in found if isinstance(value, list) for inner in value]
        else:
            found = [value[step] for value in found if isinstance(value, dict) and step in value]
    return found


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
