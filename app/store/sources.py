"""Workspaces and sources as rows, and how fresh each source is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from app.domain.errors import InputError
from app.domain.ids import new_id
from app.domain.pulls import SourceState
from app.domain.scope import Scope
from app.domain.sources import Locale, Provider, Source
from app.domain.times import from_ms, to_ms, zone_named
from app.store.database import Connection
from app.store.tables import (
    sources,
    workspaces,
)
from app.store.upsert import insert_new

DEFAULT_CONNECTED_ABOVE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Pulled:
    """How a source is pulled: where from, with what, and how far back."""

    address: str | None
    credentials: Mapping[str, str]
    history_from: datetime


async def ensure_workspace(connection: Connection, scope: Scope, timezone: str, now: datetime) -> None:
    """Creates the scope's workspace if it is not there yet."""
    row = {
        "id": scope.workspace_id,
        "timezone": zone_named(timezone).key,
        "connected_above_seconds": DEFAULT_CONNECTED_ABOVE_SECONDS,
        "created_at": to_ms(now),
    }
    await insert_new(connection, workspaces, [row])


async def lock(connection: Connection, scope: Scope) -> None:
    """Keeps other writers of the workspace waiting until the transaction ends, so that what is read stays true.

    SQLite has one writer anyway. Without it two writers that complete one agent, contact or call each undo what the
    other learned, and two that meet the same numbers in different orders wait for each other for ever.
    """
    if connection.dialect.name == "postgresql":
        statement = select(workspaces.c.id).where(workspaces.c.id == scope.workspace_id)
        await connection.execute(statement.with_for_update(key_share=True))


async def workspace(connection: Connection, scope: Scope) -> tuple[Scope, str] | None:
    """The scope with its workspace's settings filled in, and the workspace's zone; None where there is none."""
    statement = select(workspaces.c.timezone, workspaces.c.connected_above_seconds).where(
        workspaces.c.id == scope.workspace_id
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    regions = (
        select(sources.c.region)
        .distinct()
        .where(sources.c.workspace_id == scope.workspace_id, sources.c.region.is_not(None))
    )
    found = sorted((await connection.execute(regions)).scalars())
    return Scope(scope.workspace_id, row.connected_above_seconds, tuple(r for r in found if r)), row.timezone


async def add(
    connection: Connection,
    scope: Scope,
    name: str,
    provider: Provider,
    locale: Locale,
    now: datetime,
    pulled: Pulled | None = None,
) -> Source:
    """Creates a source, which nothing pulls unless it is said how."""
    source = Source(new_id(now), name, provider, locale, now)
    row = insert(sources).values(
        workspace_id=scope.workspace_id,
        id=source.id,
        name=name,
        provider=provider.value,
        timezone=locale.zone.key,
        region=locale.region,
        created_at=to_ms(now),
    )
    await connection.execute(row)
    return await set_pulled(connection, scope, source, pulled) if pulled else source


async def set_pulled(connection: Connection, scope: Scope, source: Source, pulled: Pulled) -> Source:
    """Says how a source is pulled from now on. Returns it as it is then."""
    values = {
        "state": SourceState.ACTIVE.value,
        "address": pulled.address,
        "credentials": dict(pulled.credentials),
        "history_from": to_ms(pulled.history_from),
    }
    await connection.execute(update(sources).where(*_row(scope, source.id)).values(values))
    return replace(
        source,
        state=SourceState.ACTIVE,
        address=pulled.address,
        credentials=dict(pulled.credentials),
        history_from=pulled.history_from,
    )


async def set_state(connection: Connection, scope: Scope, source_id: str, state: SourceState) -> None:
    """Pauses a source, or goes on with it; what kept it from being asked is forgotten."""
    values = {"state": state.value, "failures": 0, "open_until": None}
    await connection.execute(update(sources).where(*_row(scope, source_id)).values(values))


async def named(connection: Connection, scope: Scope, name: str) -> Source | None:
    """The source of that name."""
    statement = select(sources).where(sources.c.workspace_id == scope.workspace_id, sources.c.name == name)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _source(row)


async def by_id(connection: Connection, scope: Scope, source_id: str) -> Source | None:
    """The source of that id."""
    row = (await connection.execute(select(sources).where(*_row(scope, source_id)))).one_or_none()
    return None if row is None else _source(row)


async def listed(connection: Connection, scope: Scope) -> list[Source]:
    """Every source, by name."""
    statement = select(sources).where(sources.c.workspace_id == scope.workspace_id).order_by(sources.c.name)
    return [_source(row) for row in await connection.execute(statement)]


def _source(row: Any) -> Source:
    return Source(
        row.id,
        row.name,
        Provider(row.provider),
        Locale(zone_named(row.timezone), row.region),
        from_ms(row.created_at),
        _moment(row.last_success_at),
        SourceState(row.state),
        row.address,
        row.credentials or {},
        _moment(row.history_from),
    )


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)


def _row(scope: Scope, source_id: str) -> tuple[ColumnElement[bool], ...]:
    return sources.c.workspace_id == scope.workspace_id, sources.c.id == source_id


async def required(connection: Connection, scope: Scope, name: str) -> Source:
    """The source of that name. Raises InputError that lists the names there are."""
    if found := await named(connection, scope, name):
        return found
    statement = select(sources.c.name).where(sources.c.workspace_id == scope.workspace_id).order_by(sources.c.name)
    known = ", ".join((await connection.execute(statement)).scalars()) or "none yet"
    raise InputError(f"There is no source {name!r}. There are: {known}.")


async def succeeded(connection: Connection, scope: Scope, source_id: str, now: datetime) -> None:
    """Notes that records of the source were taken; a replay of older ones does not turn the time back."""
    earlier = sources.c.last_success_at.is_(None) | (sources.c.last_success_at < to_ms(now))
    await connection.execute(update(sources).where(*_row(scope, source_id), earlier).values(last_success_at=to_ms(now)))
