"""Names the agents of a record, in the several ways in which the family writes one."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from app.domain.agents import AgentRecord
from app.domain.calls import CallLeg
from app.domain.labels import fold
from app.domain.numbers import NumberKind, PhoneNumber, digits_of, parse
from app.providers.cloudphone.shapes import first
from app.providers.payload import Object, text

# `agent_hangup_data` writes the number behind the name: "Jatin Verma(Extension-06040000219)".
_NAME_AND_NUMBER = re.compile(r"([^()]*)\(([^()]+)\)")
_FEWEST_DIGITS = 3  # what stands in brackets may be a word, too: "Jatin (Sales)"


def number_of(value: Any, region: str | None) -> PhoneNumber | None:
    """An agent's number, where a few digits are an extension rather than a service code."""
    found = text(value)
    return parse(found, region, "", NumberKind.INTERNAL) if found else None


def agent_of(entry: Any, region: str | None) -> AgentRecord | None:
    """The agent in an object, whichever of its documented keys it uses, or in a plain text; None where it names none."""
    if not isinstance(entry, dict):
        return _from_text(text(entry) or "", region)
    name, in_brackets = _split(first(entry, "name", "agent_name") or "")
    number = first(entry, "num", "number", "agent_number") or in_brackets
    agent = _mention(first(entry, "id", "agent_id"), name or None, number, region)
    return agent if agent.known else None


@lru_cache(maxsize=4096)  # an account's agents are few, and every step names one
def _mention(id: str | None, name: str | None, number: str | None, region: str | None) -> AgentRecord:
    return AgentRecord(provider_agent_id=id, name=name, number=number_of(number, region))


def _from_text(written: str, region: str | None) -> AgentRecord | None:
    name, in_brackets = _split(written)
    number = number_of(in_brackets or written, region)
    if in_brackets is None and number:
        name, number = ("", number) if number.digits else (written, None)
    agent = AgentRecord(name=name or None, number=number)
    return agent if agent.known else None


@lru_cache(maxsize=4096)
def _split(written: str) -> tuple[str, str | None]:
    found = _NAME_AND_NUMBER.fullmatch(written)
    return (found[1].strip(), found[2]) if found and len(digits_of(found[2])) >= _FEWEST_DIGITS else (written, None)


def same(one: AgentRecord, other: AgentRecord) -> bool:
    """Whether two mentions are one agent: by id where both have one, else by number, else by name."""
    if one.provider_agent_id and other.provider_agent_id:
        return one.provider_agent_id == other.provider_agent_id
    if one.number and other.number:
        return one.number.key is not None and one.number.key == other.number.key
    return bool(one.name and other.name and fold(one.name) == fold(other.name))


def call_agent(payload: Object, legs: Iterable[CallLeg], region: str | None) -> AgentRecord | None:
    """The agent of the call: `agent_name` and `agent_number`, with the id of a step of the same number or name."""
    name = text(payload.get("agent_name"))
    number = text(payload.get("agent_number"))
    told = _mention(None, name, number, region)
    found = next(
        (leg.agent for leg in legs if leg.agent and leg.agent.provider_agent_id and same(told, leg.agent)), None
    )
    agent = _mention(found.provider_agent_id, name, number, region) if found else told
    return agent if agent.known else None
