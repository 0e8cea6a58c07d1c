"""What makes rows findable in part: the suffixes of their numbers and the words said of them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Table, delete, select

from app.domain.scope import Scope
from app.store.database import Connection
from app.store.finding_tables import line_suffixes, number_suffixes, words
from app.store.numbers import suffixes_of
from app.store.upsert import insert_new, insert_rows


async def add_numbers(connection: Connection, scope: Scope, numbers: Iterable[str | None]) -> None:
    """Makes numbers findable by their parts."""
    await _add(connection, scope, number_suffixes, numbers)


async def add_lines(connection: Connection, scope: Scope, numbers: Iterable[str | None]) -> None:
    """Makes numbers findable by their parts where they are not a call's phone number, but stand beside it."""
    await _add(connection, scope, line_suffixes, numbers)


async def _add(connection: Connection, scope: Scope, table: Table, numbers: Iterable[str | None]) -> None:
    wanted = {number for number in numbers if number}
    if not wanted:
        return
    known = (
        select(table.c.number)
        .distinct()
        .where(table.c.workspace_id == scope.workspace_id, table.c.number.in_(sorted(wanted)))
    )
    new = wanted - set((await connection.execute(known)).scalars())
    rows = [
        {"workspace_id": scope.workspace_id, "suffix": suffix, "number": number}
        for number in sorted(new)
        for suffix in sorted(set(suffixes_of(number)))
    ]
    await insert_new(connection, table, rows)


async def set_words(
    connection: Connection,
    scope: Scope,
    owner_kind: str,
    said: Mapping[str, Iterable[str]],
    known: Iterable[str] = (),
) -> None:
    """Replaces the words of each owner (see `search.words_of`); `known` names the owners that may have some already."""
    if stale := sorted(set(known)):
        await connection.execute(
            delete(words).where(
                words.c.workspace_id == scope.workspace_id,
                words.c.owner_kind == owner_kind,
                words.c.owner_id.in_(stale),
            )
        )
    rows = [(scope.workspace_id, word, owner_kind, owner) for owner, words_said in said.items() for word in words_said]
    await insert_rows(connection, words, sorted(rows))  # as they lie in the store
