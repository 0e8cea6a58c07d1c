"""Numbers where they are said in passing: in another person's call, a note, a raw record, a dead letter, an agent's name."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Row,
    Select,
    String,
    Table,
    and_,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from app.domain.nobody import NUMBER_ROLES
from app.domain.numbers import NumberKind, digits_of
from app.domain.privacy import mask_of
from app.domain.scope import Scope
from app.domain.written_numbers import may_be_spelt
from app.store.contacts import make_findable
from app.store.database import Connection, Database
from app.store.finding_tables import words
from app.store.former_names import leave_to_calls
from app.store.owners import CALL_WORDS
from app.store.search import words_of
from app.store.sources import lock
from app.store.tables import (
    agent_tags,
    agents,
    call_labels,
    call_legs,
    call_payloads,
    calls,
    contacts,
    org_units,
    rejected_records,
)
from app.store.upsert import insert_new

_WINDOW = 2_000  # rows that one statement looks through: short on any engine
# Our own ids and hashes, in which digits stand by chance.
_NO_TEXTS = {
    "workspace_id", "id", "source_id", "call_id", "agent_id", "contact_id", "content_hash",
    "corporate_id", "division_id", "location_id", "campaign_id", "parent_id",
}  # fmt: skip
# Who may say a number, and what hangs on each.
_OWNERS = {
    calls: (calls, call_legs, call_payloads, call_labels),
    contacts: (contacts,),
    agents: (agents, agent_tags),
    org_units: (org_units,),
}
_WORDS = {calls: tuple(CALL_WORDS), agents: ("AGENT",), org_units: ("ORG_UNIT",)}
# What an owner is known by: no two of a source have the same, and stars are soon the same.
_KNOWN_BY = {agents: ("identity",), org_units: ("provider_unit_id", "kind")}


async def letters(connection: Connection, scope: Scope, numbers: Sequence[str]) -> list[Row[Any]]:
    """The dead letters that say one of the numbers."""
    mask, table, found = mask_of(numbers), rejected_records, list[Row[Any]]()
    async for low, high in _windows(connection, scope, table):
        held = _may_say([table.c.payload, table.c.reason], numbers)
        statement = select(table).where(*_within(scope, table.c.id, low, high), held)
        said = await connection.execute(statement)
        found += [row for row in said if mask.value(row.payload) != row.payload or mask.finds(row.reason)]
    return found


async def hide(database: Database, scope: Scope, numbers: Sequence[str]) -> int:
    """Puts stars for the numbers wherever others' calls and contacts, agents and organisation units say them.

    It takes short transactions, and returns how many of them did.
    """
    hidden = 0
    for owner, tables in _OWNERS.items():
        async with database.read() as connection:
            windows = [window async for window in _windows(connection, scope, owner)]
        for low, high in windows:
            async with database.write() as connection:
                await lock(connection, scope)  # whoever saves calls relies on the names that contacts have
                found = [await _hide_in(connection, scope, table, low, high, numbers) for table in tables]
            hidden += len(set[str]().union(*found))
    return hidden


async def named(connection: Connection, scope: Scope, table: Table, numbers: Sequence[str]) -> list[dict[str, Any]]:
    """What agents or organisation units say of the numbers: their ids, and what would become stars."""
    texts, found = _texts_of(table), list[dict[str, Any]]()
    async for low, high in _windows(connection, scope, table):
        statement = _saying(scope, table, low, high, numbers)
        for row in (await connection.execute(statement)).mappings():
            if change := _change(row, texts, numbers):
                found.append({"id": row["id"]} | {name: row[name] for name in change})
    return found


async def _hide_in(
    connection: Connection, scope: Scope, table: Table, low: str, high: str, numbers: Sequence[str]
) -> set[str]:
    """The owners of a window in whose rows something was hidden."""
    texts, found = _texts_of(table), set[str]()
    statement = _saying(scope, table, low, high, numbers).with_for_update(of=table)
    for row in (await connection.execute(statement)).mappings():
        if change := _change(row, texts, numbers):
            if table is contacts:
                change |= await _find_anew(connection, scope, row, change)
            await _write(connection, table, row, change)
            found.add(row[_owner(table).name])
            if table in _WORDS:
                await _forget_words(connection, table, row, change)
    return found


async def _find_anew(connection: Connection, scope: Scope, row: Any, change: dict[str, Any]) -> dict[str, Any]:
    """Makes a contact findable by what is left of it, and its calls by what is left of the name that they told.

    What that changes in its row; calls are looked through before contacts, so that the number is in none of their names.
    """
    await make_findable(connection, scope, [dict(row) | change])
    if "name" not in change or row["is_renamed"]:
        return {}
    await leave_to_calls(connection, scope, {row["id"]: row["name"]})
    return {"is_renamed": True}


def _owner(table: Table) -> Column[str]:
    return next(table.c[name] for name in ("id", "call_id", "agent_id") if name in table.c)


def _texts_of(table: Table) -> list[Column[Any]]:
    return [c for c in table.columns if isinstance(c.type, String | JSON) and c.name not in _NO_TEXTS]


def _saying(scope: Scope, table: Table, low: str, high: str, numbers: Sequence[str]) -> Select[Any]:
    """The rows of a window that may say one of the numbers."""
    held = _may_say(_texts_of(table), numbers)
    return _with_own_numbers(table).where(*_within(scope, _owner(table), low, high), held)


def _with_own_numbers(table: Table) -> Select[Any]:
    """The rows with the numbers that are their own: two countries' numbers may have the same national digits."""
    if table is contacts:
        return select(table, contacts.c.identity.label("own_0"))
    if table is agents:
        return select(table, agents.c.number.label("own_0"))
    if table is agent_tags:
        same_agent = (agents.c.workspace_id == table.c.workspace_id) & (agents.c.id == table.c.agent_id)
        return select(table, agents.c.number.label("own_0")).join(agents, same_agent)
    if table is org_units:
        return select(table)
    own = [calls.c[role].label(f"own_{place}") for place, role in enumerate(NUMBER_ROLES)]
    if table is calls:
        return select(table, *own)
    same_call = (calls.c.workspace_id == table.c.workspace_id) & (calls.c.id == table.c.call_id)
    return select(table, *own).join(calls, same_call)


