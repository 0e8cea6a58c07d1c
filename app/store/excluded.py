"""The exclude list: numbers of a workspace that a filter can leave out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, delete, func, select

from app.domain.errors import InputError
from app.domain.excluded import ExcludedChange, ExcludedNumberOrder
from app.domain.excluded import ExcludedNumberOrderField as Field
from app.domain.numbers import hyphenated, parse
from app.domain.pages import SORT, Page, Position, Window
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store import sources
from app.store.database import Connection
from app.store.numbers import keys_of
from app.store.pages import paged
from app.store.tables import calls, excluded_numbers
from app.store.upsert import insert_into
from app.store.visibility import visible
from app.store.windows import windowed

_SORTS = {Field.PHONE_NUMBER: excluded_numbers.c.number, Field.EXCLUDED_AT: excluded_numbers.c.created_at}
_BATCH = 500


async def add(connection: Connection, scope: Scope, numbers: Sequence[str], now: datetime) -> ExcludedChange:
    """Puts numbers on the list; those that are there stay as they are. Raises InputError for one that is not clear."""
    keys = await _keys(connection, scope, numbers, calls.c.phone_number)
    new = 0
    # In one order: two who add the same numbers at once wait for each other rather than both for ever.
    rows = [{"workspace_id": scope.workspace_id, "number": key, "created_at": to_ms(now)} for key in sorted(set(keys))]
    for start in range(0, len(rows), _BATCH):
        added = insert_into(connection, excluded_numbers).values(rows[start : start + _BATCH]).on_conflict_do_nothing()
        new += len((await connection.execute(added.returning(excluded_numbers.c.number))).all())
    return ExcludedChange(keys, new)


async def remove(connection: Connection, scope: Scope, numbers: Sequence[str]) -> ExcludedChange:
    """Takes numbers off the list. Raises InputError for one that is not clear."""
    keys = await _keys(connection, scope, numbers, excluded_numbers.c.number)
    gone = delete(excluded_numbers).where(*_of(scope), excluded_numbers.c.number.in_(sorted(keys)))
    return ExcludedChange(keys, (await connection.execute(gone)).rowcount)


async def _keys(connection: Connection, scope: Scope, numbers: Sequence[str], known: Column[str]) -> tuple[str, ...]:
    found = await sources.workspace(connection, scope)
    return tuple([await _key(connection, found[0] if found else scope, text, known) for text in numbers])


def _of(scope: Scope) -> tuple[ColumnElement[bool]]:
    return (excluded_numbers.c.workspace_id == scope.workspace_id,)


async def _key(connection: Connection, scope: Scope, text: str, known: Column[str]) -> str:
    """The number as calls have it: with its country code, else the only one of what it may be that is known already,
    else its form in the only region there is. Raises InputError where that leaves none, or several.
    """
    if whole := _whole(text):
        return whole
    meant = keys_of(scope, [text])
    statement = select(known).distinct().where(known.table.c.workspace_id == scope.workspace_id, known.in_(meant))
    found = sorted((await connection.execute(statement)).scalars())
    found = found or [key for key in meant if key.startswith("+") and len(key) > 1]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{text!r} may be {' or '.join(found)}. Write the one that you mean.")
    raise InputError(f"{text!r} is no whole phone number. Write it with its country code, such as +9779810000078.")


def _whole(text: str) -> str | None:
    number = parse(text, None)
    return number.e164 if number and number.e164 else hyphenated(text)


async def listed(connection: Connection, scope: Scope) -> list[str]:
    """The whole list, sorted."""
    statement = select(excluded_numbers.c.number).where(*_of(scope)).order_by(excluded_numbers.c.number)
    return list((await connection.execute(statement)).scalars())


async def page(connection: Connection, scope: Scope, order: ExcludedNumberOrder, window: Window) -> Page:
    """A page of the list, of which a limited viewer sees the numbers of calls that they see. A row is known by its number."""
    number, value = excluded_numbers.c.number, _SORTS[order.field]
    rows = select(number.label("id"), number, excluded_numbers.c.created_at, value.label(SORT)).where(*_seen(scope))
    statement = windowed(rows, value, number, order.direction, window, _told)
    return paged([dict(row) for row in (await connection.execute(statement)).mappings()], window)


async def count(connection: Connection, scope: Scope) -> int:
    """How long the list is that the viewer sees."""
    statement = select(func.count()).select_from(excluded_numbers).where(*_seen(scope))
    return int((await connection.execute(statement)).scalar_one())


def _seen(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    if not scope.reach.limited:
        return _of(scope)
    return (*_of(scope), excluded_numbers.c.number.in_(select(calls.c.phone_number).where(*visible(scope, calls))))


def _told(position: Position) -> int | str:
    """Who may see the list sees its numbers: they are in every cursor."""
    return "" if position.value is None else position.value
