"""Whether a column has one of many values that a statement finds, by one look at an index for all that lie side by side."""

from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType


class among(FunctionElement[bool]):  # noqa: N801  # is written like the functions of SQL
    """A column is one of the values of a select; for selects of hundreds, whose values are few of the column's.

    As an array PostgreSQL has them sorted and reads on where the last one was found: that takes half the time, and a
    fifteenth of the pages, of a join that begins at the top for each.
    """

    name = "among"
    inherit_cache = True
    # A Boolean would be compared with 1 on SQLite, which then finds nothing by it.
    type = NullType()  # type: ignore[assignment]

    def __init__(self, column: ColumnElement[Any], found: Select[Any]) -> None:
        """Of a column, and a select of the values."""
        super().__init__(column, found.correlate(None).scalar_subquery())


@compiles(among)
def _in(element: among, compiler: SQLCompiler, **given: Any) -> str:
    column, found = (compiler.process(one, **given) for one in element.clauses.clauses)
    return f"({column} IN {found})"


@compiles(among, "postgresql")
def _any(element: among, compiler: SQLCompiler, **given: Any) -> str:
    column, found = (compiler.process(one, **given) for one in element.clauses.clauses)
    return f"({column} = ANY (ARRAY{found}))"
