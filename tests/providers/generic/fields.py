"""Where each field of our own records is in the graph, as far as the recorded ones say it."""

from tests.providers.field_table import Kept, Place, Shown

# The recorded sample that has the values below.
SAMPLE = "records.json"
_KEPT = Kept("the vendor's own words beside the record, kept with the call, raw")

FIELDS: dict[str, Place] = {
    "records[].call.provider_call_id": Shown("Call.providerCallId", "pbx-1-0042"),
    "records[].call.started_at": Shown("Call.startedAt", "2024-05-20T08:00:00Z"),
    "records[].call.answered_at": Shown("Call.answeredAt", "2024-05-20T08:00:09Z"),
    "records[].call.ended_at": Shown("Call.endedAt", "2024-05-20T08:01:21Z"),
    "records[].call.modified_at": Shown("Call.modifiedAt", "2024-05-20T08:02:00Z"),
    "records[].call.direction": Shown("Call.direction", "INBOUND"),
    "records[].call.outcome": Shown("Call.outcome", "ANSWERED"),
    "records[].call.provider_status": Shown("Call.providerStatus", "completed"),
    "records[].call.duration_seconds": Shown("Call.durationSeconds", 81),
    "records[].call.talk_seconds": Shown("Call.talkSeconds", 72),
    "records[].call.ring_seconds": Shown("Call.ringSeconds", 9),
    "records[].call.phone_number": Shown("Call.phoneNumber", "+9779810000078"),
    "records[].call.caller_number": Shown("Call.callerNumber", "+9779810000078"),
    "records[].call.dialed_number": Shown("Call.dialedNumber", "+97715970000"),
    "records[].call.destination_number.raw": Shown("Call.destinationNumber", "204"),
    "records[].call.destination_number.kind": Kept("the kind of the number above"),
    "records[].call.agent.name": Shown("Call.agent.name", "Anita Rai"),
    "records[].call.agent.code": Shown("Call.agent.code", "A-7"),
    "records[].call.agent.number.raw": Shown("Call.agent.number", "204"),
    "records[].call.agent.number.kind": Kept("the kind of the number above"),
    "records[].call.agent.tags": Shown("Call.agent.tags", ["sales"]),
    "records[].call.contact.name": Shown("Call.contact.name", "Sita Thapa"),
    "records[].call.contact.email": Shown("Call.contact.email", "sita@example.com"),
    "records[].call.legs[].kind": Shown("Call.legs[QUEUE].kind", "QUEUE"),
    "records[].call.legs[].name": Shown("Call.legs[QUEUE].name", "Sales"),
    "records[].call.legs[].started_at": Shown("Call.legs[QUEUE].startedAt", "2024-05-20T08:00:01Z"),
    "records[].call.legs[].status": Shown("Call.legs[AGENT].status", "ANSWERED"),
    "records[].call.legs[].agent.name": Shown("Call.legs[AGENT].agent.name", "Anita Rai"),
    "records[].call.legs[].talk_seconds": Shown("Call.legs[AGENT].talkSeconds", 72),
    "records[].call.notes": Shown("Call.notes", "Wants an offer."),
    "records[].call.revenue": Shown("Call.revenue", 1200.5),
    "records[].call.details.labels[].kind": Shown("Call.labels.kind", "QUEUE"),
    "records[].call.details.labels[].name": Shown("Call.labels.name", "Sales"),
    "records[].call.details.recording.url": Shown("Call.recording.url", "https://pbx.example/recordings/0042.mp3"),
    "records[].call.details.disposition.name": Shown("Call.disposition.name", "Interested"),
    "records[].ticket": _KEPT,
    "records[].agent.provider_agent_id": Shown("Agent.providerAgentId", "7"),
    "records[].agent.name": Shown("Agent.name", "Anita Rai"),
    "records[].agent.email": Shown("Agent.email", "anita@example.com"),
    "records[].contact.numbers": Shown("Contact.phoneNumber", "+9779810000079"),
    "records[].contact.name": Shown("Contact.name", "Hari Karki"),
    "records[].contact.profile.city": Shown("Contact.profile.city", "Pokhara"),
}
