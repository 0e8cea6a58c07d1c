"""What Callyzer's requests are filtered and paged by: `<endpoints>: <parameter>` to its exact meaning."""

# The eight reports over calls, and the history: they share their filters, and the meaning of each.
_REPORTS = "call-log reports and history"
_DURATION_REPORTS = "summary, employee-summary, analysis, hourly-analytics, daywise-analytics, history"
_TYPED_REPORTS = "call-log reports and history, except never-attended"
_PAGED_REPORTS = "employee-summary, never-attended, not-pickup-by-client, history"
_HOURS = "hourly-analytics, daywise-analytics"

PARAMETERS: dict[str, str] = {
    f"{_REPORTS}: call_from": (
        "Calls that started at or after this moment: positive epoch seconds, UTC. Only together with call_to and below"
        " it; either this pair or the synced pair has to be given."
    ),
    f"{_REPORTS}: call_to": "Calls that started up to this moment, epoch seconds; less than 180 days after call_from.",
    f"{_REPORTS}: synced_from": (
        "Calls that the vendor received from the handset at or after this moment, epoch seconds; only together with"
        " synced_to and below it."
    ),
    f"{_REPORTS}: synced_to": (
        "Calls that the vendor received up to this moment, epoch seconds; less than 180 days after synced_from."
    ),
    f"{_TYPED_REPORTS}: call_types": (
        "Any of Incoming, Outgoing, Missed, Rejected; another word is refused. Never-attended has no such parameter,"
        " though its rules mention it."
    ),
    f"{_DURATION_REPORTS}: duration_les_than": (
        "Calls shorter than so many seconds, the bound itself excluded; 0 or more, and greater than duration_grt_than"
        " where both are given (then both hold)."
    ),
    f"{_DURATION_REPORTS}: duration_grt_than": (
        "Calls longer than so many seconds, the bound itself excluded; 0 or more, and less than duration_les_than."
    ),
    f"{_REPORTS}: emp_numbers": (
        "Calls of the employees with any of these numbers, country code before a hyphen if given (91-9000000101);"
        " deleted employees' numbers still work, unknown or malformed ones are refused."
    ),
    f"{_REPORTS}: emp_tags": "Calls of employees who carry any of these tags; an unknown tag is refused.",
    f"{_REPORTS}: is_exclude_numbers": (
        "Whether calls with the numbers on the account's exclusion list are part of the answer; true when not given."
    ),
    "history: client_numbers": (
        "Calls with any of these outside numbers, country code before a hyphen if given; a malformed one is refused,"
        " an unknown one finds nothing."
    ),
    f"{_PAGED_REPORTS}: page_no": "Which page, from 1; 1 when not given.",
    f"{_PAGED_REPORTS}: page_size": (
        "Records a page, 1 to 100, both included; 100 when not given (the history's description says less than 100)."
    ),
    "unique-clients: page_no": "Which page, from 1; 1 when not given.",
    "unique-clients: page_size": (
        "Records a page; 100 when not given. Its description allows less than 10,000, its rules refuse more than 100."
    ),
    f"{_HOURS}: working_hour_from": (
        "Required: where the working hours start, HH:mm of 24 hours; everything earlier is one slot. It has to lie"
        " before working_hour_to (the hourly report's rule is written the wrong way round)."
    ),
    f"{_HOURS}: working_hour_to": (
        "Required: where the working hours end, HH:mm of 24 hours; everything later is one slot."
    ),
    "hourly-analytics: exclude_days": (
        "Weekdays left out, each as Sun, Mon, Tue, Wed, Thu, Fri or Sat; another form is refused. The averages per"
        " day leave them out, too."
    ),
    "call-log reports and history: blank values": "A parameter that is blank or null counts as not given.",
    "call-log/get: unique_ids": "Required: the calls with these ids, at least 1 and at most 20.",
    "lead/get: first_name": "Leads with this first name, 3 to 250 characters long.",
    "lead/get: last_name": "Leads with this last name, 2 to 250 characters long.",
    "lead/get: contact_numbers": (
        "Leads with any of these numbers, at most 100, country code before a hyphen if given; malformed and unknown"
        " ones are refused."
    ),
    "lead/get: page_no": "Which page, from 1; 1 when not given.",
    "lead/get: page_size": "Records a page, 1 to 100, both included; 100 when not given.",
    "employee/get: emp_numbers": (
        "Employees with any of these numbers, at most 100, country code before a hyphen if given; malformed and"
        " unknown ones are refused."
    ),
    "employee/get: emp_tags": "Employees who carry any of these tags, at most 100; an unknown tag is refused.",
    "employee/get: emp_name": (
        "The employee of exactly this whole name, in any case of letters; a name that does not exist is refused."
    ),
    "employee/get: emp_codes": "Employees with any of these codes, at most 100; an unknown code is refused.",
    "employee/get: page_no": "Which page, from 1; 1 when not given.",
    "employee/get: page_size": "Records a page, 1 to 100, both included; 100 when not given.",
    "webhook setting: Skip Exclude Numbers": "`Yes` sends the calls with excluded numbers as well, `No` leaves them out.",
}
