"""Makes a plan of an operation: its levels, steps and builders, from the fields' declarations."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
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
    Detail,
    Every,
    Found,
    Graph,
    Listed,
    NumbersCounted,
    OfMany,
    RootDeclaration,
    Told,
    ToMany,
    ToOne,
    Valued,
    masking,
)
from app.engine.level import Level, Path
from app.engine.run import Run
from app.engine.selected import TYPENAME, Selected, Selection
from app.engine.source import Source
from app.engine.steps import All, Child, Count, Many, NumberCounts, One, Page, Question, Root, Rows, Step, Tale
from app.engine.surprise import Surprise

# Types whose values a mask gives as texts already.
_TEXTS = frozenset({"String", "String!", "PhoneNumber", "PhoneNumber!"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What answers one variant of an operation for viewers of the same rights."""

    roots: list[tuple[str, Root | None]]
    build: Callable[..., Any]
    source: Source

    @property
    def several(self) -> bool:
        """Whether it takes more than one statement."""
        steps = [root for _, root in self.roots if root is not None]
        return (
            len(steps) != 1
            or len(steps[0].names) > 1
            or (not isinstance(steps[0], NumberCounts | Tale) and bool(steps[0].rows.children))
        )

    def prepare(self, run: Run) -> frozenset[int]:
        """Prepares every statement, the smallest of each; which of the free values they take."""
        taken: set[int] = set()
        waiting: list[Step] = [root for _, root in self.roots if root is not None]
        while waiting:
            step = waiting.pop()
            size = (
                0
                if isinstance(step, One | All) or (isinstance(step, Page) and isinstance(step.declared, Listed))
                else 1
            )
            for name in step.names:
                taken |= run.statement(step, name, size).takes
            if isinstance(step, NumberCounts):
                taken |= step.takes(run)
            if isinstance(step, Page | One | All | Many):
                waiting += [child for _, child in step.rows.children]
        return frozenset(taken)

    async def run(self, run: Run) -> Any:
        """The answer's `data`. Raises Surprise."""
        return self.build(*[await root.root(run) for _, root in self.roots if root is not None])


def plan_of(graph: Graph, schema: GraphQLSchema, selection: Selection, scope: Scope) -> Plan:
    """The plan. Raises Surprise, with what it does not know."""
    return _Planner(graph, schema, selection, scope).plan()


