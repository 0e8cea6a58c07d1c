"""Objects of plain values as source: of what the graph has worked out itself, with the rows that stand in them."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLOutputType, VariableNode, Visitor, visit
from graphql.execution.values import VariableValues, get_argument_values

from app.domain.scope import Scope
from app.engine import leaves
from app.engine.declared import Argued, Graph, OneOf, ToMany, Valued
from app.engine.objects import Objects, named
from app.engine.question import Build
from app.engine.selected import Selected, Selection
from app.engine.source import Source
from app.engine.steps import Many
from app.engine.surprise import Surprise

# From the root's values inwards, how each next value is had.
_Path = tuple[Callable[[Any, Scope], Any], ...]
IdsOf = Callable[[Sequence[Any]], Sequence[str]]


class Values:
    """The values of one field. An object within an object is written out in it, so that all of them know the rows."""

    def __init__(
        self,
        graph: Graph,
        selection: Selection,
        scope: Scope,
        source: Source,
        objects: Objects,
        many_of: Callable[[ToMany, Selected], Many],
    ) -> None:
        self._graph, self._selection, self._scope = graph, selection, scope
        self._source, self._objects, self._many_of = source, objects, many_of
        self._numbers = count()
        # How the ids of rows are read off the values, and the step that reads the rows.
        self.children: list[tuple[IdsOf, Many]] = []

    def listed(self, selected: Selected) -> Build:
        """The function that makes a list of objects of a list of values. Raises Surprise where the field is none."""
        assert selected.field is not None
        if not _is_list_of_objects(selected.field.type):
            raise Surprise("type")
        text = self._object(named(selected), selected, "v", ())
        rows = [f"c{number}" for number in range(len(self.children))]
        return self._source.function(["values", *rows], f"[{text} for v in values]")

    def _object(self, kind: GraphQLObjectType, selected: Selected, value: str, path: _Path) -> str:
        fields = self._selection.below(kind, selected)
        return self._objects.struct(kind, fields, [self._field(kind, one, value, path) for one in fields])

    def _field(self, kind: GraphQLObjectType, selected: Selected, value: str, path: _Path) -> str:
        if selected.field is None:
            return repr(kind.name)
        match declared := self._graph.declared(kind.name).get(selected.name):
            case Valued():
                return self._valued(declared, selected, value, path)
            case Argued():
                return self._argued(kind, declared, selected, value)
            case OneOf():
                return self._one_of(declared, selected, value, path)
            case _:
                raise Surprise("field")

    def _valued(self, declared: Valued, selected: Selected, value: str, path: _Path) -> str:
        assert selected.field is not None
        found = f"{self._source.name('compute', declared.compute)}({value}, {self._source.name('scope', self._scope)})"
        kind = selected.field.type
        inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if not isinstance(inner, GraphQLObjectType):
            return self._leaf(selected, found)
        within = f"w{next(self._numbers)}"
        text = self._object(inner, selected, within, (*path, declared.compute))
        nothing = f"{self._source.name('some', leaves.some)}(None)" if inner is not kind else "None"
        return f"({text} if ({within} := {found}) is not None else {nothing})"

    def _argued(self, kind: GraphQLObjectType, declared: Argued, selected: Selected, value: str) -> str:
        """With arguments that the document says itself: those of variables are known too late."""
        assert selected.field is not None
        _demand_literals(selected)
        given = get_argument_values(selected.field, selected.node, VariableValues({}, {}))
        arguments = self._graph.arguments(kind.name, selected.name, given)
        compute, scope = declared.compute, self._scope
        made = self._source.name("argued", lambda value: compute(value, scope, arguments))
        return self._leaf(selected, f"{made}({value})")

    def _leaf(self, selected: Selected, found: str) -> str:
        assert selected.field is not None
        complete = self._objects.completing(selected.field.type, selected)
        plain = leaves.as_it_is(selected.field.type, "x")
        return f"{complete}({found})" if plain is None else f"(x if {plain.format(found)} else {complete}(x))"

    def _one_of(self, declared: OneOf, selected: Selected, value: str, path: _Path) -> str:
        self._objects.demand(declared.right)
        rows = f"c{len(self.children)}"
        many = self._many_of(ToMany(declared.noun, "id", ("id",)), selected)
        self.children.append((_reading(path, declared.id_of, self._scope), many))
        return f"(x[0] if (x := {rows}.get({self._source.name('id', declared.id_of)}({value}))) else None)"


def _reading(path: _Path, id_of: Callable[[Any], str | None], scope: Scope) -> IdsOf:
    """What finds the ids in a list of values."""

    def read(values: Sequence[Any]) -> Sequence[str]:
        for step in path:
            values = [inner for value in values if (inner := step(value, scope)) is not None]
        return list(dict.fromkeys(id for value in values if (id := id_of(value)) is not None))

    return read


def _is_list_of_objects(kind: GraphQLOutputType) -> bool:
    items = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    item = items.of_type if isinstance(items, GraphQLList) else None
    return isinstance(item, GraphQLNonNull) and isinstance(item.of_type, GraphQLObjectType)


class _NoVariables(Visitor):
    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        raise Surprise("argument")


def _demand_literals(selected: Selected) -> None:
    for argument in selected.node.arguments or ():
        visit(argument.value, _NoVariables())
