"""The exclude list: numbers of a workspace that a filter can leave out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.domain.errors import InputError
from app.domain.numbers import parse
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.tables import excluded_numbers
from app.store.upsert import insert_new


def _keys(numbers: Sequence[str]) -> list[str]:
    """The numbers as calls have them. Raises InputError for one that could mean several, or none."""
    keys = set()
    for text in numbers:
        number = parse(text, None)
        if number is None or number.key is None:
            raise InputError(f"{text!r} is no phone number. Write it with its country code: +9779810000078.")
        keys.add(number.key)
    return sorted(keys)


async def add(connection: Connection, scope: Scope, numbers: Sequence[str], now: datetime) -> int:
    """Puts numbers on the list; how many were not there yet."""
    new = sorted(set(_keys(numbers)) - set(await listed(connection, scope)))
    rows = [{"workspace_id": scope.workspace_id, "number": key, "created_at": to_ms(now)} for key in new]
    await insert_new(connection, excluded_numbers, rows)
    return len(new)


async def remove(connection: Connection, scope: Scope, numbers: Sequence[str]) -> int:
    """Takes numbers off the list; how many were there."""
    gone = delete(excluded_numbers).where(
        excluded_numbers.c.workspace_id == scope.workspace_id, excluded_numbers.c.number.in_(_keys(numbers))
    )
    return (await connection.execute(gone)).rowcount


async def listed(connection: Connection, scope: Scope) -> list[str]:
    """The whole list, sorted."""
    statement = (
        select(excluded_numbers.c.number)
        .where(excluded_numbers.c.workspace_id == scope.workspace_id)
        .order_by(excluded_numbers.c.number)
    )
    return list((await connection.execute(statement)).scalars())
