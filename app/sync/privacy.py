"""Keeps erased persons from coming back: what comes in of them is taken in as nobody's, or not at all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord
from app.domain.nobody import NUMBER_ROLES, of_nobody
from app.domain.numbers import PhoneNumber
from app.domain.privacy import Mask, Tombstone, Tombstones, said_forms
from app.domain.scope import Scope
from app.domain.sources import Source
from app.providers.contract import ProviderSpec
from app.store import agents, calls, contacts, tombstones
from app.store.database import Connection

_ESCAPED_BLANK = re.compile(r"\\[nrtf]")


async def kept_calls(
    connection: Connection,
    scope: Scope,
    source: Source,
    spec: ProviderSpec,
    told: Mapping[str, calls.Told],
    stones: Tombstones,
) -> dict[str, calls.Told]:
    """The tellings as they may be stored. A call that was once an erased person's stays nobody's, whatever is told."""
    hidden_ids = {id: [seal.of_call(source.id, id) for seal in stones.seals] for id in told}
    of_nobodies = await tombstones.known_of_nobody(
        connection, scope, source.id, (hidden for ids in hidden_ids.values() for hidden in ids)
    )
    kept: dict[str, calls.Told] = {}
    renamed: dict[str, str] = {}
    for id, one in told.items():
        tombstone = _tombstone(one.record, stones)
        hidden = next((found for found in hidden_ids[id] if found in of_nobodies), None)
        if tombstone and tombstone.whole_calls:
            continue
        if hidden is None and tombstone is None:
            other = _without_mentions(one, stones)
            kept[other.record.provider_call_id] = other
        elif hidden is None or spec.merge is None:  # a further piece of a call cannot be put to one without its pieces
            hidden = hidden or renamed.setdefault(id, tombstone.seal.of_call(source.id, id) if tombstone else id)
            kept[hidden] = calls.Told(_of_nobody(one.record, hidden, stones), {}, one.received_at)
    await tombstones.rename_calls(connection, scope, source.id, renamed)
    return kept


def kept_contacts(told: Iterable[contacts.Told], stones: Tombstones) -> list[contacts.Told]:
    """The tellings of contacts, with stars where they say an erased number.

    As by erasing, whoever has another number keeps it and is known by no erased one; whoever has none goes.
    """
    kept = []
    for one in told:
        numbers = tuple(number for number in one.record.numbers if not stones.of_number(number.key))
        if numbers or not one.record.numbers:
            record = replace(one.record, numbers=numbers)
            assignees = [agent.number for agent in record.assignees if agent.number]
            mask = _sparing([*numbers, *assignees], stones)
            kept.append(contacts.Told(mask.value(record), one.at))
    return kept


def kept_agents(told: Iterable[agents.Told], stones: Tombstones) -> list[agents.Told]:
    """The tellings of agents, without erased numbers: neither as their own, nor in what is told of them."""
    return [agents.Told(_kept_agent(one.record, stones), one.at) for one in told]


def _kept_agent(record: AgentRecord, stones: Tombstones) -> AgentRecord:
    if record.number and stones.of_number(record.number.key):
        record = replace(record, number=None)
    masked: AgentRecord = _sparing(filter(None, [record.number]), stones).value(record)
    return masked


def kept_letters(letters: Iterable[tuple[Any, str]], stones: Tombstones) -> list[tuple[Any, str]]:
    """The dead letters that say no erased number; the others cannot be kept, for nobody knows what they say."""
    mask = Mask(stones.said)
    return [(payload, reason) for payload, reason in letters if not mask.finds(f"{_text(payload)} {reason}")]


def _text(payload: Any) -> str:
    """A payload as one text, in which a line's end between two digits is no letter."""
    return _ESCAPED_BLANK.sub("  ", msgspec.json.encode(payload).decode())


def _tombstone(record: CallRecord, stones: Tombstones) -> Tombstone | None:
    """The outside party's, by the call's number or another one of the same contact."""
    numbers = (record.phone_number, *(record.contact.numbers if record.contact else ()))
    return next((found for one in numbers if one and (found := stones.of_number(one.key))), None)


def _numbers(record: CallRecord) -> list[PhoneNumber]:
    agents = [record.agent, *[leg.agent for leg in record.legs]]
    all_of_them = (
        *[getattr(record, role) for role in NUMBER_ROLES],
        *[leg.number for leg in record.legs],
        *[agent.number for agent in agents if agent],
    )
    return [one for one in all_of_them if one and one.key]


def _of_nobody(record: CallRecord, hidden: str, stones: Tombstones) -> CallRecord:
    person = {one.key for one in _numbers(record) if one.key and stones.of_number(one.key)}
    if record.phone_number and record.phone_number.key:
        person.add(record.phone_number.key)
    forms = frozenset[str]().union(*map(said_forms, person))
    return of_nobody(record, hidden, person, Mask(lambda digits: digits in forms or stones.said(digits)))


def _without_mentions(one: calls.Told, stones: Tombstones) -> calls.Told:
    """Another person's call with stars where it says an erased number. What its own numbers are said by stays."""
    mask = _sparing(_numbers(one.record), stones)
    if not mask.finds(_text(one.payload)):
        return one
    return calls.Told(mask.value(one.record), mask.value(dict(one.payload)), one.received_at)


def _sparing(own: Iterable[PhoneNumber], stones: Tombstones) -> Mask:
    """The mask of all tombstones, which leaves what those of these numbers are said by that were not erased."""
    keys = {number.key for number in own if number.key and not stones.of_number(number.key)}
    forms = frozenset[str]().union(*map(said_forms, keys))
    return Mask(lambda digits: digits not in forms and stones.said(digits))
