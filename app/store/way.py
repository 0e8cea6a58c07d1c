"""How a statement is to come by the calls that fit a filter: said by how its conditions are written, for no engine knows it.

An engine that sorts by the start and stops after a page may read along the start until the page is full, or gather what
fits and sort that. Which is quicker depends on how many fit, and where they lie: on figures that SQLite does not have
and PostgreSQL guesses.
"""

from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, literal_column, null

from app.store.tables import calls

# The start as no index has it: what is gathered is sorted by it, and not read along it.
START_ALONE: ColumnElement[int] = calls.c.started_at + literal_column("0", BigInteger)


class Way(Enum):
    """What the conditions are written for."""

    # Whatever the engine thinks best; but SQLite finds no range by its own index, of which it takes any for a few rows.
    ANY = "any"
    # To be looked at in each call that is met on the way.
    ALONG = "along"
    # To be found by.
    GATHERED = "gathered"


def looked_at(column: ColumnElement[Any], way: Way) -> ColumnElement[Any]:
    """A column by which calls are found where they are gathered alone."""
    return column if way is Way.GATHERED else _hidden(column)


def met(column: ColumnElement[Any], way: Way) -> ColumnElement[Any]:
    """A column by which calls are not found along the way."""
    return _hidden(column) if way is Way.ALONG else column


def _hidden(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """From SQLite. PostgreSQL takes it for the column itself, of whose values it has figures."""
    return func.coalesce(column, null())
