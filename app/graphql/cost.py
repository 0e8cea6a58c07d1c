"""How many objects a request may be answered with: what each field holds, and what a selection adds up to."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from app.domain.statistics import MOST_GROUPS
from app.graphql.pagination import DEFAULT_SIZE, MAX_SIZE
from app.graphql.work import NO_WORK, Work

CEILING = 1_000_000_000  # sums end here: a few fragments can multiply to any number
LIST = 10  # objects of a list of which nothing else is known
DECLARED = {
    "Call.legs": 10,
    "Call.numbers": 4,
    "Source.streams": 3,
    "CallActivity.slots": 11,
    "ActivitySlot.days": 30,
    "DailyActivity.byDay": 30,
    "CallDay.slots": 11,
}
# As many as there may be, where `first` does not say; and types that are a part of the object around them.
UNPAGED = {"Query.callStats": MOST_GROUPS}
PARTS = {"CallStatsKey", "SecondsStats"}

Variables = Mapping[str, Any]
# A number, the name of the variable that has it, or nothing.
Given = int | str | None


class Kind(Enum):
    """How the objects below a field add to those around it."""

    SAME = auto()  # a fragment, or an edge's node: no object of its own
    OBJECTS = auto()  # so many objects, and what is below each
    CONNECTION = auto()  # a page of what its `nodes` and `edges` have below
    PAGE_INFO = auto()  # nothing, but the page around it is read for it even if no row of it is answered


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field holds: objects of a type, and how many where its arguments do not say."""

    type: str
    kind: Kind = Kind.OBJECTS
    size: float = 1
    paged: bool = False  # `first` and `last` say how many
    listed: str | None = None  # the argument that has an item for each object


@dataclass(frozen=True, slots=True)
class Page:
    """As many as `first` or `last` ask for. What is out of bounds is refused elsewhere and never read."""

    first: Given
    last: Given
    usual: float = DEFAULT_SIZE

    def of(self, variables: Variables) -> float:
        """The size with these variables."""
        for given in (self.first, self.last):
            size = variables.get(given) if isinstance(given, str) else given
            if isinstance(size, int | float) and not isinstance(size, bool):
                return min(max(size, 0), MAX_SIZE)
        return self.usual


@dataclass(frozen=True, slots=True)
class Length:
    """As many as a variable has items; a single value is a list of one."""

    variable: str

    def of(self, variables: Variables) -> float:
        """The size with these variables."""
        found = variables.get(self.variable)
        return len(found) if isinstance(found, list) else int(found is not None)


@dataclass(frozen=True, slots=True)
class Part:
    """What one selection adds to the block it is in, from the block below it."""

    below: int
    kind: Kind
    size: float | Page | Length = 1
    hidden_by: tuple[tuple[str, bool], ...] = ()  # the variables, and their values, that leave it out
    work: Work = NO_WORK  # of its arguments


@dataclass(frozen=True, slots=True)
class Prices:
    """The blocks of a document: each selection set once, however often it is reached.

    `order` has every block after those below it, so that one pass prices them all.
    """

    blocks: Sequence[Sequence[Part]]
    order: Sequence[int]
    # The variables that sizes and @skip or @include read: with the same values of them it is the same price.
    reads: frozenset[str] = frozenset()
    # The work of each argument that there is, and of all of them with plain values in the variables.
    works: tuple[Work, ...] = ()
    plain_work: float = 0
    # In how many places there are variables.
    places: int = 0

    def of(self, variables: Variables) -> list[int]:
        """The number of objects in each block, at most."""
        totals = [0.0] * len(self.blocks)
        reads = [False] * len(self.blocks)  # whether a page is read for its page info
        for at in self.order:
            total = 0.0
            for part in self.blocks[at]:
                if any(variables.get(name) is value for name, value in part.hidden_by):
                    continue
                below = totals[part.below]
                size = part.size.of(variables) if isinstance(part.size, Page | Length) else part.size
                if part.kind is Kind.OBJECTS:
                    total += size * (1 + below)
                elif part.kind is Kind.CONNECTION:
                    total += max(1, size * max(below, reads[part.below]))
                else:
                    total += below
                    reads[at] |= part.kind is Kind.PAGE_INFO or reads[part.below]
            totals[at] = min(total, CEILING)
        return [math.ceil(total) for total in totals]

    def most_work(self, values: int) -> float:
        """What the work of each object cannot be above, of so many values in variables that are plain or lists of texts."""
        return self.plain_work + self.places * values

    def work(self, variables: Variables, nodes: int, enough: int) -> int:
        """The work of all arguments: those of a field as often as there are objects around it.

        Of so many objects in all; what cannot come to more than `enough` is not worked out.
        """
        once = sum([work.of(variables) for work in self.works])
        if once * (nodes + 1) <= enough:
            return 0
        totals = [0.0] * len(self.blocks)
        for at in self.order:
            total = 0.0
            for part in self.blocks[at]:
                if any(variables.get(name) is value for name, value in part.hidden_by):
                    continue
                size = part.size.of(variables) if isinstance(part.size, Page | Length) else part.size
                times = size if part.kind in (Kind.OBJECTS, Kind.CONNECTION) else 1
                total += part.work.of(variables) + times * totals[part.below]
            totals[at] = min(total, CEILING)
        return math.ceil(max(totals, default=0))


