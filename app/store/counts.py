"""How many calls each of many numbers, agents, contacts or sources has, by direction, in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from app.domain.calls import CallDirection
from app.domain.filters import CallFilter, Filter
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.numbers import keys_by
from app.store.tables import calls
from app.store.windows import held


class CallCount(msgspec.Struct, frozen=True, gc=False):
    """The calls of one number, agent, contact or source; the total is the sum of the directions.

    A page asks for dozens, which are made and read sooner than tuples with names.
    """

    total: int
    inbound: int
    outbound: int
    internal: int
    phone_number: str | None = None


# By key, the total and the numbers of each direction, in the order of CallCount.
Counted = Mapping[str, tuple[int, int, int, int]]
_WAYS = (CallDirection.INBOUND.value, CallDirection.OUTBOUND.value, CallDirection.INTERNAL.value)
_NONE = (0, 0, 0, 0)


async def by_number(connection: Connection, scope: Scope, numbers: Sequence[str], given: CallFilter) -> list[CallCount]:
    """The calls that a filter selects for each number as it was typed, in the same order; zeros for a number without any."""
    keys = keys_by(scope, numbers)
    wanted = sorted({key for found in keys.values() for key in found})
    counted = await _counted(connection, scope, "phone_number", wanted, given)
    return summed_each(counted, [keys[number] for number in numbers], numbers)


async def by_parent(
    connection: Connection, scope: Scope, key: str, parents: Sequence[str], given: CallFilter
) -> list[CallCount]:
    """The calls that a filter selects for each parent, by the column `key` of calls; zeros for one without any."""
    counted = await _counted(connection, scope, key, parents, given)
    return [summed(counted, [parent]) for parent in parents]


async def _counted(connection: Connection, scope: Scope, key: str, values: Sequence[str], given: CallFilter) -> Counted:
    return counted((await connection.execute(by_direction(scope, key, values, given))).all())


def by_direction(scope: Scope, key: str, values: Sequence[Any], filter: Filter | None) -> Select[Any]:
    """How many calls there are of each direction with each value of a column: a row for each that has any.

    Groups of the value alone come in the order of its index; with the direction beside it SQLite would sort.
    """
    column = calls.c[key]
    ways = [func.count().filter(calls.c.direction == way) for way in _WAYS]
    return select(column, func.count(), *ways).where(*held(scope, calls, filter), column.in_(values)).group_by(column)


def counted(rows: Iterable[Sequence[Any]]) -> Counted:
    """What the rows of such statements come to."""
    return {row[0]: row[1:] for row in rows}  # type: ignore[misc]  # as the statement has its columns


def summed(counted: Counted, keys: Sequence[str], number: str | None = None) -> CallCount:
    """The count over some keys, of what was counted by key and direction."""
    of_keys = [counted.get(key, _NONE) for key in keys]
    total, inbound, outbound, internal = (sum([found[place] for found in of_keys]) for place in range(len(_NONE)))
    return CallCount(total, inbound, outbound, internal, number)


def summed_each(counted: Counted, keys: Sequence[Sequence[str]], numbers: Sequence[str]) -> list[CallCount]:
    """The count of each number, over its keys."""
    return [
        CallCount(*counted.get(of[0], _NONE), number) if len(of) == 1 else summed(counted, of, number)  # nearly always
        for of, number in zip(keys, numbers, strict=True)
    ]
