"""Callyzer's employees and leads: payloads about people, and the numbers that stand in every payload."""

import re
from dataclasses import replace
from typing import Any

from app.domain.agents import AgentDevice, AgentRecord, AgentSettings
from app.domain.contacts import ContactProfile, ContactRecord, Lead
from app.domain.errors import RecordError
from app.domain.numbers import NumberKind, PhoneNumber, parse
from app.domain.sources import Locale
from app.providers.payload import Object, boolean, instant, integer, mapping, number, present, text, texts

# "91-9000000155": the document separates a number's country code by a hyphen.
_HYPHENATED = re.compile(r"(?P<code>[1-9]\d{0,2})-(?P<number>\d{4,})", re.ASCII)
# "Ravi (+91-9000000154)": how a lead names the employees it is assigned to.
_NAMED_NUMBER = re.compile(r"(?P<name>[^()]*)\((?P<number>[^()]*)\)")
_COUNTRY_CODE = re.compile(r"\+?\d{1,4}", re.ASCII)


def phone_number(value: Any, country_code: Any, locale: Locale) -> PhoneNumber | None:
    """A number with its country code beside it, before a hyphen, or not at all; a masked code ("9x") says nothing."""
    raw = text(value)
    if raw is None:
        return None
    said = text(country_code) or ""
    code = said.lstrip("+") if _COUNTRY_CODE.fullmatch(said) else ""
    parts = _HYPHENATED.fullmatch(raw)
    if parts and code in ("", parts["code"]):
        found = parse(parts["number"], locale.region, parts["code"])
        if found and found.e164:
            return replace(found, raw=raw)
    return parse(raw, locale.region, code)


def agent_of(payload: Object, locale: Locale) -> AgentRecord:
    """The employee's own fields in any payload; of no one known where they are blank. There is no vendor id."""
    return AgentRecord(
        name=text(payload.get("emp_name")) or text(payload.get("employee_name")),
        code=text(payload.get("emp_code")),
        number=phone_number(
            text(payload.get("emp_number")) or payload.get("employee_number"), payload.get("emp_country_code"), locale
        ),
        tags=texts(payload["emp_tags"]) if isinstance(payload.get("emp_tags"), list) else None,
    )


def employee(payload: Object, locale: Locale) -> AgentRecord:
    """An employee with the handset. Raises RecordError where neither a name nor a readable number is given."""
    found = agent_of(payload, locale)
    if not found.known:
        raise RecordError(
            "it has neither an emp_name nor a readable emp_number: the employee cannot be told from others"
        )
    return replace(
        found,
        registered_at=instant(payload.get("registered_at"), locale.zone),
        modified_at=instant(payload.get("modified_at"), locale.zone),
        last_call_at=instant(payload.get("last_call_at"), locale.zone),
        last_sync_requested_at=instant(payload.get("last_sync_req_at"), locale.zone),
        device=present(_device(payload)),
        settings=present(_settings(payload)),
    )


def _device(payload: Object) -> AgentDevice:
    details, preference = mapping(payload.get("device_details")), mapping(payload.get("device_preference"))
    return AgentDevice(
        model=text(details.get("device_model")),
        version_code=text(details.get("version_code")),
        board=text(details.get("board")),
        android_version=text(details.get("android_version")),
        sdk_version=text(details.get("sdk_version")),
        sim_id=text(details.get("unique_sim_id")),
        app_version=text(payload.get("app_version")),
        app_uninstalled=boolean(preference.get("is_app_uninstalled")),
        battery_percentage=integer(preference.get("battery_percentage")),
    )


def _settings(payload: Object) -> AgentSettings:
    settings = mapping(payload.get("app_settings"))
    return AgentSettings(
        lead_active=boolean(payload.get("is_lead_active")),
        call_recording_active=boolean(payload.get("is_call_recording_active")),
        default_home_screen=text(settings.get("default_home_screen")),
        note_dialog=text(settings.get("note_dialog")),
        call_recording_location=text(settings.get("call_recording_location")),
        log_active=boolean(settings.get("is_log_active")),
    )


def lead_details(payload: Object) -> Object:
    """A lead's own fields: under `details` when fetched, beside the id in the answer to a bulk save."""
    return mapping(payload.get("details")) or payload


def lead_name(payload: Object) -> str | None:
    """First and last name of a lead, as far as they are given."""
    details = lead_details(payload)
    return " ".join(filter(None, (text(details.get("first_name")), text(details.get("last_name"))))) or None


def lead(payload: Object, locale: Locale) -> ContactRecord:
    """A lead as the contact it is. Raises RecordError without a readable number, for calls are matched by it."""
    details = lead_details(payload)
    numbers = tuple(
        found for said in texts(details.get("contact_numbers")) if (found := phone_number(said, None, locale))
    )
    if not any(found.kind in (NumberKind.EXTERNAL, NumberKind.SHORT) for found in numbers):
        raise RecordError("none of its contact_numbers can be read: the lead's calls could not be told from others")
    assigned = texts(mapping(payload.get("assigned_to")).get("employee"))
    return ContactRecord(
        numbers=numbers,
        name=lead_name(payload),
        email=text(details.get("email")),
        profile=present(_profile(details)),
        lead=present(_lead(payload, details, locale)),
        assignees=tuple(agent for said in assigned if (agent := _assignee(said, locale)).known),
    )


def _profile(details: Object) -> ContactProfile:
    return ContactProfile(
        first_name=text(details.get("first_name")),
        last_name=text(details.get("last_name")),
        company=text(details.get("company_name")),
        address=text(details.get("address1")),
        address_2=text(details.get("address2")),
        city=text(details.get("city")),
        state=text(details.get("state")),
        country=text(details.get("country")),
        postal_code=text(details.get("zip")),
    )


def _lead(payload: Object, details: Object, locale: Locale) -> Lead:
    status, assigned = mapping(payload.get("status")), mapping(payload.get("assigned_to"))
    return Lead(
        provider_lead_id=text(payload.get("id")),
        status=text(status.get("lead_status")) or text(payload.get("lead_status")),
        reminder_at=instant(reminder(status), locale.zone),
        source=text(details.get("source")),
        description=text(details.get("description")),
        price=number(details.get("price")),
        tags=texts(payload.get("lead_tags")),
        assigned_to_all=boolean(assigned.get("all_employees")),
        assigned_to=texts(assigned.get("employee")),
        attempts=integer(payload.get("no_of_attempts")),
        created_at=instant(payload.get("created_at"), locale.zone),
        modified_at=instant(payload.get("modified_at"), locale.zone),
    )


def reminder(payload: Object) -> str | None:
    """When to call back, as one local text; a date alone means its midnight, a time alone nothing."""
    day, time = text(payload.get("reminder_date")), text(payload.get("reminder_time"))
    return day and (f"{day} {time}" if time else day)


def _assignee(said: str, locale: Locale) -> AgentRecord:
    parts = _NAMED_NUMBER.fullmatch(said)
    if not parts:
        return AgentRecord(name=said)
    return AgentRecord(name=text(parts["name"]), number=phone_number(parts["number"], None, locale))
