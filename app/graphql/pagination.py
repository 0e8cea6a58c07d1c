"""Relay connections by keyset: cursors, windows, and pages that are read only when something of them is asked for."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import strawberry

from app.domain import ready
from app.domain.errors import InputError
from app.domain.filters import SortDirection
from app.domain.pages import SORT, Page, Position, Row, Window
from app.domain.scope import Right, Scope
from app.engine.surprise import Surprise
from app.store.slots import Slot

DEFAULT_SIZE, MAX_SIZE = 50, 1000
Node = TypeVar("Node")
# The sort fields whose values are numbers; a cursor's value has to be of the kind that its field has.
_NUMERIC = {
    "STARTED_AT",
    "DURATION",
    "REVIEW",
    "EXCLUDED_AT",
    *(field.value for kind in ready.FIELDS for field in kind),
}
# Those whose values are ours, not what a record says.
_OURS = {"CREATED"}


class Sorting(Protocol):
    """How a list is sorted."""

    @property
    def field(self) -> Enum:
        """By what."""

    @property
    def direction(self) -> SortDirection:
        """Upwards or downwards."""


@dataclass(slots=True)
class ConnectionValue:
    """A connection before it is read: how to read its page and its length. Each is read once, and only if asked for."""

    scope: Scope
    order: Sorting
    read_page: Callable[[], Awaitable[Page]]
    read_total: Callable[[], Awaitable[int]]
    # Of a statistic that is compared: how long the list of the earlier range is.
    read_previous: Callable[[], Awaitable[int]] | None = None
    _page: "asyncio.Future[Page] | None" = field(default=None)

    def page(self) -> "asyncio.Future[Page]":
        """The page; `edges`, `nodes` and `pageInfo` share one reading of it."""
        if self._page is None:
            self._page = asyncio.ensure_future(self.read_page())
        return self._page


def _part(text: str) -> Callable[[Callable[..., Any]], Any]:
    """A field of a connection: its resolver is the function below."""
    return lambda resolve: strawberry.field(resolver=resolve, description=text)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(description="Whether there are more after this page, when paging forwards.")
    has_previous_page: bool = strawberry.field(
        description="Whether there are more before this page, when paging backwards."
    )
    start_cursor: str | None = strawberry.field(description="Cursor of the first row; null for an empty page.")
    end_cursor: str | None = strawberry.field(
        description="Cursor of the last row: the next page's `after`; null for an empty page."
    )


@strawberry.type(description="One row of a list with its place in it.")
class Edge(Generic[Node]):
    """Relay's edge."""

    node: Node = strawberry.field(description="The row.")
    cursor: str = strawberry.field(description="The row's place, for `after` or `before` with the same `orderBy`.")


@strawberry.type(description="A page of a list. Pages neither skip nor repeat a row while rows are added.")
class Connection(Generic[Node]):
    """Relay's connection; the value behind it is a ConnectionValue."""

    @_part("The rows of the page, each with its cursor.")
    @staticmethod
    async def edges(root: strawberry.Parent[Any]) -> list[Edge[Node]]:
        """Relay's edges."""
        page = await root.page()
        return [Edge(node=row, cursor=cursor_of(root.scope, root.order, row)) for row in page.rows]

    @_part("The rows of the page.")
    @staticmethod
    async def nodes(root: strawberry.Parent[Any]) -> list[Node]:
        """The rows alone."""
        page = await root.page()
        rows: list[Node] = page.rows
        return rows

    @_part("Where the page stands in the list.")
    @staticmethod
    async def page_info(root: strawberry.Parent[Any]) -> PageInfo:
        """Relay's page info."""
        page: Page = await root.page()
        ends = [cursor_of(root.scope, root.order, page.rows[at]) for at in (0, -1)] if page.rows else [None, None]
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=ends[0],
            end_cursor=ends[1],
        )

    @_part("How many rows the whole list has; counted only when asked for.")
    @staticmethod
    async def total_count(root: strawberry.Parent[Any]) -> int:
        """The length of the list."""
        return int(await root.read_total())


