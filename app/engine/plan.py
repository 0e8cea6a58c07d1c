"""Makes a plan of an operation: its levels, steps and builders, from the fields' declarations."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
)

from app.domain.scope import Scope
from app.engine.counting import Count, NumberCounts
from app.engine.declared import (
    Connected,
    Counted,
    Every,
    Found,
    Graph,
    Listed,
    NumbersCounted,
    OfMany,
    RootDeclaration,
    Told,
    ToMany,
    Worked,
)
from app.engine.level import Level
from app.engine.objects import Objects, cell_at, each, named, names
from app.engine.page import Page
from app.engine.question import Question
from app.engine.rows import Rows
from app.engine.run import Run
from app.engine.selected import TYPENAME, Selected, Selection
from app.engine.source import Source
from app.engine.steps import All, Child, Many, One, Root, Step, Tale, Work
from app.engine.surprise import Surprise
from app.engine.values import Values

# The fields of a connection that are lists of something for each row.
_OF_ROWS = ("nodes", "edges")
_BYTES_OF_LETTER = 200  # of source, by measurement


@dataclass(frozen=True, slots=True)
class Plan:
    """What answers one variant of an operation for viewers of the same rights."""

    roots: list[Root]
    build: Callable[..., Any]
    source: Source
    # Whether it takes more than one statement.
    several: bool
    # Whether the graph works something out in the request's view, with which all the rest has to agree.
    careful: bool

    @property
    def size(self) -> int:
        """About how many bytes it takes up, its operation included."""
        return _BYTES_OF_LETTER * len(self.source.text)

    def forget(self) -> None:
        """Lets go of what others keep of it."""
        self.source.forget()

    def prepare(self, run: Run) -> frozenset[int]:
        """Prepares every statement, the smallest of each; which of the free values they take."""
        taken: set[int] = set()
        waiting: list[Step] = list(self.roots)
        while waiting:
            step = waiting.pop()
            size = (
                0
                if isinstance(step, One | All) or (isinstance(step, Page) and isinstance(step.declared, Listed))
                else 1
            )
            if isinstance(step, Work) and not run.is_bound:
                raise Surprise("value")
            for name in step.names:
                taken |= run.statement(step, name, size).takes
            if isinstance(step, NumberCounts):
                taken |= step.takes(run)
            if isinstance(step, Page | One | All | Many):
                waiting += [child for _, child in step.rows.children]
            if isinstance(step, Work):
                waiting += [child for _, child in step.children]
        return frozenset(taken)

    def is_tried(self, run: Run) -> bool:
        """Whether there is a page that may take several statements, though one is prepared."""
        return any(isinstance(step, Page) and step.is_tried(run) for step in self.roots)

    async def run(self, run: Run) -> Any:
        """The answer's `data`. Raises Surprise."""
        if len(self.roots) == 1:
            return self.build(await self.roots[0].root(run))
        return self.build(*[await root.root(run) for root in self.roots])


