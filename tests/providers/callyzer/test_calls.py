"""Callyzer's call logs as calls."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.contacts import ContactRecord
from app.domain.errors import RecordError
from app.domain.labels import Label, LabelKind
from app.domain.numbers import NumberKind, PhoneNumber
from tests.providers.callyzer.samples import NEPAL, call, e164, only


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
    found = call(client_country_code="977", client_number="9810000078")
    assert e164(found.phone_number) == "+9779810000078"


@pytest.mark.parametrize("country_code", ["91", "+91", "", None, 91])
def test_country_code_may_be_plain_with_a_plus_a_number_or_missing(country_code: Any) -> None:
    assert e164(call(client_country_code=country_code).phone_number) == "+919100000201"


@pytest.mark.parametrize("country_code", ["", "977"])
def test_country_code_may_stand_before_a_hyphen(country_code: str) -> None:
    found = call(client_country_code=country_code, client_number="977-9810000078").phone_number
    assert found is not None
    assert (found.e164, found.raw) == ("+9779810000078", "977-9810000078")


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