@strawberry.type(
    name="Connection",
    description="A page of a statistic's list. Pages neither skip nor repeat a row while rows are added.",
)
class StatisticConnection(Connection[Node]):
    """A connection that may be compared with that of an earlier range."""

    @_part(
        "How many rows the list of the earlier range has, where the field was asked to compare; counted only when asked for."
    )
    @staticmethod
    async def previous_total_count(root: strawberry.Parent[Any]) -> int | None:
        """The length of the earlier range's list."""
        return None if root.read_previous is None else int(await root.read_previous())


def cursor_of(scope: Scope, order: Sorting, row: Row) -> str:
    """The cursor of a row: its place under this order, and which order that is."""
    return cursor_at(scope, order, row[SORT], row["id"])


def cursor_at(scope: Scope, order: Sorting, sort_value: Any, id: str) -> str:
    """The cursor of a place under this order."""
    kind = order.field.value
    value = sort_value if _may_hold(scope, kind, sort_value) else None
    return urlsafe_b64encode(msgspec.json.encode([kind, value, id])).decode().rstrip("=")


def _may_hold(scope: Scope, kind: str, value: int | str | None) -> bool:
    """Whether a viewer's cursors may hold a value that was sorted by.

    A name may be a number, which can be read off a cursor, or found out by lists that begin at made-up places. Who may
    not see numbers gets no digit of a name, and so a cursor without the value, which names a row rather than a place.
    """
    if scope.may(Right.NUMBERS_READ) or kind in _NUMERIC | _OURS:
        return value is not None
    return value is None or not any(c.isdigit() for c in str(value))


def window_of(
    scope: Scope, order: Sorting, first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """The window that Relay's arguments ask for; null and not given are the same. Raises InputError that says what to change."""
    first, last = first if isinstance(first, int) else None, last if isinstance(last, int) else None
    if first is not None and last is not None:
        raise InputError("Give first or last, not both.")
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= MAX_SIZE:
            raise InputError(
                f"{name} is {size}; it must be from 0 to {MAX_SIZE}. Page on with after: pageInfo.endCursor."
            )
    size = first if first is not None else last if last is not None else DEFAULT_SIZE
    return Window(
        size,
        after=_place(scope, order, "after", after) if after else None,
        before=_place(scope, order, "before", before) if before else None,
        backward=last is not None,
    )


def _place(scope: Scope, order: Sorting, name: str, cursor: Any) -> Position:
    """The position of a cursor; of a slot for cursors, slots: a statement that begins somewhere is the same for them all."""
    if not isinstance(cursor, Slot):
        return _position(scope, order, name, cursor)

    def value(text: str) -> int | str:
        known = _position(scope, order, name, text).value
        if known is None:
            raise Surprise("cursor without a value")  # its statement is another one
        return known

    slots: Any = (cursor.then(value), cursor.then(lambda text: _position(scope, order, name, text).id))
    return Position(*slots)


@lru_cache(maxsize=1024)  # a nested list begins at the same place below each parent
def _read(cursor: str) -> tuple[str, int | str | None, str]:
    padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
    return msgspec.json.decode(urlsafe_b64decode(padded), type=tuple[str, int | str | None, str])


def _position(scope: Scope, order: Sorting, name: str, cursor: str) -> Position:
    try:
        kind, value, id = _read(cursor)
    except (ValueError, msgspec.MsgspecError) as error:
        raise InputError(f"{name} is no cursor. Take one from pageInfo or an edge.") from error
    if kind != order.field.value:
        raise InputError(f"{name} is a cursor of a list sorted by {kind}, this list is sorted by {order.field.value}.")
    fits = isinstance(value, int) == (kind in _NUMERIC)
    fits = fits and "\0" not in f"{value}{id}" and _may_hold(scope, kind, value)  # PostgreSQL knows no NUL
    if not fits or (isinstance(value, int) and abs(value) >= 2**63):
        raise InputError(f"{name} is no cursor. Take one from pageInfo or an edge.")
    return Position(value, id)
