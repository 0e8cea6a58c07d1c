"""What a condition weighs: too heavy a one is refused before SQLAlchemy compiles it, for all others wait meanwhile."""

from collections.abc import Iterator

from sqlalchemy import BindParameter, ColumnElement
from sqlalchemy.sql import visitors

from app.domain.errors import InputError
from app.domain.filters import CallFilter

# Parts of one statement's conditions: columns, values, comparisons. Ten thousand of them take 0.1 s to compile.
MOST = 50_000
# Parts of one filter that search, or that ask for a local time, which is a comparison for every change of the clocks.
MOST_SEARCHES, MOST_LOCAL = 10, 20


def weighed(condition: ColumnElement[bool], times: int = 1) -> ColumnElement[bool]:
    """The condition itself, which a statement is to have so many times. Raises InputError for too heavy a one."""
    parts = 0
    for weight in _weights(condition):
        parts += weight
        if parts * times > MOST:
            each = f" for each of {times:,} parents" if times > 1 else ""
            raise InputError(
                f"The filter is too large: it comes to over {MOST // times:,} comparisons and values{each}. Give fewer"
                " values, search words or parts of or, or ask for fewer parents at once.",
                "FILTER_TOO_LARGE",
            )
    return condition


def _weights(condition: ColumnElement[bool]) -> Iterator[int]:
    for part in visitors.iterate(condition):
        values = part.value if isinstance(part, BindParameter) and part.expanding else None
        yield len(values) if isinstance(values, list | tuple) else 1


def check_parts(given: CallFilter) -> None:
    """Refuses what is slow to make a condition of, before it is made. Raises InputError."""
    parts = list(_parts(given))
    searches = sum(part.search is not None for part in parts)
    local = sum(part.weekdays is not None or part.time_of_day is not None for part in parts)
    for found, most, name in ((searches, MOST_SEARCHES, "search"), (local, MOST_LOCAL, "weekdays or timeOfDay")):
        if found > most:
            raise InputError(
                f"The filter is too large: {found} of its parts have {name}; {most} are allowed. Say it once, beside or.",
                "FILTER_TOO_LARGE",
            )


def _parts(given: CallFilter) -> Iterator[CallFilter]:
    waiting = [given]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += [*(part.and_ or ()), *(part.or_ or ()), *([part.not_] if part.not_ else [])]
