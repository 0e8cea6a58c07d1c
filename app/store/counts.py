"""How many calls each of many numbers, agents, contacts or sources has, by direction, in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.domain.calls import CallDirection
from app.domain.filters import CallFilter
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.filters import call_predicate
from app.store.numbers import keys_by
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


# By key, the numbers of each direction in the order of CallCount.
Counted = Mapping[str, Sequence[int]]
_PLACES = {
    CallDirection.INBOUND.value: 0,
    CallDirection.OUTBOUND.value: 1,
    CallDirection.INTERNAL.value: 2,
}
_NONE = (0, 0, 0)


async def by_number(connection: Connection, scope: Scope, numbers: Sequence[str], given: CallFilter) -> list[CallCount]:
    """The calls that a filter selects for each number as it was typed, in the same order; zeros for a number without any."""
    keys = keys_by(scope, numbers)
    wanted = sorted({key for found in keys.values() for key in found})
    counted = await _counted(connection, scope, "phone_number", wanted, given)
    return [summed(counted, keys[number], number) for number in numbers]


async def by_parent(
    connection: Connection, scope: Scope, key: str, parents: Sequence[str], given: CallFilter
) -> list[CallCount]:
    """The calls that a filter selects for each parent, by the column `key` of calls; zeros for one without any."""
    counted = await _counted(connection, scope, key, parents, given)
    return [summed(counted, [parent]) for parent in parents]


async def _counted(connection: Connection, scope: Scope, key: str, values: Sequence[str], given: CallFilter) -> Counted:
    held = weighed(call_predicate(scope, given))
    statement = (
        select(calls.c[key], calls.c.direction, func.count())
        .where(*visible(scope, calls), calls.c[key].in_(values), held)
        .group_by(calls.c[key], calls.c.direction)
    )
    return counted((await connection.execute(statement)).all())


def counted(rows: Iterable[Sequence[Any]]) -> Counted:
    """What rows of a key, a direction and a number come to."""
    found: dict[str, list[int]] = {}
    for key, way, number in rows:
        place = _PLACES.get(way)
        if place is not None:
            found.setdefault(key, [0, 0, 0])[place] += int(number)
    return found


def summed(counted: Counted, keys: Sequence[str], number: str | None = None) -> CallCount:
    """The count over some keys, of what was counted by key and direction."""
    if len(keys) == 1:  # nearly always
        inbound, outbound, internal = counted.get(keys[0], _NONE)
        return CallCount(inbound, outbound, internal, number)
    of_keys = [counted.get(key, _NONE) for key in keys]
    inbound, outbound, internal = (sum([found[place] for found in of_keys]) for place in _PLACES.values())
    return CallCount(inbound, outbound, internal, number)
