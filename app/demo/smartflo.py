"""The demo's calls as Smartflo's call detail records tell them: what happened, who took part, how it ended."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from random import Random
from typing import Any

from app.demo.company import Contact
from app.demo.conversation import Conversation, Ending
from app.demo.dice import dice
from app.demo.smartflo_flow import CAMPAIGNS, QUEUES, Campaign, dialler, extension, flow, listed

_NUMBERS = ("+918069000170", "+918069000171", "+918069000172")
_DIALLED = 0.5  # share of the outgoing calls that a campaign makes; for the others, agents click a number
_VOICEMAIL = 0.4  # share of the callers who speak to the machine where nobody is free
_ENTERED = 9  # of ten contacts, that many are in the address book
_DESCRIPTIONS = {
    Ending.ANSWERED: "Call answered",
    Ending.UNANSWERED: "Call missed",
    Ending.BUSY: "Number busy",
    Ending.FAILED: "Call failed",
}
_CAUSES = {
    Ending.ANSWERED: "Normal clearing",
    Ending.UNANSWERED: "No answer from user",
    Ending.BUSY: "User busy",
    Ending.FAILED: "Network out of order",
}


def body(calls: Sequence[Conversation], now: datetime) -> Any:
    """The answer of /v1/call/records. Records never change, so `now` does not matter."""
    results = [_record(call) for call in calls]
    return {"count": len(results), "limit": len(results), "size": len(results), "page": 1, "results": results}


def _record(call: Conversation) -> dict[str, Any]:
    luck = dice(call.luck)
    call_id = f"{call.started_at.timestamp():.0f}.{100_000 + call.serial}"
    queue = luck.choices(QUEUES, [one.weight for one in QUEUES])[0] if call.inbound else None
    campaign = luck.choice(CAMPAIGNS) if not call.inbound and luck.random() < _DIALLED else None
    voicemail = call.inbound and call.agent is None and luck.random() < _VOICEMAIL
    return {
        **_what(call, call_id, voicemail or (call.answered and luck.random() < 0.92)),
        **_who(call, luck),
        **_how(call, luck, campaign),
        "department_name": queue.department if queue else None,
        "dtmf_input": queue.key if queue else None,
        "voicemail_recording": voicemail,
        "call_flow": flow(call, call_id, queue, campaign, voicemail),
        "dialer_call_details": dialler(call, luck, campaign) if campaign else None,
    }


def _what(call: Conversation, call_id: str, recorded: bool) -> dict[str, Any]:
    digest = blake2b(call_id.encode(), digest_size=16).hexdigest()
    day, time = call.written(call.started_at).split()
    return {
        "id": digest[:24],
        "call_id": call_id,
        "uuid": digest[:13],
        "direction": "inbound" if call.inbound else "outbound",
        "status": "answered" if call.answered else "missed",
        "description": _DESCRIPTIONS[call.ending],
        "detailed_description": None,
        "blocked_number_id": None,
        "broadcast_id": None,
        "date": day,
        "time": time,
        "end_stamp": call.written(call.ended_at),
        "call_duration": call.ring_seconds + call.talk_seconds,
        "answered_seconds": call.talk_seconds,
        "recording_url": f"https://smartflo.example/file/recording?callId={call_id}&type=rec" if recorded else None,
        "aws_call_recording_identifier": digest if recorded else None,
        "accountid": "Everpeak.demo",
    }


def _who(call: Conversation, luck: Random) -> dict[str, Any]:
    agent, own = call.agent, luck.choice(_NUMBERS)
    # The vendor writes national numbers with the country code, and without a plus.
    client = (
        call.contact.e164.removeprefix("+" if call.contact.country == "IN" else "") if call.contact else "Anonymous"
    )
    return {
        "agent_name": agent.name if agent else None,
        "agent_number": extension(agent) if agent else None,
        "agent_number_with_prefix": extension(agent) if agent else None,
        "client_number": client,
        "did_number": own,
        "caller_id_num": client if call.inbound else own,
        "contact_details": _address_book(call.contact) if call.contact else None,
        "circle": _circle(call.contact) if call.contact else None,
        "missed_agents": [listed(one) for one in call.missed_by],
        "transfer_missed_agent": [],
    }


def _address_book(contact: Contact) -> dict[str, Any] | None:
    """The account's own entry of the contact; some of them nobody has entered."""
    line = int(contact.number[-6:])
    return {"id": 35_000_000 + line, "field_0": contact.e164, "field_1": contact.name} if line % 10 < _ENTERED else None


def _circle(contact: Contact) -> dict[str, Any] | None:
    return {"operator": contact.carrier, "circle": contact.town.code} if contact.country == "IN" else None


def _how(call: Conversation, luck: Random, campaign: Campaign | None) -> dict[str, Any]:
    minutes = -(-call.talk_seconds // 60)
    noted = call.answered and luck.random() < 0.3
    return {
        "reason": luck.choice(("disconnected_by_caller", "disconnected_by_agent")) if call.answered else None,
        "hangup_cause": _CAUSES[call.ending],
        "agent_ring_time": str(min(call.ring_seconds, 30)) if call.agent else "N.A.",
        "minutes_consumed": minutes,
        "charges": 0 if call.inbound else round(minutes * 0.4, 2),
        "notes": {"note": call.topic.note, "by": call.agent.name if call.agent else None} if noted else None,
        "call_hint": "dialer" if campaign else None if call.inbound else "clicktocall",
        "service": "Dialer" if campaign else "IVR" if call.inbound else "Click to Call",
        "lead_id": f"6241{int(call.contact.number):020x}" if campaign and call.contact else None,
        "support_api_call": False,
        "is_incoming_from_broadcast": False,
    }
