"""The summary of all calls that a filter selects, as one row."""

from sqlalchemy import func, select

from app.domain.filters import CallFilter
from app.domain.pages import Row
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.measures import outside_number
from app.store.ready.figures import figures
from app.store.ready.looked_at import looked_at
from app.store.ready.working import working
from app.store.tables import calls


async def summary(connection: Connection, scope: Scope, given: CallFilter) -> Row:
    """The figures of the calls."""
    unique = func.count(outside_number(calls).distinct()).label("unique_contacts")
    agents = func.count(calls.c.agent_id.distinct()).label("agents")
    worked = working(scope, given)
    hours = select(func.coalesce(func.sum(worked.c.working_seconds), 0)).scalar_subquery().label("working_seconds")
    statement = select(*figures(scope), unique, agents, hours).where(*looked_at(scope, given))
    (row,) = (await connection.execute(statement)).mappings()
    return dict(row) | {"working_seconds": int(row["working_seconds"])}
