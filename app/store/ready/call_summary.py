"""The summary of all calls that a filter selects, as one row."""

from sqlalchemy import func, select

from app.domain.filters import CallFilter
from app.domain.pages import Row
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.ready.figures import figures, looked_at_with
from app.store.ready.working import working


async def summary(connection: Connection, scope: Scope, given: CallFilter) -> Row:
    """The figures of the calls."""
    one = looked_at_with(scope, given)
    unique = func.count(one.c.phone_number.distinct()).label("unique_contacts")
    agents = func.count(one.c.agent_id.distinct()).label("agents")
    worked = working(scope, given)
    hours = select(func.coalesce(func.sum(worked.c.working_seconds), 0)).scalar_subquery().label("working_seconds")
    statement = select(*figures(one), unique, agents, hours).select_from(one)
    (row,) = (await connection.execute(statement)).mappings()
    return dict(row) | {"working_seconds": int(row["working_seconds"])}
