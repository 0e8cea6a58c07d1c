"""Where each field of Smartflo's document is in the graph."""

from tests.providers.field_table import Envelope, Kept, Place, Shown

# The recorded sample that has the values below: the document's own record, sent again with its blanks filled in.
SAMPLE = "resent.json"
# The sample of the lists of steps, each of which tells of other people and queues than the others.
LISTS = "lists.json"
_OF_LISTS = (
    "call_flow",
    "missed_agents",
    "agent_hangup_data",
    "transfer_missed_agent",
    "dialer_call_details.dialer_queue",
)
_READABLE = Kept("the text of the epoch beside it, read only where that is missing")


def sample(field: str) -> str:
    """Which recorded sample has the value of a field."""
    return LISTS if field.removeprefix("results[].").startswith(_OF_LISTS) else SAMPLE


def _started(kind: str, second: str) -> Shown:
    return Shown(f"Call.legs[{kind}].startedAt", f"2024-05-09T06:30:{second}Z")


def _queue(n: int, type: str, status: str, second: str) -> dict[str, Place]:
    """The fields of a queue's step in the n-th place that may have one."""
    return {
        "app_data": Shown("Call.legs[QUEUE].applicationData", f"dialer {n}"),
        "app_id": Shown("Call.legs[QUEUE].applicationId", f"5328{n}"),
        "app_name": Shown("Call.legs[QUEUE].application", f"Campaign {n}"),
        "dept_dialst": Shown("Call.legs[QUEUE].providerStatus", status),
        "id": Shown("Call.legs[QUEUE].providerLegId", f"1007{n}"),
        "name": Shown("Call.legs[QUEUE].name", f"Queue {n}"),
        "ringst": Shown("Call.legs[QUEUE].providerRingStatus", str(n)),
        "time": _started("QUEUE", second),
        "type": Shown("Call.legs[QUEUE].providerKind", type),
        "readableTime": _READABLE,
    }


def _person(kind: str, n: int, name: str, number: str = "num") -> dict[str, Place]:
    """What names an agent in a step of that kind."""
    return {
        "id": Shown(f"Call.legs[{kind}].agent.providerAgentId", f"050400004{n}"),
        "name": Shown(f"Call.legs[{kind}].agent.name", f"{name} Example"),
        number: Shown(f"Call.legs[{kind}].agent.number", f"060400002{n}"),
    }


def _agent(kind: str, n: int, name: str, said: tuple[str, str], app: int, second: str) -> dict[str, Place]:
    """The fields of an agent's step; `said` are its type and its status."""
    return _person(kind, n, name) | {
        "type": Shown(f"Call.legs[{kind}].providerKind", said[0]),
        "dialst": Shown(f"Call.legs[{kind}].providerStatus", said[1]),
        "app_id": Shown(f"Call.legs[{kind}].applicationId", str(app)),
        "time": _started(kind, second),
        "readableTime": _READABLE,
    }


def _listed(path: str, step: dict[str, Place]) -> dict[str, Place]:
    return {f"{path}[].{field}": place for field, place in step.items()}


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
    **_listed("missed_agents", _person("MISSED_AGENT", 32, "Harsh")),
    "call_flow": Kept("the list of the steps below; each is a leg"),
    "call_flow[].type": Shown("Call.legs[START].kind", "START"),
    "call_flow[].value": Shown("Call.legs[START].value", "1715236200.129663"),
    "call_flow[].time": _started("IVR", "01"),
    "call_flow[].readableTime": _READABLE,
    "call_flow[].app_data": Shown("Call.legs[QUEUE].applicationData", "dialer 1"),
    "call_flow[].app_id": Shown("Call.legs[QUEUE].applicationId", "53281"),
    "call_flow[].app_name": Shown("Call.legs[QUEUE].application", "Campaign 1"),
    "call_flow[].dept_dialst": Shown("Call.legs[DEPARTMENT].providerStatus", "Dialed"),
    "call_flow[].dialst": Shown("Call.legs[AGENT].status", "REJECTED"),
    # The ids, names and numbers of agents are below `legs.agent`; those of queues, menus and departments here.
    "call_flow[].id": Shown("Call.legs[IVR].providerLegId", "302"),
    "call_flow[].name": Shown("Call.legs[IVR].name", "Opening hours"),
    "call_flow[].num": Shown("Call.legs[AGENT].number", "06040000231"),
    "call_flow[].ringst": Shown("Call.legs[QUEUE].providerRingStatus", "1"),
    "accountid": Shown("Call.providerAccount", "Example.test"),
    "account_id": Shown("Call.providerAccount", "Example.test"),
    "agent_ring_time": Shown("Call.ringSeconds", 4),
    "circle.operator": Shown("Call.circle.carrier", "Airtel India"),
    "circle.circle": Shown("Call.circle.circle", "Delhi"),
    "agent_hangup_data": Kept("the list of the entries below; each is a leg of kind AGENT_HANGUP"),
    "agent_hangup_data[].id": Shown("Call.legs[AGENT_HANGUP].agent.providerAgentId", "05040000433"),
    "agent_hangup_data[].name": Shown("Call.legs[AGENT_HANGUP].agent.name", "Isha Example"),
    "agent_hangup_data[].timegroup_id": Shown("Call.legs[AGENT_HANGUP].timeGroupId", "502"),
    "agent_hangup_data[].timegroup_name": Shown("Call.legs[AGENT_HANGUP].timeGroup", "Night"),
    "agent_hangup_data[].disposition": Shown("Call.legs[AGENT_HANGUP].providerStatus", "BUSY"),
    "agent_hangup_data[].time": _started("AGENT_HANGUP", "06"),
    "agent_hangup_data[].readableTime": _READABLE,
    "transfer_missed_agent": Kept("the list of the entries below; each is a leg of kind TRANSFER_MISSED_AGENT"),
    **_listed("transfer_missed_agent", _person("TRANSFER_MISSED_AGENT", 34, "Jai", "number")),
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
        f"{path}.{field}": place
        for path, step in {
            "dialer_queue_details[].queue_details": _queue(2, "Queue", "Connected", "07"),
            "dialer_queue_details[].missed_by[]": _agent(
                "MISSED_AGENT", 35, "Kiran", ("Agent (queue)", "No Answer"), 53292, "08"
            ),
            "dialer_queue_details[].answered_by": _agent(
                "AGENT", 36, "Lata", ("Agent (first)", "Answered"), 53293, "09"
            ),
            "dialer_queue_transfer_details[].queue_details": _queue(3, "Transfer Queue", "Accepted", "10"),
            "dialer_queue_transfer_details[].missed_by[]": _agent(
                "TRANSFER_MISSED_AGENT", 37, "Mira", ("Agent (transfer)", "Busy"), 53294, "11"
            ),
            "dialer_queue_transfer_details[].answered_by": _agent(
                "AGENT", 38, "Nila", ("Agent (second)", "Dialed"), 53295, "12"
            ),
        }.items()
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
