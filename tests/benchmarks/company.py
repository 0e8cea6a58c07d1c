"""A made-up company's rows, the same for the same size: as tuples, ready for executemany and COPY.

Only what the workloads and their indexes need is realistic. Numbers are made up; a few contacts call much more often
than most; working hours are busier than nights; instants are whole seconds, as vendors give them.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.labels import fold
from app.domain.times import to_ms

WORKSPACE = "main"
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 12, 31, tzinfo=UTC)
DAY = 86_400_000
AGENTS = 200
Rows = Iterator[tuple[Any, ...]]

_FIRST, _LAST = (
    names.split()
    for names in (
        "Asha Bikram Chandra Deepa Esha Farid Gita Hari Indira Jatin Kiran Laxmi Mohan Nisha Om Prem Rita Sunil",
        "Adhikari Basnet Chhetri Dahal Gurung Joshi Karki Lama Magar Nepal Oli Poudel Rai Sharma Thapa Verma",
    )
)
_QUEUES = ("Support", "Sales", "Billing", None)
_OUTCOMES = ("ANSWERED",) * 13 + ("MISSED",) * 3 + ("NO_ANSWER",) * 3 + ("BUSY",)
_DIRECTIONS = ("INBOUND",) * 6 + ("OUTBOUND",) * 4
_SALT = 20_240_601
_NEW = to_ms(END)

COLUMNS = {
    "sources": "workspace_id id name provider timezone region created_at",
    "agents": "workspace_id id source_id identity name name_key code number number_raw number_kind email tags told_at details",
    "contacts": "workspace_id id identity name name_key email told_at is_lead details",
    "contact_numbers": "workspace_id number contact_id number_raw number_kind",
    "calls": """workspace_id id source_id provider_call_id version content_hash started_at answered_at ended_at synced_at
        direction outcome kind duration_seconds talk_seconds ring_seconds phone_number phone_number_raw phone_number_kind
        caller_number caller_number_raw caller_number_kind dialed_number dialed_number_raw dialed_number_kind agent_id
        contact_id agent_name_key contact_name_key queue_name has_recording details""",
}


@dataclass(frozen=True)
class Company:
    """How large it is."""

    calls: int

    @property
    def contacts(self) -> int:
        """One for every twenty calls: 50,000 for a million."""
        return max(AGENTS, self.calls // 20)

    def rows(self) -> Iterator[tuple[str, Rows]]:
        """The rows of each table, in an order that references allow."""
        yield "sources", iter([(WORKSPACE, source_id(), "office", "SMARTFLO", "Asia/Kathmandu", "NP", _NEW)])
        yield "agents", (_agent(number) for number in range(AGENTS))
        yield "contacts", (_contact(number) for number in range(self.contacts))
        yield (
            "contact_numbers",
            ((WORKSPACE, number_of(one), contact_id(one), number_of(one), "EXTERNAL") for one in range(self.contacts)),
        )
        yield "calls", self._calls()

    def call_id(self, number: int) -> str:
        """The id of a call; its time is in it, as in every call's."""
        return _id(self._begins(number), number)

    def _begins(self, number: int) -> int:
        """When a call begins: they are spread over the year, by day, and denser in the middle of each day."""
        dice = random.Random(_SALT + number)
        day = dice.randrange((END - BEGIN).days)
        second = int((dice.random() + dice.random() + dice.random()) / 3 * 86_400)
        return to_ms(BEGIN) + day * DAY + second * 1000

    def _calls(self) -> Rows:
        for number in range(self.calls):
            yield self._call(number)

    def _call(self, number: int) -> tuple[Any, ...]:
        dice = random.Random(-number - 1)
        began = self._begins(number)
        answered, way = dice.choice(_OUTCOMES), dice.choice(_DIRECTIONS)
        agent, contact = dice.randrange(AGENTS), int(self.contacts * dice.random() ** 1.5)
        outside, ours = (number_of(contact),) * 2 + ("EXTERNAL",), ("+97715970000", "97715970000", "EXTERNAL")
        ring = dice.randrange(2, 40)
        talk = int(dice.expovariate(1 / 150)) + 1 if answered == "ANSWERED" else 0
        ended = began + (ring + talk) * 1000
        return (
            WORKSPACE,
            _id(began, number),
            source_id(),
            f"c{number}",
            ended,
            f"{number:032x}",
            began,
            began + ring * 1000 if talk else None,
            ended,
            ended + 5_000,
            way,
            answered,
            "CALL",
            ring + talk,
            talk,
            ring,
            *outside,
            *(outside if way == "INBOUND" else ours),
            *(ours if way == "INBOUND" else outside),
            agent_id(agent),
            contact_id(contact),
            fold(_agent_name(agent)),
            fold(_name(contact + AGENTS)),
            dice.choice(_QUEUES),
            talk > 0,
            "{}",
        )


def number_of(contact: int) -> str:
    """A contact's number."""
    return f"+97798{contact:08}"


def agent_id(number: int) -> str:
    """An agent's id."""
    return _id(to_ms(BEGIN) - 2 * DAY, number)


def contact_id(number: int) -> str:
    """A contact's id."""
    return _id(to_ms(BEGIN) - DAY, number)


def source_id() -> str:
    """The only source's id."""
    return _id(to_ms(BEGIN) - 3 * DAY, 0)


def _agent(number: int) -> tuple[Any, ...]:
    name, extension = _agent_name(number), f"{2000 + number}"
    identity = (WORKSPACE, agent_id(number), source_id(), f"id:{number}", name, fold(name), f"A{number}")
    return (*identity, extension, extension, "INTERNAL", f"agent{number}@example.com", "[]", _NEW, "{}")


def _agent_name(number: int) -> str:
    return f"{_name(number)} {number}"


def _contact(number: int) -> tuple[Any, ...]:
    name = _name(number + AGENTS)
    identity = (WORKSPACE, contact_id(number), number_of(number), name, fold(name))
    return (*identity, f"contact{number}@example.com", _NEW, False, "{}")


def _name(number: int) -> str:
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[number // len(_FIRST) % len(_LAST)]}"


def _id(milliseconds: int, number: int) -> str:
    """What app.domain.ids makes, but with the row's number in the place of chance."""
    return f"{milliseconds << 80 | 0x7 << 76 | (number >> 62) << 64 | 0b10 << 62 | number:032x}"
