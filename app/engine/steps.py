"""The steps of a plan: each sends one statement (or a few, for very many parents), and builds objects of what comes back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from graphql.execution.values import VariableValues
from sqlalchemy import ClauseElement

from app.domain.filters import SortDirection
from app.domain.scope import Scope
from app.engine.counting import Count, NumberCounts
from app.engine.declared import (
    Asked,
    Connected,
    Every,
    Found,
    Listed,
    OfMany,
    Told,
    ToMany,
    Worked,
)
from app.engine.level import Level, total, totals
from app.engine.question import MOST_PARENTS, Build, Question
from app.engine.run import Run
from app.engine.selected import Below
from app.engine.surprise import Surprise
from app.store.slots import Slot

MOST_BRANCHES = 32  # of one statement with a branch for each


@dataclass(slots=True)
class Rows:
    """What a level's rows are built with: the children of each row, then one generated function."""

    level: Level
    # How many columns come after the level's own: what it is sorted by, then the parent's id.
    extra: int = 0
    # The place in the row of each child's parent id.
    children: list[tuple[int, "Child"]] = field(default_factory=list)
    build: Build | None = None

    async def beside(self, run: Run, rows: Sequence[Sequence[Any]]) -> list[Mapping[str, Any]]:
        """What each child has for the rows' ids."""
        found: list[Mapping[str, Any]] = []
        for place, child in self.children:
            ids = list(dict.fromkeys(row[place] for row in rows if row[place] is not None))
            found.append(await child.fetch(run, ids) if ids else {})
        return found


@dataclass(slots=True)
class Page:
    """A connection's page, of the whole list or of a parent; and its length where that is asked for."""

    number: int
    rows: Rows
    question: Question
    declared: Listed | Connected
    # Whether rows are read at all, one more than shown to see whether there is more, and whether they are counted.
    reads: bool = True
    looks_further: bool = True
    counts: bool = False
    build: Build | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its statements."""
        return ("page",) * self.reads + ("total",) * self.counts

    def asked(self, run: Run) -> Asked:
        """What its arguments ask for."""
        found: Asked = run.asked(self, lambda context, given: run.graph.asked(context, self.declared, given))
        return found

    def statements(self, scope: Scope, asked: Asked, size: int) -> dict[str, ClauseElement]:
        """The statements of the page and of the total, for so many parents; for none, of the whole list."""
        level, declared = self.rows.level, self.declared
        made: dict[str, ClauseElement] = {}
        if isinstance(declared, Listed):
            if self.reads:
                made["page"] = level.page(scope, asked, self.looks_further)
            if self.counts:
                made["total"] = total(scope, level.noun, asked.filter)
            return made
        if self.reads:
            made["page"] = level.pages(scope, asked, self.looks_further, declared.key, size)
        if self.counts:
            made["total"] = totals(scope, level.noun, asked.filter, declared.key, size)
        return made

    def built(
        self, asked: Asked, rows: Sequence[Any], total: int | None, cursor: Any, beside: Sequence[Mapping[str, Any]]
    ) -> Any:
        """The connection object of a page's rows, which may be one more than asked for."""
        window = asked.window
        more = len(rows) > window.limit
        if more:
            rows = rows[: window.limit]
        if window.backward:
            rows, sides = rows[::-1], (window.before is not None, more)
        else:
            sides = (more, window.after is not None)
        assert self.build is not None
        return self.build(rows, *sides, total, cursor, *beside)

    async def root(self, run: Run) -> Any:
        """The connection at the root."""
        asked = self.asked(run)
        rows = await run.read(self, "page") if self.reads else []
        counted = (await run.read(self, "total"))[0][0] if self.counts else None
        beside = await self.rows.beside(run, rows[: asked.window.limit]) if self.rows.children else ()
        return self.built(asked, rows, counted, run.cursor(asked.order), beside)

    async def fetch(self, run: Run, ids: list[str]) -> Mapping[str, Any]:
        """The connection of each parent."""
        asked = self.asked(run)
        pages: dict[str, list[Any]] = {id: [] for id in ids}
        if self.reads:
            for rows in await run.read_for(self, "page", ids, MOST_BRANCHES):
                for row in rows:
                    pages[row[-1]].append(row)
        counted: dict[str, int] = {}
        if self.counts:
            for rows in await run.read_for(self, "total", ids, MOST_PARENTS):
                counted.update((row[0], row[1]) for row in rows)
        downwards = (asked.order.direction is SortDirection.DESC) != asked.window.backward
        id_at = self.rows.level.at((), "id") if self.reads else 0
        order = itemgetter(-2, id_at)
        for rows in pages.values():  # a UNION ALL promises no order
            rows.sort(key=order, reverse=downwards)
        beside: Sequence[Mapping[str, Any]] = ()
        if self.rows.children:
            shown = [row for rows in pages.values() for row in rows[: asked.window.limit]]
            beside = await self.rows.beside(run, shown)
        cursor = run.cursor(asked.order)
        return {id: self.built(asked, rows, counted.get(id, 0), cursor, beside) for id, rows in pages.items()}


