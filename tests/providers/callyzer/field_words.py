"""Where the fields that Callyzer repeats in many bodies are in the graph, and how its tables are put together."""

from typing import Any

from tests.providers.field_table import Computed, Envelope, Place, Shown

# The fields of a call and of what it stands in, the same in every answer and in the webhook.
CALL_PATHS = {
    "id": "Call.providerCallId",
    "emp_name": "Call.agent.name",
    "emp_code": "Call.agent.code",
    "emp_country_code": "Call.agent.number",
    "emp_number": "Call.agent.number",
    "emp_tags[]": "Call.agent.tags",
    "client_name": "Call.contact.name",
    "client_country_code": "Call.phoneNumber",
    "client_number": "Call.phoneNumber",
    "duration": "Call.durationSeconds",
    "call_type": "Call.providerStatus",
    "call_date": "Call.startedAt",
    "call_time": "Call.startedAt",
    "note": "Call.notes",
    "call_recording_url": "Call.recording.url",
    "crm_status": "Call.crmStatus",
    "reminder_date": "Call.reminderAt",
    "reminder_time": "Call.reminderAt",
    "synced_at": "Call.providerSyncedAt",
    "modified_at": "Call.modifiedAt",
    "lead_id": "Call.providerLeadId",
}
EMPLOYEE_PATHS = {
    "emp_name": "Agent.name",
    "emp_code": "Agent.code",
    "emp_country_code": "Agent.number",
    "emp_number": "Agent.number",
    "emp_tags[]": "Agent.tags",
    "app_version": "Agent.device.appVersion",
    "registered_at": "Agent.registeredAt",
    "modified_at": "Agent.modifiedAt",
    "last_call_at": "Agent.lastCallAt",
    "last_sync_req_at": "Agent.lastSyncRequestedAt",
    "is_lead_active": "Agent.settings.leadActive",
    "is_call_recording_active": "Agent.settings.callRecordingActive",
    "device_details.device_model": "Agent.device.model",
    "device_details.version_code": "Agent.device.versionCode",
    "device_details.board": "Agent.device.board",
    "device_details.android_version": "Agent.device.androidVersion",
    "device_details.sdk_version": "Agent.device.sdkVersion",
    "device_details.unique_sim_id": "Agent.device.simId",
    "device_preference.is_app_uninstalled": "Agent.device.appUninstalled",
    "device_preference.battery_percentage": "Agent.device.batteryPercentage",
    "app_settings.default_home_screen": "Agent.settings.defaultHomeScreen",
    "app_settings.note_dialog": "Agent.settings.noteDialog",
    "app_settings.call_recording_location": "Agent.settings.callRecordingLocation",
    "app_settings.is_log_active": "Agent.settings.logActive",
}


def shown(paths: dict[str, str], prefix: str, values: dict[str, Any]) -> dict[str, Place]:
    """Fields that the graph shows, at the places of a table, with these values."""
    return {prefix + field: Shown(paths[field], value) for field, value in values.items()}


def computed(prefix: str, measures: dict[str, str]) -> dict[str, Place]:
    """Fields that the graph computes, each from its measure."""
    return {prefix + field: Computed(measure) for field, measure in measures.items()}


def paging(payload: str) -> dict[str, Place]:
    """The paging of a body."""
    return {
        f"{payload}: total_records": Envelope("totalCount of the connection"),
        f"{payload}: page_no": Envelope("the cursors of the connection"),
        f"{payload}: page_size": Envelope("the argument `first` of the connection"),
    }


def messages(*payloads: str) -> dict[str, Place]:
    """The message of each of these bodies."""
    return {f"{payload}: message": Envelope("GraphQL's own errors, with a code each") for payload in payloads}
