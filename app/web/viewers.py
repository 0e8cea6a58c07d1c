"""Finds the viewer of a request: by API token, by the identity provider's bearer, or nobody where that is allowed."""

import json
import time
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request

from app.access.bearer import Bearer, Issuer
from app.access.tokens import digest_of, workspace_of
from app.access.viewer import ANONYMOUS, Viewer
from app.domain.errors import InputError, StoreError, UnauthenticatedError
from app.domain.labels import fold
from app.domain.scope import EVERY_RIGHT, Reach, Right, Scope
from app.domain.times import zone_named
from app.domain.tokens import Token
from app.graphql import ids
from app.settings import Settings
from app.store import sources, tokens
from app.store.database import Database

# How long a token or a workspace's settings are believed before they are read again: so soon a revoked token ends.
FRESH_SECONDS = 10
_MOST_KNOWN = 10_000
_USED_EVERY = timedelta(minutes=5)


class Viewers:
    """The viewers of one server's workspace."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._scope = Scope(settings.workspace)
        self._anonymous = settings.anonymous
        self._issuer = issuer_of(settings)
        self._workspace: tuple[float, Scope, str] | None = None
        self._tokens: OrderedDict[str, tuple[float, Token | None]] = OrderedDict()

    async def of_request(self, request: Request) -> Viewer:
        """The viewer. Raises UnauthenticatedError, or StoreError where the store or the workspace is not there."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if secret and scheme.lower() == "bearer":
            return await self._known(secret.strip())
        if scheme:
            raise UnauthenticatedError("Send the token as: Authorization: Bearer …")
        if not self._anonymous:
            raise UnauthenticatedError("Send a token: Authorization: Bearer …. Make one with: switchboard token add")
        return await self._viewer(ANONYMOUS, ANONYMOUS, EVERY_RIGHT - {Right.ADMIN}, Reach())

    async def _known(self, secret: str) -> Viewer:
        now = datetime.now(UTC)
        if workspace_of(secret) is None and self._issuer is not None:
            return await self._of_bearer(self._issuer.read(secret))
        token = await self._token(secret, now) if workspace_of(secret) == self._scope.workspace_id else None
        if token is None or not token.valid(now):
            raise UnauthenticatedError("The token is unknown, expired or revoked. Make one with: switchboard token add")
        return await self._viewer(token.name, f"token:{token.id}", token.rights, token.reach)

    async def _of_bearer(self, bearer: Bearer) -> Viewer:
        if bearer.workspace_id not in ("", self._scope.workspace_id):
            raise UnauthenticatedError("The bearer token is not valid here.")
        reach = replace(
            bearer.reach,
            agent_ids=_ours(self._scope, "Agent", bearer.reach.agent_ids),
            source_ids=_ours(self._scope, "Source", bearer.reach.source_ids),
            org_unit_ids=_ours(self._scope, "OrgUnit", bearer.reach.org_unit_ids),
        )
        return await self._viewer(bearer.subject, f"subject:{bearer.subject}", bearer.rights, reach)

    async def _token(self, secret: str, now: datetime) -> Token | None:
        digest = digest_of(secret)
        known = self._tokens.get(digest)
        if known and time.monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        async with self._database.read() as connection:
            token = await tokens.found(connection, self._scope, digest)
        if token and (token.last_used_at is None or now - token.last_used_at > _USED_EVERY):
            async with self._database.write() as connection:
                await tokens.used(connection, self._scope, token.id, now)
            token = replace(token, last_used_at=now)
        self._tokens[digest] = (time.monotonic(), token)
        self._tokens.move_to_end(digest)
        if len(self._tokens) > _MOST_KNOWN:
            self._tokens.popitem(last=False)
        return token

    async def _viewer(self, name: str, key: str, rights: frozenset[Right], reach: Reach) -> Viewer:
        if self._workspace is None or time.monotonic() - self._workspace[0] >= FRESH_SECONDS:
            async with self._database.read() as connection:
                found = await sources.workspace(connection, self._scope)
            if found is None:
                raise StoreError(f"There is no workspace {self._scope.workspace_id!r} here. Run: switchboard migrate")
            self._workspace = (time.monotonic(), *found)
        _, scope, zone = self._workspace
        tags = reach.agent_tags
        reach = replace(reach, agent_tags=None if tags is None else tuple(fold(tag) for tag in tags))
        return Viewer(replace(scope, rights=rights, reach=reach), zone_named(zone), name, key)


def _ours(scope: Scope, type_name: str, node_ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Our ids of the node ids in a claim; one that is of nothing here lets nothing through."""
    if node_ids is None:
        return None
    found = (ids.decode(scope, node_id) for node_id in node_ids)
    return tuple(one[1] for one in found if one and one[0] == type_name)


def issuer_of(settings: Settings) -> Issuer | None:
    """The identity provider of the settings; None where none is set. Raises InputError."""
    given = (settings.jwt_issuer, settings.jwt_audience, settings.jwt_keys)
    if not any(given):
        return None
    if not all(given):
        raise InputError("Set SWITCHBOARD_JWT_ISSUER, SWITCHBOARD_JWT_AUDIENCE and SWITCHBOARD_JWT_KEYS together.")
    try:
        text = settings.jwt_keys if settings.jwt_keys.lstrip().startswith("{") else Path(settings.jwt_keys).read_text()
        return Issuer(settings.jwt_issuer, settings.jwt_audience, json.loads(text))
    except (OSError, ValueError) as error:
        raise InputError(f"SWITCHBOARD_JWT_KEYS is no JWKS, nor a file with one: {error}") from error
