"""The source of an object: an expression on the cells of a row, or on a plain value, made of its fields' declarations."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
)

from app.domain.scope import Right, Scope
from app.engine import leaves
from app.engine.declared import (
    Column,
    Computed,
    Connected,
    Counted,
    Declaration,
    Detail,
    Graph,
    Least,
    Momentary,
    OfMany,
    ToMany,
    ToOne,
    Valued,
    masking,
)
from app.engine.level import Level, Path
from app.engine.rows import Rows
from app.engine.selected import Selected, Selection
from app.engine.source import Source
from app.engine.steps import Child
from app.engine.surprise import Surprise

# Types whose values a mask gives as texts already.
_TEXTS = frozenset({"String", "String!", "PhoneNumber", "PhoneNumber!"})
# Makes the step that reads what a field has of other tables.
ChildOf = Callable[[GraphQLObjectType, Declaration, Selected], Child]


class Objects:
    """The objects of one plan; what their fields read is noted in the levels and steps that they stand in."""

    def __init__(self, graph: Graph, selection: Selection, scope: Scope, source: Source, child_of: ChildOf) -> None:
        self._graph = graph
        self._selection = selection
        self._scope = scope
        self._source = source
        self._child_of = child_of
        self._some = source.name("some", leaves.some)
        self._decoded = leaves.Decoded()

    def object(self, rows: Rows, path: Path, kind: GraphQLObjectType, selected: Selected) -> str:
        """The object of a row, or of one that is joined to it."""
        fields = self._selection.below(kind, selected)
        return self.struct(kind, fields, [self._field(rows, path, kind, one) for one in fields])

    def struct(self, kind: GraphQLObjectType, fields: list[Selected], parts: list[str]) -> str:
        """An object of the parts, under the fields' keys."""
        return f"{self._source.struct(kind.name, [one.key for one in fields])}({', '.join(parts)})"

    def _field(self, rows: Rows, path: Path, kind: GraphQLObjectType, selected: Selected) -> str:
        if selected.field is None:
            return repr(kind.name)
        match declared := self._graph.declared(kind.name).get(selected.name):
            case Column():
                return self._column(rows.level, path, declared, selected)
            case Detail():
                return self._detail(rows.level, path, declared, selected)
            case Computed():
                return self._computed(rows.level, path, declared, selected)
            case Least():
                return self._least(rows.level, path, declared)
            case ToOne():
                return self._to_one(rows, path, declared, selected)
            case ToMany() | OfMany() | Connected() | Counted():
                return self._child(rows, path, self._child_of(kind, declared, selected))
            case _:
                raise Surprise("field")

    def _column(self, level: Level, path: Path, declared: Column, selected: Selected) -> str:
        assert selected.field is not None
        if declared.right is not None and not self._scope.may(declared.right):
            return self._nothing(selected.field.type)
        column = level.column(path, declared.name)
        cell = cell_at(level.at(path, declared.name))
        kind = selected.field.type
        shown = declared.shown(self._scope)
        if shown is not None and (declared.write is not None or str(kind) in _TEXTS):
            return leaves.applied(shown, "shown", cell, self._source.name)
        if shown is not None:
            value = f"{self._source.name('shown', shown)}({self._json(column, cell)})"
            return f"{self.completing(kind, selected)}({value})"
        named = get_named_type(kind)
        if not is_leaf_type(named) or "[" in str(kind):
            return f"{self.completing(kind, selected)}({self._json(column, cell)})"
        if isinstance(named, GraphQLEnumType):
            names = self._source.name("names", leaves.enum_names(named))
            return (
                f"{names}[{cell}]" if is_non_null_type(kind) else f"({names}[{cell}] if {cell} is not None else None)"
            )
        convert = leaves.conversion(named, column)
        return self._converted(cell, kind, column.nullable, convert)

    def _converted(self, cell: str, kind: GraphQLOutputType, nullable: bool | None, convert: Any) -> str:
        required = is_non_null_type(kind)
        if convert is None:
            return f"{self._some}({cell})" if required and nullable else cell
        if required and nullable:
            return f"{self._source.name('leaf', convert)}({self._some}({cell}))"
        value = leaves.applied(convert, "leaf", cell, self._source.name)
        return value if required else f"({value} if {cell} is not None else None)"

    def whole(self, text: str) -> str:
        """An Int."""
        return f"{self._source.name('leaf', leaves.whole)}({text})"

    def _json(self, column: Any, cell: str) -> str:
        decoded = self._source.name("json", leaves.Decoded())
        return f"{decoded}({cell})" if column.type.__class__.__name__ == "JSON" else cell

    def _detail(self, level: Level, path: Path, declared: Detail, selected: Selected) -> str:
        assert selected.field is not None
        complete = self.completing(selected.field.type, selected)
        if declared.right is not None and not self._scope.may(declared.right):
            return f"{complete}({self._source.name('default', declared.default)})"
        cell = cell_at(level.at(path, "details"))
        read = self._source.name("detail", _reading(declared, self._scope))
        return f"{complete}({read}({self._details()}({cell})))"

    def _details(self) -> str:
        return self._source.name("details", self._decoded)

    def _computed(self, level: Level, path: Path, declared: Computed, selected: Selected) -> str:
        assert selected.field is not None
        cells = []
        for name in declared.columns:
            cell = cell_at(level.at(path, name))
            is_json = level.column(path, name).type.__class__.__name__ == "JSON"
            cells.append(f"{name!r}: {self._details()}({cell})" if is_json else f"{name!r}: {cell}")
        scope = self._source.name("scope", self._scope)
        compute = self._source.name("compute", declared.compute)
        value = f"{compute}({{{', '.join(cells)}}}, {scope})"
        return f"{self.completing(selected.field.type, selected)}({value})"

    def _least(self, level: Level, path: Path, declared: Least) -> str:
        cell = cell_at(level.least(path, declared))
        shown = masking(declared.mask, self._scope)
        return cell if shown is None else f"{self._source.name('shown', shown)}({cell})"

    def _to_one(self, rows: Rows, path: Path, declared: ToOne, selected: Selected) -> str:
        assert selected.field is not None
        joined = rows.level.join(self._scope, path, selected.name, declared)
        text = self.object(rows, joined, named(selected), selected)
        other = f"{self._some}(None)" if is_non_null_type(selected.field.type) else "None"
        return f"({text} if {cell_at(rows.level.at(joined, 'id'))} is not None else {other})"

    def _child(self, rows: Rows, path: Path, child: Child) -> str:
        place = rows.level.at(path, "id")
        rows.children.append((place, child))
        return f"c{len(rows.children) - 1}[{cell_at(place)}]"

    def _nothing(self, kind: GraphQLOutputType) -> str:
        if is_non_null_type(kind):
            raise Surprise("right")
        return "None"

    def completing(self, kind: GraphQLOutputType, selected: Selected) -> str:
        """The name of what completes a value that is no column; objects in it are built as `selected` has them."""

        def objects(named: GraphQLObjectType) -> leaves.Complete:
            return self._source.function(["v"], self._value(named, selected))

        def lists(named: GraphQLObjectType) -> leaves.Complete:
            return self._source.function(["values"], f"[{self._value(named, selected)} for v in values]")

        return self._source.name("complete", leaves.completing(kind, objects, lists))

    def _value(self, kind: GraphQLObjectType, selected: Selected) -> str:
        """The object of a plain value."""
        fields = self._selection.below(kind, selected)
        declared = self._graph.declared(kind.name)
        scope = self._source.name("scope", self._scope)
        parts = []
        for one in fields:
            if one.field is None:
                parts.append(repr(kind.name))
                continue
            found = declared.get(one.name)
            if isinstance(found, Momentary):
                later = self._source.name("later", leaves.Later)
                parts.append(f"{later}(v, {self._source.name('tell', found.tell)})")
                continue
            if not isinstance(found, Valued):
                raise Surprise("field")
            parts.append(self._valued(found, one, scope))
        return self.struct(kind, fields, parts)

    def _valued(self, declared: Valued, selected: Selected, scope: str) -> str:
        assert selected.field is not None
        complete = self.completing(selected.field.type, selected)
        if declared.attribute is None:
            return f"{complete}({self._source.name('compute', declared.compute)}(v, {scope}))"
        plain = leaves.as_it_is(selected.field.type, "x")
        value = f"v.{declared.attribute}"
        return f"{complete}({value})" if plain is None else f"(x if {plain.format(value)} else {complete}(x))"

    def of_value(self, selected: Selected) -> Callable[..., Any]:
        """The function that completes a field's value, which is no column."""
        assert selected.field is not None
        return self._source.function(["value"], f"{self.completing(selected.field.type, selected)}(value)")

    def demand(self, right: Right | None) -> None:
        """What is an error of the field without a right is one of the reference path."""
        if right is not None and not self._scope.may(right):
            raise Surprise("right")


def _reading(declared: Detail, scope: Scope) -> Callable[[Any], Any]:
    shown = masking(declared.mask, scope)

    def read(value: Any) -> Any:
        for key in declared.path:
            value = value.get(key) if value else None
        if value is None:
            return declared.default
        return value if shown is None else shown(value)

    return read


def named(selected: Selected) -> GraphQLObjectType:
    """The object type of a field. Raises Surprise for another."""
    assert selected.field is not None
    kind = get_named_type(selected.field.type)
    if isinstance(kind, GraphQLObjectType):
        return kind
    raise Surprise("abstract")


def cell_at(place: int) -> str:
    """The name of a row's cell."""
    return f"v{place}"


def each(text: str, rows: Rows) -> str:
    """The list of what an expression on cells makes of each row. To take a row apart is quicker than to look into it."""
    cells = [cell_at(place) for place in range(rows.level.width)] + [f"e{place}" for place in range(rows.extra)]
    return f"[{text} for {', '.join(cells)}, in rows]"


def names(rows: Rows) -> list[str]:
    """The parameters of a level's children, in generated functions."""
    return [f"c{number}" for number in range(len(rows.children))]
