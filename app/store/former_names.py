"""The name that a call told is found by its contact's words; by words of the call itself, where the contact lacks them.

Nearly every call tells the name its contact has: were its words kept for each, a name that thousands have would be met
millions of times. So a contact that is renamed leaves its former name to the calls that told it, once: those that come
later keep what they told themselves.
"""

from collections.abc import Mapping, Set

from sqlalchemy import String, bindparam, exists, insert, literal_column, select

from app.domain.scope import Scope
from app.store.database import Connection
from app.store.finding_tables import words
from app.store.search import words_of
from app.store.tables import calls


def words_beside(told: str | None, known: str | None) -> Set[str]:
    """The words of a name that another one lacks."""
    return words_of((told,)) - words_of((known,)) if told else frozenset()


async def leave_to_calls(connection: Connection, scope: Scope, former: Mapping[str, str]) -> None:
    """Makes the calls of contacts findable by what they told, as far as only the contact's former name had it.

    A statement for each of a contact's names and words, however many calls it has.
    """
    if not former:
        return
    theirs = (calls.c.workspace_id == scope.workspace_id, calls.c.contact_id.in_(sorted(former)))
    told = select(calls.c.contact_id, calls.c.contact_name_key).where(*theirs, calls.c.contact_name_key.is_not(None))
    each = [
        {"its_workspace": scope.workspace_id, "its_contact": contact_id, "told": key, "said": word}
        for contact_id, key in (await connection.execute(told.distinct())).all()
        for word in sorted(words_of((key,)) & words_of((former[contact_id],)))
    ]
    if each:
        await connection.execute(_SAID_OF_CALLS, each)


_SAID = bindparam("said", type_=String)
_THERE = exists().where(
    words.c.workspace_id == calls.c.workspace_id,
    words.c.owner_kind == literal_column("'CALL'"),
    words.c.word == _SAID,
    words.c.owner_id == calls.c.id,
)
_SAID_OF_CALLS = insert(words).from_select(
    ["workspace_id", "word", "owner_kind", "owner_id"],
    select(calls.c.workspace_id, _SAID, literal_column("'CALL'"), calls.c.id).where(
        calls.c.workspace_id == bindparam("its_workspace"),
        calls.c.contact_id == bindparam("its_contact"),
        calls.c.contact_name_key == bindparam("told"),
        ~_THERE,
    ),
)
