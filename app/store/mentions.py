"""Numbers where they are said in passing: in another person's call, in a note, in a raw record, in a dead letter."""

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
from app.store.database import Connection, Database
from app.store.search import CALL_WORDS, CONTACT_WORDS, words_of
from app.store.tables import call_labels, call_legs, call_payloads, calls, contacts, rejected_records, words
from app.store.upsert import insert_new

_WINDOW = 2_000  # rows that one statement looks through: short on any engine
# Our own ids and hashes, in which digits stand by chance.
_NO_TEXTS = {"workspace_id", "id", "source_id", "call_id", "agent_id", "contact_id", "content_hash"}


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
    """Puts stars for the numbers wherever others' calls and contacts say them, in short transactions; how many do."""
    hidden = 0
    for owner, tables in ((calls, (calls, call_legs, call_payloads, call_labels)), (contacts, (contacts,))):
        async with database.read() as connection:
            windows = [window async for window in _windows(connection, scope, owner)]
        for low, high in windows:
            async with database.write() as connection:
                found = [await _hide_in(connection, scope, table, low, high, numbers) for table in tables]
            hidden += len(set[str]().union(*found))
    return hidden


async def _hide_in(
    connection: Connection, scope: Scope, table: Table, low: str, high: str, numbers: Sequence[str]
) -> set[str]:
    """The calls or contacts of a window in whose rows something was hidden."""
    owner = table.c.call_id if "call_id" in table.c else table.c.id
    texts = [c for c in table.columns if isinstance(c.type, String | JSON) and c.name not in _NO_TEXTS]
    statement = _with_own_numbers(table).where(*_within(scope, owner, low, high), _may_say(texts, numbers))
    found = set[str]()
    for row in (await connection.execute(statement.with_for_update(of=table))).mappings():
        if change := _change(row, texts, numbers):
            await _write(connection, table, row, change)
            found.add(row[owner.name])
            if table in (calls, contacts):
                await _forget_words(connection, table, row, change)
    return found


def _with_own_numbers(table: Table) -> Select[Any]:
    """The rows with the numbers that are their own: two countries' numbers may have the same national digits."""
    if table is contacts:
        return select(table, contacts.c.identity.label("own_0"))
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
    if table is not call_labels:
        await connection.execute(update(table).where(this).values(change))
        return
    # A label's key is part of its row's: two that said the number differently become one.
    await connection.execute(delete(table).where(this))
    await insert_new(connection, table, [{column.name: row[column.name] for column in table.columns} | change])


async def _forget_words(connection: Connection, table: Table, row: Any, change: dict[str, Any]) -> None:
    """Makes a row findable no more by what has become stars: the groups of a number are words, too."""
    gone = words_of(_texts_in([row[name] for name in change])) - words_of(_texts_in(list(change.values())))
    kinds = CALL_WORDS if table is calls else CONTACT_WORDS
    held = [words.c.workspace_id == row["workspace_id"], words.c.owner_id == row["id"], words.c.owner_kind.in_(kinds)]
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
