"""Agents as rows: matched within their source, created once, and never made poorer by an older payload."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from app.domain.agents import AgentRecord
from app.domain.ids import new_id
from app.domain.labels import fold
from app.domain.matching import AgentIndex, identity_of
from app.domain.scope import Scope
from app.domain.times import to_ms
from app.store.database import Connection
from app.store.findable import add_numbers, set_words
from app.store.plain import plain
from app.store.search import words_of
from app.store.tables import agent_tags, agents
from app.store.upsert import insert_new

_TEXTS = ("provider_agent_id", "name", "code", "email")
_INSTANTS = ("registered_at", "modified_at", "last_call_at", "last_sync_requested_at")


@dataclass(frozen=True, slots=True)
class Told:
    """A record of an agent, and when what it says was true."""

    record: AgentRecord
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedAgents:
    """Which row each record means, and how many rows changed."""

    ids: dict[AgentRecord, str]
    new: set[str]
    updated: set[str]


async def save(
    connection: Connection, scope: Scope, source_id: str, told: Sequence[Told], now: datetime
) -> SavedAgents:
    """Matches each record to an agent of the source, creating and completing agents as needed."""
    saved = SavedAgents({}, set(), set())
    waiting = [one for one in told if one.record.known]
    while waiting:
        # What is learned of an agent may rule a later record out: the next round makes it an agent of its own.
        found = await _save_round(connection, scope, source_id, waiting, now)
        saved = SavedAgents(saved.ids | found.ids, saved.new | found.new, (saved.updated | found.updated) - saved.new)
        waiting = [one for one in waiting if one.record not in saved.ids]
    return saved


async def _save_round(
    connection: Connection, scope: Scope, source_id: str, told: Sequence[Told], now: datetime
) -> SavedAgents:
    """Matches what can be matched at once: the oldest record at least."""
    rows = await _candidates(connection, scope, source_id, [one.record for one in told])
    fresh = _missing(scope, source_id, told, rows, now)
    if fresh:
        await insert_new(connection, agents, sorted(fresh, key=itemgetter("identity")))
        rows = await _candidates(connection, scope, source_id, [one.record for one in told])
    index = AgentIndex(rows.values())
    return await _complete(connection, scope, rows, index, told, {row["id"] for row in fresh})


def _missing(
    scope: Scope, source_id: str, told: Sequence[Told], rows: dict[str, dict[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """Rows for those agents that nobody known can be."""
    index = AgentIndex(rows.values())
    taken = {row["identity"] for row in rows.values()}
    fresh: list[dict[str, Any]] = []
    for one in sorted(told, key=_most_telling_first):
        found = index.find(one.record)
        if found is None:
            row = _row(scope, source_id, one, now)
            if row["identity"] in taken:  # an agent who has become another since then was first known by the same
                row["identity"] += f"/{row['id']}"
            taken.add(row["identity"])
            fresh.append(row)
            index.add(row)
        else:  # what one record tells of an agent finds it for another: id and number, number and name, the name alone
            index.add({**found, **{name: said for name, said in _values(one.record).items() if found[name] is None}})
    return fresh


def _most_telling_first(one: Told) -> tuple[bool, bool, bool, datetime]:
    record = one.record
    return (not record.provider_agent_id, not record.number, not record.name, one.at)


async def _candidates(
    connection: Connection, scope: Scope, source_id: str, records: Iterable[AgentRecord]
) -> dict[str, dict[str, Any]]:
    ids, numbers, names, identities = set(), set(), set(), set()
    for record in records:
        identities.add(identity_of(record))
        ids.add(record.provider_agent_id or "")
        numbers.add((record.number.key if record.number else None) or "")
        names.add(fold(record.name or ""))
    statement = (
        select(agents)
        .where(
            agents.c.workspace_id == scope.workspace_id,
            agents.c.source_id == source_id,
            or_(
                agents.c.provider_agent_id.in_(sorted(ids - {""})),
                agents.c.number.in_(sorted(numbers - {""})),
                agents.c.name_key.in_(sorted(names - {""})),
                agents.c.identity.in_(sorted(identities)),
            ),
        )
        .order_by(agents.c.id)
    )
    return {row["id"]: dict(row) for row in (await connection.execute(statement)).mappings()}


def _row(scope: Scope, source_id: str, one: Told, now: datetime) -> dict[str, Any]:
    empty = dict.fromkeys(column.name for column in agents.columns)
    base = {
        "workspace_id": scope.workspace_id,
        "id": new_id(now),
        "source_id": source_id,
        "identity": identity_of(one.record),
        "tags": [],
        "told_at": to_ms(one.at),
        "details": {},
    }
    return empty | base | _values(one.record)


def _values(record: AgentRecord) -> dict[str, Any]:
    """The columns that a record says something of."""
    said: dict[str, Any] = {name: value for name in _TEXTS if (value := getattr(record, name))}
    said |= {name: to_ms(value) for name in _INSTANTS if (value := getattr(record, name))}
    if record.name:
        said["name_key"] = fold(record.name)
    if record.number and record.number.key:
        said |= {
            "number": record.number.key,
            "number_raw": record.number.raw,
            "number_kind": record.number.kind.value,
        }
    if record.tags is not None:
        said["tags"] = list(record.tags)
    details = {"device": plain(record.device), "settings": plain(record.settings)}
    if found := {key: value for key, value in details.items() if value}:
        said["details"] = found
    return said


async def _complete(
    connection: Connection,
    scope: Scope,
    rows: dict[str, dict[str, Any]],
    index: AgentIndex,
    told: Sequence[Told],
    fresh: set[str],
) -> SavedAgents:
    ids: dict[AgentRecord, str] = {}
    changed: dict[str, set[str]] = {}
    for one in sorted(told, key=lambda one: one.at):
        found = index.find(one.record)
        if found is None:  # ruled out by what an older record of the round has told
            continue
        ids[one.record] = found["id"]
        if change := _take_in(rows[found["id"]], one):
            changed.setdefault(found["id"], set()).update(change)
            if "provider_agent_id" in change:  # later records of the round are found by it, too
                index.add(rows[found["id"]])
    if changed:
        await _update(connection, [rows[id] for id in sorted(changed)])
    new = fresh & rows.keys()
    updated = {id for id, names in changed.items() if names != {"told_at"}}
    await _make_findable(connection, scope, [rows[id] for id in sorted(updated | new)])
    return SavedAgents(ids, new, updated - new)


def _take_in(row: dict[str, Any], one: Told) -> Set[str]:
    """Puts what a record says into a row: gaps always, the rest where the record is not older.

    The columns that changed; the moment alone may move on, which is written but is no change.
    """
    newer = to_ms(one.at) >= row["told_at"]
    said = _values(one.record)
    if "details" in said:
        said["details"] = row["details"] | said["details"] if newer else said["details"] | row["details"]
    change = {k: v for k, v in said.items() if row[k] != v and (newer or row[k] in (None, [], {}) or k == "details")}
    if newer and said and to_ms(one.at) != row["told_at"]:
        change["told_at"] = to_ms(one.at)
    row.update(change)
    return change.keys()


async def _update(connection: Connection, rows: list[dict[str, Any]]) -> None:
    changing = [c.name for c in agents.columns if c.name not in ("workspace_id", "id", "source_id", "identity")]
    statement = (
        update(agents)
        .where(agents.c.workspace_id == bindparam("key_workspace"), agents.c.id == bindparam("key_id"))
        .values({name: bindparam(f"new_{name}") for name in changing})
    )
    await connection.execute(
        statement,
        [
            {"key_workspace": row["workspace_id"], "key_id": row["id"]}
            | {f"new_{name}": row[name] for name in changing}
            for row in rows
        ],
    )


async def _make_findable(connection: Connection, scope: Scope, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    ids = [row["id"] for row in rows]
    await connection.execute(
        delete(agent_tags).where(agent_tags.c.workspace_id == scope.workspace_id, agent_tags.c.agent_id.in_(ids))
    )
    tags = [(fold(tag), row["id"]) for row in rows for tag in row["tags"]]
    await insert_new(
        connection,
        agent_tags,
        [{"workspace_id": scope.workspace_id, "key": key, "agent_id": id} for key, id in sorted(set(tags))],
    )
    await add_numbers(connection, scope, [row["number"] for row in rows])
    said = {row["id"]: words_of((row["name"], row["code"], row["email"])) for row in rows}
    await set_words(connection, scope, "AGENT", said, known=ids)
