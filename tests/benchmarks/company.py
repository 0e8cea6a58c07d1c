"""A made-up company's rows, the same for the same size: as tuples, ready for executemany and COPY.

Only what the workloads and their indexes need is realistic. Numbers are made up; a few contacts call much more often
than most; working hours are busier than nights; instants are whole seconds, as vendors give them. Of everything that
calls are filtered by there is what most have, what few have, and what nobody has; another vendor was left in January.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.labels import fold
from app.domain.times import to_ms
from app.store.findable import pairs_of
from app.store.numbers import suffixes_of
from app.store.search import words_of

WORKSPACE = "main"
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 12, 31, tzinfo=UTC)
DAY = 86_400_000
_LEFT = to_ms(BEGIN) + 31 * DAY
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
# One call in so many has what few have, and one agent in so many the tag that few have.
FEW, FEW_AGENTS = 20_000, 40
# One in so many is passed on to another agent.
TRANSFERRED = 10
# The company's own number.
_LINE = "+97715970000"
_NOTE = "Wants to be called back about the invoice"

COLUMNS = {
    "sources": "workspace_id id name provider timezone region created_at",
    "agents": "workspace_id id source_id identity name name_key code number number_raw number_kind email tags told_at details",
    "contacts": "workspace_id id identity name name_key email told_at is_lead details",
    "contact_numbers": "workspace_id number contact_id number_raw number_kind",
    "agent_tags": "workspace_id key agent_id",
    "org_units": "workspace_id id source_id kind provider_unit_id name details",
    "number_suffixes": "workspace_id suffix number",
    "line_suffixes": "workspace_id suffix number",
    "calls": """workspace_id id source_id provider_call_id version content_hash started_at answered_at ended_at synced_at
        modified_at provider_synced_at direction outcome kind provider_status provider_status_key duration_seconds
        talk_seconds ring_seconds wait_seconds hold_seconds phone_number phone_number_raw phone_number_kind phone_country
        caller_number caller_number_raw caller_number_kind dialed_number dialed_number_raw dialed_number_kind agent_id
        contact_id location_id agent_name_key contact_name_key queue_name notes has_recording details""",
    "call_legs": "workspace_id call_id position call_started_at kind agent_id details",
    "call_labels": "workspace_id kind key call_id name",
    "words": "workspace_id word owner_kind owner_id",
    "word_pairs": "workspace_id first second owner_kind contact_id",
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
        yield "sources", iter([_source(0, "office", "SMARTFLO"), _source(1, "left in January", "ACEFONE")])
        yield "agents", (_agent(number) for number in range(AGENTS))
        yield "agent_tags", (_tag(number) for number in range(AGENTS))
        yield "org_units", (_location(number) for number in range(2))
        yield "contacts", (_contact(number) for number in range(self.contacts))
        yield (
            "contact_numbers",
            ((WORKSPACE, number_of(one), contact_id(one), number_of(one), "EXTERNAL") for one in range(self.contacts)),
        )
        yield "number_suffixes", _suffixes([_LINE, *map(number_of, range(self.contacts))])
        yield "line_suffixes", _suffixes([_LINE])
        yield "calls", self._calls()
        yield "call_legs", self._legs()
        yield "call_labels", self._labels()
        yield "words", self._words()
        yield "word_pairs", self._pairs()

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
        """Saved as they come in, one after the other: PostgreSQL keeps them in that order."""
        for number in sorted(range(self.calls), key=self._begins):
            yield self._call(number)

    def _legs(self) -> Rows:
        agent = _place("agent_id")
        for number in range(0, self.calls, TRANSFERRED):
            call, began = self._call(number), self._begins(number)
            for position, its in enumerate((call[agent], agent_id((number // TRANSFERRED + 7) % AGENTS))):
                yield WORKSPACE, self.call_id(number), position, began, "AGENT", its, "{}"

    def _labels(self) -> Rows:
        queue, id = _place("queue_name"), _place("id")
        for number in range(self.calls):
            call = self._call(number)
            if name := call[queue]:
                yield WORKSPACE, "QUEUE", fold(name), call[id], name
            if number % FEW == 0:
                yield WORKSPACE, "REFERENCE", f"order {number}", call[id], f"Order {number}"

    def _words(self) -> Rows:
        for number in range(AGENTS):
            yield from _said("AGENT", agent_id(number), _agent_name(number))
        for number in range(self.contacts):
            yield from _said("CONTACT", contact_id(number), _name(number + AGENTS))
        for number in range(0, self.calls, FEW):
            yield from _said("NOTE", self.call_id(number), _NOTE)

    def _pairs(self) -> Rows:
        for number in range(self.contacts):
            for pair in pairs_of(words_of([_name(number + AGENTS)]), set()):
                yield WORKSPACE, *pair, contact_id(number)

    def _call(self, number: int) -> tuple[Any, ...]:
        dice = random.Random(-number - 1)
        began = self._begins(number)
        answered, way = dice.choice(_OUTCOMES), dice.choice(_DIRECTIONS)
        agent, contact = dice.randrange(AGENTS), int(self.contacts * dice.random() ** 1.5)
        outside, ours = (number_of(contact),) * 2 + ("EXTERNAL",), (_LINE, _LINE[1:], "EXTERNAL")
        ring = dice.randrange(2, 40)
        talk = int(dice.expovariate(1 / 150)) + 1 if answered == "ANSWERED" else 0
        queue, is_few = dice.choice(_QUEUES), number % FEW == 0
        if is_few and talk:
            talk += 3_600 + number % 10_000
        ended = began + (ring + talk) * 1000
        status = "Lost on the way" if is_few else answered.capitalize()
        return (
            WORKSPACE,
            _id(began, number),
            source_id(1 if began < _LEFT and number % 10 == 0 else 0),
            f"c{number}",
            ended,
            f"{number:032x}",
            began,
            began + ring * 1000 if talk else None,
            ended,
            ended + 5_000,
            ended + (3 * DAY if number % 100 == 0 else 60_000),
            ended + 2_000,
            way,
            answered,
            "CALL",
            status,
            fold(status),
            ring + talk,
            talk,
            ring,
            number % 30 + (900 if is_few else 0) if way == "INBOUND" else None,
            60 if is_few else None,
            *outside,
            "IN" if is_few else "NP",
            *(outside if way == "INBOUND" else ours),
            *(ours if way == "INBOUND" else outside),
            agent_id(agent),
            contact_id(contact),
            location_id(1) if is_few else location_id(0) if number % 3 == 0 else None,
            fold(_agent_name(agent)),
            fold(_name(contact + AGENTS)),
            queue,
            _NOTE if is_few else None,
            talk > 0,
            "{}",
        )


def _suffixes(numbers: Iterable[str]) -> Rows:
    for number in numbers:
        for suffix in suffixes_of(number):
            yield WORKSPACE, suffix, number


def number_of(contact: int) -> str:
    """A contact's number."""
    return f"+97798{contact:08}"


