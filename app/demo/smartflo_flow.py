"""The steps of the demo's Smartflo calls, and what its dialler keeps of the campaigns' calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.company import Agent
from app.demo.conversation import RING_SECONDS, Conversation, Ending

_CAUSE_CODES = {Ending.ANSWERED: 16, Ending.UNANSWERED: 19, Ending.BUSY: 17, Ending.FAILED: 38}
_HELD = 0.15  # share of the campaigns' talks in which the contact is put on hold


@dataclass(frozen=True, slots=True)
class Queue:
    """Where incoming calls wait; `key` is what the caller presses for it."""

    id: str
    name: str
    department: str
    key: str
    weight: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """What the dialler calls for, by which list."""

    id: int
    name: str
    list_id: str
    list_name: str


QUEUES = (
    Queue("10060", "Treks", "Sales", "1", 50),
    Queue("10061", "Gear shop", "Sales", "2", 15),
    Queue("10062", "Bookings", "Support", "3", 35),
)
CAMPAIGNS = (
    Campaign(53273, "Spring treks", "149897", "Website leads"),
    Campaign(53274, "Last year's guests", "149901", "Guests"),
)


def extension(agent: Agent) -> str:
    """An agent's number as the vendor writes it."""
    return f"Extension-0604000{agent.number:04}"


def listed(agent: Agent) -> dict[str, Any]:
    """An agent as an entry of a list."""
    return {"id": f"0504000{agent.number:04}", "name": agent.name, "num": extension(agent)}


def flow(
    call: Conversation, call_id: str, queue: Queue | None, campaign: Campaign | None, voicemail: bool
) -> list[dict[str, Any]]:
    """Every step of a call in the vendor's order."""
    steps = [_step(call, call.started_at, "init", value=call_id)]
    steps += _incoming(call, queue) if queue else _outgoing(call, campaign)
    if voicemail:
        steps.append(_step(call, call.answered_at, "Voicemail"))
    if call.answered and call.agent:
        entry = listed(call.agent)
        steps.append(_step(call, call.ended_at, "Agent-Hangup", id=entry["id"], name=entry["name"]))
    return [*steps, _step(call, call.ended_at, "Hangup")]


def _incoming(call: Conversation, queue: Queue) -> Iterator[dict[str, Any]]:
    """The menu, the queue, then one agent after the other until one picks up."""
    ended = "Answered" if call.answered else "Missed"
    yield _step(call, call.started_at, "IVR", id="301", name="Welcome", value=queue.key)
    yield _step(call, call.started_at, "Inbound Queue", id=queue.id, name=queue.name, dept_dialst=ended, ringst=1)
    rung = (*call.missed_by, call.agent) if call.agent else ()
    for position, agent in enumerate(rung):
        at = call.started_at + timedelta(seconds=position * RING_SECONDS)
        yield _step(call, at, "Agent", **listed(agent), dialst="Dialed")
    if call.agent:
        yield _step(call, call.answered_at, "Agent", **listed(call.agent), dialst=ended)


def _outgoing(call: Conversation, campaign: Campaign | None) -> Iterator[dict[str, Any]]:
    """The agent's phone first, then the contact's."""
    application = {"app_id": campaign.id, "app_name": "Dialer Campaign", "app_data": campaign.name} if campaign else {}
    ended = {Ending.ANSWERED: "Answered", Ending.UNANSWERED: "Missed", Ending.BUSY: "Busy", Ending.FAILED: "Failed"}
    if call.agent:
        yield _step(call, call.started_at, "Agent", **listed(call.agent), dialst="Answered", **application)
    yield _step(call, call.started_at, "Customer", dialst="Dialed")
    yield _step(call, call.answered_at, "Customer", dialst=ended[call.ending])


def _step(call: Conversation, at: datetime, kind: str, **said: Any) -> dict[str, Any]:
    return {"type": kind, **said, **_moment(at, call.office.locale.zone)}


@lru_cache(maxsize=64)  # most steps of a call are of one of two moments
def _moment(at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    day, time = at.astimezone(zone).isoformat(" ", "seconds")[:19].split()
    year, month, date = day.split("-")
    return {"time": at.timestamp(), "readableTime": f"{date}-{month}-{year} {time}"}


def dialler(call: Conversation, luck: Random, campaign: Campaign) -> dict[str, Any]:
    """What the dialler keeps of a campaign's call."""
    held = luck.randint(5, 90) if call.talk_seconds > 200 and luck.random() < _HELD else 0
    disposed = call.answered and luck.random() < 0.85
    return {
        "call_type": "outbound",
        "campaign_id": campaign.id,
        "campaign_name": campaign.name,
        "list_id": campaign.list_id,
        "list_name": campaign.list_name,
        "customer_ring_time": call.ring_seconds,
        "call_wait_time": 0,
        "agent_talk_time": call.talk_seconds,
        "total_call_duration": call.ring_seconds + call.talk_seconds,
        "total_hold_duration": held,
        "hold_count": 1 if held else 0,
        "disposition_name": call.topic.wrap_up if disposed else "Undisposed",
        "disposition_code": call.topic.wrap_up.upper().replace(" ", "_") if disposed else "UNDIS",
        "disposition_duration": luck.randint(3, 40) if disposed else 0,
        "hangup_cause": _CAUSE_CODES[call.ending],
        "dialin_enabled": None,
        "dialout_enabled": True,
        "extension_dialer": True,
        "is_short_call": "Yes" if call.answered and call.talk_seconds < 10 else "No",
        "first_call_resolution": "Yes" if disposed and not call.again else "No",
        "agent_call_duration": f"{call.agent.name}: {call.talk_seconds}" if call.agent and call.answered else None,
    }
