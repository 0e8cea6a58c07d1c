"""How many calls each of many numbers, agents, contacts or sources has, by direction, in one statement."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from app.domain.calls import CallDirection
from app.domain.filters import CallFilter
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.filters import call_predicate
from app.store.numbers import keys_of
from app.store.tables import calls
from app.store.visibility import visible
from app.store.weight import weighed


class CallCount(NamedTuple):
    """The calls of one number, agent, contact or source; the total is the sum of the directions."""

    inbound: int
    outbound: int
    internal: int
    phone_number: str | None = None

    @property
    def total(self) -> int:
        """All of them."""
        return self.inbound + self.outbound + self.internal


_Counted = Mapping[tuple[str, str], int]
# In the order of CallCount.
_WAYS = (CallDirection.INBOUND.value, CallDirection.OUTBOUND.value, CallDirection.INTERNAL.value)


async def by_number(connection: Connection, scope: Scope, numbers: Sequence[str], given: CallFilter) -> list[CallCount]:
    """The calls that a filter selects for each number as it was typed, in the same order; zeros for a number without any."""
    keys = {number: keys_of(scope, [number]) for number in numbers}
    wanted = sorted({key for found in keys.values() for key in found})
    counted = await _counted(connection, scope, "phone_number", wanted, given)
    return [summed(counted, keys[number], number) for number in numbers]


async def by_parent(
    connection: Connection, scope: Scope, key: str, parents: Sequence[str], given: CallFilter
) -> list[CallCount]:
    """The calls that a filter selects for each parent, by the column `key` of calls; zeros for one without any."""
    counted = await _counted(connection, scope, key, parents, given)
    return [summed(counted, [parent]) for parent in parents]


async def _counted(
    connection: Connection, scope: Scope, key: str, values: Sequence[str], given: CallFilter
) -> _Counted:
    held = weighed(call_predicate(scope, given))
    statement = (
        select(calls.c[key], calls.c.direction, func.count())
        .where(*visible(scope, calls), calls.c[key].in_(values), held)
        .group_by(calls.c[key], calls.c.direction)
    )
    return {(value, way): int(count) for value, way, count in (await connection.execute(statement))}


def summed(counted: _Counted, keys: Sequence[str], number: str | None = None) -> CallCount:
    """The count over some keys, of what was counted by key and direction."""

    if len(keys) == 1:  # nearly always
        (key,) = keys
        inbound, outbound, internal = [counted.get((key, way), 0) for way in _WAYS]
        return CallCount(inbound, outbound, internal, number)
    of_way = [0, 0, 0]
    for key in keys:
        for place, way in enumerate(_WAYS):
            of_way[place] += counted.get((key, way), 0)
    return CallCount(of_way[0], of_way[1], of_way[2], number)
