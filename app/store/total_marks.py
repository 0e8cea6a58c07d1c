"""Marks of quarter-hours whose calls have changed: whoever writes calls leaves them, in the same transaction."""

from collections.abc import Iterable

from app.domain.ids import new_ids
from app.domain.scope import Scope
from app.store.buckets import QUARTER, floored
from app.store.database import Connection
from app.store.total_tables import total_marks
from app.store.upsert import insert_rows


async def mark(connection: Connection, scope: Scope, instants: Iterable[int]) -> None:
    """Marks the quarter-hours in which calls began, or begin now, that were added, changed or removed.

    From then on these are counted call by call, until they are summed up again (see store.summing).
    """
    quarters = sorted({floored(instant, QUARTER) for instant in instants})
    rows = [(scope.workspace_id, id, quarter) for id, quarter in zip(new_ids(quarters), quarters, strict=True)]
    await insert_rows(connection, total_marks, rows)
