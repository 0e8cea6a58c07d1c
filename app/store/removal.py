"""Removes rows with all that hangs on them and that no foreign key takes along: words, and numbers nobody has any more."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Table, delete, exists, not_, or_, select

from app.domain.nobody import NUMBER_ROLES
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.finding_tables import line_suffixes, number_suffixes, words
from app.store.owners import CALL_WORDS, CONTACT_WORDS
from app.store.tables import agents, calls, contact_numbers, contacts
from app.store.total_marks import mark


async def remove_calls(connection: Connection, scope: Scope, ids: Sequence[str]) -> None:
    """Removes calls; legs, labels and raw records go with them by their foreign keys."""
    numbers, contact_ids = set[str](), set[str]()
    columns = [calls.c[role] for role in NUMBER_ROLES]
    for row in await connection.execute(select(calls.c.contact_id, *columns).where(*_rows(scope, calls, ids))):
        contact_ids |= {row[0]} - {None}
        numbers |= {*row[1:]} - {None}
    await forget_words(connection, scope, CALL_WORDS, ids)
    gone = await connection.execute(delete(calls).where(*_rows(scope, calls, ids)).returning(calls.c.started_at))
    await mark(connection, scope, gone.scalars())
    await _remove_idle_contacts(connection, scope, sorted(contact_ids))
    await forget_numbers(connection, scope, numbers)


async def remove_contacts(connection: Connection, scope: Scope, ids: Sequence[str]) -> None:
    """Removes contacts with their numbers. No call may refer to them."""
    await forget_words(connection, scope, CONTACT_WORDS, ids)
    owned = delete(contact_numbers).where(
        contact_numbers.c.workspace_id == scope.workspace_id, contact_numbers.c.contact_id.in_(ids)
    )
    gone = (await connection.execute(owned.returning(contact_numbers.c.number))).scalars().all()
    await connection.execute(delete(contacts).where(*_rows(scope, contacts, ids)))
    await forget_numbers(connection, scope, gone)


async def forget_words(connection: Connection, scope: Scope, kinds: Iterable[str], owner_ids: Sequence[str]) -> None:
    """Makes rows findable by no word any more."""
    for kind in kinds:
        held = (words.c.owner_kind == kind, words.c.owner_id.in_(owner_ids))
        await connection.execute(delete(words).where(words.c.workspace_id == scope.workspace_id, *held))


async def forget_numbers(connection: Connection, scope: Scope, numbers: Iterable[str]) -> None:
    """Removes the endings of the numbers that no row has any more."""
    found = number_suffixes.c.workspace_id == scope.workspace_id
    known = select(number_suffixes.c.number).distinct().where(found, number_suffixes.c.number.in_(sorted(numbers)))
    one = known.subquery()
    # Asked number by number: a line of the company's has a million calls, of which the first one tells enough.
    used = [
        exists().where(column.table.c.workspace_id == scope.workspace_id, column == one.c.number)
        for column in (*[calls.c[role] for role in NUMBER_ROLES], contact_numbers.c.number, agents.c.number)
    ]
    unused = (await connection.execute(select(one.c.number).where(not_(or_(*used))))).scalars().all()
    for table in (number_suffixes, line_suffixes):
        gone = delete(table).where(table.c.workspace_id == scope.workspace_id, table.c.number.in_(unused))
        await connection.execute(gone)


async def _remove_idle_contacts(connection: Connection, scope: Scope, ids: Sequence[str]) -> None:
    """A contact that was only known by calls is kept no longer than they are; a lead is one without any call."""
    calling = exists().where(calls.c.workspace_id == scope.workspace_id, calls.c.contact_id == contacts.c.id)
    idle = select(contacts.c.id).where(*_rows(scope, contacts, ids), not_(contacts.c.is_lead), not_(calling))
    if found := (await connection.execute(idle)).scalars().all():
        await remove_contacts(connection, scope, found)


def _rows(scope: Scope, table: Table, ids: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return table.c.workspace_id == scope.workspace_id, table.c.id.in_(ids)
