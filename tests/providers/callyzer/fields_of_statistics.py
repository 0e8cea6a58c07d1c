"""Where the fields of Callyzer's reports are in the graph: computed, but for the calls and people they name."""

from tests.providers.callyzer.field_words import CALL_PATHS, EMPLOYEE_PATHS, computed, paging, shown
from tests.providers.field_table import Place

TOTALS = {
    "total_calls": "calls",
    "total_duration": "talk seconds of inbound and outbound calls",
    "total_connected_calls": "connected calls: answered, talked for more than 2 seconds",
}
TOTALS_BY_TYPE = {
    **TOTALS,
    "total_incoming_calls": "calls that are inbound and answered",
    "total_incoming_duration": "talk seconds of inbound calls",
    "total_outgoing_calls": "outbound calls",
    "total_outgoing_duration": "talk seconds of outbound calls",
    "total_missed_calls": "missed calls",
    "total_rejected_calls": "rejected calls",
    "total_never_attended_calls": "never attended calls",
    "total_not_pickup_by_clients_calls": "calls that no client picked up",
}
TOTALS_OF_PEOPLE = {
    **TOTALS_BY_TYPE,
    "total_unique_clients": "unique contacts",
    "total_working_hours": "working hours",
}
DAILY_AVERAGE = {
    "daily_average.avg_calls": "calls, average per day",
    "daily_average.avg_connected_calls": "connected calls, average per day",
    "daily_average.avg_duration": "talk seconds, average per day",
}
SHARES = {
    "total_call_perc": "calls, share of the total",
    "total_duration_perc": "talk seconds, share of the total",
    "total_connected_calls_perc": "connected calls, share of the total",
}

SUMMARY: dict[str, Place] = computed("summary: result.", TOTALS_OF_PEOPLE)

EMPLOYEE_SUMMARY: dict[str, Place] = {
    **shown(
        CALL_PATHS,
        "employee-summary: result.employees[].",
        {
            "emp_name": "Asha Verma",
            "emp_code": "011",
            "emp_country_code": "+919000000101",
            "emp_number": "+919000000101",
            "emp_tags[]": "north",
        },
    ),
    **shown(
        CALL_PATHS,
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
    **computed(
        "employee-summary: result.employees[].",
        {
            **TOTALS_OF_PEOPLE,
            "total_incoming_connected_calls": "connected inbound calls",
            "total_outgoing_connected_calls": "connected outbound calls",
            "avg_duration_per_call": "talk seconds, average per connected call",
            "avg_incoming_duration": "talk seconds, average per connected inbound call",
            "avg_outgoing_duration": "talk seconds, average per connected outbound call",
        },
    ),
}


def _top(name: str) -> dict[str, Place]:
    return shown(
        EMPLOYEE_PATHS,
        f"analysis: result.{name}.",
        {
            "emp_name": "Bina Rao",
            "emp_code": "33",
            "emp_country_code": "+919000000102",
            "emp_number": "+919000000102",
            "emp_tags[]": "south",
        },
    )


ANALYSIS: dict[str, Place] = {
    **computed(
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
    **computed("analysis: result.top_dialer.", {"total_outgoing_calls": "outbound calls, the agent with the most"}),
    **computed("analysis: result.top_answered.", {"total_incoming_calls": "inbound calls, the agent with the most"}),
    **computed("analysis: result.top_caller.", {"total_calls": "calls, the agent with the most"}),
    **computed(
        "analysis: result.highest_total_duration.",
        {
            "total_duration": "talk seconds, the agent with the most",
            "total_calls": "inbound and outbound calls",
            "total_incoming_duration": "talk seconds of inbound calls",
            "total_outgoing_duration": "talk seconds of outbound calls",
        },
    ),
    **shown(
        CALL_PATHS,
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

UNIQUE_CLIENTS: dict[str, Place] = {
    **shown(
        CALL_PATHS,
        "unique-clients: result[].",
        {
            "client_name": "Qadir Motors",
            "client_country_code": "+919100000206",
            "client_number": "+919100000206",
        },
    ),
    **computed("unique-clients: result[].", TOTALS_BY_TYPE),
    **shown(
        CALL_PATHS,
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
    **paging("unique-clients"),
}

HOURLY: dict[str, Place] = {
    **computed("hourly-analytics: result.", {**TOTALS, **DAILY_AVERAGE}),
    **computed(
        "hourly-analytics: result.time_slots[].",
        {"slot": "the bucket: an hour of the day within the working hours, or all before, or all after", **TOTALS}
        | SHARES,
    ),
}

DAYWISE: dict[str, Place] = {
    **computed("daywise-analytics: result.", {**TOTALS, **DAILY_AVERAGE}),
    **computed(
        "daywise-analytics: result.",
        {"total_days_with_no_calls_in_time_slot": "days without a call in at least one slot"},
    ),
    **computed(
        "daywise-analytics: result.time_slots[].",
        {
            "slot": "the bucket: an hour of the day within the working hours, or all before, or all after",
            "days_with_no_calls_in_time_slot": "days without a call in the slot",
            # The document's table names the averages of a slot as those of the whole; its sample names them shorter.
            **DAILY_AVERAGE,
            "daily_average.calls": "calls, average per day",
            "daily_average.connected_calls": "connected calls, average per day",
            "daily_average.duration": "talk seconds, average per day",
            "daily_average.Duration": "talk seconds, average per day",
        },
    ),
    **computed(
        "daywise-analytics: result.time_slots[].day_wise[].",
        {"date": "the bucket: a local day", "day": "the weekday of the local day", **TOTALS, **SHARES},
    ),
}
