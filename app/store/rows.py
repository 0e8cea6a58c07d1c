"""Rows by key, for many keys in one statement: a to-one relation by id, a small to-many list by its parent."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.domain.pages import Row
from app.domain.scope import Scope
from app.store.database import Connection
from app.store.tables import metadata
from app.store.visibility import visible


async def by_id(
    connection: Connection, scope: Scope, noun: str, columns: Iterable[str], ids: Sequence[str]
) -> dict[str, Row]:
    """The rows of a noun with these ids; ids of another workspace, or of nothing, are not in the answer."""
    table = metadata.tables[noun]
    chosen = [table.c[name] for name in sorted({*columns, "id"})]
    statement = select(*chosen).where(*visible(scope, table), table.c.id.in_(ids))
    return {row["id"]: dict(row) for row in (await connection.execute(statement)).mappings()}


async def children(
    connection: Connection,
    scope: Scope,
    table_name: str,
    key: str,
    parents: Sequence[str],
    columns: Iterable[str],
    order_by: Sequence[str],
) -> dict[str, list[Row]]:
    """All rows of a table that belong to each parent by the column `key`, sorted; for lists that are short by nature."""
    table = metadata.tables[table_name]
    chosen = [table.c[name] for name in sorted({*columns, key})]
    statement = (
        select(*chosen)
        .where(*visible(scope, table), table.c[key].in_(parents))
        .order_by(*[table.c[name] for name in order_by])
    )
    found: dict[str, list[Row]] = {parent: [] for parent in parents}
    for row in (await connection.execute(statement)).mappings():
        found[row[key]].append(dict(row))
    return found


async def all_rows(
    connection: Connection, scope: Scope, noun: str, columns: Iterable[str], order_by: Sequence[str]
) -> list[Row]:
    """Every row of a noun that is few by nature (sources), sorted."""
    table = metadata.tables[noun]
    chosen = [table.c[name] for name in sorted({*columns, "id"})]
    statement = select(*chosen).where(*visible(scope, table)).order_by(*[table.c[name] for name in order_by])
    return [dict(row) for row in (await connection.execute(statement)).mappings()]
