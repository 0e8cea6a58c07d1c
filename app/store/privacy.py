"""A person by phone number: found, and told everything that is kept of them. Erasing is in `store.erasure`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, and_, func, or_, select

from app.domain.errors import InputError
from app.domain.numbers import NumberKind, parse
from app.domain.privacy import said_forms, stored_forms
from app.domain.scope import Scope
from app.domain.times import rfc3339
from app.store import mentions, sources
from app.store.database import Connection
from app.store.finding_tables import number_suffixes
from app.store.numbers import keys_of
from app.store.tables import (
    agents,
    call_labels,
    call_legs,
    call_payloads,
    calls,
    contact_numbers,
    contacts,
    excluded_numbers,
    org_units,
)

BATCH = 300


@dataclass(frozen=True, slots=True)
class Person:
    """An outside person: all numbers, as they may be stored, of the contacts that the number asked for belongs to."""

    number: str
    numbers: tuple[str, ...]
    contact_ids: tuple[str, ...]
    # Numbers that may be the same, or another country's: neither exported nor erased.
    similar: tuple[str, ...]

    @property
    def calls(self) -> ColumnElement[bool]:
        """The calls that the person was the outside party of, within a workspace."""
        return or_(calls.c.phone_number.in_(self.numbers), calls.c.contact_id.in_(self.contact_ids))


async def find(connection: Connection, scope: Scope, typed: str) -> Person:
    """The person of a number. Raises InputError where it is no person's, or may be of several."""
    number = await _key(connection, scope, typed)
    named = await _contacts_with(connection, scope, stored_forms(number))
    numbers = {*stored_forms(number)}
    for owned in (await _numbers_of(connection, scope, named)).values():
        numbers |= {form for key in owned for form in stored_forms(key)}
    ours = await _ours(connection, scope, numbers)
    if number in ours:
        raise InputError(f"{number} is {ours[number]}, not an outside person's. Erase and export persons only.")
    numbers -= ours.keys()
    sharing = await _contacts_with(connection, scope, numbers)
    owned_by = await _numbers_of(connection, scope, sharing)
    # Who is known by no other number is the same person; who has one more may be somebody else on the same line.
    ids = sorted({*named, *[id for id in sharing if owned_by.get(id, set()) <= numbers]})
    return Person(number, tuple(sorted(numbers)), tuple(ids), await _similar(connection, scope, number, numbers))


async def count_calls(connection: Connection, scope: Scope, person: Person) -> int:
    """How many calls the person was the outside party of."""
    counted = select(func.count()).select_from(calls).where(calls.c.workspace_id == scope.workspace_id, person.calls)
    return int((await connection.execute(counted)).scalar_one())


async def export(connection: Connection, scope: Scope, person: Person) -> dict[str, Any]:
    """Everything kept of a person, as JSON can hold it: contacts, calls with their parts and raw records, dead letters.

    Of agents and organisation units it has just what says one of the person's numbers, such as a name that is one.
    """
    whole = [dict(row) for row in await _select(connection, scope, calls, person.calls, ("started_at", "id"))]
    return {
        "number": person.number,
        "numbers": list(person.numbers),
        "contacts": await _contacts(connection, scope, person),
        "calls": await _with_parts(connection, scope, [_told(calls, row) for row in whole]),
        "agents": await mentions.named(connection, scope, agents, person.numbers),
        "org_units": await mentions.named(connection, scope, org_units, person.numbers),
        "rejected": [
            {"id": letter.id, "received_at": rfc3339(letter.received_at)}
            | {"reason": letter.reason, "payload": letter.payload}
            for letter in await mentions.letters(connection, scope, person.numbers)
        ],
        "excluded_numbers": [
            _told(excluded_numbers, row)
            for row in await _select(connection, scope, excluded_numbers, excluded_numbers.c.number.in_(person.numbers))
        ],
    }


async def _contacts(connection: Connection, scope: Scope, person: Person) -> list[dict[str, Any]]:
    found = [
        _told(contacts, row)
        for row in await _select(connection, scope, contacts, contacts.c.id.in_(person.contact_ids))
    ]
    numbers = contact_numbers.c.contact_id.in_(person.contact_ids)
    for row in await _select(connection, scope, contact_numbers, numbers, ("number",)):
        owner = next(one for one in found if one["id"] == row["contact_id"])
        owner.setdefault("numbers", []).append(
            {"number": row["number"], "raw": row["number_raw"], "kind": row["number_kind"]}
        )
    return found


