"""The exclude list: numbers of a workspace that a filter can leave out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, delete, select

from app.domain.errors import InputError
from app.domain.numbers import hyphenated, parse
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store import sources
from app.store.database import Connection
from app.store.numbers import keys_of
from app.store.tables import calls, excluded_numbers
from app.store.upsert import insert_new


async def add(connection: Connection, scope: Scope, numbers: Sequence[str], now: datetime) -> int:
    """Puts numbers on the list; how many were not there yet. Raises InputError for one that is not clear."""
    keys = await _keys(connection, scope, numbers, calls.c.phone_number)
    new = sorted(keys - set(await listed(connection, scope)))
    rows = [{"workspace_id": scope.workspace_id, "number": key, "created_at": to_ms(now)} for key in new]
    await insert_new(connection, excluded_numbers, rows)
    return len(new)


async def remove(connection: Connection, scope: Scope, numbers: Sequence[str]) -> int:
    """Takes numbers off the list; how many were there. Raises InputError for one that is not clear."""
    keys = await _keys(connection, scope, numbers, excluded_numbers.c.number)
    gone = delete(excluded_numbers).where(
        excluded_numbers.c.workspace_id == scope.workspace_id, excluded_numbers.c.number.in_(sorted(keys))
    )
    return (await connection.execute(gone)).rowcount


async def _keys(connection: Connection, scope: Scope, numbers: Sequence[str], known: Column[str]) -> set[str]:
    found = await sources.workspace(connection, scope)
    return {await _key(connection, found[0] if found else scope, text, known) for text in numbers}


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
    statement = (
        select(excluded_numbers.c.number)
        .where(excluded_numbers.c.workspace_id == scope.workspace_id)
        .order_by(excluded_numbers.c.number)
    )
    return list((await connection.execute(statement)).scalars())
