"""Which known agent a payload means: by the vendor's id, else the number, else the name, within one source."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.agents import AgentRecord
from app.domain.labels import fold

Known = Mapping[str, Any]


class AgentIndex:
    """Agents of one source, found by what is known of them.

    Each is a mapping with id, identity, provider_agent_id, number and name_key.
    """

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._by_id: dict[str, Known] = {}
        self._by_number: dict[str, list[Known]] = {}
        self._by_name: dict[str, list[Known]] = {}
        self._by_identity: dict[str, Known] = {}
        for agent in known:
            self.add(agent)

    def add(self, agent: Known) -> None:
        """Makes an agent findable; of several that a record may mean, the first that came is the one found."""
        if agent["provider_agent_id"]:
            self._by_id.setdefault(agent["provider_agent_id"], agent)
        if agent["number"]:
            self._by_number.setdefault(agent["number"], []).append(agent)
        if agent["name_key"]:
            self._by_name.setdefault(agent["name_key"], []).append(agent)
        self._by_identity.setdefault(agent["identity"], agent)

    def find(self, record: AgentRecord) -> Known | None:
        """The agent that a record means. What both know and differ in rules a match out: two Smiths stay two.

        An agent who has another number or name by now is still found by what it was first known by.
        """
        if record.provider_agent_id and (same := self._by_id.get(record.provider_agent_id)):
            return same
        number, name = record.number.key if record.number else None, fold(record.name or "")
        numbered = self._by_number.get(number, []) if number else []
        if same := next((agent for agent in numbered if not _other_id(agent, record)), None):
            return same
        first_known = self._by_identity.get(identity_of(record))
        if first_known and not (number and name and first_known["name_key"] != name):
            return first_known
        named = self._by_name.get(name, []) if name else []
        return next((one for one in named if not _other_id(one, record) and not (number and one["number"])), None)


def identity_of(record: AgentRecord) -> str:
    """What an agent is first known by; unique within its source."""
    if record.provider_agent_id:
        return f"id:{record.provider_agent_id}"
    if record.number and record.number.key:
        return f"number:{record.number.key}"
    return f"name:{fold(record.name or '')}"


def _other_id(known: Known, record: AgentRecord) -> bool:
    return bool(known["provider_agent_id"] and record.provider_agent_id)
