"""Callyzer: its reports and its history share their filters; what is asked of leads and employees filters those."""

from typing import Any

from app.domain.sources import Provider
from tests.builders import callyzer_call
from tests.graphql.vendor_parameters.words import Filter, Instead, Names, Row, Selects, Vendor
from tests.providers.callyzer.parameters import PARAMETERS

REPORTS, HISTORY = "call-log reports and history", "history"
DURATION_REPORTS = "summary, employee-summary, analysis, hourly-analytics, daywise-analytics, history"
TYPED_REPORTS = "call-log reports and history, except never-attended"
PAGED_REPORTS = "employee-summary, never-attended, not-pickup-by-client, history"
HOURS = "hourly-analytics, daywise-analytics"

ROHAN, TARA, EXCLUDED = "9100000207", "9100000999", "+919100000333"
HARI = {"emp_name": "Hari Das", "emp_number": "9000000108", "emp_code": "112", "emp_tags": ["office", "north"]}
LONDONER = {"client_name": "Jo Finch", "client_country_code": "44", "client_number": "7911123456"}
EMIRATI = {"emp_name": "Zayn Ali", "emp_country_code": "971", "emp_number": "501234567", "emp_tags": []}
# 1694606400 is 13 September 2023, 12:00:00 UTC, and 17:30:00 in India.
_SAID: dict[str, dict[str, Any]] = {
    "second before": {"call_time": "17:29:59", "synced_at": "2023-09-13 18:29:59 IST"},
    "first second": {"call_time": "17:30:00", "synced_at": "2023-09-13 18:30:00 IST"},
    "last second": {"call_time": "18:30:00", "synced_at": "2023-09-13 19:30:00 IST"},
    "second after": {"call_time": "18:30:01", "synced_at": "2023-09-13 19:30:01 IST"},
    "outgoing": {"call_type": "Outgoing", "duration": 12},
    "outgoing, not taken": {"call_type": "Outgoing", "duration": 0},
    "missed": {"call_type": "Missed", "duration": 0},
    "rejected": {"call_type": "Rejected", "duration": 0},
    "10 seconds": {"duration": 10},
    "11 seconds": {"duration": 11},
    "20 seconds": {"duration": 20},
    "of Hari": HARI,
    "of Zayn": EMIRATI,
    "with Jo": LONDONER,
    "with Tara": {"client_number": TARA, "client_name": "Tara Bose"},
    "with an excluded number": {"client_number": EXCLUDED, "client_country_code": None, "client_name": "Home"},
    # 10 September 2023 was a Sunday; its last hours in India are on a Sunday in UTC, too, its first are not.
    "on Sunday night": {"call_date": "2023-09-10", "call_time": "00:30:00"},
    "on Saturday night": {"call_date": "2023-09-09", "call_time": "23:59:59"},
    "on Monday night": {"call_date": "2023-09-11", "call_time": "00:00:00"},
}
RECORDS = {name: callyzer_call(name, **said) for name, said in _SAID.items()}
HOUR = {"from": "2023-09-13T12:00:00Z", "to": "2023-09-13T13:00:01Z"}
SYNCED_HOUR = {"from": "2023-09-13T13:00:00Z", "to": "2023-09-13T14:00:01Z"}


def _row(parameter: str, value: str, filter: Filter, selects: Names, leaves_out: Names) -> Selects:
    return Selects(parameter, value, filter, selects, leaves_out)


def _types(value: str, words: list[str], selects: Names, leaves_out: Names) -> Selects:
    return _row(f"{TYPED_REPORTS}: call_types", value, {"providerStatuses": words}, selects, leaves_out)


