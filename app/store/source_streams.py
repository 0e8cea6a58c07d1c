"""How far each stream of a source has been read, and what that comes to for the source."""

from sqlalchemy import select, update

from app.domain.pulls import StreamState
from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.store.database import Connection
from app.store.source_tables import source_streams
from app.store.tables import sources
from app.store.upsert import insert_into

_MOMENTS = ("watermark", "filled_from", "filled_to", "fill_until", "swept_at")


async def states(connection: Connection, scope: Scope, source_id: str) -> dict[str, StreamState]:
    """The state of every stream that was read before, by its name."""
    statement = select(source_streams).where(
        source_streams.c.workspace_id == scope.workspace_id, source_streams.c.source_id == source_id
    )
    return {
        row.name: StreamState(
            name=row.name,
            sweep_to=None if row.sweep_to is None else from_ms(row.sweep_to),
            **{moment: from_ms(getattr(row, moment)) for moment in _MOMENTS},
        )
        for row in await connection.execute(statement)
    }


async def put(connection: Connection, scope: Scope, source_id: str, state: StreamState) -> None:
    """Keeps the state of a stream."""
    row = {
        "workspace_id": scope.workspace_id,
        "source_id": source_id,
        "name": state.name,
        "sweep_to": None if state.sweep_to is None else to_ms(state.sweep_to),
        **{moment: to_ms(getattr(state, moment)) for moment in _MOMENTS},
    }
    change = {name: row[name] for name in ("sweep_to", *_MOMENTS)}
    insert = insert_into(connection, source_streams).values(row)
    await connection.execute(
        insert.on_conflict_do_update(index_elements=["workspace_id", "source_id", "name"], set_=change)
    )


async def show_on_source(connection: Connection, scope: Scope, source_id: str, main: StreamState) -> None:
    """Shows on the source how far the stream of its calls is, without a reader having to know the streams."""
    values = {"watermark": to_ms(main.watermark), "percent_filled": main.percent_filled}
    mine = (sources.c.workspace_id == scope.workspace_id, sources.c.id == source_id)
    await connection.execute(update(sources).where(*mine).values(values))
