"""API tokens as rows: found by the hash of their secret, within their workspace."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from app.domain.errors import InputError
from app.domain.scope import Reach, Right, Scope
from app.domain.times import from_ms, to_ms
from app.domain.tokens import Token
from app.store.access_tables import api_tokens
from app.store.database import Connection


async def add(connection: Connection, scope: Scope, token: Token, digest: str) -> None:
    """Keeps a new token. Raises InputError where a token of its name is still in use."""
    if any(known.name == token.name and known.valid(token.created_at) for known in await listed(connection, scope)):
        raise InputError(f"There is a token {token.name!r}. Choose another name, or revoke it first.")
    reach = {name: list(limit) for name in _LIMITS if (limit := getattr(token.reach, name)) is not None}
    await connection.execute(
        insert(api_tokens).values(
            workspace_id=scope.workspace_id,
            id=token.id,
            name=token.name,
            digest=digest,
            rights=sorted(right.value for right in token.rights),
            reach=reach,
            created_at=to_ms(token.created_at),
            expires_at=to_ms(token.expires_at) if token.expires_at else None,
        )
    )


async def found(connection: Connection, scope: Scope, digest: str) -> Token | None:
    """The token whose secret has this hash; expired and revoked ones, too."""
    statement = select(api_tokens).where(api_tokens.c.workspace_id == scope.workspace_id, api_tokens.c.digest == digest)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return _token(dict(row)) if row else None


async def listed(connection: Connection, scope: Scope) -> list[Token]:
    """Every token, oldest first."""
    statement = select(api_tokens).where(api_tokens.c.workspace_id == scope.workspace_id).order_by(api_tokens.c.id)
    return [_token(dict(row)) for row in (await connection.execute(statement)).mappings()]


async def used(connection: Connection, scope: Scope, id: str, now: datetime) -> None:
    """Notes when a token was last used."""
    await _change(connection, scope, id, {"last_used_at": to_ms(now)})


async def revoke(connection: Connection, scope: Scope, name: str, now: datetime) -> None:
    """Ends the token of that name for good. Raises InputError where there is none in use."""
    for token in await listed(connection, scope):
        if token.name == name and token.revoked_at is None:
            return await _change(connection, scope, token.id, {"revoked_at": to_ms(now)})
    raise InputError(f"There is no token {name!r} in use. See: switchboard token list")


async def _change(connection: Connection, scope: Scope, id: str, values: dict[str, Any]) -> None:
    row = (api_tokens.c.workspace_id == scope.workspace_id) & (api_tokens.c.id == id)
    await connection.execute(update(api_tokens).where(row).values(values))


_LIMITS = ("agent_ids", "source_ids", "org_unit_ids", "agent_tags")


def _token(row: dict[str, Any]) -> Token:
    def at(name: str) -> datetime | None:
        return from_ms(row[name]) if row[name] is not None else None

    reach = {name: tuple(limit) for name, limit in row["reach"].items() if name in _LIMITS}
    return Token(
        id=row["id"],
        name=row["name"],
        rights=frozenset(Right(name) for name in row["rights"]),
        reach=Reach(**reach),
        created_at=from_ms(row["created_at"]),
        expires_at=at("expires_at"),
        last_used_at=at("last_used_at"),
        revoked_at=at("revoked_at"),
    )