def prices_of(blocks: Sequence[Sequence[Part]], order: Sequence[int]) -> Prices:
    """The prices of blocks."""
    parts = [part for block in blocks for part in block]
    reads = {name for part in parts for name, _ in part.hidden_by}
    reads |= {part.size.variable for part in parts if isinstance(part.size, Length)}
    pages = [part.size for part in parts if isinstance(part.size, Page)]
    reads |= {given for page in pages for given in (page.first, page.last) if isinstance(given, str)}
    works = tuple(part.work for part in parts if part.work is not NO_WORK)
    plain_work = sum(work.of_plain for work in works)
    return Prices(blocks, order, frozenset(reads), works, plain_work, sum(len(work.named) for work in works))


@lru_cache(maxsize=8)
def shapes(schema: GraphQLSchema) -> Mapping[str, Mapping[str, Shape]]:
    """The fields that hold objects, by the name of their type and their own."""
    declared = {**DECLARED, **_introspection(schema)}
    found = {
        parent.name: {
            name: _shape(parent.name, name, field, declared)
            for name, field in parent.fields.items()
            if is_composite_type(get_named_type(field.type))
        }
        for parent in schema.type_map.values()
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
    }
    if schema.query_type:
        for name, field in (("__schema", SchemaMetaFieldDef), ("__type", TypeMetaFieldDef)):
            found[schema.query_type.name][name] = _shape(schema.query_type.name, name, field, declared)
    return found


def _shape(parent: str, name: str, field: GraphQLField, declared: Mapping[str, float]) -> Shape:
    below = get_named_type(field.type).name
    if parent.endswith("Connection") and name == "pageInfo":
        return Shape(below, Kind.PAGE_INFO)
    if parent.endswith("Connection") and name in ("nodes", "edges"):
        return Shape(below)  # one of each row: the connection around it has the number of rows
    if parent.endswith("Edge") and name == "node":
        return Shape(below, Kind.SAME)  # the edge was counted
    if below in PARTS:
        return Shape(below, Kind.SAME)
    paged = "first" in field.args
    if below.endswith("Connection"):
        return Shape(below, Kind.CONNECTION, DEFAULT_SIZE, paged)
    listed = None
    many = is_list_type(get_nullable_type(field.type))
    if many:
        required = (key for key, argument in field.args.items() if is_non_null_type(argument.type))
        listed = next((key for key in required if is_list_type(get_nullable_type(field.args[key].type))), None)
    place = f"{parent}.{name}"
    if paged:
        return Shape(below, size=UNPAGED.get(place, DEFAULT_SIZE), paged=True)
    return Shape(below, size=declared.get(place, LIST if many else 1), listed=listed)


def _introspection(schema: GraphQLSchema) -> Mapping[str, float]:
    """The sizes of the lists of introspection: averages, so that to list the whole schema costs what it holds."""
    types = schema.type_map.values()
    objects = [found for found in types if isinstance(found, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for found in objects for field in found.fields.values()]
    inputs = [found for found in types if isinstance(found, GraphQLInputObjectType)]
    abstract = [found for found in types if isinstance(found, GraphQLInterfaceType | GraphQLUnionType)]
    return {
        "__Schema.types": len(types),
        "__Schema.directives": len(schema.directives),
        "__Directive.args": _mean([directive.args for directive in schema.directives], schema.directives),
        "__Type.fields": len(fields) / len(types),
        "__Field.args": _mean([field.args for field in fields], fields),
        "__Type.inputFields": _mean([found.fields for found in inputs], types),
        "__Type.interfaces": _mean([found.interfaces for found in objects], types),
        "__Type.possibleTypes": _mean([schema.get_possible_types(found) for found in abstract], types),
        "__Type.enumValues": _mean([getattr(found, "values", ()) for found in types], types),
        "__Type.ofType": 0.5,  # every other type stands in a list or a non-null
    }


def _mean(groups: Sequence[Any], among: Iterable[Any]) -> float:
    return sum(len(group) for group in groups) / max(1, len(list(among)))
