"""Values as the graph writes them: of a column quickly, of anything else just as graphql-core completes it."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    is_leaf_type,
)
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, String

from app.domain.times import HOUR_MS, HOURS, RESTS, rfc3339
from app.engine.surprise import Surprise

Complete = Callable[[Any], Any]
Name = Callable[[str, object], str]
# Makes what builds an object of a type, or all objects of a list.
Objects = Callable[[GraphQLObjectType], Complete]
_MOST, _LEAST = 2**31 - 1, -(2**31)
_TEXTS = frozenset({"String", "ID", "PhoneNumber"})
_decode = msgspec.json.Decoder().decode


@runtime_checkable
class Inline(Protocol):
    """A function of one value that can also be written out, which saves calling it for every row."""

    def __call__(self, value: Any) -> Any:
        """What it makes of a value."""

    def inline(self, cell: str, name: Name) -> str:
        """The source of the same for an expression; `name` gives the name of a value in it."""


def applied(convert: Complete, prefix: str, cell: str, name: Name) -> str:
    """The source of what a function makes of an expression."""
    return convert.inline(cell, name) if isinstance(convert, Inline) else f"{name(prefix, convert)}({cell})"


class _Instant:
    """An instant's text."""

    def __call__(self, value: int) -> str:
        return rfc3339(value)

    def inline(self, cell: str, name: Name) -> str:
        hours, rests = name("hours", HOURS), name("rests", RESTS)
        return f"({hours}[{cell} // {HOUR_MS}] + {rests}[{cell} % {HOUR_MS}])"


class _Whole:
    """An Int, which has 32 bits."""

    def __call__(self, value: int) -> int:
        return whole(value)

    def inline(self, cell: str, name: Name) -> str:
        return f"({cell} if {_LEAST} <= {cell} <= {_MOST} else {name('whole', whole)}({cell}))"


def some(value: Any) -> Any:
    """A value that may not be null. Raises Surprise."""
    if value is None:
        raise Surprise("null")
    return value


def whole(value: int) -> int:
    """An Int, which has 32 bits. Raises Surprise."""
    if _LEAST <= value <= _MOST:
        return value
    raise Surprise("leaf")


def real(value: float) -> float:
    """A Float, which is a number. Raises Surprise."""
    if math.isfinite(value):
        return value
    raise Surprise("leaf")


class Decoded:
    """JSON columns as values; fields of one row that read the same text share one decoding of it."""

    __slots__ = ("_text", "_value")

    def __init__(self) -> None:
        self._text: object = None
        self._value: Any = None

    def __call__(self, cell: Any) -> Any:
        """The value; None for none. One of the drivers has decoded it already."""
        if not isinstance(cell, str):
            return cell
        if cell is not self._text:
            self._value = _decode(cell)
            self._text = cell
        return self._value


class Later:
    """A text that depends on the request: plans and their builders serve many, so it is told when the answer is written."""

    __slots__ = ("_tell", "_value")

    def __init__(self, value: Any, tell: Callable[[Any, Any], str | None]) -> None:
        self._value, self._tell = value, tell

    def told(self, request: Any) -> str | None:
        """The text for a request."""
        return self._tell(self._value, request)


def conversion(kind: GraphQLLeafType, column: Column[Any]) -> Complete | None:
    """What turns a column's value, not null, into a leaf; None where it is one already. Raises Surprise for an odd pair."""
    stored = type(column.type)
    if kind.name in _TEXTS and issubclass(stored, String):
        return None
    if kind.name == "DateTime" and issubclass(stored, BigInteger):
        return _Instant()
    if kind.name == "Int" and issubclass(stored, Integer):
        return _Whole()
    if kind.name == "Float" and issubclass(stored, Float):
        return real
    if kind.name == "Boolean" and issubclass(stored, Boolean):
        return bool
    return completing(kind)


def enum_names(kind: GraphQLEnumType) -> Mapping[Any, str]:
    """The names of an enum by what a column has for them."""
    return {getattr(value.value, "value", value.value): name for name, value in kind.values.items()}


def completing(kind: GraphQLOutputType, objects: Objects | None = None, lists: Objects | None = None) -> Complete:
    """What completes any value of a type: leaves by their own writing, objects by `objects`, lists of these by `lists`.

    Raises Surprise where graphql-core would make an error of it.
    """
    if isinstance(kind, GraphQLNonNull):
        inner = completing(kind.of_type, objects, lists)
        return lambda value: some(inner(value))
    if isinstance(kind, GraphQLList):
        many = _many(kind.of_type, lists)
        if many is not None:
            build = many
            return lambda value: None if value is None else build(_items(value))
        item = completing(kind.of_type, objects, lists)
        return lambda value: None if value is None else [item(one) for one in _items(value)]
    if is_leaf_type(kind):
        return _writing(kind)
    if isinstance(kind, GraphQLObjectType) and objects is not None:
        build = objects(kind)
        return lambda value: None if value is None else build(value)
    raise Surprise("type")


def _many(kind: GraphQLOutputType, lists: Objects | None) -> Complete | None:
    """What builds all items of most lists together: they are objects, and none of them null."""
    if lists is not None and isinstance(kind, GraphQLNonNull) and isinstance(kind.of_type, GraphQLObjectType):
        return lists(kind.of_type)
    return None


def as_it_is(kind: GraphQLOutputType, name: str) -> str | None:
    """The test, as source, whether a value (for `{}`, which gets a name in it) is a leaf as it is; None where none is."""
    leaf = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(leaf, GraphQLScalarType) and leaf.name in _TEXTS:
        return f"type({name} := {{}}) is str"
    if isinstance(leaf, GraphQLScalarType) and leaf.name == "Int":
        return f"type({name} := {{}}) is int and {_LEAST} <= {name} <= {_MOST}"
    return None


def _writing(kind: GraphQLLeafType) -> Complete:
    """A leaf by its own writing, but for what is most of all values and stays as it is."""
    text, number = kind.name in _TEXTS, kind.name == "Int"

    def write(value: Any) -> Any:
        if (
            value is None
            or (text and type(value) is str)
            or (number and type(value) is int and _LEAST <= value <= _MOST)
        ):
            return value
        try:
            return some(kind.serialize(value))
        except Exception as error:
            raise Surprise("leaf") from error

    return write


def _items(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return value
    raise Surprise("list")
