"""Which known agent a payload means: by the vendor's id, else the number, else the name, within one source."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.agents import AgentRecord
from app.domain.labels import fold

Known = Mapping[str, Any]


class AgentIndex:
    """Agents of one source, found by what is known of them. Each is a mapping with id, provider_agent_id, number, name_key."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._by_id: dict[str, Known] = {}
        self._by_number: dict[str, Known] = {}
        self._by_name: dict[str, Known] = {}
        for agent in known:
            self.add(agent)

    def add(self, agent: Known) -> None:
        """Makes an agent findable; of several with one number or name, the first that came stays the one found."""
        for index, key in (
            (self._by_id, agent["provider_agent_id"]),
            (self._by_number, agent["number"]),
            (self._by_name, agent["name_key"]),
        ):
            if key:
                index.setdefault(key, agent)

    def find(self, record: AgentRecord) -> Known | None:
        """The agent that a record means. What both know and differ in rules a match out: two Smiths stay two."""
        if record.provider_agent_id and (same := self._by_id.get(record.provider_agent_id)):
            return same
        number = record.number.key if record.number else None
        if number and (same := self._by_number.get(number)) and not _other_id(same, record):
            return same
        named = self._by_name.get(fold(record.name)) if record.name else None
        if named and not _other_id(named, record) and not (number and named["number"]):
            return named
        return None


def identity_of(record: AgentRecord) -> str:
    """What an agent is first known by; unique within its source."""
    if record.provider_agent_id:
        return f"id:{record.provider_agent_id}"
    if record.number and record.number.key:
        return f"number:{record.number.key}"
    return f"name:{fold(record.name or '')}"


def _other_id(known: Known, record: AgentRecord) -> bool:
    return bool(known["provider_agent_id"] and record.provider_agent_id)
