"""Where each field of Acefone's document is in the graph."""

from tests.providers.field_table import Envelope, Kept, Place, Shown

# The recorded sample that has the values below: the document's own record, sent again with its blanks filled in.
SAMPLE = "resent.json"

_READABLE = Kept("the text of the epoch beside it, read only where that is missing")
_STEP_TIME = "2024-05-02T13:50:03Z"

_RECORD: dict[str, Place] = {
    "id": Shown("Call.providerRecordId", "66339a440000000000000001"),
    "call_id": Shown("Call.providerCallId", "1714657799.11930963"),
    "uuid": Shown("Call.providerTriggerId", "66339a0b00001"),
    "direction": Shown("Call.direction", "OUTBOUND"),
    "description": Shown("Call.description", "Call answered by customer"),
    "detailed_description": Shown("Call.detailedDescription", "Connected through the web page"),
    "status": Shown("Call.providerStatus", "answered"),
    "blocked_number_id": Shown("Call.providerBlockedNumberId", "7002"),
    "recording_url": Shown(
        "Call.recording.url",
        "https://customer.servetel.in/file/recording"
        "?callId=1714657799.11930963&type=rec&token=fedcba9876543210fedcba9876543210",
    ),
    "service": Shown("Call.labels.name", "Agent"),
    "date": Shown("Call.startedAt", "2024-05-02T13:49:59Z"),
    "time": Shown("Call.startedAt", "2024-05-02T13:49:59Z"),
    "end_stamp": Shown("Call.endedAt", "2024-05-02T13:50:57Z"),
    "broadcast_id": Shown("Call.broadcastName", "3433"),
    "dtmf_input": Shown("Call.dtmf", "1"),
    "call_duration": Shown("Call.durationSeconds", 54),
    "answered_seconds": Shown("Call.talkSeconds", 40),
    "minutes_consumed": Shown("Call.billedMinutes", 2.0),
    "charges": Shown("Call.charges", 1.5),
    "department_name": Shown("Call.departmentName", "Support"),
    "agent_number": Shown("Call.agent.number", "+919888000999"),
    "agent_number_with_prefix": Kept("agent_number with its prefix"),
    "agent_name": Shown("Call.agent.name", "Farah Example"),
    "client_number": Shown("Call.phoneNumber", "+917000003233"),
    # The caller id of an outbound call, where the record has none of its own; dialedNumber of an inbound one.
    "did_number": Shown("Call.callerNumber", "+918069000731"),
    "reason": Shown("Call.hangup.reason", "disconnected_by_caller"),
    "hangup_cause": Shown("Call.hangup.cause", "Normal clearing"),
    "notes": Shown("Call.notes", "Will call back"),
    "contact_details": Kept("the object of the fields below; null for a number that is not in the address book"),
    "contact_details.id": Shown("Call.contactCard.id", "35860002"),
    "contact_details.field_0": Shown("Call.contactCard.fields", "+917000003233"),
    "contact_details.field_1": Shown("Call.contact.name", "gita"),
    "contact_details.field_2": Shown("Call.contactCard.fields", "+917000003233"),
    "missed_agents": Kept("the list of the entries below; each is a leg of kind MISSED_AGENT"),
    "missed_agents[].id": Shown("Call.legs[MISSED_AGENT].agent.providerAgentId", "050100000017"),
    "missed_agents[].name": Shown("Call.legs[MISSED_AGENT].agent.name", "Hari Example"),
    "missed_agents[].number": Shown("Call.legs[MISSED_AGENT].agent.number", "+919888000998"),
    "call_flow": Kept("the list of the steps below; each is a leg"),
    "call_flow[].type": Shown("Call.legs[START].kind", "START"),
    "call_flow[].value": Shown("Call.legs[START].value", "1714657799.11930963"),
    "call_flow[].time": Shown("Call.legs[START].startedAt", _STEP_TIME),
    "call_flow[].readableTime": _READABLE,
    "call_flow[].id": Shown("Call.legs[AGENT].agent.providerAgentId", "050100000016"),
    # An agent's name is below `legs.agent`, the trunk's of a click-to-call here.
    "call_flow[].name": Shown(
        "Call.legs[CLICK_TO_CALL].name", "SIP/+20607017000003@TATA-BLR-UNLIMITED-8069000000_6163f23800001"
    ),
    "call_flow[].dialst": Shown("Call.legs[AGENT].status", "DIALED"),
    "call_flow[].num": Shown("Call.legs[AGENT].number", "+919888000999"),
    "call_flow[].number": Shown("Call.legs[AGENT].number", "+919888000999"),
    "call_flow[].anstime": Shown("Call.answeredAt", "2024-05-02T13:50:17Z"),
    "accountid": Shown("Call.providerAccount", "Demo Account"),
    "account_id": Shown("Call.providerAccount", "Demo Account"),
    "agent_ring_time": Shown("Call.ringSeconds", 11),
    "circle.operator": Shown("Call.circle.carrier", "Jio"),
    "circle.circle": Shown("Call.circle.circle", "Delhi"),
    "agent_hangup_data": Kept("the list of the entries below; each is a leg of kind AGENT_HANGUP"),
    "agent_hangup_data[].id": Shown("Call.legs[AGENT_HANGUP].agent.providerAgentId", "050100000016"),
    "agent_hangup_data[].name": Shown("Call.legs[AGENT_HANGUP].agent.name", "Farah Example"),
    "agent_hangup_data[].timegroup_id": Shown("Call.legs[AGENT_HANGUP].timeGroupId", "502"),
    "agent_hangup_data[].timegroup_name": Shown("Call.legs[AGENT_HANGUP].timeGroup", "Evening"),
    "agent_hangup_data[].disposition": Shown("Call.legs[AGENT_HANGUP].providerStatus", "ANSWERED"),
    "agent_hangup_data[].time": Shown("Call.legs[AGENT_HANGUP].startedAt", _STEP_TIME),
    "agent_hangup_data[].readableTime": _READABLE,
    "transfer_missed_agent": Kept("the list of the entries below; each is a leg of kind TRANSFER_MISSED_AGENT"),
    "transfer_missed_agent[]": Shown("Call.legs[TRANSFER_MISSED_AGENT].agent.name", "Indu Example"),
    "call_hint": Shown("Call.callHint", "clicktocall"),
    "support_api_call": Shown("Call.supportApiCall", False),
    "lead_id": Shown("Call.providerLeadId", "624159950000000000000003"),
    "is_incoming_from_broadcast": Shown("Call.fromBroadcast", False),
    "caller_id_num": Shown("Call.callerNumber", "+918069000731"),
    "sip_agent_ids": Shown("Call.sipAgentIds", "83"),
    # The document names no field within; those of Smartflo's document are read here, too.
    "dialer_call_details": Kept("the object of the fields below; null for a call that the dialler did not make"),
    "dialer_call_details.campaign_id": Shown("Call.dialer.campaignId", "53274"),
    "dialer_call_details.campaign_name": Shown("Call.dialer.campaignName", "autumn dialer"),
    "dialer_call_details.call_wait_time": Shown("Call.waitSeconds", 3),
    "dialer_call_details.hangup_cause": Shown("Call.hangup.causeCode", 16),
    "custom_status": Shown("Call.customStatus", "Done"),
    "voicemail_recording": Shown("Call.recording.voicemail", False),
    "aws_call_recording_identifier": Shown("Call.recording.providerRecordingId", "ffeeddccbbaa99887766554433221100"),
}

FIELDS: dict[str, Place] = {
    "count": Envelope("totalCount of the connection: the number of all records, not of this page"),
    "limit": Envelope("first"),
    "size": Envelope("the number of nodes"),
    "page": Envelope("pageInfo and the cursors"),
    **{f"results[].{field}": place for field, place in _RECORD.items()},
}
