"""The graph as the engine knows it: how fields are had, and what their arguments ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLObjectType
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryObjectDefinition

from app.domain.filters import (
    AgentFilter,
    AgentOrder,
    CallFilter,
    CallOrder,
    ContactFilter,
    ContactOrder,
    Filter,
    Order,
)
from app.domain.scope import Scope
from app.engine.declared import Asked, Connected, Counted, Declaration, Listed
from app.engine.surprise import Surprise
from app.graphql import filters
from app.graphql.declare import attributes_of, declarations_of
from app.graphql.pagination import cursor_at, window_of
from app.graphql.schema import schema
from app.store.nearest import looks_in_turn

_FILTERS: dict[str, tuple[type[Filter], type[Order]]] = {
    "calls": (CallFilter, CallOrder),
    "agents": (AgentFilter, AgentOrder),
    "contacts": (ContactFilter, ContactOrder),
}


class Declared:
    """The declarations of the schema's types."""

    def __init__(self) -> None:
        self._declared: dict[str, dict[str, Declaration]] = {}

    def declared(self, type_name: str) -> Mapping[str, Declaration]:
        """How each field of an object type is had, by its name."""
        known = self._declared.get(type_name)
        if known is None:
            origin: Any = _definition(type_name).origin
            known = self._declared[type_name] = attributes_of(origin) | declarations_of(origin)
        return known

    def asked(self, context: Any, declared: Listed | Connected, arguments: Mapping[str, Any]) -> Asked:
        """What a connection's arguments ask for. Raises InputError and ForbiddenError."""
        kind, order_kind = _FILTERS[declared.noun]
        given, order_by = arguments.get("filter"), arguments.get("order_by")
        order = filters.order_of(context, order_kind, order_by)
        if kind is CallFilter:
            recent_only = isinstance(declared, Connected) and declared.recent_only
            found: Filter = filters.calls_of(context, given, recent_only)
        else:
            found = filters.filter_of(context, kind, given)
        window = window_of(
            context.scope, order, *[arguments.get(name) for name in ("first", "after", "last", "before")]
        )
        return Asked(found, order, window, looks_in_turn(context.dialect))

    def counted(self, context: Any, declared: Counted, arguments: Mapping[str, Any]) -> Filter:
        """Which calls a count's arguments ask for. Raises InputError and ForbiddenError."""
        return filters.calls_of(context, arguments.get("filter"), declared.recent_only)

    def numbers_counted(self, context: Any, arguments: Mapping[str, Any]) -> tuple[Sequence[str], CallFilter]:
        """The numbers and the calls that are counted for them. Raises InputError and ForbiddenError."""
        return filters.numbers_counted(context, arguments["phone_numbers"], arguments.get("filter"))

    def arguments(self, type_name: str, field_name: str, given: dict[str, Any]) -> Mapping[str, Any]:
        """The arguments of a field as its resolver takes them."""
        converter = schema().schema_converter
        field = next(
            item
            for item in _definition(type_name).fields
            if schema().config.name_converter.from_field(item) == field_name
        )
        return convert_arguments(given, field.arguments, converter.scalar_registry, schema().config)

    def cursor(self, scope: Scope, order: Order, sort_value: Any, id: str) -> str:
        """The cursor of a row."""
        return cursor_at(scope, order, sort_value, id)


def _definition(type_name: str) -> StrawberryObjectDefinition:
    found = schema()._schema.type_map.get(type_name)
    definition = found.extensions.get("strawberry-definition") if isinstance(found, GraphQLObjectType) else None
    if not isinstance(definition, StrawberryObjectDefinition):
        raise Surprise("type")
    return definition
