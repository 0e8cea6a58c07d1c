"""The step that reads a connection: a page of a whole list, or one for each parent, and how long it is in all."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement

from app.domain.filters import CallFilter, SortDirection
from app.domain.scope import Scope
from app.engine.declared import Asked, Connected, Listed
from app.engine.level import total, totals
from app.engine.question import MOST_PARENTS, Build, Question
from app.engine.rows import MOST_BRANCHES, Rows
from app.engine.run import Make, Run
from app.store.finding import PAGE, Attempt, attempts, is_by_start
from app.store.found import may_be_said, rows_of
from app.store.hours import may_be_read, only_hours
from app.store.lists import named
from app.store.lookups import MOST, by_values, only_lookup, only_word
from app.store.nearest import goes_on
from app.store.newest import few_numbers
from app.store.owners import counted
from app.store.said import Need, by_nobody
from app.store.search import needs_of


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
                made |= self._pages(scope, asked, size)
            if self.counts and not size:
                made["total"] = total(scope, level.noun, asked.filter)
            return made
        if self.reads:
            made["page"] = level.pages(scope, asked, self.looks_further, declared.key, size)
        if self.counts:
            made["total"] = totals(scope, level.noun, asked.filter, declared.key, size)
        return made

    def _pages(self, scope: Scope, asked: Asked, size: int) -> dict[str, ClauseElement]:
        """The statements of a whole list's page that is tried first, or of what it is found by; or of so many values."""
        level, further = self.rows.level, self.looks_further
        if size:
            name = by_values(asked.filter)
            return {"of ids": level.page_of_ids(scope, asked, further, name or "", size)}
        made: dict[str, ClauseElement] = {}
        if is_by_start(asked.order) and only_hours(asked.filter) and may_be_read(scope):
            made |= {"ends": level.ends(scope, asked), "of hours": level.page_of_hours(scope, asked, further)}
        said = None
        if may_be_said(asked.filter, asked.order):
            needs = needs_of(asked.filter.search or "")
            made["said"], said = counted(scope, needs), by_nobody(needs)
        first, *_ = attempts(scope, asked.filter, asked.order, said)
        # That of a word that nobody has is there to be sent instead of others, which draw what the filter weighs.
        made[first.name] = level.page(scope, asked, further, replace(first, again=True) if said else first)
        if is_by_start(asked.order) and (name := only_lookup(asked.filter) or only_word(asked.filter)):
            assert isinstance(asked.filter, CallFilter)
            made["ids"] = named(scope, asked.filter, name)
        return made

    def is_tried(self, run: Run) -> bool:
        """Whether a whole list's page is looked for in several attempts, of which each says whether there is another."""
        if not (self.reads and isinstance(self.declared, Listed)):
            return False
        asked = self.asked(run)
        return attempts(run.scope, asked.filter, asked.order)[0].near is not None

    def prepare_others(self, run: Run) -> None:
        """Prepares what may be sent for a whole list's page after its first statement or in its place, to be looked at.

        Those of a search as if nothing were known of its words: where they are sent, places where nobody has them are left out.
        Without those that only tell which of them is sent.
        """
        asked = self.asked(run)
        if not (self.reads and isinstance(self.declared, Listed) and is_by_start(asked.order)):
            return
        if by_values(asked.filter):
            run.statement(self, "of ids", 1)
        reading = _Reading(self, run, asked)
        first = 0 if may_be_said(asked.filter, asked.order) else 1
        for attempt in attempts(run.scope, asked.filter, asked.order)[first:]:
            run.statement(self, attempt.name, 0, reading.made(attempt))

    def _read(self, run: Run, asked: Asked) -> Awaitable[Sequence[Any]]:
        """The rows of a whole list's page."""
        window = asked.window
        wanted = window.limit + self.looks_further
        return rows_of(_Reading(self, run, asked), run.scope, asked.filter, asked.order, window, wanted)

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
        rows = await self._read(run, asked) if self.reads else ()
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


@dataclass(frozen=True, slots=True)
class _Reading:
    """Sends the statements of a whole list's page for a run."""

    page: Page
    run: Run
    asked: Asked

    def values(self, parts: Sequence[Any]) -> Sequence[Any]:
        return self.run.values_of(self.page, parts)

    async def ids(self, filter: CallFilter, name: str) -> list[Any]:
        return [row[0] for row in await self.run.read(self.page, "ids")]

    async def of_values(self, filter: CallFilter, name: str, values: list[Any]) -> Sequence[Any]:
        if not values:
            self.run.look_at(self.page, "of ids")  # what is wrong is wrong of none, too
        return [row for rows in await self.run.read_for(self.page, "of ids", values, MOST) for row in rows]

    async def ends(self, filter: CallFilter) -> tuple[int, int] | None:
        return next(((row[0], row[1]) for row in await self.run.read(self.page, "ends")), None)

    async def of_hours(self, filter: CallFilter, within: list[int]) -> Sequence[Any]:
        return await self.run.read(self.page, "of hours", values=within)

    async def counts(self, filter: CallFilter, needs: Sequence[Need]) -> Sequence[int]:
        return (await self.run.read(self.page, "said"))[0]

    async def few_numbers(self, filter: CallFilter) -> bool:
        return bool(await self._told("few numbers", partial(few_numbers, self.run.scope, filter)))

    async def goes_on(self, near: int) -> bool:
        asked = self.asked
        make = partial(goes_on, self.run.scope, asked.filter, asked.order, asked.window, near)
        return bool(await self._told(f"beyond {near:,}", make))

    async def _told(self, name: str, make: Make) -> Any:
        return (await self.run.read(self.page, name, make))[0][0]

    async def attempted(self, attempt: Attempt) -> Sequence[Any]:
        # Made only if it comes to that: many a first attempt is enough, and a large filter is slow to compile.
        return await self.run.read(self.page, attempt.name, None if attempt.name == PAGE.name else self.made(attempt))

    def made(self, attempt: Attempt) -> Make:
        """What makes an attempt's statement."""
        page = self.page
        return partial(page.rows.level.page, self.run.scope, self.asked, page.looks_further, attempt)
