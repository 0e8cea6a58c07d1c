"""The rows of one statement of a plan: a noun's, each with its to-one relations joined to it, and just the columns selected."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Integer, Select, and_, func, literal_column, select, union_all

from app.domain.filters import CallFilter, Filter
from app.domain.scope import Scope
from app.engine.declared import Asked, Least, ToOne
from app.store import hours
from app.store.filters import predicate_of
from app.store.finding import PAGE, Attempt
from app.store.lists import of_ids, of_list
from app.store.orders import sort_expression
from app.store.slots import slots_of_parents
from app.store.tables import metadata
from app.store.visibility import visible_beside
from app.store.weight import weighed
from app.store.windows import held, limited

Path = tuple[str, ...]  # of to-one relations, from the row outwards


class Level:
    """Columns are chosen while the plan is made, and known by their place in the row from then on."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._tables: dict[Path, FromClause] = {(): metadata.tables[noun]}
        self._joined: FromClause = metadata.tables[noun]
        self._places: dict[tuple[Path, str], int] = {}
        self._chosen: list[ColumnElement[Any]] = []

    def at(self, path: Path, name: str) -> int:
        """The place of a column in the row."""
        place = self._places.get((path, name))
        if place is None:
            place = self._places[path, name] = len(self._chosen)
            self._chosen.append(self._tables[path].c[name].label(f"c{place}"))
        return place

    @property
    def width(self) -> int:
        """How many columns are chosen."""
        return len(self._chosen)

    def column(self, path: Path, name: str) -> Column[Any]:
        """The column of the table itself, for its type."""
        return metadata.tables[self._table(path)].c[name]

    def _table(self, path: Path) -> str:
        """The name of the table itself of a relation's row."""
        return self._tables[path].name.split("__")[0]  # type: ignore[attr-defined, no-any-return]

    def least(self, path: Path, declared: Least) -> int:
        """The place of the least value of a column over the rows that belong to a row."""
        key = (path, f"{declared.many.table}.{declared.name}")
        if key not in self._places:
            parent, many = self._tables[path], _alias(declared.many.table, 0)
            of_parent = (many.c.workspace_id == parent.c.workspace_id, many.c[declared.many.key] == parent.c.id)
            found = select(func.min(many.c[declared.name])).where(*of_parent).correlate(parent).scalar_subquery()
            self._places[key] = len(self._chosen)
            self._chosen.append(found.label(f"c{len(self._chosen)}"))
        return self._places[key]

    def join(self, scope: Scope, path: Path, name: str, relation: ToOne) -> Path:
        """The path to a relation's row, joined where it was not yet; one that the viewer does not see is not there."""
        longer = (*path, name)
        if longer not in self._tables:
            parent = self._tables[path]
            one = _alias(relation.noun, len(self._tables))
            seen = visible_beside(scope, one, relation.noun, self._table(path), relation.via)
            on = and_(one.c.workspace_id == parent.c.workspace_id, one.c.id == parent.c[relation.via], *seen)
            self._joined = self._joined.outerjoin(one, on)
            self._tables[longer] = one
        return longer

    def page(self, scope: Scope, asked: Asked, looks_further: bool, attempt: Attempt) -> Select[Any]:
        """What an attempt finds of a page of the whole list (see store.finding), and a row more where asked to.

        The last column is what it is sorted by.
        """
        its = (scope, self._sorted_by(asked), self.noun, asked.filter, asked.order, asked.window)
        found = of_list(*its, attempt, asked.looks_in_turn)
        if attempt is PAGE:
            return self._cut(found, asked, looks_further)
        # Planned anew each time: how few calls fit depends on the values.
        return found.limit(asked.window.limit + looks_further)

    def page_of_ids(self, scope: Scope, asked: Asked, looks_further: bool, name: str, size: int) -> Select[Any]:
        """The same of the calls with so many ids, which a field of the filter names."""
        assert isinstance(asked.filter, CallFilter)
        chosen, window = self._sorted_by(asked), asked.window
        found = of_ids(scope, chosen, asked.filter, name, slots_of_parents(size), asked.order, window)
        return self._cut(found, asked, looks_further)

    def ends(self, scope: Scope, asked: Asked) -> Select[Any]:
        """When the first call of a page began, at whatever hour, and the last one there is."""
        assert isinstance(asked.filter, CallFilter)
        return hours.ends(scope, asked.filter, asked.order, asked.window)

    def page_of_hours(self, scope: Scope, asked: Asked, looks_further: bool) -> Select[Any]:
        """What `page` finds of the calls within the hours whose ends it is sent with."""
        assert isinstance(asked.filter, CallFilter)
        chosen, within = self._sorted_by(asked), slots_of_parents(2 * hours.MOST)
        found = hours.of_hours(scope, chosen, asked.filter, within, asked.order, asked.window)
        return self._cut(found, asked, looks_further)

    def pages(self, scope: Scope, asked: Asked, looks_further: bool, key: str, size: int) -> Any:
        """A page for each of so many parents, a branch a parent; the last two columns are the sort value and the parent."""
        table = metadata.tables[self.noun]
        if asked.filter is not None:
            weighed(predicate_of(scope, asked.filter), size - 1)  # and once more when it is made
        base = self._selected(scope, asked).add_columns(table.c[key].label("_parent"))
        of_parents = [base.where(table.c[key] == parent) for parent in slots_of_parents(size)]
        branches = [select(self._limited(scope, one, asked, looks_further).subquery()) for one in of_parents]
        return branches[0] if size == 1 else union_all(*branches)

    def _limited(self, scope: Scope, chosen: Select[Any], asked: Asked, looks_further: bool) -> Select[Any]:
        return self._cut(limited(scope, chosen, self.noun, asked.order, asked.window), asked, looks_further)

    @staticmethod
    def _cut(found: Select[Any], asked: Asked, looks_further: bool) -> Select[Any]:
        # Written out: PostgreSQL plans a statement with a LIMIT that it does not know anew each time it is sent.
        return found.limit(literal_column(str(asked.window.limit + looks_further), Integer))

    def by_id(self, scope: Scope, id: Any) -> Select[Any]:
        """The row with an id."""
        table = metadata.tables[self.noun]
        return select(*self._chosen).select_from(self._joined).where(*held(scope, table, None), table.c.id == id)

    def every(self, scope: Scope, order_by: Sequence[str]) -> Select[Any]:
        """All rows."""
        table = metadata.tables[self.noun]
        chosen = select(*self._chosen).select_from(self._joined).where(*held(scope, table, None))
        return chosen.order_by(*[table.c[name] for name in order_by])

    def children(self, scope: Scope, key: str, order_by: Sequence[str], size: int) -> Select[Any]:
        """All rows that belong to so many parents; the last column is the parent."""
        table = metadata.tables[self.noun]
        return (
            select(*self._chosen, table.c[key].label("_parent"))
            .select_from(self._joined)
            .where(*held(scope, table, None), table.c[key].in_(slots_of_parents(size)))
            .order_by(*[table.c[name] for name in order_by])
        )

    def _selected(self, scope: Scope, asked: Asked) -> Select[Any]:
        return self._sorted_by(asked).where(*held(scope, metadata.tables[self.noun], asked.filter))

    def _sorted_by(self, asked: Asked) -> Select[Any]:
        return select(*self._chosen, sort_expression(asked.order).label("_sort")).select_from(self._joined)


@lru_cache(maxsize=256)
def _alias(noun: str, number: int) -> FromClause:
    """A table by another name. Plans share them: an alias has a copy of every column."""
    return metadata.tables[noun].alias(f"{noun}__{number}")


def total(scope: Scope, noun: str, filter: Filter | None) -> Select[Any]:
    """How many rows of a noun a filter selects."""
    table = metadata.tables[noun]
    return select(func.count()).select_from(table).where(*held(scope, table, filter))


def totals(scope: Scope, noun: str, filter: Filter | None, key: str, size: int) -> Select[Any]:
    """How many rows belong to each of so many parents; no row for a parent without any."""
    table = metadata.tables[noun]
    counted = select(table.c[key], func.count()).where(
        *held(scope, table, filter), table.c[key].in_(slots_of_parents(size))
    )
    return counted.group_by(table.c[key])
