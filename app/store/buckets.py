"""Quarter-hours, hours, local days and weeks as plain arithmetic on epoch milliseconds, the same on every engine."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, literal

from app.domain.zones import Run

QUARTER = 900_000
HOUR = 3_600_000


def floored(instant: int, length: int, shift: int = 0) -> int:
    """When the bucket of an instant begins."""
    return instant - (instant + shift) % length


def ceiled(instant: int, length: int, shift: int = 0) -> int:
    """When the first bucket begins that is not before an instant."""
    return instant + -(instant + shift) % length


def bucket_of(instant: ColumnElement[int], length: int, shift: int = 0) -> ColumnElement[int]:
    """The same in a statement. What is before 1970 is negative, and a remainder is then, too."""
    return instant - ((instant + shift) % length + length) % length


def day_of(instant: ColumnElement[int], runs: Sequence[Run]) -> ColumnElement[int]:
    """When the local day (or week) of an instant begins, which the runs are of; they cover all instants that are asked for."""
    return _by_run(instant, runs, [instant - (instant - run.start) % run.length for run in runs])


def length_of(instant: ColumnElement[int], runs: Sequence[Run]) -> ColumnElement[int]:
    """How long the local day (or week) of an instant is."""
    return _by_run(instant, runs, [literal(run.length, BigInteger) for run in runs])


def _by_run(instant: ColumnElement[int], runs: Sequence[Run], found: Sequence[Any]) -> ColumnElement[int]:
    """The latest runs are tried first, for most calls are of late."""
    (_, first), *later = zip(runs, found, strict=True)
    return case(*[(instant >= run.start, one) for run, one in reversed(later)], else_=first) if later else first
