"""The texts of documents that the access log names by hash: each kept once, without what was asked for in particular."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.domain.written_numbers import without_numbers
from app.store.access_tables import access_documents
from app.store.database import Connection
from app.store.upsert import insert_new

_LONGEST = 20_000  # characters; a document of more is cut
_AT_ONCE = 50  # so many are made into texts before others are answered
_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document as it is kept: its hash is of the whole text, from which literals and numbers were taken out here."""

    digest: str
    text: str
    first_seen_at: datetime


async def add(connection: Connection, scope: Scope, new: Iterable[KeptDocument]) -> None:
    """Keeps documents; those that are kept already stay as they are."""
    rows = [
        {
            "workspace_id": scope.workspace_id,
            "digest": one.digest,
            "text": _storable(one.text),
            "first_seen_at": to_ms(one.first_seen_at),
        }
        for one in sorted(new, key=lambda one: one.digest)
    ]
    await insert_new(connection, access_documents, rows)


async def found(connection: Connection, scope: Scope, digests: Iterable[str]) -> list[KeptDocument]:
    """Those of the documents that are kept, in the order in which they were first seen."""
    kept = access_documents
    statement = select(kept).where(kept.c.workspace_id == scope.workspace_id, kept.c.digest.in_(sorted(set(digests))))
    rows = await connection.execute(statement.order_by(kept.c.first_seen_at, kept.c.digest))
    return [KeptDocument(row.digest, row.text, from_ms(row.first_seen_at)) for row in rows]


def _storable(text: str) -> str:
    text = without_numbers(text.replace("\0", "\ufffd").encode("utf-8", "replace").decode())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class MetDocuments:
    """Documents that one server met: those not written yet, and which it need not write again."""

    def __init__(self) -> None:
        """Knows none yet."""
        self._known: OrderedDict[str, None] = OrderedDict()
        self._waiting: dict[str, tuple[datetime, Callable[[], str]]] = {}

    @property
    def waiting(self) -> int:
        """How many are not written yet."""
        return len(self._waiting)

    def is_new(self, digest: str) -> bool:
        """Whether a document was not met yet."""
        return digest not in self._known

    def meet(self, digest: str, text: Callable[[], str]) -> None:
        """Notes a document; its text is asked for behind the answers, and only the first time."""
        if digest in self._known:
            return
        self._known[digest] = None
        self._waiting[digest] = (datetime.now(UTC), text)
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)

    async def write(self, connection: Connection, scope: Scope) -> list[str]:
        """Writes some of what waits; the hashes of what is to be forgotten when the transaction is through."""
        some = [(digest, *self._waiting[digest]) for digest in list(self._waiting)[:_AT_ONCE]]
        await add(connection, scope, [KeptDocument(digest, text(), at) for digest, at, text in some])
        return [digest for digest, _, _ in some]

    def written(self, digests: Iterable[str]) -> None:
        """Forgets what is written."""
        for digest in digests:
            self._waiting.pop(digest, None)