ROWS: tuple[Row, ...] = (
    _row(f"{REPORTS}: call_from", "1694606400", {"startedAt": HOUR}, ("first second",), ("second before",)),
    _row(f"{REPORTS}: call_to", "1694610000", {"startedAt": HOUR}, ("last second",), ("second after",)),
    _row(
        f"{REPORTS}: synced_from",
        "1694610000",
        {"providerSyncedAt": SYNCED_HOUR},
        ("first second",),
        ("second before", "outgoing"),
    ),
    _row(f"{REPORTS}: synced_to", "1694613600", {"providerSyncedAt": SYNCED_HOUR}, ("last second",), ("second after",)),
    _types('["Incoming"]', ["Incoming"], ("first second",), ("outgoing", "missed", "rejected")),
    _types('["Outgoing"]', ["Outgoing"], ("outgoing", "outgoing, not taken"), ("first second", "missed")),
    _types('["Missed", "Rejected"]', ["Missed", "Rejected"], ("missed", "rejected"), ("outgoing", "first second")),
    _row(
        f"{TYPED_REPORTS}: call_types",
        '["Missed", "Outgoing"]',
        {"or": [{"outcome": ["MISSED"]}, {"direction": ["OUTBOUND"]}]},
        ("missed", "outgoing", "outgoing, not taken"),
        ("rejected", "first second"),
    ),
    # Both bounds are excluded, alone and together.
    _row(
        f"{DURATION_REPORTS}: duration_les_than",
        "11",
        {"durationSeconds": {"lt": 11}},
        ("10 seconds", "missed"),
        ("11 seconds", "20 seconds"),
    ),
    _row(
        f"{DURATION_REPORTS}: duration_grt_than",
        "10",
        {"durationSeconds": {"gt": 10}},
        ("11 seconds", "20 seconds"),
        ("10 seconds", "missed"),
    ),
    _row(
        f"{DURATION_REPORTS}: duration_grt_than",
        "10, duration_les_than 20",
        {"durationSeconds": {"gt": 10, "lt": 20}},
        ("11 seconds", "outgoing"),
        ("10 seconds", "20 seconds"),
    ),
    _row(
        f"{REPORTS}: emp_numbers",
        '["91-9000000107"]',
        {"agentNumbers": ["91-9000000107"]},
        ("first second", "missed"),
        ("of Hari", "of Zayn"),
    ),
    _row(
        f"{REPORTS}: emp_numbers",
        '["9000000108", "971-501234567"]',
        {"agentNumbers": ["9000000108", "971-501234567"]},
        ("of Hari", "of Zayn"),
        ("first second",),
    ),
    _row(f"{REPORTS}: emp_tags", '["north"]', {"agentTags": ["north"]}, ("of Hari",), ("first second", "of Zayn")),
    _row(
        f"{REPORTS}: emp_tags",
        '["field", "north"]',
        {"agentTags": ["field", "north"]},
        ("of Hari", "first second"),
        ("of Zayn",),
    ),
    _row(
        f"{REPORTS}: is_exclude_numbers",
        "false",
        {"includeExcludedNumbers": False},
        ("with Tara", "first second"),
        ("with an excluded number",),
    ),
    _row(
        f"{REPORTS}: is_exclude_numbers",
        "true",
        {"includeExcludedNumbers": True, "phoneNumbers": [TARA, EXCLUDED]},
        ("with Tara", "with an excluded number"),
        ("first second",),
    ),
    _row(
        f"{HISTORY}: client_numbers",
        '["91-9100000999"]',
        {"phoneNumbers": ["91-9100000999"]},
        ("with Tara",),
        ("first second", "with Jo"),
    ),
    _row(
        f"{HISTORY}: client_numbers",
        '["9100000207", "44-7911123456"]',
        {"phoneNumbers": [ROHAN, "44-7911123456"]},
        ("first second", "with Jo"),
        ("with Tara",),
    ),
    _row(
        "hourly-analytics: exclude_days",
        '["Sun"]',
        {"not": {"weekdays": ["SUNDAY"]}, "timezone": "Asia/Kolkata"},
        ("on Saturday night", "on Monday night"),
        ("on Sunday night",),
    ),
    _row(
        "hourly-analytics: exclude_days",
        '["Sun", "Mon"]',
        {
            "weekdays": ["TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"],
            "timezone": "Asia/Kolkata",
        },
        ("on Saturday night", "first second"),
        ("on Sunday night", "on Monday night"),
    ),
    _row(
        f"{REPORTS}: blank values",
        'emp_tags=null, client_numbers=["9100000999"]',
        {"agentTags": None, "startedAt": None, "not": None, "phoneNumbers": [TARA]},
        ("with Tara",),
        ("first second",),
    ),
    _row(
        "call-log/get: unique_ids",
        '["missed", "nothing"]',
        {"providerCallIds": ["missed", "nothing"]},
        ("missed",),
        ("rejected",),
    ),
    _row(
        "webhook setting: Skip Exclude Numbers",
        "No",
        {"includeExcludedNumbers": False},
        ("with Tara",),
        ("with an excluded number",),
    ),
)
_PAGE, _SIZE = "which page; cursors page in the graph", "how many rows a page has"
_SLOTS = "cuts a report into slots and leaves no call out; the same calls are `timeOfDay`"
INSTEAD = {
    f"{PAGED_REPORTS}: page_no": Instead("Query.calls(after:)", _PAGE),
    f"{PAGED_REPORTS}: page_size": Instead("Query.calls(first:)", _SIZE),
    "unique-clients: page_no": Instead("Query.contacts(after:)", _PAGE),
    "unique-clients: page_size": Instead("Query.contacts(first:)", _SIZE),
    f"{HOURS}: working_hour_from": Instead("CallFilter.timeOfDay", _SLOTS),
    f"{HOURS}: working_hour_to": Instead("CallFilter.timeOfDay", _SLOTS),
    "lead/get: first_name": Instead("ContactFilter.search", "filters leads, which are contacts: `hasLead`"),
    "lead/get: last_name": Instead("ContactFilter.search", "filters leads, which are contacts: `hasLead`"),
    "lead/get: contact_numbers": Instead("ContactFilter.phoneNumbers", "filters leads, which are contacts: `hasLead`"),
    "lead/get: page_no": Instead("Query.contacts(after:)", _PAGE),
    "lead/get: page_size": Instead("Query.contacts(first:)", _SIZE),
    "employee/get: emp_numbers": Instead("AgentFilter.numbers", "filters employees, which are agents"),
    "employee/get: emp_tags": Instead("AgentFilter.tags", "filters employees, which are agents"),
    "employee/get: emp_name": Instead("AgentFilter.names", "filters employees, which are agents"),
    "employee/get: emp_codes": Instead("AgentFilter.codes", "filters employees, which are agents"),
    "employee/get: page_no": Instead("Query.agents(after:)", _PAGE),
    "employee/get: page_size": Instead("Query.agents(first:)", _SIZE),
}
VENDOR = Vendor(
    provider=Provider.CALLYZER,
    parameters=PARAMETERS,
    records=RECORDS,
    body={"result": list(RECORDS.values()), "message": "Success"},
    rows=ROWS,
    instead=INSTEAD,
    excluded_numbers=(EXCLUDED,),
)
