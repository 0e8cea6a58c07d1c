"""What makes rows findable in part: the suffixes of their numbers, the words said of them, and pairs of these."""

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import combinations

from sqlalchemy import Table, delete, select

from app.domain.scope import Scope
from app.store.database import Connection
from app.store.finding_tables import line_suffixes, number_suffixes, word_pairs, words
from app.store.numbers import suffixes_of
from app.store.upsert import insert_new, insert_rows

# Of more words no pairs are kept, which would be ever so many: a name and an address have six, with company and city ten.
# Each search for two common words looks at every contact that has more; thousands of them take it milliseconds.
MOST_PAIRED = 16


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


async def set_pairs(
    connection: Connection, scope: Scope, named: Mapping[str, Set[str]], placed: Mapping[str, Set[str]]
) -> None:
    """Replaces the pairs of words of contacts: of the same ones, by what they are named and what else is known of them."""
    if stale := sorted(named):
        gone = delete(word_pairs).where(
            word_pairs.c.workspace_id == scope.workspace_id, word_pairs.c.contact_id.in_(stale)
        )
        await connection.execute(gone)
    rows = [(scope.workspace_id, *pair, id) for id in stale for pair in pairs_of(named[id], placed[id])]
    await insert_rows(connection, word_pairs, sorted(rows))


def pairs_of(named: Set[str], placed: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Every pair of a contact's words with the kind of words it is of (see `finding_tables.word_pairs`)."""
    every = sorted(named | placed)
    if len(every) > MOST_PAIRED:
        yield "", "", "CONTACT"
        return
    for first, second in combinations(every, 2):
        yield first, second, "CONTACT" if first in named and second in named else "PROFILE"
