"""Where every field of Callyzer's document is in the graph; a key is `<recorded payload>: <path in the body>`.

The payload is part of the key because the answers share their paths: `result[].id` is a call here and a lead there.
Of a list of texts, the first one that is shown stands for all.
"""

from tests.providers.callyzer import fields_of_calls as calls
from tests.providers.callyzer import fields_of_people as people
from tests.providers.callyzer import fields_of_statistics as statistics
from tests.providers.callyzer.field_words import messages
from tests.providers.field_table import Envelope, Place

FIELDS: dict[str, Place] = {
    **statistics.SUMMARY,
    **statistics.EMPLOYEE_SUMMARY,
    **statistics.ANALYSIS,
    **calls.NEVER_ATTENDED,
    **calls.NOT_PICKED_UP,
    **statistics.UNIQUE_CLIENTS,
    **statistics.HOURLY,
    **statistics.DAYWISE,
    **calls.HISTORY,
    **calls.GET,
    **calls.REMOVED_RECORDINGS,
    **people.LEADS,
    **people.SAVED_LEADS,
    **people.EMPLOYEES,
    **calls.WEBHOOK,
    **messages(
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
        "lead-save",
        "lead-get",
        "employee-get",
        "refused",
    ),
    "refused: result": Envelope("the same message: a refused request has no records"),
}
