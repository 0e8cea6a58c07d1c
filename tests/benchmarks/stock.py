"""Stock Strawberry over the same tables, as its documentation shows it: a resolver a field, its data loaders, its ASGI view.

SQLAlchemy sends the statements, the same ones as the floor's where they can be, so that what differs is how a query is
executed. Field names are ours, so that it takes the same documents.

    python -m tests.benchmarks.stock sqlite:///calls.sqlite
"""

import base64
from collections import defaultdict
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from sqlalchemy import RowMapping, Select, Table, func, select, union_all
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.applications import Starlette
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.schema.config import StrawberryConfig

from app.domain.calls import CallDirection, CallOutcome
from app.store.tables import agents, calls, contacts
from tests.benchmarks.company import WORKSPACE
from tests.benchmarks.plainly import served

PhoneNumber = NewType("PhoneNumber", str)
Info = strawberry.Info["Asked", None]
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
for _words in (CallDirection, CallOutcome):
    strawberry.enum(_words)


@strawberry.type
class Contact:
    """A row of contacts."""

    id: strawberry.ID
    name: str | None


@strawberry.type
class Call:
    """A row of calls."""

    id: strawberry.ID
    started_at: datetime
    ended_at: datetime | None
    direction: CallDirection
    outcome: CallOutcome
    duration_seconds: int | None
    talk_seconds: int | None
    phone_number: PhoneNumber | None
    dialed_number: PhoneNumber | None
    queue_name: str | None
    agent_id: strawberry.Private[str | None]
    contact_id: strawberry.Private[str | None]

    @strawberry.field
    async def agent(self, info: Info) -> "Agent | None":
        return await info.context.agents.load(self.agent_id) if self.agent_id else None

    @strawberry.field
    async def contact(self, info: Info) -> Contact | None:
        return await info.context.contacts.load(self.contact_id) if self.contact_id else None


@strawberry.type
class CallConnection:
    """Calls."""

    nodes: list[Call]


@strawberry.type
class Agent:
    """A row of agents."""

    id: strawberry.ID
    name: str | None
    key: strawberry.Private[str]

    @strawberry.field
    async def calls(self, info: Info, first: int = 50) -> CallConnection:
        return CallConnection(nodes=await info.context.calls.load((self.key, first)))


@strawberry.type
class AgentConnection:
    """Agents."""

    nodes: list[Agent]


@strawberry.type
class CallCount:
    """How many calls a number has."""

    phone_number: PhoneNumber
    total: int
    inbound: int
    outbound: int
    internal: int


@strawberry.input
class DateTimeRange:
    """From an instant, up to another."""

    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = None


@strawberry.input
class CallFilter:
    """Which calls."""

    started_at: DateTimeRange | None = None


@strawberry.input
class AgentFilter:
    """Which agents."""

    ids: list[strawberry.ID] | None = None


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def call(self, info: Info, id: strawberry.ID) -> Call | None:
        found = await info.context.rows(_of_workspace(calls).where(calls.c.id == _decoded(id)))
        return _call(found[0]) if found else None

    @strawberry.field
    async def calls(self, info: Info, first: int = 50, filter: CallFilter | None = None) -> CallConnection:
        wanted = _within(_of_workspace(calls), filter).order_by(calls.c.started_at.desc(), calls.c.id.desc())
        return CallConnection(nodes=[_call(row) for row in await info.context.rows(wanted.limit(first))])

    @strawberry.field
    async def agents(self, info: Info, first: int = 50, filter: AgentFilter | None = None) -> AgentConnection:
        wanted = _of_workspace(agents).order_by(agents.c.name_key, agents.c.id).limit(first)
        if filter and filter.ids is not None:
            wanted = wanted.where(agents.c.id.in_([_decoded(id) for id in filter.ids]))
        return AgentConnection(nodes=[_agent(row) for row in await info.context.rows(wanted)])

    @strawberry.field
    async def call_counts(
        self, info: Info, phone_numbers: list[PhoneNumber], filter: CallFilter | None = None
    ) -> list[CallCount]:
        wanted = select(calls.c.phone_number, calls.c.direction, func.count().label("count")).where(
            calls.c.workspace_id == WORKSPACE, calls.c.phone_number.in_(phone_numbers)
        )
        grouped = _within(wanted, filter).group_by(calls.c.phone_number, calls.c.direction)
        counted: dict[str, dict[str, int]] = defaultdict(dict)
        for row in await info.context.rows(grouped):
            counted[row["phone_number"]][row["direction"]] = row["count"]
        return [_count(number, counted[number]) for number in phone_numbers]