def _change(row: Any, texts: Sequence[Column[Any]], numbers: Sequence[str]) -> dict[str, Any]:
    own = {value for name, value in row.items() if name.startswith("own_") and value} - set(numbers)
    mask = mask_of(numbers, own)
    change = {c.name: new for c in texts if (new := mask.value(row[c.name])) != row[c.name]}
    for role in (*NUMBER_ROLES, "number"):
        if row.get(role) in numbers:
            change |= {role: None, f"{role}_kind": NumberKind.WITHHELD.value}
    return change


async def _write(connection: Connection, table: Table, row: Any, change: dict[str, Any]) -> None:
    this = and_(*[column == row[column.name] for column in table.primary_key.columns])
    if table not in (call_labels, agent_tags):
        apart = await _apart(connection, table, row, change)
        await connection.execute(update(table).where(this).values(change | apart))
        return
    # A label's or tag's key is part of its row's: two that said the number differently become one.
    await connection.execute(delete(table).where(this))
    await insert_new(connection, table, [{column.name: row[column.name] for column in table.columns} | change])


async def _apart(connection: Connection, table: Table, row: Any, change: dict[str, Any]) -> dict[str, Any]:
    """What tells an owner from another one of its source that has become the same."""
    name, *beside = _KNOWN_BY.get(table, ("",))
    if name not in change:
        return {}
    same = [table.c[one] == row[one] for one in ("workspace_id", "source_id", *beside)]
    taken = select(table.c.id).where(*same, table.c[name] == change[name], table.c.id != row["id"])
    return {name: f"{change[name]}/{row['id']}"} if (await connection.execute(taken)).first() else {}


async def _forget_words(connection: Connection, table: Table, row: Any, change: dict[str, Any]) -> None:
    """Makes a row findable no more by what has become stars: the groups of a number are words, too."""
    gone = words_of(_texts_in([row[name] for name in change])) - words_of(_texts_in(list(change.values())))
    of_row = (words.c.workspace_id == row["workspace_id"], words.c.owner_id == row["id"])
    held = [*of_row, words.c.owner_kind.in_(_WORDS[table])]
    await connection.execute(delete(words).where(*held, words.c.word.in_(sorted(gone))))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(item)


def _may_say(texts: Sequence[ColumnElement[Any]], numbers: Sequence[str]) -> ColumnElement[bool]:
    """Whether a row may have the last four digits of a number, which few have.

    One expression over all texts at once: each further one would have the engine put them together again.
    """
    said = [func.coalesce(cast(column, String), "") for column in texts]
    whole: ColumnElement[str] = literal("")
    for text in said:
        whole = whole + " " + text
    ends = whole.regexp_match(may_be_spelt({digits_of(number)[-4:] for number in numbers}))
    return or_(ends, *[text.contains("%", autoescape=True) for text in said])


def _within(scope: Scope, column: Column[str], low: str, high: str) -> list[ColumnElement[bool]]:
    return [column.table.c.workspace_id == scope.workspace_id, column > low, column <= high]


async def _windows(connection: Connection, scope: Scope, table: Table) -> AsyncIterator[tuple[str, str]]:
    """A table's ids in ranges that are quickly looked through."""
    low = ""
    while True:
        ids = select(table.c.id).where(table.c.workspace_id == scope.workspace_id, table.c.id > low)
        window = ids.order_by(table.c.id).limit(_WINDOW).subquery()
        high = (await connection.execute(select(func.max(window.c.id)))).scalar()
        if high is None:
            return
        yield low, high
        low = high
