"""Reads the steps of a call: its flow, then the agents whom only the record's other lists name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.domain.calls import CallLeg, LegKind, LegStatus
from app.domain.numbers import PhoneNumber, parse
from app.providers.cloudphone.agents import agent_of, same
from app.providers.cloudphone.shapes import entries, listed
from app.providers.cloudphone.times import Clock
from app.providers.payload import Object, epoch, given, mapping, objects, text

KINDS = {
    "init": LegKind.START,
    "inbound queue": LegKind.QUEUE,
    "queue": LegKind.QUEUE,
    "department": LegKind.DEPARTMENT,
    "ivr": LegKind.IVR,
    "customer": LegKind.CONTACT,
    "agent": LegKind.AGENT,
    "agent hangup": LegKind.AGENT_HANGUP,
    "hangup": LegKind.HANGUP,
    "clicktocall": LegKind.CLICK_TO_CALL,
    "click to call": LegKind.CLICK_TO_CALL,
    "transfer": LegKind.TRANSFER,
    "voicemail": LegKind.VOICEMAIL,
}
STATUSES = {
    "answered": LegStatus.ANSWERED,
    "dialed": LegStatus.DIALED,
    "missed": LegStatus.MISSED,
    "no answer": LegStatus.MISSED,
    "noanswer": LegStatus.MISSED,
    "busy": LegStatus.BUSY,
    "failed": LegStatus.FAILED,
    "rejected": LegStatus.REJECTED,
}
# Steps that name a person of the company; the others name a queue, a menu or a trunk.
_AGENT_KINDS = {LegKind.AGENT, LegKind.AGENT_HANGUP, LegKind.MISSED_AGENT, LegKind.TRANSFER_MISSED_AGENT}
_QUEUES = (
    ("dialer_queue_details", LegKind.MISSED_AGENT, LegKind.QUEUE),
    ("dialer_queue_transfer_details", LegKind.TRANSFER_MISSED_AGENT, LegKind.TRANSFER),
)
_MISSED = (("missed_agents", LegKind.MISSED_AGENT), ("transfer_missed_agent", LegKind.TRANSFER_MISSED_AGENT))
_FURTHER_LISTS = ("dialer_call_details", *(key for key, _ in _MISSED))
_MOMENTS = {"time", "readableTime", "anstime"}


def legs_of(payload: Object, clock: Clock, region: str | None) -> tuple[CallLeg, ...]:
    """The flow in the vendor's order, then what each other list tells that was not told before it."""
    legs = [_flow_leg(step, clock, region) for step in objects(payload.get("call_flow"))]
    if any(map(payload.get, _FURTHER_LISTS)):
        for told in _further_lists(payload, clock, region):
            legs += [leg for leg in told if not any(_repeats(leg, before) for before in legs)]
    # How agents left the call is told nowhere else, so none of it is a repetition.
    if payload.get("agent_hangup_data"):
        legs += [_leg(step, LegKind.AGENT_HANGUP, clock, region) for step in entries(payload, "agent_hangup_data")]
    return tuple(legs)


def _further_lists(payload: Object, clock: Clock, region: str | None) -> Iterator[list[CallLeg]]:
    """The lists beside the flow, those with times first: an agent listed without one is known from them."""
    if dialer := mapping(payload.get("dialer_call_details")):
        for key, missed, other in _QUEUES:
            yield [leg for entry in entries(dialer, key) for leg in _queue_legs(entry, missed, other, clock, region)]
    for key, kind in _MISSED:
        if told := payload.get(key):
            yield [_missed_leg(entry, kind, clock, region) for entry in listed(told)]


def _flow_leg(step: Object, clock: Clock, region: str | None) -> CallLeg:
    leg = _leg(step, KINDS.get(_folded(step.get("type")), LegKind.UNKNOWN), clock, region)
    if leg.agent and not (leg.agent.provider_agent_id or leg.agent.name):
        return replace(leg, agent=None)  # a click-to-call lists the number it dials as an agent of no name and no id
    return leg


