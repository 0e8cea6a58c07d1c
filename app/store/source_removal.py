"""Removes a source with all that came from it, a few hundred calls a transaction, so that nobody waits for long."""

from sqlalchemy import delete, func, select

from app.domain.scope import Scope
from app.store import removal
from app.store.database import Connection, Database
from app.store.source_tables import source_files, source_inbox, source_leases, source_streams
from app.store.tables import agent_tags, agents, calls, org_units, rejected_records, sources

_AT_ONCE = 500


async def count_calls(connection: Connection, scope: Scope, source_id: str) -> int:
    """How many calls came from a source."""
    mine = (calls.c.workspace_id == scope.workspace_id, calls.c.source_id == source_id)
    return int((await connection.execute(select(func.count()).select_from(calls).where(*mine))).scalar_one())


async def remove_calls(database: Database, scope: Scope, source_id: str) -> int:
    """Removes some of the source's calls; returns how many, 0 where there are none any more."""
    mine = (calls.c.workspace_id == scope.workspace_id, calls.c.source_id == source_id)
    async with database.write() as connection:
        ids = list((await connection.execute(select(calls.c.id).where(*mine).limit(_AT_ONCE))).scalars())
        if ids:
            await removal.remove_calls(connection, scope, ids)
    return len(ids)


async def remove_rest(database: Database, scope: Scope, source_id: str) -> None:
    """Removes the source itself, with its agents, units, dead letters and state. It has no calls any more."""
    async with database.write() as connection:
        for table, kind in ((agents, "AGENT"), (org_units, "ORG_UNIT")):
            mine = (table.c.workspace_id == scope.workspace_id, table.c.source_id == source_id)
            ids = list((await connection.execute(select(table.c.id).where(*mine))).scalars())
            for first in range(0, len(ids), _AT_ONCE):
                some = ids[first : first + _AT_ONCE]
                await removal.forget_words(connection, scope, [kind], some)
                if table is agents:
                    tags = (agent_tags.c.workspace_id == scope.workspace_id, agent_tags.c.agent_id.in_(some))
                    await connection.execute(delete(agent_tags).where(*tags))
            await connection.execute(delete(table).where(*mine))
        for table in (rejected_records, source_streams, source_files, source_inbox, source_leases):
            mine = (table.c.workspace_id == scope.workspace_id, table.c.source_id == source_id)
            await connection.execute(delete(table).where(*mine))
        await connection.execute(
            delete(sources).where(sources.c.workspace_id == scope.workspace_id, sources.c.id == source_id)
        )
