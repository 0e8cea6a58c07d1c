"""Where each field of Voxcrow's document is in the graph; keys start with the endpoint whose answer has the field."""

from tests.providers.field_table import Computed, Kept, Place, Shown

# The recorded sample whose first row has the values below.
SAMPLE = "call_log.json"

FIELDS: dict[str, Place] = {
    "CallLogAPI[].agent_fullname": Shown("Call.agent.name", "Anita"),
    "CallLogAPI[].phone_number": Shown("Call.phoneNumber", "+9779810000078"),
    "CallLogAPI[].agent_extension": Shown("Call.agent.number", "2003"),
    "CallLogAPI[].trunk": Shown("Call.trunkName", "+97715970000"),
    "CallLogAPI[].calldate": Shown("Call.startedAt", "2024-05-06T05:36:23Z"),
    "CallLogAPI[].duration": Shown("Call.durationSeconds", 16),
    "CallLogAPI[].disposition": Shown("Call.providerStatus", "NO ANSWER"),
    "CallLogAPI[].call_type": Shown("Call.direction", "OUTBOUND"),
    "CallLogAPI[].recording_link": Shown(
        "Call.recording.url",
        "https://yourcompany.getdesk.net/records/2024/05/06/out-9810000078-2003-20240506-112103-1714973763.1108.wav",
    ),
    "CallLogAPI[].wrapup_name": Shown("Call.wrapUp.name", "Not reachable"),
    "CallLogAPI[].wrapup_note": Shown("Call.wrapUp.note", "Try again in the evening"),
    "CallLogCountAPI[].phone_number": Kept("the number that was asked for, which callCounts gives back as asked"),
    "CallLogCountAPI[].total_calls": Computed("calls"),
    "CallLogCountAPI[].inbound_calls": Computed("inbound calls"),
    "CallLogCountAPI[].outbound_calls": Computed("outbound calls"),
}