def _queue_legs(entry: Object, missed: LegKind, other: LegKind, clock: Clock, region: str | None) -> Iterator[CallLeg]:
    """The queue, who missed the call in it, and who answered; `other` is what an entry of no such parts is."""
    if not {"queue_details", "missed_by", "answered_by"} & entry.keys():
        yield _leg(entry, KINDS.get(_folded(entry.get("type")), other), clock, region)
    for queue in entries(entry, "queue_details"):
        yield _leg(queue, LegKind.QUEUE, clock, region)
    for agent in listed(entry.get("missed_by")):
        yield _missed_leg(agent, missed, clock, region)
    for agent in entries(entry, "answered_by"):
        yield _leg(agent, LegKind.AGENT, clock, region)


def _missed_leg(entry: Any, kind: LegKind, clock: Clock, region: str | None) -> CallLeg:
    """An agent who missed the call: an object, or just a name or a number, for the document shows no such entry."""
    if isinstance(entry, dict):
        leg = _leg(entry, kind, clock, region)
        return leg if leg.provider_status else replace(leg, status=LegStatus.MISSED)
    agent = agent_of(entry, region)
    return CallLeg(kind=kind, status=LegStatus.MISSED, agent=agent, number=agent.number if agent else None)


def _leg(step: Object, kind: LegKind, clock: Clock, region: str | None) -> CallLeg:
    said = given(step, without=_MOMENTS)
    get = said.get
    word = get("dialst") or get("dept_dialst") or get("disposition")
    status = _status(word, step)
    started_at, answered_at, ended_at = _moments(step, kind, status, clock)
    agent = agent_of(said, region) if kind in _AGENT_KINDS else None
    return CallLeg(
        kind=kind,
        provider_kind=get("type"),
        status=status,
        provider_status=word,
        started_at=started_at,
        answered_at=answered_at,
        ended_at=ended_at,
        provider_ring_status=get("ringst"),
        agent=agent,
        number=agent.number if agent else _number(said, region),
        name=None if agent else get("name"),
        provider_leg_id=None if agent else get("id"),
        application=get("app_name"),
        application_id=get("app_id"),
        application_data=get("app_data"),
        value=get("value"),
        time_group_id=get("timegroup_id"),
        time_group=get("timegroup_name"),
    )


def _status(word: str | None, step: Object) -> LegStatus | None:
    if word:
        return STATUSES.get(_spaced(word), LegStatus.UNKNOWN)
    return LegStatus.ANSWERED if epoch(step.get("anstime")) else None


def _moments(
    step: Object, kind: LegKind, status: LegStatus | None, clock: Clock
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Start, answer and end. Only an answer's own step has `anstime`, and its `time` is when the talk ended."""
    at, answered_at = clock.of_step(step), epoch(step.get("anstime"))
    if answered_at:
        return answered_at, answered_at, at if at and at > answered_at else None
    picked_up = status is LegStatus.ANSWERED and kind in (LegKind.AGENT, LegKind.CONTACT)
    return at, at if picked_up else None, None


def _number(said: dict[str, str], region: str | None) -> PhoneNumber | None:
    found = said.get("num") or said.get("number")
    return parse(found, region) if found else None


def _repeats(leg: CallLeg, before: CallLeg) -> bool:
    """Whether `before` told the same of the same agent or queue at the same time; without a time, at any."""
    if leg.status is not before.status or (leg.started_at and leg.started_at != before.started_at):
        return False
    if {leg.kind, before.kind} == {LegKind.MISSED_AGENT, LegKind.TRANSFER_MISSED_AGENT}:
        return False  # one agent may miss the call itself and its transfer
    if leg.agent or before.agent:
        return bool(leg.agent and before.agent and same(leg.agent, before.agent))
    return leg.kind is before.kind and (leg.name, leg.provider_leg_id) == (before.name, before.provider_leg_id)


def _folded(word: Any) -> str:
    return _spaced(text(word) or "")


@lru_cache(maxsize=1024)  # the words of a vendor are few
def _spaced(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word.casefold())
