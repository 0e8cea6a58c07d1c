"""Where every field of Callyzer's document is in the graph; a key is `<recorded payload>: <path in the body>`.

The payload is part of the key because the answers share their paths: `result[].id` is a call here and a lead there.
Of a list of texts, the first one that is shown stands for all.
"""

from typing import Any

from tests.providers.field_table import Computed, Envelope, Kept, Place, Shown

# The fields of a call and of what it stands in, the same in every answer and in the webhook.
_CALL_PATHS = {
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
_EMPLOYEE_PATHS = {
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
_LEAD_PATHS = {
    "id": "Contact.lead.providerLeadId",
    "details.first_name": "Contact.profile.firstName",
    "details.last_name": "Contact.profile.lastName",
    "details.email": "Contact.email",
    "details.company_name": "Contact.profile.company",
    "details.address1": "Contact.profile.address",
    "details.address2": "Contact.profile.address2",
    "details.city": "Contact.profile.city",
    "details.state": "Contact.profile.state",
    "details.country": "Contact.profile.country",
    "details.zip": "Contact.profile.postalCode",
    "details.source": "Contact.lead.source",
    "details.description": "Contact.lead.description",
    "details.price": "Contact.lead.price",
    "details.contact_numbers[]": "Contact.numbers.raw",
    "contact_numbers[]": "Contact.numbers.raw",
    "status.lead_status": "Contact.lead.status",
    "status.reminder_date": "Contact.lead.reminderAt",
    "status.reminder_time": "Contact.lead.reminderAt",
    "assigned_to.all_employees": "Contact.lead.assignedToAll",
    "assigned_to.employee[]": "Contact.lead.assignedTo",
    "lead_tags[]": "Contact.lead.tags",
    "no_of_attempts": "Contact.lead.attempts",
    "created_at": "Contact.lead.createdAt",
    "modified_at": "Contact.lead.modifiedAt",
}


def _shown(paths: dict[str, str], prefix: str, values: dict[str, Any]) -> dict[str, Place]:
    return {prefix + field: Shown(paths[field], value) for field, value in values.items()}


def _computed(prefix: str, measures: dict[str, str]) -> dict[str, Place]:
    return {prefix + field: Computed(measure) for field, measure in measures.items()}


def _paging(payload: str) -> dict[str, Place]:
    return {
        f"{payload}: total_records": Envelope("totalCount of the connection"),
        f"{payload}: page_no": Envelope("the cursors of the connection"),
        f"{payload}: page_size": Envelope("the argument `first` of the connection"),
    }


def _messages(*payloads: str) -> dict[str, Place]:
    return {f"{payload}: message": Envelope("GraphQL's own errors, with a code each") for payload in payloads}


_TOTALS = {
    "total_calls": "calls",
    "total_duration": "talk seconds of inbound and outbound calls",
    "total_connected_calls": "connected calls: answered, talked for more than 2 seconds",
}
_TOTALS_BY_TYPE = {
    **_TOTALS,
    "total_incoming_calls": "calls that are inbound and answered",
    "total_incoming_duration": "talk seconds of inbound calls",
    "total_outgoing_calls": "outbound calls",
    "total_outgoing_duration": "talk seconds of outbound calls",
    "total_missed_calls": "missed calls",
    "total_rejected_calls": "rejected calls",
    "total_never_attended_calls": "never attended calls",
    "total_not_pickup_by_clients_calls": "calls that no client picked up",
}
_TOTALS_OF_PEOPLE = {
    **_TOTALS_BY_TYPE,
    "total_unique_clients": "unique contacts",
    "total_working_hours": "working hours",
}
_DAILY_AVERAGE = {
    "daily_average.avg_calls": "calls, average per day",
    "daily_average.avg_connected_calls": "connected calls, average per day",
    "daily_average.avg_duration": "talk seconds, average per day",
}
_SHARES = {
    "total_call_perc": "calls, share of the total",
    "total_duration_perc": "talk seconds, share of the total",
    "total_connected_calls_perc": "connected calls, share of the total",
}

_SUMMARY: dict[str, Place] = _computed("summary: result.", _TOTALS_OF_PEOPLE)

_EMPLOYEE_SUMMARY: dict[str, Place] = {
    **_shown(
        _CALL_PATHS,
        "employee-summary: result.employees[].",
        {
            "emp_name": "Asha Verma",
            "emp_code": "011",
            "emp_country_code": "+919000000101",
            "emp_number": "+919000000101",
            "emp_tags[]": "north",
        },
    ),
    **_shown(
        _CALL_PATHS,
        "employee-summary: result.employees[].last_call_log.",
        {
            "id": "SumLastCallOfAsha-01",
            "client_name": "Kiran Stores",
            "client_country_code": "+919100000201",
            "client_number": "+919100000201",
            "duration": 2849,
            "call_type": "Incoming",
            "call_date": "2023-12-18T16:36:25Z",
            "call_time": "2023-12-18T16:36:25Z",
            "note": "asked for the price list",
            "call_recording_url": "https://media.example/asha-1.mp3",
            "synced_at": "2023-12-18T17:27:53Z",
            "modified_at": "2023-12-19T07:12:53Z",
        },
    ),
    **_computed(
        "employee-summary: result.employees[].",
        {
            **_TOTALS_OF_PEOPLE,
            "total_incoming_connected_calls": "connected inbound calls",
            "total_outgoing_connected_calls": "connected outbound calls",
            "avg_duration_per_call": "talk seconds, average per connected call",
            "avg_incoming_duration": "talk seconds, average per connected inbound call",
            "avg_outgoing_duration": "talk seconds, average per connected outbound call",
        },
    ),
}


def _top(name: str) -> dict[str, Place]:
    return _shown(
        _EMPLOYEE_PATHS,
        f"analysis: result.{name}.",
        {
            "emp_name": "Bina Rao",
            "emp_code": "33",
            "emp_country_code": "+919000000102",
            "emp_number": "+919000000102",
            "emp_tags[]": "south",
        },
    )


_ANALYSIS: dict[str, Place] = {
    **_computed(
        "analysis: result.average_duration.",
        {
            "total_duration": "talk seconds of inbound and outbound calls",
            "per_call": "talk seconds, average per call",
            "total_calls": "inbound and outbound calls",
            "per_day": "talk seconds, average per day",
            "total_days": "days with calls",
            "per_incoming_call": "talk seconds, average per inbound call",
            "total_incoming_calls": "calls that are inbound and answered",
            "per_outgoing_call": "talk seconds, average per outbound call",
            "total_outgoing_calls": "outbound calls",
        },
    ),
    **_top("top_dialer"),
    **_top("top_answered"),
    **_top("top_caller"),
    **_top("highest_total_duration"),
    **_top("longest_duration"),
    **_computed("analysis: result.top_dialer.", {"total_outgoing_calls": "outbound calls, the agent with the most"}),
    **_computed("analysis: result.top_answered.", {"total_incoming_calls": "inbound calls, the agent with the most"}),
    **_computed("analysis: result.top_caller.", {"total_calls": "calls, the agent with the most"}),
    **_computed(
        "analysis: result.highest_total_duration.",
        {
            "total_duration": "talk seconds, the agent with the most",
            "total_calls": "inbound and outbound calls",
            "total_incoming_duration": "talk seconds of inbound calls",
            "total_outgoing_duration": "talk seconds of outbound calls",
        },
    ),
    **_shown(
        _CALL_PATHS,
        "analysis: result.longest_duration.call_log.",
        {
            "id": "AnaLongestOfBina-01",
            "client_name": "Lakshmi Tiles",
            "client_country_code": "+919100000202",
            "client_number": "+919100000202",
            "duration": 3600,
            "call_type": "Incoming",
            "call_date": "2023-12-17T03:45:00Z",
            "call_time": "2023-12-17T03:45:00Z",
            "note": "went through the whole catalogue",
            "call_recording_url": "https://media.example/bina-1.mp3",
            "synced_at": "2023-12-17T04:50:00Z",
            "modified_at": "2023-12-17T04:51:00Z",
        },
    ),
}

_NEVER_ATTENDED: dict[str, Place] = {
    **_shown(
        _CALL_PATHS,
        "never-attended: result[].",
        {
            "emp_name": "Chetan Iyer",
            "emp_code": "433",
            "emp_country_code": "+919000000103",
            "emp_number": "+919000000103",
            "emp_tags[]": "north",
            "client_name": "Meena Shah",
            "client_country_code": "+919100000203",
            "client_number": "+919100000203",
        },
    ),
    **_shown(
        _CALL_PATHS,
        "never-attended: result[].call_logs[].",
        {
            "id": "NevMissedByChetan-01",
            "duration": 0,
            "call_type": "Missed",
            "call_date": "2023-11-30T16:36:25Z",
            "call_time": "2023-11-30T16:36:25Z",
            "note": "to be called back",
            "call_recording_url": "https://media.example/chetan-1.mp3",
            "synced_at": "2023-11-30T17:12:53Z",
            "modified_at": "2023-11-30T17:13:53Z",
        },
    ),
    **_paging("never-attended"),
}

_NOT_PICKED_UP: dict[str, Place] = {
    **_shown(
        _CALL_PATHS,
        "not-pickup-by-client: result[].",
        {
            "emp_name": "Esha Gill",
            "emp_code": "434",
            "emp_country_code": "+919000000105",
            "emp_number": "+919000000105",
            "emp_tags[]": "west",
            "client_name": "Parth Desai",
            "client_country_code": "+919100000205",
            "client_number": "+919100000205",
        },
    ),
    **_shown(
        _CALL_PATHS,
        "not-pickup-by-client: result[].call_logs[].",
        {
            "id": "NotPickedUpForEsha-01",
            "duration": 0,
            "call_type": "Outgoing",
            "call_date": "2023-11-29T06:36:25Z",
            "call_time": "2023-11-29T06:36:25Z",
            "note": "rang out",
            "call_recording_url": "https://media.example/esha-1.mp3",
            "synced_at": "2023-11-29T07:12:53Z",
            "modified_at": "2023-11-29T07:22:53Z",
        },
    ),
    **_paging("not-pickup-by-client"),
}

_UNIQUE_CLIENTS: dict[str, Place] = {
    **_shown(
        _CALL_PATHS,
        "unique-clients: result[].",
        {
            "client_name": "Qadir Motors",
            "client_country_code": "+919100000206",
            "client_number": "+919100000206",
        },
    ),
    **_computed("unique-clients: result[].", _TOTALS_BY_TYPE),
    **_shown(
        _CALL_PATHS,
        "unique-clients: result[].last_call_log.",
        {
            "id": "UniLastOfQadir-01",
            "emp_name": "Farhan Ali",
            "emp_code": "932",
            "emp_country_code": "+91900000106",
            "emp_number": "+91900000106",
            "emp_tags[]": "inside",
            "duration": 284,
            "call_type": "Incoming",
            "call_date": "2023-12-16T12:36:25Z",
            "call_time": "2023-12-16T12:36:25Z",
            "note": "ordered again",
            "call_recording_url": "https://media.example/farhan-1.mp3",
            "synced_at": "2023-12-16T13:12:53Z",
            "modified_at": "2023-12-16T13:13:53Z",
        },
    ),
    **_paging("unique-clients"),
}

_HOURLY: dict[str, Place] = {
    **_computed("hourly-analytics: result.", {**_TOTALS, **_DAILY_AVERAGE}),
    **_computed(
        "hourly-analytics: result.time_slots[].",
        {"slot": "the bucket: an hour of the day within the working hours, or all before, or all after", **_TOTALS}
        | _SHARES,
    ),
}

_DAYWISE: dict[str, Place] = {
    **_computed("daywise-analytics: result.", {**_TOTALS, **_DAILY_AVERAGE}),
    **_computed(
        "daywise-analytics: result.",
        {"total_days_with_no_calls_in_time_slot": "days without a call in at least one slot"},
    ),
    **_computed(
        "daywise-analytics: result.time_slots[].",
        {
            "slot": "the bucket: an hour of the day within the working hours, or all before, or all after",
            "days_with_no_calls_in_time_slot": "days without a call in the slot",
            # The document's table names the averages of a slot as those of the whole; its sample names them shorter.
            **_DAILY_AVERAGE,
            "daily_average.calls": "calls, average per day",
            "daily_average.connected_calls": "connected calls, average per day",
            "daily_average.duration": "talk seconds, average per day",
            "daily_average.Duration": "talk seconds, average per day",
        },
    ),
    **_computed(
        "daywise-analytics: result.time_slots[].day_wise[].",
        {"date": "the bucket: a local day", "day": "the weekday of the local day", **_TOTALS, **_SHARES},
    ),
}

_HISTORY: dict[str, Place] = {
    **_shown(
        _CALL_PATHS,
        "history: result[].",
        {
            "id": "HisCallOfGita-mDNAP7DPkVfFsV3-01",
            "emp_name": "Gita Menon",
            "emp_code": "111",
            "emp_country_code": "+919000000107",
            "emp_number": "+919000000107",
            "emp_tags[]": "field",
            "client_name": "Rohan Kapoor",
            "client_country_code": "+919100000207",
            "client_number": "+919100000207",
            "duration": 10,
            "call_type": "Outgoing",
            "call_date": "2023-09-13T12:19:41Z",
            "call_time": "2023-09-13T12:19:41Z",
            "note": "all about the new offer",
            "call_recording_url": "https://media.example/gita-1.mp3",
            "crm_status": "Not Interested",
            "reminder_date": "2023-09-15T11:20:34Z",
            "reminder_time": "2023-09-15T11:20:34Z",
            "synced_at": "2023-09-13T12:22:53Z",
            "modified_at": "2023-09-13T12:28:53Z",
            "lead_id": "LeadOfRohan-2Kc2Qoud",
        },
    ),
    **_paging("history"),
}

_GET: dict[str, Place] = _shown(
    _CALL_PATHS,
    "get: result[].",
    {
        "id": "GetCallOfHari-mDNAP7DPkVfFsV3-01",
        "emp_name": "Hari Das",
        "emp_code": "112",
        "emp_country_code": "+919000000108",
        "emp_number": "+919000000108",
        "emp_tags[]": "east",
        "client_name": "Sunita Paul",
        "client_country_code": "+919100000208",
        "client_number": "+919100000208",
        "duration": 75,
        "call_type": "Incoming",
        "call_date": "2023-09-14T05:30:00Z",
        "call_time": "2023-09-14T05:30:00Z",
        "note": "wants a visit",
        "call_recording_url": "https://media.example/hari-1.mp3",
        "crm_status": "Positive",
        "reminder_date": "2023-09-16T05:00:00Z",
        "reminder_time": "2023-09-16T05:00:00Z",
        "synced_at": "2023-09-14T05:35:00Z",
        "modified_at": "2023-09-14T05:36:00Z",
        "lead_id": "LeadOfSunita-Kc2QoudF",
    },
)

_WEBHOOK: dict[str, Place] = {
    **_shown(
        _CALL_PATHS,
        "webhook: [].",
        {
            "emp_name": "Lalit Jain",
            "emp_code": "102",
            "emp_country_code": "+919000000112",
            "emp_number": "+919000000112",
            "emp_tags[]": "emp1",
        },
    ),
    **_shown(
        _CALL_PATHS,
        "webhook: [].call_logs[].",
        {
            "id": "WebCallOfLalit-mDNAP7DPkVfFsV3-01",
            "client_name": "Xavier Pinto",
            "client_country_code": "+919100000231",
            "client_number": "+919100000231",
            "duration": 30,
            "call_type": "Incoming",
            "call_date": "2023-09-13T12:19:41Z",
            "call_time": "2023-09-13T12:19:41Z",
            "note": "all about the delivery",
            "call_recording_url": "https://media.example/lalit-1.mp3",
            "crm_status": "Not Interested",
            "reminder_date": "2023-09-15T11:20:34Z",
            "reminder_time": "2023-09-15T11:20:34Z",
            "synced_at": "2023-09-13T12:20:00Z",
            "modified_at": "2023-09-13T12:22:00Z",
        },
    ),
}

_LEADS: dict[str, Place] = {
    **_shown(
        _LEAD_PATHS,
        "lead-get: result[].",
        {
            "id": "LeadOfVarun-gDE0GGgNMxAkp-01",
            "details.first_name": "Varun",
            "details.last_name": "Malik",
            "details.email": "varun@example.com",
            "details.company_name": "Malik Traders",
            "details.address1": "12 Lake Road",
            "details.address2": "Second floor",
            "details.city": "Pune",
            "details.state": "Maharashtra",
            "details.country": "India",
            "details.zip": "411001",
            "details.source": "Trade fair",
            "details.description": "Needs forty units",
            "details.price": 1250.5,
            "details.contact_numbers[]": "91-9100000221",
            "status.lead_status": "Interested",
            "status.reminder_date": "2023-09-15T11:20:34Z",
            "status.reminder_time": "2023-09-15T11:20:34Z",
            "assigned_to.all_employees": False,
            "assigned_to.employee[]": "Indu (+91-9000000109)",
            "lead_tags[]": "laptop",
            "no_of_attempts": 5,
            "created_at": "2023-06-21T10:20:30Z",
            "modified_at": "2023-09-13T12:20:30Z",
        },
    ),
    **_shown(
        _CALL_PATHS,
        "lead-get: result[].last_call_log.",
        {
            "id": "LeaLastCallOfVarun-01",
            "emp_name": "Indu",
            "emp_code": "113",
            "emp_number": "+919000000109",
            "emp_tags[]": "inside",
            "duration": 2849,
            "call_type": "Incoming",
            "call_date": "2023-09-13T16:36:25Z",
            "call_time": "2023-09-13T16:36:25Z",
            "note": "promised to decide soon",
            "call_recording_url": "https://media.example/indu-1.mp3",
            "synced_at": "2023-09-13T17:29:53Z",
            "modified_at": "2023-09-13T17:30:53Z",
        },
    ),
    "lead-get: result[].last_call_log.emp_country_code": Shown("Call.agent.number", "+919000000109"),
    # The document's table calls them so; its sample writes emp_name and emp_number. Both are read.
    "lead-get: result[].last_call_log.employee_name": Shown("Call.agent.name", "Indu"),
    "lead-get: result[].last_call_log.employee_number": Shown("Call.agent.number", "+919000000109"),
    **_paging("lead-get"),
}

_SAVED_LEADS: dict[str, Place] = {
    **_shown(
        _LEAD_PATHS,
        "lead-bulksave: result.savedLeads[].",
        {"id": "BulkLead-mDNAP7DPkVfFsV3-01", "contact_numbers[]": "9100000211"},
    ),
    "lead-bulksave: result.errors[].name": Envelope("nothing: leads are read here, not written"),
    "lead-bulksave: result.errors[].contact_numbers[]": Envelope("nothing: leads are read here, not written"),
    "lead-bulksave: result.errors[].errorMessage": Envelope("nothing: leads are read here, not written"),
}

_EMPLOYEES: dict[str, Place] = {
    **_shown(
        _EMPLOYEE_PATHS,
        "employee-get: result[].",
        {
            "emp_name": "Kavya Reddy",
            "emp_code": "114",
            "emp_country_code": "+919000000111",
            "emp_number": "+919000000111",
            "emp_tags[]": "south",
            "app_version": "1.3.16",
            "registered_at": "2022-10-02T14:45:21Z",
            "modified_at": "2022-10-30T05:02:33Z",
            "last_call_at": "2022-12-30T10:45:32Z",
            "last_sync_req_at": "2022-12-30T10:45:30Z",
            "is_lead_active": False,
            "is_call_recording_active": True,
            "device_details.device_model": "Micromax",
            "device_details.version_code": "30",
            "device_details.board": "exynos9611",
            "device_details.android_version": "10",
            "device_details.sdk_version": "29",
            "device_details.unique_sim_id": "8991000900000000001",
            "device_preference.is_app_uninstalled": True,
            "device_preference.battery_percentage": 64,
            "app_settings.default_home_screen": "Leads",
            "app_settings.note_dialog": "Never",
            "app_settings.call_recording_location": "/storage/recordings",
            "app_settings.is_log_active": False,
        },
    ),
    **_paging("employee-get"),
}

_REMOVED_RECORDINGS: dict[str, Place] = {
    "call-recording-remove: result[].id": Kept("the call's own id; the answer tells of a deletion, not of a call"),
    "call-recording-remove: result[].message": Envelope("nothing: recordings are not deleted from here"),
    "call-recording-remove: result[].status": Envelope("nothing: recordings are not deleted from here"),
}

FIELDS: dict[str, Place] = {
    **_SUMMARY,
    **_EMPLOYEE_SUMMARY,
    **_ANALYSIS,
    **_NEVER_ATTENDED,
    **_NOT_PICKED_UP,
    **_UNIQUE_CLIENTS,
    **_HOURLY,
    **_DAYWISE,
    **_HISTORY,
    **_GET,
    **_REMOVED_RECORDINGS,
    **_LEADS,
    **_SAVED_LEADS,
    **_EMPLOYEES,
    **_WEBHOOK,
    **_messages(
        "summary",
        "employee-summary",
        "analysis",
        "never-attended",
        "not-pickup-by-client",
        "unique-clients",
        "hourly-analytics",
        "daywise-analytics",
        "history",
        "get",
        "call-recording-remove",
        "lead-get",
        "employee-get",
        "refused",
    ),
    "refused: result": Envelope("the same message: a refused request has no records"),
}
