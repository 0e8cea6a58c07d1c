"""Where the fields of Callyzer's lists of calls, and of its webhook, are in the graph."""

from tests.providers.callyzer.field_words import CALL_PATHS, paging, shown
from tests.providers.field_table import Envelope, Kept, Place

NEVER_ATTENDED: dict[str, Place] = {
    **shown(
        CALL_PATHS,
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
    **shown(
        CALL_PATHS,
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
    **paging("never-attended"),
}

NOT_PICKED_UP: dict[str, Place] = {
    **shown(
        CALL_PATHS,
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
    **shown(
        CALL_PATHS,
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
    **paging("not-pickup-by-client"),
}

HISTORY: dict[str, Place] = {
    **shown(
        CALL_PATHS,
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
    **paging("history"),
}

GET: dict[str, Place] = shown(
    CALL_PATHS,
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

WEBHOOK: dict[str, Place] = {
    **shown(
        CALL_PATHS,
        "webhook: [].",
        {
            "emp_name": "Lalit Jain",
            "emp_code": "102",
            "emp_country_code": "+919000000112",
            "emp_number": "+919000000112",
            "emp_tags[]": "emp1",
        },
    ),
    **shown(
        CALL_PATHS,
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

REMOVED_RECORDINGS: dict[str, Place] = {
    "call-recording-remove: result[].id": Kept("the call's own id; the answer tells of a deletion, not of a call"),
    "call-recording-remove: result[].message": Envelope("nothing: recordings are not deleted from here"),
    "call-recording-remove: result[].status": Envelope("nothing: recordings are not deleted from here"),
}
