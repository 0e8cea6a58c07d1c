"""A request's variables: their shape, by which statements are kept, and the values that are free to change within it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    get_nullable_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from app.engine.surprise import Surprise
from app.store.slots import Origin, Slot

# The scalars whose values a statement may not need a look at.
FREE = frozenset({"DateTime", "ID", "PhoneNumber"})
_PLACE = "\0"  # stands for a free value in a shape
_TEXT = frozenset({str})
_encode = msgspec.json.Encoder().encode

# Takes a value, puts its free values into the list, and gives back what is left of it.
_Strip = Callable[[Any, list[Any]], Any]


class Given(NamedTuple):
    """The variables of one request. Two of the same shape differ in their free values alone."""

    shape: bytes
    # As they came, in the order of their places.
    free: list[Any]


class Variables:
    """The variables of one operation."""

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, cursors: frozenset[str] = frozenset()
    ) -> None:
        """Texts are not free, but for those that are `cursors` alone."""
        self._schema = schema
        self._cursors = cursors
        self._nodes = operation.variable_definitions or ()
        self.types: dict[str, GraphQLInputType] = {}
        for node in self._nodes:
            kind = type_from_ast(schema, node.type)
            assert kind is not None, "the document is valid"
            self.types[node.variable.name.value] = kind  # type: ignore[assignment]  # a valid one is an input type
        strips = {
            name: _strip_free if self._is_cursor(name) else _strip_of(kind, {}) for name, kind in self.types.items()
        }
        self._strips = {name: strip for name, strip in strips.items() if strip is not None}

    def _is_cursor(self, name: str) -> bool:
        return name in self._cursors and get_nullable_type(self.types[name]) is GraphQLString

    def given(self, variables: Mapping[str, Any]) -> Given:
        """The shape and the free values. Variables that the operation does not have change nothing."""
        free: list[Any] = []
        kept = {}
        for name in self.types:
            if name in variables:
                strip = self._strips.get(name)
                kept[name] = strip(variables[name], free) if strip else variables[name]
        return Given(_encode(kept), free)

    def coerced(self, variables: Mapping[str, Any], slotted: bool) -> VariableValues:
        """The values as graphql-core coerces them, with slots for the free ones where asked for. Raises Surprise."""
        found = get_variable_values(self._schema, self._nodes, dict(variables))
        if isinstance(found, list):
            raise Surprise("variables")
        if slotted:
            places = _Places()
            for name in self.types:
                if name in variables and self._is_cursor(name):
                    found.coerced[name] = places.text(variables[name])
                elif name in variables:
                    found.coerced[name] = places.put(variables[name], found.coerced[name], self.types[name])
        return found


def _strip_of(kind: GraphQLInputType, made: dict[str, list[_Strip]]) -> _Strip | None:
    """What strips values of a type; None for a type without free values."""
    if isinstance(kind, GraphQLNonNull):
        return _strip_of(kind.of_type, made)
    if isinstance(kind, GraphQLList):
        item = _strip_of(kind.of_type, made)
        return item and _strip_list(item)
    if isinstance(kind, GraphQLScalarType):
        return _strip_free if kind.name in FREE else None
    if isinstance(kind, GraphQLInputObjectType):
        return _strip_object(kind, made)
    return None


def _strip_free(value: Any, free: list[Any]) -> Any:
    if value is None or not isinstance(value, str) or not value:
        return value
    free.append(value)
    return _PLACE


def _strip_list(item: _Strip) -> _Strip:
    def strip(value: Any, free: list[Any]) -> Any:
        if item is _strip_free and isinstance(value, list) and all(value) and _TEXT.issuperset(map(type, value)):
            free += value
            return f"{_PLACE}{len(value)}"  # no text that is given stands in a shape
        return [item(one, free) for one in value] if isinstance(value, list) else item(value, free)

    return strip


def _strip_object(kind: GraphQLInputObjectType, made: dict[str, list[_Strip]]) -> _Strip:
    """An input type may hold itself, so its fields are looked at when the first value comes."""
    fields: dict[str, _Strip] = {}
    ready = False

    def strip(value: Any, free: list[Any]) -> Any:
        nonlocal ready
        if not ready:
            for name, field in kind.fields.items():
                if (found := known(field.type)) is not None:
                    fields[name] = found
            ready = True
        if not isinstance(value, dict):
            return value
        return {name: fields[name](one, free) if name in fields else one for name, one in value.items()}

    def known(inner: GraphQLInputType) -> _Strip | None:
        named = made.get(str(inner))
        if named is None:
            found = _strip_of(inner, made)
            named = made[str(inner)] = [found] if found else []
        return named[0] if named else None

    made.setdefault(kind.name, [strip])
    return strip


class _Places:
    """Puts slots into coerced values, in the same order in which the free values are taken from the raw ones."""

    def __init__(self) -> None:
        self._next = 0

    def text(self, raw: Any) -> Any:
        """A slot for a text, which nothing has to read; what is no text, or empty, is as it is."""
        if not isinstance(raw, str) or not raw:
            return raw
        self._next += 1
        return Slot(Origin.GIVEN, self._next - 1)

    def put(self, raw: Any, coerced: Any, kind: GraphQLInputType) -> Any:
        """The coerced value with slots."""
        if isinstance(kind, GraphQLNonNull):
            return self.put(raw, coerced, kind.of_type)
        if isinstance(kind, GraphQLList):
            if not isinstance(raw, list):
                return coerced if coerced is None else [self.put(raw, coerced[0], kind.of_type)]
            return [self.put(one, other, kind.of_type) for one, other in zip(raw, coerced, strict=True)]
        if isinstance(kind, GraphQLScalarType) and kind.name in FREE and isinstance(raw, str) and raw:
            self._next += 1
            return Slot(Origin.GIVEN, self._next - 1, (kind.parse_value,))
        if isinstance(kind, GraphQLInputObjectType) and isinstance(raw, dict):
            for name, one in raw.items():
                field = kind.fields[name]
                key = field.out_name or name
                coerced[key] = self.put(one, coerced[key], field.type)
        return coerced