class _Planner:
    def __init__(self, graph: Graph, schema: GraphQLSchema, selection: Selection, scope: Scope) -> None:
        self._graph = graph
        self._schema = schema
        self._selection = selection
        self._scope = scope
        self._source = Source()
        self._some = self._source.name("some", leaves.some)
        self._numbers = count()

    def _next(self) -> int:
        """Steps are known by their numbers, which are the same whenever the same plan is made."""
        return next(self._numbers)

    def plan(self) -> Plan:
        kind = self._schema.query_type
        assert kind is not None
        fields = self._selection.of_root(kind)
        roots = [(one.key, None if one.name == TYPENAME else self._root(kind, one)) for one in fields]
        read = [f"r{at}" for at, (_, root) in enumerate(roots) if root is not None]
        parts = [repr(kind.name) if root is None else f"r{at}" for at, (_, root) in enumerate(roots)]
        struct = self._source.struct("Data", [key for key, _ in roots])
        build = self._source.function(read, f"{struct}({', '.join(parts)})")
        self._source.compile()
        return Plan(roots, build, self._source)

    def _root(self, kind: GraphQLObjectType, selected: Selected) -> Root:
        assert selected.field is not None
        declared = self._graph.declared(kind.name).get(selected.name)
        if not isinstance(declared, RootDeclaration):
            raise Surprise("field")
        self._demand(declared.right)
        question = Question(kind.name, selected.field, selected.node)
        match declared:
            case Listed():
                return self._page(Level(declared.noun), declared, question, selected)
            case Found():
                return One(self._next(), self._rows(declared.noun, selected), question, declared)
            case Every():
                return All(self._next(), self._rows(declared.noun, selected), declared)
            case NumbersCounted():
                return NumberCounts(self._next(), question, declared, self._of_value(selected))
            case Told():
                return Tale(self._next(), declared, self._of_value(selected))

    def _demand(self, right: Right | None) -> None:
        """What is an error of the field without a right is one of the reference path."""
        if right is not None and not self._scope.may(right):
            raise Surprise("right")

    def _rows(self, noun: str, selected: Selected) -> Rows:
        rows = Rows(Level(noun))
        text = self._object(rows, (), _named(selected), selected)
        rows.build = self._source.function(["rows", *_names(rows)], f"[{text} for r in rows]")
        return rows

    def _of_value(self, selected: Selected) -> Callable[..., Any]:
        assert selected.field is not None
        return self._source.function(["value"], f"{self._completing(selected.field.type, selected)}(value)")

    def _page(self, level: Level, declared: Listed | Connected, question: Question, selected: Selected) -> Page:
        """A connection: its fields are read off the page, so they are known here and not declared."""
        kind = _named(selected)
        # The sort value comes last, but for the parent's id.
        rows = Rows(level, -1 if isinstance(declared, Listed) else -2)
        level.at((), "id")
        fields = self._selection.below(kind, selected)
        parts = [self._part(rows, kind, one) for one in fields]
        struct = self._source.struct(kind.name, [one.key for one in fields])
        names = {one.name for one in fields}
        page = Page(
            self._next(), rows, question, declared, bool(names & {"nodes", "edges", "pageInfo"}), "totalCount" in names
        )
        parameters = ["rows", "has_next", "has_previous", "total", "cursor", *_names(rows)]
        page.build = self._source.function(parameters, f"{struct}({', '.join(parts)})")
        return page

    def _part(self, rows: Rows, kind: GraphQLObjectType, selected: Selected) -> str:
        if selected.name == TYPENAME:
            return repr(kind.name)
        if selected.name == "totalCount":
            return self._whole("total")
        if selected.name == "nodes":
            return f"[{self._object(rows, (), _named(selected), selected)} for r in rows]"
        if selected.name == "edges":
            return f"[{self._edge(rows, selected)} for r in rows]"
        if selected.name == "pageInfo":
            return self._page_info(rows, selected)
        raise Surprise("connection")

    def _edge(self, rows: Rows, selected: Selected) -> str:
        kind = _named(selected)
        parts = []
        fields = self._selection.below(kind, selected)
        for one in fields:
            if one.name == TYPENAME:
                parts.append(repr(kind.name))
            elif one.name == "cursor":
                parts.append(self._cursor(rows, "r"))
            else:
                parts.append(self._object(rows, (), _named(one), one))
        return self._struct(kind, fields, parts)

    def _page_info(self, rows: Rows, selected: Selected) -> str:
        kind = _named(selected)
        fields = self._selection.below(kind, selected)
        texts = {
            TYPENAME: repr(kind.name),
            "hasNextPage": "has_next",
            "hasPreviousPage": "has_previous",
            "startCursor": f"({self._cursor(rows, 'rows[0]')} if rows else None)",
            "endCursor": f"({self._cursor(rows, 'rows[-1]')} if rows else None)",
        }
        return self._struct(kind, fields, [texts[one.name] for one in fields])

    def _cursor(self, rows: Rows, row: str) -> str:
        return f"cursor({row}[{rows.sorted_at}], {row}[{rows.level.at((), 'id')}])"

    def _object(self, rows: Rows, path: Path, kind: GraphQLObjectType, selected: Selected) -> str:
        """The object of the row `r`, or of a row that is joined to it."""
        fields = self._selection.below(kind, selected)
        return self._struct(kind, fields, [self._field(rows, path, kind, one) for one in fields])

    def _struct(self, kind: GraphQLObjectType, fields: list[Selected], parts: list[str]) -> str:
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
        cell = f"r[{level.at(path, declared.name)}]"
        kind = selected.field.type
        shown = declared.shown(self._scope)
        if shown is not None and (declared.write is not None or str(kind) in _TEXTS):
            return f"{self._source.name('shown', shown)}({cell})"
        if shown is not None:
            value = f"{self._source.name('shown', shown)}({self._json(column, cell)})"
            return f"{self._completing(kind, selected)}({value})"
        named = get_named_type(kind)
        if not is_leaf_type(named) or "[" in str(kind):
            return f"{self._completing(kind, selected)}({self._json(column, cell)})"
        if isinstance(named, GraphQLEnumType):
            names = self._source.name("names", leaves.enum_names(named))
            return (
                f"{names}[{cell}]" if is_non_null_type(kind) else f"({names}[v] if (v := {cell}) is not None else None)"
            )
        convert = leaves.conversion(named, column)
        return self._converted(cell, kind, column.nullable, convert)

    def _converted(self, cell: str, kind: GraphQLOutputType, nullable: bool | None, convert: Any) -> str:
        required = is_non_null_type(kind)
        if convert is None:
            return f"{self._some}({cell})" if required and nullable else cell
        name = self._source.name("leaf", convert)
        if required:
            return f"{name}({self._some}({cell}))" if nullable else f"{name}({cell})"
        return f"({name}(v) if (v := {cell}) is not None else None)"

    def _whole(self, text: str) -> str:
        return f"{self._source.name('leaf', leaves.whole)}({text})"

    def _json(self, column: Any, cell: str) -> str:
        decoded = self._source.name("json", leaves.Decoded())
        return f"{decoded}({cell})" if column.type.__class__.__name__ == "JSON" else cell

    def _detail(self, level: Level, path: Path, declared: Detail, selected: Selected) -> str:
        assert selected.field is not None
        complete = self._completing(selected.field.type, selected)
        if declared.right is not None and not self._scope.may(declared.right):
            return f"{complete}({self._source.name('default', declared.default)})"
        cell = f"r[{level.at(path, 'details')}]"
        read = self._source.name("detail", _reading(declared, self._scope))
        return f"{complete}({read}({self._details()}({cell})))"

    def _details(self) -> str:
        known = getattr(self, "_decoded", None)
        if known is None:
            known = self._decoded = leaves.Decoded()
        return self._source.name("details", known)

    def _computed(self, level: Level, path: Path, declared: Computed, selected: Selected) -> str:
        assert selected.field is not None
        cells = []
        for name in declared.columns:
            cell = f"r[{level.at(path, name)}]"
            is_json = level.column(path, name).type.__class__.__name__ == "JSON"
            cells.append(f"{name!r}: {self._details()}({cell})" if is_json else f"{name!r}: {cell}")
        scope = self._source.name("scope", self._scope)
        compute = self._source.name("compute", declared.compute)
        value = f"{compute}({{{', '.join(cells)}}}, {scope})"
        return f"{self._completing(selected.field.type, selected)}({value})"

    def _to_one(self, rows: Rows, path: Path, declared: ToOne, selected: Selected) -> str:
        assert selected.field is not None
        joined = rows.level.join(path, selected.name, declared)
        text = self._object(rows, joined, _named(selected), selected)
        other = f"{self._some}(None)" if is_non_null_type(selected.field.type) else "None"
        return f"({text} if r[{rows.level.at(joined, 'id')}] is not None else {other})"

    def _child_of(self, kind: GraphQLObjectType, declared: Any, selected: Selected) -> Child:
        assert selected.field is not None
        question = Question(kind.name, selected.field, selected.node)
        match declared:
            case Connected():
                return self._page(Level(declared.noun), declared, question, selected)
            case Counted():
                self._demand(declared.right)
                return Count(self._next(), question, declared, self._of_value(selected))
            case ToMany():
                return self._many(declared, selected)
            case _:
                return self._of_many(declared, selected)

    def _many(self, declared: ToMany, selected: Selected) -> Many:
        many = Many(self._next(), Rows(Level(declared.table)), declared)
        text = self._object(many.rows, (), _named(selected), selected)
        many.build = self._source.function(["rows", *_names(many.rows)], f"[{text} for r in rows]")
        return many

    def _of_many(self, declared: OfMany, selected: Selected) -> Many:
        assert selected.field is not None
        many = Many(self._next(), Rows(Level(declared.many.table)), declared)
        cells = ", ".join(f"{name!r}: r[{many.rows.level.at((), name)}]" for name in declared.read)
        scope = self._source.name("scope", self._scope)
        compute = self._source.name("compute", declared.compute)
        value = f"{compute}([{{{cells}}} for r in rows], {scope})"
        complete = self._completing(selected.field.type, selected)
        many.build = self._source.function(["rows"], f"{complete}({value})")
        return many

    def _child(self, rows: Rows, path: Path, child: Child) -> str:
        place = rows.level.at(path, "id")
        rows.children.append((place, child))
        return f"c{len(rows.children) - 1}[r[{place}]]"

    def _nothing(self, kind: GraphQLOutputType) -> str:
        if is_non_null_type(kind):
            raise Surprise("right")
        return "None"

    def _completing(self, kind: GraphQLOutputType, selected: Selected) -> str:
        """The name of what completes a value that is no column; objects in it are built as `selected` has them."""

        def objects(named: GraphQLObjectType) -> leaves.Complete:
            return self._values(named, selected)

        return self._source.name("complete", leaves.completing(kind, objects))

    def _values(self, kind: GraphQLObjectType, selected: Selected) -> leaves.Complete:
        """What builds an object of a plain value."""
        fields = self._selection.below(kind, selected)
        declared = self._graph.declared(kind.name)
        scope = self._source.name("scope", self._scope)
        parts = []
        for one in fields:
            if one.field is None:
                parts.append(repr(kind.name))
                continue
            found = declared.get(one.name)
            if not isinstance(found, Valued):
                raise Surprise("field")
            compute = self._source.name("compute", found.compute)
            parts.append(f"{self._completing(one.field.type, one)}({compute}(v, {scope}))")
        return self._source.function(["v"], self._struct(kind, fields, parts))


def _reading(declared: Detail, scope: Scope) -> Callable[[Any], Any]:
    shown = masking(declared.mask, scope)

    def read(value: Any) -> Any:
        for key in declared.path:
            value = value.get(key) if value else None
        if value is None:
            return declared.default
        return value if shown is None else shown(value)

    return read


def _named(selected: Selected) -> GraphQLObjectType:
    assert selected.field is not None
    kind = get_named_type(selected.field.type)
    if isinstance(kind, GraphQLObjectType):
        return kind
    raise Surprise("abstract")


def _names(rows: Rows) -> list[str]:
    return [f"c{number}" for number in range(len(rows.children))]
