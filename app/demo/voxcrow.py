"""The demo's calls as Voxcrow's call log tells them."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from app.demo.conversation import Conversation, Ending
from app.demo.dice import dice

_TRUNKS = ("+97715970001", "+97715970002", "+97714970010")
_DISPOSITIONS = {
    Ending.ANSWERED: "ANSWERED",
    Ending.UNANSWERED: "NO ANSWER",
    Ending.BUSY: "BUSY",
    Ending.FAILED: "FAILED",
}
_UNREACHED = ("Not reachable", "Try again in the evening")


def body(calls: Sequence[Conversation], now: datetime) -> Any:
    """The answer of CallLogAPI. Its rows never change, so `now` does not matter."""
    return [_row(call) for call in calls]


def _row(call: Conversation) -> dict[str, Any]:
    luck = dice(call.luck)
    wrap_up, note = _wrap_up(call, luck)
    started = call.written(call.started_at)
    return {
        "agent_fullname": call.agent.name if call.agent else "",
        "phone_number": call.number or "Anonymous",
        "agent_extension": str(2000 + call.agent.number) if call.agent else "",
        "trunk": luck.choice(_TRUNKS),
        "calldate": started,
        "duration": call.ring_seconds + call.talk_seconds,
        "disposition": _DISPOSITIONS[call.ending],
        "call_type": "inbound" if call.inbound else "outbound",
        "recording_link": _recording(call, started) if call.answered and luck.random() < 0.9 else "",
        "wrapup_name": wrap_up,
        "wrapup_note": note,
    }


def _wrap_up(call: Conversation, luck: Random) -> tuple[str, str | None]:
    """What the agent chose and wrote; most choose, few write."""
    if call.answered and luck.random() < 0.75:
        return call.topic.wrap_up, call.topic.note if luck.random() < 0.35 else None
    if not call.answered and not call.inbound and luck.random() < 0.6:
        return _UNREACHED[0], _UNREACHED[1] if luck.random() < 0.2 else None
    return "", None


def _recording(call: Conversation, started: str) -> str:
    """Without a scheme, as the vendor writes it."""
    direction = "in" if call.inbound else "out"
    digits = "".join(filter(str.isdigit, call.number or "anonymous")) or "anonymous"
    day, time = started.split()
    name = f"{direction}-{digits}-{day.replace('-', '')}-{time.replace(':', '')}-{call.started_at.timestamp():.0f}"
    return f"everpeak.voxcrow.example/records/{day.replace('-', '/')}/{name}.{call.serial}.wav"
