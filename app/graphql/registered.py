"""Which document a question means: its text, or one that is known by hash; in trusted mode only registered ones."""

import time
from collections import OrderedDict

from app.domain.errors import ForbiddenError, InputError
from app.domain.scope import Scope
from app.graphql.documents import Document, Documents, digest_of
from app.store import documents as store
from app.store.database import Database

# How long it is believed that a document is registered, or is not: so soon a removed one ends.
FRESH_SECONDS = 10
_MOST_SEEN = 10_000


class UntrustedDocumentError(ForbiddenError):
    """Only registered documents are answered here, and this is none."""

    code = "UNTRUSTED_DOCUMENT"


class Registered:
    """The documents of one server's workspace."""

    def __init__(self, database: Database, scope: Scope, trusted: bool = False, introspection: bool = True) -> None:
        """In `trusted` mode, documents that are not registered are refused."""
        self._database = database
        self._scope = scope
        self._trusted = trusted
        self._documents = Documents(introspection)
        self._seen: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    async def asked(self, text: str | None, named: str | None) -> Document:
        """The document of a question that gives its text, its hash (`named`) or both.

        Raises InputError, UntrustedDocumentError, StoreError, and GraphQLError for a text that is not even GraphQL.
        """
        if text is None:
            return await self._by_digest(named or "")
        if not self._trusted and named is None and (known := self._documents.of_text(text)) is not None:
            return known
        digest = digest_of(text)
        if named not in (None, digest):
            message = "The hash is not that of the query: send the SHA-256 of its text, in hexadecimal."
            raise InputError(message, "PERSISTED_QUERY_HASH_MISMATCH")
        if self._trusted:
            return await self._trusted_one(digest)
        return self._documents.read(text, digest)

    async def _by_digest(self, digest: str) -> Document:
        if self._trusted:
            return await self._trusted_one(digest)
        found = self._documents.known(digest) or await self._registered(digest)
        if found is None:
            # Apollo's clients wait for just these words, and send the text then.
            raise InputError("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
        return found

    async def _trusted_one(self, digest: str) -> Document:
        found = await self._registered(digest)
        if found is None:
            raise UntrustedDocumentError(
                "Only registered documents are answered here. Register it: switchboard documents add FILE"
            )
        return found

    async def _registered(self, digest: str) -> Document | None:
        """The registered document of that hash, as the store had it a few seconds ago."""
        document, (at, registered) = self._documents.known(digest), self._seen.get(digest, (-FRESH_SECONDS, False))
        if time.monotonic() - at < FRESH_SECONDS and not (registered and document is None):
            return document if registered else None
        async with self._database.read() as connection:
            text = await store.found(connection, self._scope, digest)
        self._see(digest, text is not None)
        return None if text is None else self._documents.read(text, digest)

    def _see(self, digest: str, registered: bool) -> None:
        self._seen[digest] = (time.monotonic(), registered)
        self._seen.move_to_end(digest)
        if len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