def _several(steps: list[Root]) -> bool:
    """Whether steps send more than one statement."""
    if len(steps) != 1 or len(steps[0].names) > 1:
        return True
    (only,) = steps
    return not isinstance(only, NumberCounts | Tale | Work) and bool(only.rows.children)


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
        self._objects = Objects(graph, selection, scope, self._source, self._child_of)
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
        steps = [root for _, root in roots if root is not None]
        careful = any(isinstance(step, Work) for step in steps)
        return Plan(steps, build, self._source, _several(steps), careful)

    def _root(self, kind: GraphQLObjectType, selected: Selected) -> Root:
        assert selected.field is not None
        declared = self._graph.declared(kind.name).get(selected.name)
        if not isinstance(declared, RootDeclaration):
            raise Surprise("field")
        self._objects.demand(declared.right)
        question = Question(kind.name, selected.field, selected.node)
        match declared:
            case Listed():
                return self._page(Level(declared.noun), declared, question, selected)
            case Found():
                return One(self._next(), self._rows(declared.noun, selected), question, declared)
            case Every():
                return All(self._next(), self._rows(declared.noun, selected), declared)
            case NumbersCounted():
                return NumberCounts(self._next(), question, declared, self._objects.of_value(selected))
            case Told():
                return Tale(self._next(), declared, self._objects.of_value(selected))
            case Worked():
                return self._work(declared, question, selected)

    def _work(self, declared: Worked, question: Question, selected: Selected) -> Work:
        values = Values(self._graph, self._selection, self._scope, self._source, self._objects, self._many)
        build = values.listed(selected)
        below = partial(self._selection.document_below, selected)
        return Work(self._next(), question, selected.key, declared, below, values.children, build)

    def _rows(self, noun: str, selected: Selected) -> Rows:
        rows = Rows(Level(noun))
        text = self._objects.object(rows, (), named(selected), selected)
        rows.build = self._source.function(["rows", *names(rows)], each(text, rows))
        return rows

    def _page(self, level: Level, declared: Listed | Connected, question: Question, selected: Selected) -> Page:
        """A connection: its fields are read off the page, so they are known here and not declared."""
        kind = named(selected)
        rows = Rows(level, extra=1 if isinstance(declared, Listed) else 2)
        level.at((), "id")
        fields = self._selection.below(kind, selected)
        parts = [(one.name in _OF_ROWS, self._part(rows, kind, one)) for one in fields]
        # The cells of a row are all known only now.
        texts = [each(text, rows) if of_rows else text for of_rows, text in parts]
        asked = {one.name for one in fields}
        page = Page(
            self._next(),
            rows,
            question,
            declared,
            reads=bool(asked & {*_OF_ROWS, "pageInfo"}),
            looks_further="pageInfo" in asked,
            counts="totalCount" in asked,
        )
        parameters = ["rows", "has_next", "has_previous", "total", "cursor", *names(rows)]
        page.build = self._source.function(parameters, self._objects.struct(kind, fields, texts))
        return page

    def _part(self, rows: Rows, kind: GraphQLObjectType, selected: Selected) -> str:
        """A part of a connection: of the page, or of each of its rows."""
        if selected.name == TYPENAME:
            return repr(kind.name)
        if selected.name == "totalCount":
            return self._objects.whole("total")
        if selected.name == "nodes":
            return self._objects.object(rows, (), named(selected), selected)
        if selected.name == "edges":
            return self._edge(rows, selected)
        if selected.name == "pageInfo":
            return self._page_info(rows, selected)
        raise Surprise("connection")

    def _edge(self, rows: Rows, selected: Selected) -> str:
        kind = named(selected)
        parts = []
        fields = self._selection.below(kind, selected)
        for one in fields:
            if one.name == TYPENAME:
                parts.append(repr(kind.name))
            elif one.name == "cursor":
                parts.append(f"cursor(e0, {cell_at(rows.level.at((), 'id'))})")
            else:
                parts.append(self._objects.object(rows, (), named(one), one))
        return self._objects.struct(kind, fields, parts)

    def _page_info(self, rows: Rows, selected: Selected) -> str:
        kind = named(selected)
        fields = self._selection.below(kind, selected)
        texts = {
            TYPENAME: repr(kind.name),
            "hasNextPage": "has_next",
            "hasPreviousPage": "has_previous",
            "startCursor": f"({self._cursor(rows, 'rows[0]')} if rows else None)",
            "endCursor": f"({self._cursor(rows, 'rows[-1]')} if rows else None)",
        }
        return self._objects.struct(kind, fields, [texts[one.name] for one in fields])

    def _cursor(self, rows: Rows, row: str) -> str:
        return f"cursor({row}[{-rows.extra}], {row}[{rows.level.at((), 'id')}])"

    def _child_of(self, kind: GraphQLObjectType, declared: Any, selected: Selected) -> Child:
        assert selected.field is not None
        question = Question(kind.name, selected.field, selected.node)
        match declared:
            case Connected():
                return self._page(Level(declared.noun), declared, question, selected)
            case Counted():
                self._objects.demand(declared.right)
                return Count(self._next(), question, declared, self._objects.of_value(selected))
            case ToMany():
                return self._many(declared, selected)
            case _:
                return self._of_many(declared, selected)

    def _many(self, declared: ToMany, selected: Selected) -> Many:
        many = Many(self._next(), Rows(Level(declared.table), extra=1), declared)
        text = self._objects.object(many.rows, (), named(selected), selected)
        many.build = self._source.function(["rows", *names(many.rows)], each(text, many.rows))
        return many

    def _of_many(self, declared: OfMany, selected: Selected) -> Many:
        assert selected.field is not None
        many = Many(self._next(), Rows(Level(declared.many.table), extra=1), declared)
        cells = ", ".join(f"{name!r}: {cell_at(many.rows.level.at((), name))}" for name in declared.read)
        scope = self._source.name("scope", self._scope)
        compute = self._source.name("compute", declared.compute)
        value = f"{compute}({each(f'{{{cells}}}', many.rows)}, {scope})"
        complete = self._objects.completing(selected.field.type, selected)
        many.build = self._source.function(["rows"], f"{complete}({value})")
        return many
