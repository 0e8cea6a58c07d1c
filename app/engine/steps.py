"""The steps of a plan: each sends one statement (or a few, for very many parents), and builds objects of what comes back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues
from sqlalchemy import ClauseElement

from app.domain.scope import Scope
from app.engine.counting import Count, NumberCounts
from app.engine.declared import (
    Every,
    Found,
    OfMany,
    Told,
    ToMany,
    Worked,
)
from app.engine.page import Page
from app.engine.question import MOST_PARENTS, Build, Question
from app.engine.rows import Rows
from app.engine.run import Run
from app.engine.selected import Below
from app.engine.surprise import Surprise
from app.store.slots import Slot


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
