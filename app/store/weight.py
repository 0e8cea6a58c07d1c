"""What conditions weigh: too heavy ones are refused before SQLAlchemy compiles them, for all others wait meanwhile."""

from collections.abc import Iterator
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Self

from sqlalchemy import BindParameter, ColumnElement
from sqlalchemy.sql import visitors

from app.domain.errors import InputError
from app.domain.filters import CallFilter

# Parts of the conditions of one statement, and of all of a request: columns, values, comparisons. Ten thousand of them
# take 0.1 to 0.25 s to compile.
MOST = 30_000
# Parts of one filter that search, or that ask for a local time, whose text has a step for every change of the clocks.
MOST_SEARCHES, MOST_LOCAL = 10, 20


@dataclass(slots=True)
class Allowance:
    """What the conditions of one request may come to, all together: those that are weighed while it is entered."""

    left: int = MOST
    # How much of it was compiled: what is known from before costs nobody any time.
    compiled: int = 0
    _before: "Token[Allowance | None] | None" = None

    def __enter__(self) -> Self:
        """Begins a request: its task, and those that it begins, draw from this."""
        self._before = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it."""
        if self._before is not None:
            _current.reset(self._before)

    def renew(self) -> None:
        """Gives all of it back: what comes now does the same over again, another way."""
        self.left = MOST

    def draw(self, parts: int) -> None:
        """Takes so many parts, which are to be compiled. Raises InputError where fewer are left."""
        self.take(parts)
        self.compiled += parts

    def take(self, parts: int) -> None:
        """Takes so many parts. Raises InputError where fewer are left."""
        self.left -= parts
        if self.left < 0:
            raise InputError(
                f"The filters are too large: all together they come to over {MOST:,} comparisons and values. Give fewer"
                " values, search words or parts of or, ask for fewer parents at once, or in several requests.",
                "FILTER_TOO_LARGE",
            )


_current: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


def current_allowance() -> Allowance:
    """That of the request; outside of one, a new one each time."""
    return _current.get() or Allowance()


def weighed(condition: ColumnElement[bool], times: int = 1, again: bool = False) -> ColumnElement[bool]:
    """The condition itself, which a statement is to have so many times. Raises InputError for too heavy a one.

    What is asked `again` another way was drawn before: how often that is depends on the calls, which nobody can know.
    """
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
    given = current_allowance()
    if again:
        given.compiled += parts * times
    else:
        given.draw(parts * times)
    return condition


def _weights(condition: ColumnElement[bool]) -> Iterator[int]:
    for part in visitors.iterate(condition):
        values = part.value if isinstance(part, BindParameter) and part.expanding else None
        yield len(values) if isinstance(values, list | tuple) else getattr(part, "parts", 1)


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
