"""The floor: hand-written routes, the best single SQL of each, plain sqlite3 or asyncpg, and orjson.

No GraphQL, no token, no log: what is left is what any server in Python has to do for the same values. SQLite is read
within the event loop, which is quicker than a thread.

    python -m tests.benchmarks.floor sqlite:///calls.sqlite 8001
"""

import base64
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.benchmarks.plainly import served

Rows = Sequence[Sequence[Any]]
Ask = Callable[[str, Sequence[Any]], Awaitable[Rows]]
_OPTIONS = orjson.OPT_UTC_Z
_OF_CALL = """c.id, c.started_at, c.ended_at, c.direction, c.outcome, c.duration_seconds, c.talk_seconds, c.phone_number,
  c.dialed_number, c.queue_name"""
_CALLS = f"""SELECT {_OF_CALL}, a.id, a.name, k.id, k.name FROM calls c
  LEFT JOIN agents a ON a.workspace_id = c.workspace_id AND a.id = c.agent_id
  LEFT JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
  WHERE c.workspace_id = 'main' AND c.started_at >= $1 AND c.started_at < $2
  ORDER BY c.started_at DESC, c.id DESC LIMIT $3"""
_TEN = """SELECT c.agent_id, c.id, c.started_at, c.direction, c.outcome, c.talk_seconds, k.id, k.name FROM calls c
  LEFT JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
  WHERE c.workspace_id = 'main' AND c.agent_id = {agent} ORDER BY c.started_at DESC, c.id DESC LIMIT 10"""
_AGENTS = "SELECT id, name FROM agents WHERE workspace_id = 'main' AND id IN ({ids}) ORDER BY name_key, id"
_COUNTS = """SELECT phone_number, direction, count(*) FROM calls WHERE workspace_id = 'main' AND phone_number IN ({numbers})
  AND started_at >= $1 AND started_at < $2 GROUP BY phone_number, direction"""
_CALL = "SELECT id, started_at, direction, outcome, duration_seconds FROM calls WHERE workspace_id = 'main' AND id = $1"
_WAYS = ("INBOUND", "OUTBOUND", "INTERNAL")


def app(address: str) -> Starlette:
    """The routes over a store."""
    store: dict[str, Any] = {}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:
        if address.startswith("sqlite"):
            store["ask"] = _sqlite(address.removeprefix("sqlite:///"))
            yield
            return
        async with asyncpg.create_pool(address, min_size=5, max_size=5) as pool:
            store["ask"] = _postgresql(pool)
            yield

    def route(path: str, answer: Callable[[Ask, Any], Awaitable[Any]]) -> Route:
        async def answered(request: Request) -> Response:
            variables = orjson.loads(await request.body())
            found = await answer(store["ask"], variables)
            return Response(orjson.dumps({"data": found}, option=_OPTIONS), media_type="application/json")

        return Route(path, answered, methods=["POST"])

    return Starlette(
        lifespan=lifespan,
        routes=[
            route("/calls/50", lambda ask, given: _calls(ask, given, 50)),
            route("/calls/1000", lambda ask, given: _calls(ask, given, 1000)),
            route("/agents", _agents),
            route("/counts", _counts),
            route("/call", _call),
        ],
    )


def _sqlite(file: str) -> Ask:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None, cached_statements=1024)
    for pragma in ("temp_store=MEMORY", "cache_size=-65536", "mmap_size=268435456"):  # as our server reads
        connection.execute(f"PRAGMA {pragma}")

    async def ask(text: str, values: Sequence[Any]) -> Rows:
        # To SQLite $2 is a name, and names count from where they stand first.
        return connection.execute(text.replace("$", "?"), values).fetchall()

    return ask


def _postgresql(pool: Any) -> Ask:
    async def ask(text: str, values: Sequence[Any]) -> Rows:
        found: Rows = await pool.fetch(text, *values)
        return found

    return ask


async def _calls(ask: Ask, given: Any, first: int) -> Any:
    found = await ask(_CALLS, (_read(given["from"]), _read(given["to"]), first))
    nodes = [
        {
            "id": _encoded(b"Call", id),
            "startedAt": _instant(began),
            "endedAt": _instant(ended) if ended is not None else None,
            "direction": direction,
            "outcome": outcome,
            "durationSeconds": duration,
            "talkSeconds": talk,
            "phoneNumber": outside,
            "dialedNumber": dialed,
            "queueName": queue,
            "agent": {"id": _encoded(b"Agent", agent), "name": name} if agent else None,
            "contact": {"id": _encoded(b"Contact", contact), "name": called} if contact else None,
        }
        for id, began, ended, direction, outcome, duration, talk, outside, dialed, queue, agent, name, contact, called in found
    ]
    return {"calls": {"nodes": nodes}}


async def _agents(ask: Ask, given: Any) -> Any:
    ids = [_decoded(id) for id in given["agents"]]
    agents = await ask(_AGENTS.format(ids=_marks(len(ids), 1)), ids)
    # One statement, a branch an agent: on both engines quicker than a window or a lateral join.
    branches = [f"SELECT * FROM ({_TEN.format(agent=f'${place + 1}')}) AS t{place}" for place in range(len(ids))]
    calls: dict[str, list[Any]] = {id: [] for id in ids}
    for agent, id, began, direction, outcome, talk, contact, called in await ask(" UNION ALL ".join(branches), ids):
        calls[agent].append(
            {
                "id": _encoded(b"Call", id),
                "startedAt": _instant(began),
                "direction": direction,
                "outcome": outcome,
                "talkSeconds": talk,
                "contact": {"id": _encoded(b"Contact", contact), "name": called} if contact else None,
            }
        )
    nodes = [{"id": _encoded(b"Agent", id), "name": name, "calls": {"nodes": calls[id]}} for id, name in agents]
    return {"agents": {"nodes": nodes}}


async def _counts(ask: Ask, given: Any) -> Any:
    numbers = given["numbers"]
    values = (_read(given["from"]), _read(given["to"]), *numbers)
    counted: dict[str, dict[str, int]] = {number: dict.fromkeys(_WAYS, 0) for number in numbers}
    for number, way, calls in await ask(_COUNTS.format(numbers=_marks(len(numbers), 3)), values):
        counted[number][way] = calls
    return {
        "callCounts": [
            {
                "phoneNumber": number,
                "total": sum(of.values()),
                "inbound": of["INBOUND"],
                "outbound": of["OUTBOUND"],
                "internal": of["INTERNAL"],
            }
            for number, of in counted.items()
        ]
    }


async def _call(ask: Ask, given: Any) -> Any:
    for id, began, direction, outcome, duration in await ask(_CALL, (_decoded(given["id"]),)):
        shown = {"id": _encoded(b"Call", id), "startedAt": _instant(began), "direction": direction, "outcome": outcome}
        return {"call": {**shown, "durationSeconds": duration}}
    return {"call": None}


def _marks(count: int, first: int) -> str:
    return ", ".join(f"${place}" for place in range(first, first + count))


def _encoded(kind: bytes, id: str) -> str:
    return base64.urlsafe_b64encode(b"%s:main:%s" % (kind, id.encode())).rstrip(b"=").decode()


def _decoded(id: str) -> str:
    return base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode().split(":")[2]


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _read(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


if __name__ == "__main__":
    served(app)
