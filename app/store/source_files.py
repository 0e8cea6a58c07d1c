"""How far each file of a source has been read, by what the file begins with: its name may change when it is rotated."""

from datetime import datetime

from sqlalchemy import select, update

from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.source_tables import source_files
from app.store.tables import sources
from app.store.upsert import insert_into


async def positions(connection: Connection, scope: Scope, source_id: str) -> dict[str, int]:
    """The bytes that were read of each file."""
    statement = select(source_files.c.beginning, source_files.c.position).where(
        source_files.c.workspace_id == scope.workspace_id, source_files.c.source_id == source_id
    )
    return dict((await connection.execute(statement)).all())


async def put(
    connection: Connection, scope: Scope, source_id: str, beginning: str, position: int, now: datetime
) -> None:
    """Keeps how far a file has been read."""
    row = {
        "workspace_id": scope.workspace_id,
        "source_id": source_id,
        "beginning": beginning,
        "position": position,
        "read_at": to_ms(now),
    }
    change = {"position": position, "read_at": row["read_at"]}
    insert = insert_into(connection, source_files).values(row)
    await connection.execute(
        insert.on_conflict_do_update(index_elements=["workspace_id", "source_id", "beginning"], set_=change)
    )


async def show_on_source(connection: Connection, scope: Scope, source_id: str, percent: int, now: datetime) -> None:
    """Shows on the source how far its files have been read, all together."""
    mine = (sources.c.workspace_id == scope.workspace_id, sources.c.id == source_id)
    await connection.execute(update(sources).where(*mine).values(watermark=to_ms(now), percent_filled=percent))