class Asked:
    """What one request has: a way to the store, and the loaders."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.agents = DataLoader(self._agents)
        self.contacts = DataLoader(self._contacts)
        self.calls = DataLoader(self._calls)

    async def rows(self, wanted: Select[Any] | Any) -> list[RowMapping]:
        """The rows of a statement."""
        async with self._engine.connect() as connection:
            return list((await connection.execute(wanted)).mappings())

    async def _agents(self, ids: list[str]) -> list[Agent | None]:
        found = {row["id"]: _agent(row) for row in await self.rows(_of_workspace(agents).where(agents.c.id.in_(ids)))}
        return [found.get(id) for id in ids]

    async def _contacts(self, ids: list[str]) -> list[Contact | None]:
        found = {
            row["id"]: _contact(row) for row in await self.rows(_of_workspace(contacts).where(contacts.c.id.in_(ids)))
        }
        return [found.get(id) for id in ids]

    async def _calls(self, keys: list[tuple[str, int]]) -> list[list[Call]]:
        """A branch an agent, as on the floor."""
        newest = (calls.c.started_at.desc(), calls.c.id.desc())
        branches = [
            select(_of_workspace(calls).where(calls.c.agent_id == agent).order_by(*newest).limit(first).subquery())
            for agent, first in keys
        ]
        found: dict[str, list[Call]] = defaultdict(list)
        for row in await self.rows(union_all(*branches)):
            found[row["agent_id"]].append(_call(row))
        return [found[agent] for agent, _ in keys]


class Endpoint(GraphQL[Asked, None]):
    """Strawberry's view, with our context."""

    engine: AsyncEngine

    async def get_context(self, request: Any, response: Any) -> Asked:
        return Asked(self.engine)


def app(address: str) -> Starlette:
    """The schema over a store."""
    url = make_url(address)
    engine = create_async_engine(url.set(drivername=_DRIVERS[url.drivername]))
    config = StrawberryConfig(scalar_map={PhoneNumber: strawberry.scalar(name="PhoneNumber", serialize=str)})
    endpoint = Endpoint(strawberry.Schema(Query, config=config))
    endpoint.engine = engine

    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:
        yield
        await engine.dispose()

    made = Starlette(lifespan=lifespan)
    made.add_route("/graphql", endpoint)  # type: ignore[arg-type]  # an ASGI application, which a route may be
    return made


_SHOWN = {
    calls.name: "id started_at ended_at direction outcome duration_seconds talk_seconds phone_number dialed_number "
    "queue_name agent_id contact_id",
    agents.name: "id name",
    contacts.name: "id name",
}


def _of_workspace(table: Table) -> Select[Any]:
    """The columns that the type shows, of the rows that are the company's."""
    columns = [table.c[name] for name in _SHOWN[table.name].split()]
    return select(*columns).where(table.c.workspace_id == WORKSPACE)


def _within(wanted: Select[Any], filter: CallFilter | None) -> Select[Any]:
    range = filter.started_at if filter else None
    if range and range.from_:
        wanted = wanted.where(calls.c.started_at >= round(range.from_.timestamp() * 1000))
    if range and range.to:
        wanted = wanted.where(calls.c.started_at < round(range.to.timestamp() * 1000))
    return wanted


def _call(row: RowMapping) -> Call:
    shown = {name: row[name] for name in _SHOWN[calls.name].split()}
    instants = {name: _instant(row[name]) for name in ("started_at", "ended_at")}
    words = {"direction": CallDirection(row["direction"]), "outcome": CallOutcome(row["outcome"])}
    return Call(**{**shown, **instants, **words, "id": _encoded("Call", row["id"])})


def _agent(row: RowMapping) -> Agent:
    return Agent(id=_encoded("Agent", row["id"]), name=row["name"], key=row["id"])


def _contact(row: RowMapping) -> Contact:
    return Contact(id=_encoded("Contact", row["id"]), name=row["name"])


def _count(number: PhoneNumber, of: dict[str, int]) -> CallCount:
    inbound, outbound, internal = (of.get(way.value, 0) for way in CallDirection)
    return CallCount(phone_number=number, total=sum(of.values()), inbound=inbound, outbound=outbound, internal=internal)


def _instant(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _encoded(kind: str, id: str) -> strawberry.ID:
    text = base64.urlsafe_b64encode(f"{kind}:{WORKSPACE}:{id}".encode()).rstrip(b"=").decode()
    return strawberry.ID(text)


def _decoded(id: str) -> str:
    return base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode().split(":")[2]


if __name__ == "__main__":
    served(app)
