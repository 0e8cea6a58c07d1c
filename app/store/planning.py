"""What SQLite chooses indexes of calls by: it looks at a few rows of each by itself, and is told where few rows mislead it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.tables import calls

# Indexes by what has a handful of values, which are for what a company has few of.
_TELL_LITTLE = tuple(f"ix_calls_workspace_id_{name}_started_at_id" for name in ("direction", "outcome", "kind"))
# Those of some of the calls alone: how many these are is what speaks for them.
_OF_SOME = {str(one.name) for one in calls.indexes if one.dialect_options["sqlite"]["where"] is not None}
_LEAST = 1_000_000  # a store that is small grows without being looked at again
_INDEXES = "SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'calls' AND idx IS NOT NULL"


async def look_again(connection: AsyncConnection) -> None:
    """Has SQLite look at what has changed a lot, and tells it what it cannot see in so few rows.

    The first thousand rows of an index are of one workspace, and often of one value: a number that many calls have, or
    none. So it would take a workspace for a thousand calls, and all missed ones for as few as those with a number.
    """
    await connection.exec_driver_sql("PRAGMA analysis_limit=1000")  # rows of each index: milliseconds
    await connection.exec_driver_sql("PRAGMA optimize=0x10002")
    # Whatever is known: had somebody all rows counted, the calls of one source would be too many to be found by it.
    await connection.exec_driver_sql("ANALYZE calls")
    found: int | None = (await connection.execute(text("SELECT max(rowid) FROM calls"))).scalar()
    rows = max(found or 0, _LEAST)
    known = {row.idx: row.stat for row in await connection.exec_driver_sql(_INDEXES)}
    told = [{"idx": index, "stat": _told(index, stat, rows)} for index, stat in known.items()]
    told += [{"idx": index, "stat": _told(index, "1 1 1 1 1", rows)} for index in _TELL_LITTLE if index not in known]
    await connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = 'calls' AND idx IS NOT NULL")
    await connection.execute(text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('calls', :idx, :stat)"), told)
    await connection.exec_driver_sql("ANALYZE sqlite_schema")


def _told(index: str, stat: str, rows: int) -> str:
    """How many rows an index has, and how many of them have the same in its first column, in the first two, and so on."""
    seen, _, *same = stat.split()
    if index in _OF_SOME:
        return " ".join([seen, seen, *same])
    if index in _TELL_LITTLE:
        same[0] = str(rows // 4)
    return " ".join([str(rows), str(rows), *same])
