"""Calls that a vendor tells no more: they stay, with the moment that was noticed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, not_, select, update

from app.domain.pulls import Window
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.start_lags import widen
from app.store.tables import calls

_AT_ONCE = 500
_LISTED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What a vendor told when all calls were read that began in a window."""

    window: Window
    # The vendor's ids, as they are stored.
    ids: frozenset[str]
    # By how much calls may have begun before or after the window, for how the vendor is asked.
    beyond: timedelta
    # When the reading began.
    since: datetime


async def mark_deleted(connection: Connection, scope: Scope, source_id: str, told: Told, now: datetime) -> bool:
    """Marks the source's calls that began in the window and were not told.

    What came in by another way since the reading began is too new to be missed, and so is a call of the last hour, which
    may have been pushed before the vendor lists it. A call that is told again is deleted no more: see `calls.save`.
    Nothing is marked, and False returned, where calls were told that began at other times altogether: then the vendor's
    clock is not the source's, and its window is another one.
    """
    mine = (calls.c.workspace_id == scope.workspace_id, calls.c.source_id == source_id)
    if await _is_elsewhere(connection, mine, told):
        return False
    unseen = (calls.c.synced_at < to_ms(told.since), calls.c.deleted_at.is_(None))
    listed = Window(told.window.start, min(told.window.end, told.since - _LISTED_WITHIN))
    statement = select(calls.c.id, calls.c.provider_call_id).where(*mine, _began(listed), *unseen)
    gone = [row.id for row in await connection.execute(statement) if row.provider_call_id not in told.ids]
    for some in _parts(gone):
        lost = (calls.c.workspace_id == scope.workspace_id, calls.c.id.in_(some))
        mark = update(calls).where(*lost).values(deleted_at=to_ms(now), synced_at=to_ms(now))
        left = await connection.execute(mark.returning(calls.c.started_at, calls.c.synced_at))
        await widen(connection, scope, [dict(row) for row in left.mappings()])
    return True


async def _is_elsewhere(connection: Connection, mine: Sequence[ColumnElement[bool]], told: Told) -> bool:
    around = Window(told.window.start - told.beyond, told.window.end + told.beyond)
    for some in _parts(sorted(told.ids)):
        held = (*mine, calls.c.provider_call_id.in_(some), not_(_began(around)))
        if (await connection.execute(select(calls.c.id).where(*held).limit(1))).one_or_none():
            return True
    return False


def _began(window: Window) -> ColumnElement[bool]:
    return (calls.c.started_at >= to_ms(window.start)) & (calls.c.started_at < to_ms(window.end))


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE)]
