"""How a field of the graph is had: declared once with the type, read by the loaders' resolvers and by the plans."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.domain.filters import CallFilter, Filter, Order
from app.domain.pages import Row, Window
from app.domain.scope import Right, Scope
from app.engine.selected import Below

# How a column's value is written in the graph.
Write = Callable[[Scope], Callable[[Any], Any]]


class Mask(Protocol):
    """How a viewer sees a value. Who may see numbers sees every value as it is."""

    @property
    def hidden(self) -> Callable[[Any], Any]:
        """What it makes of values for who may not."""

    def __call__(self, scope: Scope, value: Any) -> Any:
        """A value as the viewer sees it."""


def masking(mask: Mask | None, scope: Scope) -> Callable[[Any], Any] | None:
    """What a mask makes of values for a viewer; None where it shows them as they are."""
    return None if mask is None or scope.may(Right.NUMBERS_READ) else mask.hidden


@dataclass(frozen=True, slots=True)
class Column:
    """The value of a column, as the mask shows it to the viewer; null without the right."""

    name: str
    right: Right | None = None
    mask: Mask | None = field(default=None, compare=False)
    write: Write | None = field(default=None, compare=False)

    def shown(self, scope: Scope) -> Callable[[Any], Any] | None:
        """What the value becomes for a viewer; None where it is shown as it is."""
        return masking(self.mask, scope) if self.write is None else self.write(scope)

    @property
    def columns(self) -> tuple[str, ...]:
        """What has to be read."""
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Detail:
    """A value in the JSON column `details`; its default stands for one that is not there, or not to be seen.

    The mask shows it to the viewer; the fields of an object have their own.
    """

    path: tuple[str, ...]
    default: Any = None
    right: Right | None = None
    mask: Mask | None = field(default=None, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """What has to be read."""
        return ("details",)


@dataclass(frozen=True, slots=True)
class ToOne:
    """A row of another noun, whose id is in the column `via`."""

    noun: str
    via: str

    @property
    def columns(self) -> tuple[str, ...]:
        """What has to be read."""
        return (self.via,)


@dataclass(frozen=True, slots=True)
class ToMany:
    """All rows of a table that belong to this one by their column `key`: a list that is short by nature."""

    table: str
    key: str
    order_by: tuple[str, ...]
    columns: tuple[str, ...] = ("id",)


@dataclass(frozen=True, slots=True)
class OfMany:
    """A value worked out from some columns of all the rows of a ToMany."""

    many: ToMany
    read: tuple[str, ...]
    compute: Callable[[list[Row], Scope], Any] = field(compare=False)
    columns: tuple[str, ...] = ("id",)


@dataclass(frozen=True, slots=True)
class Least:
    """The least value of a column over all the rows of a ToMany, as the mask shows it to the viewer; null without any."""

    many: ToMany
    name: str
    mask: Mask | None = field(default=None, compare=False)
    columns: tuple[str, ...] = ("id",)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection to the rows of a noun that belong to this one by their column `key`."""

    noun: str
    key: str
    recent_only: bool = False
    columns: tuple[str, ...] = ("id",)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many calls belong to this row by their column `key`. Without the right it is an error at its path."""

    key: str
    recent_only: bool = False
    columns: tuple[str, ...] = ("id",)
    right: Right = Right.STATS_READ


@dataclass(frozen=True, slots=True)
class Computed:
    """A value worked out from some columns, with no further reading."""

    columns: tuple[str, ...]
    compute: Callable[[Row, Scope], Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value with a resolver of its own, which reads more than this row."""

    columns: tuple[str, ...] = ("id",)


@dataclass(frozen=True, slots=True)
class Valued:
    """A value worked out from the plain value around it, within the JSON details or a computed value."""

    compute: Callable[[Any, Scope], Any] = field(compare=False)
    columns: tuple[str, ...] = ()
    # The attribute of the plain value that it is, where it is nothing else.
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class Argued:
    """A value worked out from the plain value around it and the field's arguments, by their Python names."""

    compute: Callable[[Any, Scope, Mapping[str, Any]], Any] = field(compare=False)
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """A row of another noun, whose id is worked out from the plain value around it. Without the right it is an error."""

    noun: str
    id_of: Callable[[Any], str | None] = field(compare=False)
    right: Right | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Momentary:
    """A text that is told anew for every request: of the plain value around it and the request, as the answer is written."""

    tell: Callable[[Any, Any], str | None] = field(compare=False)
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A connection to the rows of a noun, at the root."""

    noun: str
    right: Right | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The row of a noun with the id that the argument `id` names, at the root."""

    noun: str
    # What turns the argument into our id, or None.
    id_of: Callable[[Any, str], str | None] = field(compare=False)
    right: Right | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """All rows of a noun that is few by nature, at the root."""

    noun: str
    order_by: tuple[str, ...]
    right: Right | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumbersCounted:
    """How many calls there were with each of the numbers that the argument names, at the root."""

    right: Right | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A value that needs no reading: what is known of the request itself, at the root."""

    tell: Callable[[Any], Any] = field(compare=False)
    right: Right | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worked:
    """Plain values worked out by statements of their own, at the root; in the request's view of the store.

    `work` is given the request's context, the arguments by their Python names, what is selected below, and the name that
    the field has in the answer.
    """

    work: Callable[[Any, Mapping[str, Any], Below, str], Awaitable[Any]] = field(compare=False)
    right: Right | None = None
    columns: tuple[str, ...] = ()


Declaration = (
    Column
    | Detail
    | ToOne
    | ToMany
    | OfMany
    | Least
    | Connected
    | Counted
    | Computed
    | Resolved
    | Valued
    | Argued
    | OneOf
    | Momentary
    | Listed
    | Found
    | Every
    | NumbersCounted
    | Told
    | Worked
)
RootDeclaration = Listed | Found | Every | NumbersCounted | Told | Worked


@dataclass(frozen=True, slots=True)
class Asked:
    """What the arguments of a connection ask for."""

    filter: Filter | None
    order: Order
    window: Window
    # Whether the engine looks at calls one after the other (see store.nearest).
    looks_in_turn: bool


class Graph(Protocol):
    """What the engine has to know of the graph."""

    def declared(self, type_name: str) -> Mapping[str, Declaration]:
        """How each field of an object type is had, by its name; one that is not in it is an attribute, or not known."""

    def asked(self, context: Any, declared: Listed | Connected, arguments: Mapping[str, Any]) -> Asked:
        """What a connection's arguments ask for. Raises what the reference path raises."""

    def counted(self, context: Any, declared: Counted, arguments: Mapping[str, Any]) -> Filter:
        """Which calls a count's arguments ask for. Raises what the reference path raises."""

    def numbers_counted(self, context: Any, arguments: Mapping[str, Any]) -> tuple[Sequence[str], CallFilter]:
        """The numbers and the calls that are counted for them. Raises what the reference path raises."""

    def arguments(self, type_name: str, field_name: str, given: dict[str, Any]) -> Mapping[str, Any]:
        """The arguments of a field as its resolver takes them, by their Python names."""

    def cursor(self, scope: Scope, order: Order, sort_value: Any, id: str) -> str:
        """The cursor of a row."""