async def _with_parts(connection: Connection, scope: Scope, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for start in range(0, len(found), BATCH):
        by_id = {row["id"]: row | {"legs": [], "labels": [], "payload": None} for row in found[start : start + BATCH]}
        found[start : start + BATCH] = by_id.values()
        for table, order in ((call_legs, "position"), (call_labels, "key"), (call_payloads, "call_id")):
            for row in await _select(connection, scope, table, table.c.call_id.in_(sorted(by_id)), (order,)):
                call, part = by_id[row["call_id"]], _told(table, row)
                del part["call_id"]
                if table is call_payloads:
                    call["payload"] = part["payload"]
                else:
                    call["legs" if table is call_legs else "labels"].append(part)
    return found


async def _select(
    connection: Connection, scope: Scope, table: Table, held: ColumnElement[bool], order: Sequence[str] = ()
) -> Sequence[Mapping[str, Any]]:
    statement = select(table).where(table.c.workspace_id == scope.workspace_id, held)
    rows = await connection.execute(statement.order_by(*[table.c[name] for name in order]))
    return [dict(row) for row in rows.mappings()]


def _told(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for a person to read: instants as text, and nothing that is not said."""
    instants = {c.name for c in table.columns if isinstance(c.type, BigInteger) and c.name.endswith("_at")}
    hidden = {"workspace_id", "content_hash", "version", "is_renamed"}
    return {
        name: rfc3339(value) if name in instants else value
        for name, value in row.items()
        if value is not None and name not in hidden
    }


async def _key(connection: Connection, scope: Scope, typed: str) -> str:
    """The number as it is stored. One without a country code is taken where just one such number is known."""
    number = parse(typed, None)
    if number is None or number.kind is not NumberKind.EXTERNAL or number.key is None:
        raise InputError(f"{typed!r} is no person's phone number. Write it with its country code: +9779810000078.")
    if number.e164:
        return number.e164
    whole = await sources.workspace(connection, scope)
    regions = whole[0].regions if whole else scope.regions
    meant = keys_of(replace(scope, regions=regions), [typed])
    known = await _known(connection, scope, number_suffixes.c.number.in_(meant))
    if len(known) != 1:
        among = f": it may be {' or '.join(known)}" if known else ", and none like it is kept here"
        raise InputError(f"{typed!r} has no country code{among}. Write it with its country code: +9779810000078.")
    return known[0]


async def _known(connection: Connection, scope: Scope, held: ColumnElement[bool]) -> list[str]:
    statement = (
        select(number_suffixes.c.number).distinct().where(number_suffixes.c.workspace_id == scope.workspace_id, held)
    )
    return sorted((await connection.execute(statement)).scalars())


async def _contacts_with(connection: Connection, scope: Scope, numbers: Iterable[str]) -> list[str]:
    keys = sorted(numbers)
    linked = select(contact_numbers.c.contact_id).where(
        contact_numbers.c.workspace_id == scope.workspace_id, contact_numbers.c.number.in_(keys)
    )
    named = select(contacts.c.id).where(contacts.c.workspace_id == scope.workspace_id, contacts.c.identity.in_(keys))
    return sorted({*(await connection.execute(linked)).scalars(), *(await connection.execute(named)).scalars()})


async def _numbers_of(connection: Connection, scope: Scope, contact_ids: Sequence[str]) -> dict[str, set[str]]:
    statement = select(contact_numbers.c.contact_id, contact_numbers.c.number).where(
        contact_numbers.c.workspace_id == scope.workspace_id, contact_numbers.c.contact_id.in_(contact_ids)
    )
    found: dict[str, set[str]] = {}
    for id, number in await connection.execute(statement):
        found.setdefault(id, set()).add(number)
    return found


async def _ours(connection: Connection, scope: Scope, numbers: Iterable[str]) -> dict[str, str]:
    """Which of the numbers are the company's own, and what they are."""
    keys = sorted(numbers)
    manned = select(agents.c.number, agents.c.name).where(
        agents.c.workspace_id == scope.workspace_id, agents.c.number.in_(keys)
    )
    called_by_others = and_(
        calls.c.workspace_id == scope.workspace_id,
        calls.c.direction == "INBOUND",
        calls.c.dialed_number.in_(keys),
        calls.c.phone_number.not_in(keys),
    )
    found = dict.fromkeys(
        (await connection.execute(select(calls.c.dialed_number).distinct().where(called_by_others))).scalars(),
        "a line that others called",
    )
    for number, name in await connection.execute(manned):
        found[number] = f"the number of the agent {name!r}"
    return found


async def _similar(connection: Connection, scope: Scope, number: str, numbers: Iterable[str]) -> tuple[str, ...]:
    national = min(said_forms(number), key=len)
    found = await _known(connection, scope, number_suffixes.c.suffix == national)
    return tuple(one for one in found if one not in set(numbers))