@dataclass(slots=True)
class One:
    """The row of a noun by its id, at the root."""

    number: int
    rows: Rows
    question: Question
    declared: Found

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its statements."""
        return ("row",)

    def asked(self, run: Run) -> Any:
        """Our id, or a slot for it."""
        return run.asked(self, lambda context, given: _id_of(self.declared, context, given))

    def statements(self, scope: Scope, asked: Any, size: int) -> dict[str, ClauseElement]:
        """The statement."""
        return {"row": self.rows.level.by_id(scope, asked)}

    async def root(self, run: Run) -> Any:
        """The object; None where there is no such row."""
        rows = await run.read(self, "row")
        if not rows:
            return None
        beside = await self.rows.beside(run, rows) if self.rows.children else ()
        assert self.rows.build is not None
        return self.rows.build(rows, *beside)[0]


def _id_of(declared: Found, context: Any, given: Mapping[str, Any]) -> Any:
    if given.keys() != {"id"}:
        raise Surprise("arguments")
    id = given["id"]
    return (
        id.then(lambda value: declared.id_of(context, value)) if isinstance(id, Slot) else declared.id_of(context, id)
    )


@dataclass(slots=True)
class Many:
    """A short list of rows of each parent; of OfMany, what is worked out from them."""

    number: int
    rows: Rows
    declared: ToMany | OfMany
    build: Build | None = None

    @property
    def many(self) -> ToMany:
        """The list itself."""
        return self.declared.many if isinstance(self.declared, OfMany) else self.declared

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its statements."""
        return ("rows",)

    def asked(self, run: Run) -> None:
        """It has no arguments."""

    def statements(self, scope: Scope, asked: Any, size: int) -> dict[str, ClauseElement]:
        """The statement for so many parents."""
        return {"rows": self.rows.level.children(scope, self.many.key, self.many.order_by, size)}

    async def fetch(self, run: Run, ids: list[str]) -> Mapping[str, Any]:
        """The list of each parent."""
        rows = [row for found in await run.read_for(self, "rows", ids, MOST_PARENTS) for row in found]
        beside = await self.rows.beside(run, rows)
        groups: dict[str, list[Any]] = {id: [] for id in ids}
        for row in rows:
            groups[row[-1]].append(row)
        assert self.build is not None
        return {id: self.build(group, *beside) for id, group in groups.items()}


@dataclass(slots=True)
class All:
    """Every row of a noun, at the root."""

    number: int
    rows: Rows
    declared: Every

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its statements."""
        return ("rows",)

    def asked(self, run: Run) -> None:
        """It has no arguments."""

    def statements(self, scope: Scope, asked: Any, size: int) -> dict[str, ClauseElement]:
        """The statement."""
        return {"rows": self.rows.level.every(scope, self.declared.order_by)}

    async def root(self, run: Run) -> Any:
        """The objects."""
        rows = list(await run.read(self, "rows"))
        beside = await self.rows.beside(run, rows)
        assert self.rows.build is not None
        return self.rows.build(rows, *beside)


@dataclass(slots=True)
class Tale:
    """A value of the request itself, at the root."""

    number: int
    declared: Told
    build: Build | None = None
    names: tuple[str, ...] = ()

    def asked(self, run: Run) -> None:
        """It has no arguments."""

    def statements(self, scope: Scope, asked: Any, size: int) -> dict[str, ClauseElement]:
        """None."""
        return {}

    async def root(self, run: Run) -> Any:
        """The object."""
        assert self.build is not None
        return self.build(run.told(self.declared.tell))


@dataclass(slots=True)
class Work:
    """Plain values that the graph works out, at the root, and the rows that stand in them."""

    number: int
    question: Question
    key: str
    declared: Worked
    # What is selected below, with the request's variables.
    below: Callable[[VariableValues], Below]
    # How the ids of each child's rows are read off the values.
    children: list[tuple[Callable[[Any], Sequence[str]], Many]] = field(default_factory=list)
    build: Build | None = None
    names: tuple[str, ...] = ()

    def asked(self, run: Run) -> None:
        """Its arguments are looked at as it is worked out."""

    def statements(self, scope: Scope, asked: Any, size: int) -> dict[str, ClauseElement]:
        """None that are known before."""
        return {}

    async def root(self, run: Run) -> Any:
        """The values as the graph shows them."""
        found = await run.worked(self)
        beside = [await child.fetch(run, list(ids_of(found))) for ids_of, child in self.children]
        assert self.build is not None
        return self.build(found, *beside)


Root = Page | One | All | NumberCounts | Tale | Work
Child = Page | Many | Count
Step = Page | One | All | NumberCounts | Tale | Work | Many | Count
