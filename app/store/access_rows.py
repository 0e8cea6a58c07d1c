"""Accesses as rows of the access log: what is kept of one, how many go in at once, and back again."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Row

from app.domain.access_log import Access, Link
from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.domain.written_numbers import without_numbers
from app.store.access_tables import access_log
from app.store.database import Connection
from app.store.upsert import insert_in_turn

_LONGEST = 300  # of any text in a row: the longest subject of a bearer fits
_COLUMNS = tuple(access_log.c.keys())
# So many rows go into SQLite at a time. Its thread needs Python's lock each time, and takes it from the answers that are
# being made. What is left of the last lot's room is empty.
_ROOM = 64
_EMPTY = (None,) * len(_COLUMNS)
_MARKS = ", ".join([f"({', '.join('?' * len(_COLUMNS))})"] * _ROOM)
# The second column is the position, which every row has.
_INSERT = f"""INSERT INTO {access_log.name} ({", ".join(_COLUMNS)})
  SELECT * FROM (VALUES {_MARKS}) WHERE column2 IS NOT NULL"""  # noqa: S608  # of names of ours


async def put(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts rows."""
    if connection.dialect.name != "sqlite":  # elsewhere all rows are one message to the server
        await insert_in_turn(connection, access_log, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])
        return
    room = [*rows, *[_EMPTY] * (-len(rows) % _ROOM)]
    lots = [tuple(chain.from_iterable(room[at : at + _ROOM])) for at in range(0, len(room), _ROOM)]
    await connection.exec_driver_sql(_INSERT, lots)


def row_of(scope: Scope, link: Link) -> tuple[Any, ...]:
    """A link as the table has it, in the order of its columns."""
    at, key, name, document, operation, rows, path, status = link.access
    said = (scope.workspace_id, link.position, to_ms(at), key, name, document, operation, rows, path, status)
    return (*said, link.digest)


def link_of(row: Row[Any]) -> Link:
    """A row as the link that it was."""
    access = Access(
        at=from_ms(row.at),
        viewer_key=row.viewer_key,
        viewer_name=row.viewer_name,
        document=row.document,
        operation=row.operation,
        rows=row.row_count,
        path=row.path,
        status=row.status,
    )
    return Link(row.position, access, row.digest)


def storable(access: Access) -> Access:
    """What a client or an identity provider wrote could be anything; what is kept of it is short, and text."""
    operation = access.operation or ""
    texts = "\n".join((access.viewer_key, access.viewer_name, access.document, operation, access.path))
    short = len(texts) <= _LONGEST and texts.isascii() and "\0" not in texts
    if short and (operation.isalpha() or without_numbers(operation) == operation):  # nearly always
        return access
    return Access(
        access.at,
        _clean(access.viewer_key),
        _clean(access.viewer_name),
        _clean(access.document),
        None if access.operation is None else _clean(without_numbers(access.operation)),
        access.rows,
        _clean(access.path),
        access.status,
    )


def _clean(text: str) -> str:
    return text[:_LONGEST].replace("\0", "\ufffd").encode("utf-8", "replace").decode()
