"""Makes Strawberry types from domain dataclasses: same fields, same texts, so that nothing is said twice."""

import dataclasses
import types
from collections.abc import Callable
from datetime import datetime, time
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import strawberry
from strawberry.scalars import JSON

from app.domain import filters
from app.domain.scope import Right, Scope
from app.engine.declared import Mask, Valued
from app.graphql.context import Context
from app.graphql.masking import shown_text
from app.graphql.scalars import SCALARS

DECLARATION = "declaration"  # the key of a field's metadata, under which it says how it is had
# Domain types that the graph has under another name.
_LEAVES: dict[Any, Any] = {
    filters.AgentId: strawberry.ID,
    filters.ContactId: strawberry.ID,
    filters.SourceId: strawberry.ID,
    filters.OrgUnitId: strawberry.ID,
    dict: JSON,
    Any: JSON,
    **{scalar: scalar for scalar in SCALARS},
    **{kind: kind for kind in (str, int, float, bool, datetime, time, ZoneInfo)},
}


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """One field of a domain dataclass: its name there and in the graph, its type, its text, and the right it needs."""

    name: str
    graph_name: str
    annotation: Any
    text: str
    right: Right | None


@cache
def members(kind: type) -> tuple[Member, ...]:
    """The fields of a domain dataclass, in order. A trailing underscore, as in `from_`, is only Python's need."""
    hints = get_type_hints(kind, include_extras=True)
    found = []
    for field in dataclasses.fields(kind):
        annotation, text, *rights = _said(hints[field.name], kind, field.name)
        right = rights[0] if rights else None
        found.append(Member(field.name, camel(field.name.rstrip("_")), annotation, text, right))
    return tuple(found)


@cache
def enum(kind: type[Enum]) -> Any:
    """The graph's enum of a domain enum, with its docstring as the text."""
    return strawberry.enum(kind, description=kind.__doc__)


# Object types that were written by hand for a domain dataclass.
_SHOWN_AS: dict[type, Any] = {}


def shown_as(kind: type, made: Any) -> None:
    """Says that a hand-written object type stands for a domain dataclass."""
    _SHOWN_AS[kind] = made


@cache
def output(kind: type, name: str | None = None) -> Any:
    """The graph's object type of a domain dataclass; its values are plain JSON objects, as a details column has them."""
    if kind in _SHOWN_AS:
        return _SHOWN_AS[kind]
    namespace = {member.name: from_json(member) for member in members(kind)}
    return strawberry.type(type(name or kind.__name__, (), namespace), description=kind.__doc__)


def input_type(kind: type, name: str | None = None) -> Any:
    """The graph's input type of a domain dataclass; null means the same as not given."""
    return _input(kind, name or kind.__name__)


@cache
def _input(kind: type, name: str) -> Any:
    namespace: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    made = type(name, (), namespace)
    _MADE[kind] = made
    for member in members(kind):
        made.__annotations__[member.name] = graph_type(member.annotation, _input_of)
        default = _default(kind, member.name)
        setattr(made, member.name, strawberry.field(name=member.graph_name, description=member.text, **default))
    return strawberry.input(made, description=kind.__doc__)


_MADE: dict[type, Any] = {}


def _input_of(kind: type) -> Any:
    """The input type of a dataclass; of one that is being made just now, as for a filter within itself, its class."""
    return _MADE.get(kind) or _input(kind, kind.__name__)


def _default(kind: type, name: str) -> dict[str, Any]:
    field = next(field for field in dataclasses.fields(kind) if field.name == name)
    if field.default is dataclasses.MISSING:
        return {}
    # UNSET rather than None, so that the SDL shows no `= null` beside every field.
    return {"default": strawberry.UNSET if field.default is None else field.default}


def graph_type(annotation: Any, nested: Callable[[type], Any]) -> Any:
    """The graph's type for a domain annotation; `nested` gives the type for a dataclass in it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        inner = [graph_type(argument, nested) for argument in arguments if argument is not types.NoneType]
        return inner[0] | None if isinstance(inner[0], type) else Union[inner[0], None]  # noqa: UP007
    if origin is tuple:
        return list[graph_type(arguments[0], nested)]  # type: ignore[misc]
    if origin is dict:
        return JSON
    if annotation in _LEAVES:
        return _LEAVES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return enum(annotation)
    return nested(annotation)


def mask_of(kind: Any) -> Mask | None:
    """How values of a graph's type are shown: wherever a text may stand, without the numbers in it."""
    if kind is JSON or kind is str:
        return shown_text
    return next((mask for part in get_args(kind) if (mask := mask_of(part))), None)


def from_json(member: Member) -> Any:
    """The field of an object type whose values are plain JSON objects."""
    is_list = get_origin(member.annotation) is tuple
    kind = graph_type(member.annotation, output)
    mask = mask_of(kind)

    def read(said: Any, scope: Scope) -> Any:
        value = said.get(member.name)
        if value is None or not (member.right is None or scope.may(member.right)):
            return [] if is_list else None
        return mask(scope, value) if mask else value

    def resolve(root: strawberry.Parent[Any], info: strawberry.Info[Context, None]) -> Any:
        return read(root, info.context.scope)

    return strawberry.field(
        resolver=resolve,
        name=member.graph_name,
        description=member.text,
        graphql_type=kind,
        metadata={DECLARATION: Valued(read)},
    )


def _said(annotation: Any, kind: type, name: str) -> tuple[Any, ...]:
    if get_origin(annotation) is not Annotated:
        raise TypeError(f"{kind.__name__}.{name} has no text: write it inside Annotated[...]")
    return get_args(annotation)


def element(annotation: Any) -> Any:
    """What a tuple of any length holds, or one that may be None."""
    found = (
        annotation if get_origin(annotation) is tuple else next(p for p in get_args(annotation) if p is not type(None))
    )
    return get_args(found)[0]


def camel(name: str) -> str:
    """A Python name as the graph writes it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
