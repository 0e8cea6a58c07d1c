"""The name that a call told is found by its contact's words; by words of the call itself, where the contact lacks them.

Nearly every call tells the name its contact has: were its words kept for each, a name that thousands have would be met
millions of times. So a contact that is renamed leaves its former name to the calls that told it, once: those that come
later keep what they told themselves.
"""

from collections.abc import Mapping, Set
from operator import itemgetter

from sqlalchemy import select

from app.domain.scope import Scope
from app.store.database import Connection
from app.store.finding_tables import words
from app.store.search import words_of
from app.store.tables import calls
from app.store.upsert import insert_new


def words_beside(told: str | None, known: str | None) -> Set[str]:
    """The words of a name that another one lacks."""
    return words_of((told,)) - words_of((known,)) if told else frozenset()


async def leave_to_calls(connection: Connection, scope: Scope, former: Mapping[str, str]) -> None:
    """Makes the calls of contacts findable by what they told, as far as the contact's former name had it.

    All calls of the contacts are read, once in the life of each contact.
    """
    if not former:
        return
    theirs = (calls.c.workspace_id == scope.workspace_id, calls.c.contact_id.in_(sorted(former)))
    named = select(calls.c.id, calls.c.contact_id, calls.c.contact_name_key)
    told = await connection.execute(named.where(*theirs, calls.c.contact_name_key.is_not(None)))
    said = {id: words_of((key,)) & words_of((former[contact_id],)) for id, contact_id, key in told}
    rows = [
        {"workspace_id": scope.workspace_id, "word": word, "owner_kind": "CALL", "owner_id": id}
        for id, its in said.items()
        for word in its
    ]
    await insert_new(connection, words, sorted(rows, key=itemgetter("word", "owner_id")))  # as they lie in the store
