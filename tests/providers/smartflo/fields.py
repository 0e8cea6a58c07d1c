"""Where each field of Smartflo's document is in the graph."""

from tests.providers.field_table import Envelope, Kept, Place, Shown

# The recorded sample that has the values below: the document's own record, sent again with its blanks filled in.
# A path through a list, such as the legs, has the value of the first element that has any.
SAMPLE = "resent.json"

_READABLE = Kept("the text of the epoch beside it, read only where that is missing")
_STEP_TIME = Shown("Call.legs.startedAt", "2024-05-09T06:22:14.438Z")
_AGENT_ID = Shown("Call.legs.agent.providerAgentId", "05040000422")
_AGENT_NAME = Shown("Call.legs.agent.name", "Asha Example")
_AGENT_NUMBER = Shown("Call.legs.agent.number", "06040000219")

# The fields of a queue's step, wherever one stands.
_QUEUE_STEP: dict[str, Place] = {
    "app_data": Shown("Call.legs.applicationData", "spring dialer"),
    "app_id": Shown("Call.legs.applicationId", "53273"),
    "app_name": Shown("Call.legs.application", "Dialer Campaign"),
    "dept_dialst": Shown("Call.legs.providerStatus", "Answered"),
    "id": Shown("Call.legs.providerLegId", "301"),
    "name": Shown("Call.legs.name", "Welcome"),
    "ringst": Shown("Call.legs.providerRingStatus", "1"),
    "time": _STEP_TIME,
    "type": Shown("Call.legs.providerKind", "init"),
    "readableTime": _READABLE,
}
# The fields of an agent's step.
_AGENT_STEP: dict[str, Place] = {
    "type": Shown("Call.legs.providerKind", "init"),
    "id": _AGENT_ID,
    "name": _AGENT_NAME,
    "num": _AGENT_NUMBER,
    "dialst": Shown("Call.legs.status", "ANSWERED"),
    "app_id": Shown("Call.legs.applicationId", "53273"),
    "time": _STEP_TIME,
    "readableTime": _READABLE,
}
_RECORD: dict[str, Place] = {
    "id": Shown("Call.providerRecordId", "663c6bc90000000000000001"),
    "call_id": Shown("Call.providerCallId", "1715235734.129662"),
    "uuid": Shown("Call.providerTriggerId", "48e0d4fb00001"),
    "direction": Shown("Call.direction", "INBOUND"),
    "description": Shown("Call.description", "Call answered"),
    "detailed_description": Shown("Call.detailedDescription", "Answered by Asha Example in AHMM"),
    "status": Shown("Call.providerStatus", "answered"),
    "blocked_number_id": Shown("Call.providerBlockedNumberId", "7001"),
    "recording_url": Shown(
        "Call.recording.url",
        "https://cloudphone.tatateleservices.com/file/recording"
        "?callId=1715235734.129662&type=rec&token=0123456789abcdef0123456789abcdef",
    ),
    "service": Shown("Call.labels.name", "Dialer"),
    "date": Shown("Call.startedAt", "2024-05-09T06:22:14Z"),
    "time": Shown("Call.startedAt", "2024-05-09T06:22:14Z"),
    # The hang-up's epoch says the same to the millisecond.
    "end_stamp": Shown("Call.endedAt", "2024-05-09T06:23:02.812Z"),
    "broadcast_id": Shown("Call.broadcastName", "3432"),
    "dtmf_input": Shown("Call.dtmf", "2"),
    "call_duration": Shown("Call.durationSeconds", 48),
    "answered_seconds": Shown("Call.talkSeconds", 31),
    "minutes_consumed": Shown("Call.billedMinutes", 1.0),
    "charges": Shown("Call.charges", 0.75),
    "department_name": Shown("Call.departmentName", "Sales"),
    "agent_number": Shown("Call.agent.number", "06040000219"),
    "agent_number_with_prefix": Kept("agent_number with its prefix"),
    "agent_name": Shown("Call.agent.name", "Asha Example"),
    "client_number": Shown("Call.phoneNumber", "+919650000255"),
    "did_number": Shown("Call.dialedNumber", "+918069000170"),
    "reason": Shown("Call.hangup.reason", "disconnected_by_caller"),
    "hangup_cause": Shown("Call.hangup.cause", "Normal clearing"),
    "notes": Shown("Call.notes", "Asked for a quote\nAsha Example"),
    "notes.note": Shown("Call.notes", "Asked for a quote\nAsha Example"),
    "notes.by": Shown("Call.notes", "Asked for a quote\nAsha Example"),
    "contact_details": Kept("the object of the fields below"),
    "contact_details.id": Shown("Call.contactCard.id", "35860001"),
    "contact_details.field_0": Shown("Call.contactCard.fields", "+919650000255"),
    "contact_details.field_1": Shown("Call.contact.name", "ravi"),
    "contact_details.field_2": Shown("Call.contactCard.fields", "+919650000255"),
    "missed_agents": Kept("the list of the entries below; each is a leg of kind MISSED_AGENT"),
    "missed_agents[].id": _AGENT_ID,
    "missed_agents[].name": _AGENT_NAME,
    "missed_agents[].num": _AGENT_NUMBER,
    "call_flow": Kept("the list of the steps below; each is a leg"),
    "call_flow[].type": Shown("Call.legs.kind", "START"),
    "call_flow[].value": Shown("Call.legs.value", "1715235734.129662"),
    "call_flow[].time": _STEP_TIME,
    "call_flow[].readableTime": _READABLE,
    "call_flow[].app_data": Shown("Call.legs.applicationData", "spring dialer"),
    "call_flow[].app_id": Shown("Call.legs.applicationId", "53273"),
    "call_flow[].app_name": Shown("Call.legs.application", "Dialer Campaign"),
    "call_flow[].dept_dialst": Shown("Call.legs.providerStatus", "Answered"),
    "call_flow[].dialst": Shown("Call.legs.status", "ANSWERED"),
    # The ids, names and numbers of agents are below `legs.agent`; those of queues, menus and departments here.
    "call_flow[].id": Shown("Call.legs.providerLegId", "301"),
    "call_flow[].name": Shown("Call.legs.name", "Welcome"),
    "call_flow[].num": Shown("Call.legs.number", "06040000219"),
    "call_flow[].ringst": Shown("Call.legs.providerRingStatus", "1"),
    "accountid": Shown("Call.providerAccount", "Example.test"),
    "account_id": Shown("Call.providerAccount", "Example.test"),
    "agent_ring_time": Shown("Call.ringSeconds", 4),
    "circle.operator": Shown("Call.circle.carrier", "Airtel India"),
    "circle.circle": Shown("Call.circle.circle", "Delhi"),
    "agent_hangup_data": Kept("the list of the entries below; each is a leg of kind AGENT_HANGUP"),
    "agent_hangup_data[].id": _AGENT_ID,
    "agent_hangup_data[].name": _AGENT_NAME,
    "agent_hangup_data[].timegroup_id": Shown("Call.legs.timeGroupId", "501"),
    "agent_hangup_data[].timegroup_name": Shown("Call.legs.timeGroup", "Office hours"),
    "agent_hangup_data[].disposition": Shown("Call.legs.providerStatus", "Answered"),
    "agent_hangup_data[].time": _STEP_TIME,
    "agent_hangup_data[].readableTime": _READABLE,
    "transfer_missed_agent": Kept("the list of the entries below; each is a leg of kind TRANSFER_MISSED_AGENT"),
    "transfer_missed_agent[].id": _AGENT_ID,
    "transfer_missed_agent[].name": _AGENT_NAME,
    "transfer_missed_agent[].number": _AGENT_NUMBER,
    "call_hint": Shown("Call.callHint", "dialer"),
    "support_api_call": Shown("Call.supportApiCall", False),
    "lead_id": Shown("Call.providerLeadId", "624159950000000000000002"),
    "is_incoming_from_broadcast": Shown("Call.fromBroadcast", True),
    "caller_id_num": Shown("Call.callerNumber", "+919650000255"),
    "sip_agent_ids": Shown("Call.sipAgentIds", "81"),
    "sip_agent_ids[]": Shown("Call.sipAgentIds", "81"),
    "dialer_call_details": Kept("the object of the fields below"),
    "custom_status": Shown("Call.customStatus", "Follow up"),
    "voicemail_recording": Shown("Call.recording.voicemail", False),
    "aws_call_recording_identifier": Shown("Call.recording.providerRecordingId", "00112233445566778899aabbccddeeff"),
}
_DIALER: dict[str, Place] = {
    "customer_ring_time": Shown("Call.dialer.customerRingSeconds", 0),
    "call_wait_time": Shown("Call.waitSeconds", 18),
    "agent_talk_time": Shown("Call.dialer.agentTalkSeconds", 30),
    "total_hold_duration": Shown("Call.holdSeconds", 5),
    "hold_count": Shown("Call.holdCount", 1),
    "disposition_id": Shown("Call.disposition.id", "601"),
    "disposition_name": Shown("Call.disposition.name", "Undisposed"),
    "disposition_code": Shown("Call.disposition.code", "UNDIS"),
    "sub_disposition_id": Shown("Call.disposition.subId", "602"),
    "sub_disposition_name": Shown("Call.disposition.subName", "Not tried"),
    "sub_disposition_code": Shown("Call.disposition.subCode", "NT"),
    "disposition_duration": Shown("Call.disposition.seconds", 0),
    "total_call_duration": Shown("Call.dialer.totalSeconds", 48),
    "hangup_cause": Shown("Call.hangup.causeCode", 16),
    "call_type": Shown("Call.dialer.callType", "inbound"),
    "dialin_enabled": Shown("Call.dialer.dialInEnabled", False),
    "dialout_enabled": Shown("Call.dialer.dialOutEnabled", True),
    "campaign_id": Shown("Call.dialer.campaignId", "53273"),
    "campaign_name": Shown("Call.dialer.campaignName", "spring dialer"),
    "list_id": Shown("Call.dialer.listId", "149897"),
    "list_name": Shown("Call.dialer.listName", "spring list"),
    "extension_dialer": Shown("Call.dialer.extensionDialer", True),
    "inbound_queue": Shown("Call.dialer.inboundQueue", "AHMM"),
    "is_short_call": Shown("Call.dialer.shortCall", False),
    "sla_status": Shown("Call.dialer.slaStatus", "Call answered outside SLA"),
    "feedback_rating": Shown("Call.dialer.feedbackRating", "4"),
    "feedback_recording_type": Shown("Call.dialer.feedbackRecordingType", "voice"),
    "first_call_resolution": Shown("Call.dialer.firstCallResolution", False),
    "agent_call_duration": Shown("Call.dialer.agentCallDurations", "Asha Example: 31"),
    # The key is the agent's id.
    "agents_call_details.{id}": Shown("Call.dialer.holdTimes.providerAgentId", "05040000422"),
    "agents_call_details.{id}.hold_duration": Shown("Call.dialer.holdTimes.seconds", 5),
    "agents_call_details.{id}.hold_count": Shown("Call.dialer.holdTimes.count", 1),
    "dialer_queue_details[].missed_by": Kept("the list of the agents below; each is a leg of kind MISSED_AGENT"),
    "dialer_queue_transfer_details": Kept("the list of the queues below"),
    **{
        f"{group}[].{part}.{field}": place
        for group in ("dialer_queue_details", "dialer_queue_transfer_details")
        for part, step in (("queue_details", _QUEUE_STEP), ("missed_by[]", _AGENT_STEP), ("answered_by", _AGENT_STEP))
        for field, place in step.items()
    },
}

FIELDS: dict[str, Place] = {
    "count": Envelope("totalCount of the connection: the number of all records, not of this page"),
    "limit": Envelope("first"),
    "size": Envelope("the number of nodes"),
    "page": Envelope("pageInfo and the cursors"),
    **{f"results[].{field}": place for field, place in _RECORD.items()},
    **{f"results[].dialer_call_details.{field}": place for field, place in _DIALER.items()},
}
