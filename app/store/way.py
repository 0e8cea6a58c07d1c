"""How a statement is to come by the calls that fit a filter: said by how its conditions are written, for no engine knows it.

An engine that sorts by the start and stops after a page may read along the start until the page is full, or gather what
fits and sort that. Which is quicker depends on how many fit, and where they lie: on figures that SQLite does not have
and PostgreSQL guesses.
"""

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.store.said import Said
from app.store.tables import calls

Bound = ColumnElement[int]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the start of a page's calls is not before and not after."""

    least: tuple[Bound, ...] = ()
    most: tuple[Bound, ...] = ()

    @property
    def several(self) -> bool:
        """Whether there is more than one on a side."""
        return len(self.least) > 1 or len(self.most) > 1

    @property
    def held(self) -> list[ColumnElement[bool]]:
        """The conditions."""
        return self.held_by(calls.c.started_at)

    def held_by(self, start: ColumnElement[int]) -> list[ColumnElement[bool]]:
        """The same of the start in another place: one on each side, for SQLite begins at any of several."""
        held = [start >= reduce(larger, self.least)] if self.least else []
        return held + ([start <= reduce(smaller, self.most)] if self.most else [])


class Kind(Enum):
    """What conditions are written for."""

    # Whatever the engine thinks best; but SQLite finds no range by its own index, of which it takes any for a few rows.
    ANY = "any"
    # The same, where the bounds of the start stand beside: of several SQLite begins at any one.
    BOUNDED = "bounded"
    # To be looked at in each call that is met on the way, between such bounds.
    ALONG = "along"
    # To be found by.
    GATHERED = "gathered"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to come by calls."""

    kind: Kind
    # Days of calls are gathered between these alone.
    bounds: Bounds = Bounds()
    # Whether so many calls are met that all who have a word are better known before than looked for call by call.
    far: bool = False
    # What is known of the words of a search.
    said: Said | None = None

    @property
    def is_any(self) -> bool:
        """Whether the engine may choose by everything that is asked for."""
        return self.kind is Kind.ANY

    @property
    def along(self) -> bool:
        """Whether calls are met one after the other, by their start."""
        return self.kind is Kind.ALONG

    @property
    def gathers(self) -> bool:
        """Whether calls are gathered, and sorted then."""
        return self.kind is Kind.GATHERED


ANY, BOUNDED, ALONG, GATHERED = (Way(kind) for kind in Kind)
FAR_ALONG = Way(Kind.ALONG, far=True)


def looked_at(column: ColumnElement[Any], way: Way) -> ColumnElement[Any]:
    """A column by which calls are found where they are gathered alone."""
    return column if way.gathers else hidden(column)


def met(column: ColumnElement[Any], way: Way) -> ColumnElement[Any]:
    """A column by which calls are not found along the way."""
    return hidden(column) if way.along else column


class hidden(FunctionElement[Any]):  # noqa: N801  # is written like the functions of SQL
    """A column whose index SQLite is not to use, which has no figures to choose it by. Others see the column itself."""

    name = "hidden"
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        """Of a column."""
        super().__init__(column)
        self.type = column.type


@compiles(hidden)
def _column(element: hidden, compiler: SQLCompiler, **given: Any) -> str:
    return compiler.process(element.clauses.clauses[0], **given)


@compiles(hidden, "sqlite")
def _expression(element: hidden, compiler: SQLCompiler, **given: Any) -> str:
    return f"+{compiler.process(element.clauses.clauses[0], **given)}"


class last_signs(FunctionElement[str]):  # noqa: N801  # is written like the functions of SQL
    """So many signs at the end of a text, or all of a shorter one."""

    name = "right"
    type = String()
    inherit_cache = True

    def __init__(self, text: ColumnElement[str], count: int) -> None:
        """Of a text, and of how many."""
        super().__init__(text, literal_column(str(count), BigInteger))


@compiles(last_signs, "sqlite")
def _of_the_end(element: last_signs, compiler: SQLCompiler, **given: Any) -> str:
    text, count = (compiler.process(one, **given) for one in element.clauses.clauses)
    return f"substr({text}, -{count})"


@compiles(last_signs, "postgresql")
def _right(element: last_signs, compiler: SQLCompiler, **given: Any) -> str:
    text, count = (compiler.process(one, **given) for one in element.clauses.clauses)
    return f"right({text}, {count})"


START: ColumnElement[int] = hidden(calls.c.started_at)


def alone(column: ColumnElement[int]) -> ColumnElement[int]:
    """An instant as no index has it, on any engine."""
    return column + literal_column("0", BigInteger)


# What is gathered is sorted by it, and not read along it.
START_ALONE = alone(calls.c.started_at)


class larger(FunctionElement[int]):  # noqa: N801  # is written like the functions of SQL
    """The larger of two instants. Where one is null, null on SQLite, the other on PostgreSQL: no page may depend on it."""

    name, of_sqlite = "greatest", "max"
    type = BigInteger()
    inherit_cache = True


class smaller(FunctionElement[int]):  # noqa: N801  # is written like the functions of SQL
    """The smaller of two instants; null in the same way."""

    name, of_sqlite = "least", "min"
    type = BigInteger()
    inherit_cache = True


@compiles(larger)
@compiles(smaller)
def _called(element: larger | smaller, compiler: SQLCompiler, **given: Any) -> str:
    name = element.of_sqlite if compiler.dialect.name == "sqlite" else element.name
    return f"{name}({compiler.process(element.clauses, **given)})"
