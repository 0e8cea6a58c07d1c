"""Callyzer's employees as agents, its leads as contacts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord
from app.domain.contacts import ContactRecord
from app.domain.errors import RecordError
from app.providers.callyzer.wire import items, records
from tests.providers.callyzer.samples import CALL, INDIA, PAYLOADS, e164, only


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
