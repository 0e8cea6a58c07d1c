"""How many calls were never attended, and how many attempts not picked up: of some agents or numbers, or of all."""

from collections.abc import Sequence
from enum import Enum

from sqlalchemy import func, literal, select

from app.domain.filters import CallFilter
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.ready import never_attended, not_picked_up
from app.store.tables import calls


class Failed(Enum):
    """What went wrong with a call."""

    NEVER_ATTENDED = "missed_calls"
    NOT_PICKED_UP = "attempts"


_GROUPS = {Failed.NEVER_ATTENDED: never_attended.groups, Failed.NOT_PICKED_UP: not_picked_up.groups}


async def failed_calls(
    connection: Connection, scope: Scope, given: CallFilter, failed: Failed, by: str | None, keys: Sequence[str]
) -> list[int]:
    """The calls of each key, which is a value of the column `by` of calls; without one, a single sum of all calls."""
    among = () if by is None else (calls.c[by].in_(keys),)
    groups = _GROUPS[failed](scope, given, *among)
    key = literal("") if by is None else groups.c[by]
    statement = select(key.label("key"), func.sum(groups.c[failed.value])).select_from(groups)
    if by is not None:
        statement = statement.group_by(key)
    found = {key: int(count or 0) for key, count in await connection.execute(statement)}
    return [found.get(one, 0) for one in ([""] if by is None else keys)]
