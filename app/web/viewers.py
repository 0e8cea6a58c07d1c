"""Finds the viewer of a request: by API token, by the identity provider's bearer, or nobody where that is allowed."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog
from starlette.requests import Request

from app.access.bearer import Bearer
from app.access.tokens import digest_of, workspace_of
from app.access.viewer import ANONYMOUS, Viewer
from app.domain.errors import StoreError, UnauthenticatedError
from app.domain.labels import fold
from app.domain.scope import EVERY_RIGHT, Reach, Right, Scope
from app.domain.times import zone_named
from app.domain.tokens import Token
from app.graphql import ids
from app.settings import Settings
from app.store import sources, tokens
from app.store.database import Database
from app.web.bearers import issuer_of
from app.web.headers import header

# How long a token or a workspace's settings are believed before they are read again: so soon a revoked token ends.
FRESH_SECONDS = 10
_MOST_KNOWN = 10_000
# A token's last use is true to this much: so seldom a process writes it.
USED_EVERY = timedelta(minutes=5)
_UNKNOWN = "The token is unknown, expired or revoked. Make one with: switchboard token add"
log = structlog.get_logger()


class Viewers:
    """The viewers of one server's workspace."""

    def __init__(self, database: Database, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` says the seconds that things are fresh by. Raises InputError for settings of no identity provider."""
        self._database = database
        self._clock = clock
        self._scope = Scope(settings.workspace)
        self._anonymous = settings.anonymous
        self._issuer = issuer_of(settings)
        self._workspace: _Workspace | None = None
        self._tokens: OrderedDict[str, _Known] = OrderedDict()
        # What is no token is remembered elsewhere: whoever tries many out must not push real ones out of the memory.
        self._unknown: OrderedDict[str, _Known] = OrderedDict()
        # Tokens by the header that shows them: what every request but the first of some seconds finds its viewer by.
        self._shown: dict[str, _Known] = {}
        self._noting: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        """Notes what is still to be noted, and lets go of the identity provider."""
        await asyncio.gather(*self._noting.values())
        if self._issuer:
            await self._issuer.keys.close()

    async def of_request(self, request: Request) -> Viewer:
        """The viewer. Raises UnauthenticatedError; StoreError or IdentityProviderError where it cannot be said."""
        said = header(request.scope, b"authorization")
        if (viewer := self.remembered(said)) is not None:
            return viewer
        scheme, _, secret = said.partition(" ")
        if secret and scheme.lower() == "bearer":
            return await self._known(secret.strip(), said)
        if scheme:
            raise UnauthenticatedError("Send the token as: Authorization: Bearer …")
        if not self._anonymous:
            raise UnauthenticatedError("Send a token: Authorization: Bearer …. Make one with: switchboard token add")
        return _viewer(await self._fresh_workspace(), ANONYMOUS, ANONYMOUS, EVERY_RIGHT - {Right.ADMIN}, Reach())

    def remembered(self, said: str) -> Viewer | None:
        """The viewer whose token was shown in the same words before, for as long as that is believed."""
        known, workspace = self._shown.get(said), self._workspace
        if known is None or workspace is None or known.workspace is not workspace:
            return None
        assert known.token is not None, "only good ones are remembered"
        fresh = self._clock() - min(known.at, workspace.at) < FRESH_SECONDS
        return known.viewer if fresh and known.token.valid(datetime.now(UTC)) else None

    async def _known(self, secret: str, said: str) -> Viewer:
        now, named = datetime.now(UTC), workspace_of(secret)
        if named is None and self._issuer is not None:
            return await self._of_bearer(await self._issuer.read(secret))
        if named != self._scope.workspace_id:
            raise UnauthenticatedError(_UNKNOWN)
        digest, clock = digest_of(secret), self._clock()
        known, workspace = self._tokens.get(digest), self._workspace
        if known is None or clock - known.at >= FRESH_SECONDS:
            known = await self._token(digest, now)
        if workspace is None or clock - workspace.at >= FRESH_SECONDS:
            workspace = await self._fresh_workspace()
        token = known.token
        if token is None or not token.valid(now):
            raise UnauthenticatedError(_UNKNOWN)
        if known.viewer is None or known.workspace is not workspace:
            if len(self._shown) >= _MOST_KNOWN:
                self._shown.clear()
            self._shown[said] = known
            known.workspace = workspace
            known.viewer = _viewer(workspace, token.name, f"token:{token.id}", token.rights, token.reach)
        return known.viewer

    async def _of_bearer(self, bearer: Bearer) -> Viewer:
        if bearer.workspace_id not in (None, self._scope.workspace_id):
            raise UnauthenticatedError("The bearer token is for another workspace. Ask the server of that one.")
        reach = replace(
            bearer.reach,
            agent_ids=_ours(self._scope, "Agent", bearer.reach.agent_ids),
            source_ids=_ours(self._scope, "Source", bearer.reach.source_ids),
            org_unit_ids=_ours(self._scope, "OrgUnit", bearer.reach.org_unit_ids),
        )
        workspace = await self._fresh_workspace()
        return _viewer(workspace, bearer.subject, f"subject:{bearer.subject}", bearer.rights, reach)

    async def _token(self, digest: str, now: datetime) -> "_Known":
        known = self._tokens.get(digest) or self._unknown.get(digest)
        if known and self._clock() - known.at < FRESH_SECONDS:
            return known
        async with self._database.read() as connection:
            token = await tokens.found(connection, self._scope, digest)
        if token and token.valid(now) and (token.last_used_at is None or now - token.last_used_at > USED_EVERY):
            self._note_use(token.id, now)
        memory, other = (self._tokens, self._unknown) if token else (self._unknown, self._tokens)
        other.pop(digest, None)
        known = memory[digest] = _Known(self._clock(), token)
        memory.move_to_end(digest)
        if len(memory) > _MOST_KNOWN:
            memory.popitem(last=False)
        return known

    def _note_use(self, id: str, now: datetime) -> None:
        """Writes it down meanwhile: no question waits for another writer, nor fails for want of a disk."""

        async def note() -> None:
            try:
                async with self._database.write() as connection:
                    await tokens.used(connection, self._scope, id, now)
            except StoreError as error:
                log.warning("store", reason=f"The last use of a token was not noted. {error.detail}")

        if id not in self._noting:
            self._noting[id] = asyncio.create_task(note(), context=Context())
            self._noting[id].add_done_callback(lambda _: self._noting.pop(id))

    async def _fresh_workspace(self) -> "_Workspace":
        if self._workspace is None or self._clock() - self._workspace.at >= FRESH_SECONDS:
            async with self._database.read() as connection:
                found = await sources.workspace(connection, self._scope)
            if found is None:
                raise StoreError(f"There is no workspace {self._scope.workspace_id!r} here. Run: switchboard migrate")
            self._workspace = _Workspace(self._clock(), *found)
        return self._workspace


@dataclass(frozen=True, slots=True)
class _Workspace:
    """The workspace as the store had it at a moment of the clock: its scope, and the name of its zone."""

    at: float
    scope: Scope
    zone: str


@dataclass(slots=True)
class _Known:
    """A token as the store had it at a moment of the clock, or that there is none; and whose it is."""

    at: float
    token: Token | None
    viewer: Viewer | None = None
    # What the viewer was made of, beside the token.
    workspace: _Workspace | None = None


def _viewer(workspace: _Workspace, name: str, key: str, rights: frozenset[Right], reach: Reach) -> Viewer:
    tags = reach.agent_tags
    reach = replace(reach, agent_tags=None if tags is None else tuple(fold(tag) for tag in tags))
    return Viewer(replace(workspace.scope, rights=rights, reach=reach), zone_named(workspace.zone), name, key)


def _ours(scope: Scope, type_name: str, node_ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Our ids of the node ids in a claim; one that is of nothing here lets nothing through."""
    if node_ids is None:
        return None
    found = (ids.decode(scope, node_id) for node_id in node_ids)
    return tuple(one[1] for one in found if one and one[0] == type_name)