def agent_id(number: int) -> str:
    """An agent's id."""
    return _id(to_ms(BEGIN) - 2 * DAY, number)


def contact_id(number: int) -> str:
    """A contact's id."""
    return _id(to_ms(BEGIN) - DAY, number)


def source_id(number: int = 0) -> str:
    """The id of the source; of the one that was left, 1."""
    return _id(to_ms(BEGIN) - 3 * DAY, number)


def location_id(number: int) -> str:
    """The id of the location that many calls are of; of the one with few, 1."""
    return _id(to_ms(BEGIN) - 4 * DAY, number)


def _source(number: int, name: str, provider: str) -> tuple[Any, ...]:
    return WORKSPACE, source_id(number), name, provider, "Asia/Kathmandu", "NP", _NEW


def _location(number: int) -> tuple[Any, ...]:
    return WORKSPACE, location_id(number), source_id(), "LOCATION", f"L{number}", f"Location {number}", "{}"


def _tag(number: int) -> tuple[Any, ...]:
    return WORKSPACE, "few" if number % FEW_AGENTS == 0 else "many", agent_id(number)


def _said(kind: str, owner: str, text: str) -> Rows:
    for word in sorted(words_of([text])):
        yield WORKSPACE, word, kind, owner


def _place(column: str) -> int:
    return COLUMNS["calls"].split().index(column)


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
