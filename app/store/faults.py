"""What goes wrong in a store, in our words: what drivers raise becomes an error that says what to do next."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.domain.errors import StoreError, SwitchboardError

log = structlog.get_logger()


class RefusedError(StoreError):
    """The store does not take a value for what it is: too long a number, a text that is no text."""

    code = "VALUE_REFUSED"


class StatementTimeoutError(SwitchboardError):
    """One statement took longer than any may. The store is well: it is the question that asks too much."""

    code = "STATEMENT_TIMEOUT"


UNREACHABLE = "The store cannot be reached. Try again; should it go on, see whether SWITCHBOARD_DATABASE is up."
SILENT = "The store did not answer in time. Try again; should it go on, see whether SWITCHBOARD_DATABASE is well."
BROKEN = "The connection to the store broke. Try again."
CROWDED = "Every connection to the store is in use. Try again, or raise SWITCHBOARD_DATABASE_POOL."
LOCKED = "The store is busy with another writer. Nothing was changed. Try again."
NO_TABLES = "The store has no tables yet. Run: switchboard migrate"
FULL = "The store's disk is full. Nothing of this was kept, everything before it is. Free some space and try again."
UNUSABLE = "The store cannot be used: {said}. Check its path, its rights and its disk."
READ_ONLY = "The store takes no changes: it is a standby, or read-only. Set SWITCHBOARD_DATABASE to the primary."

# By the beginning of PostgreSQL's SQLSTATE, the longest first.
_BY_STATE = {
    "57P03": "The store is starting or stopping. Try again.",
    "57P": BROKEN,
    "08": BROKEN,
    "3D000": "The server of the store has no such database. Check SWITCHBOARD_DATABASE, or create it.",
    "28": "The store refuses our name or password. Check SWITCHBOARD_DATABASE.",
    "42P01": NO_TABLES,
    "42501": "The store does not let us do that. Give the user of SWITCHBOARD_DATABASE its rights on the tables.",
    "25006": READ_ONLY,
    "53100": FULL,
    "53300": "The server of the store takes no more connections. Lower SWITCHBOARD_DATABASE_POOL, or raise its limit.",
    "53": "The store is short of memory or other means. Try again later.",
    "58": "The store cannot read or write its files. See its log.",
    "40": LOCKED,
    "55P03": LOCKED,
}
# By SQLite's primary result code.
_BY_CODE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: UNUSABLE,
    sqlite3.SQLITE_CANTOPEN: UNUSABLE,
    sqlite3.SQLITE_IOERR: UNUSABLE,
    sqlite3.SQLITE_PERM: UNUSABLE,
    sqlite3.SQLITE_CORRUPT: "The store's file is damaged: {said}. Put a backup in its place.",
    sqlite3.SQLITE_NOTADB: "The store's file is no database. Check SWITCHBOARD_DATABASE.",
}
_CANCELED, _REFUSED = "57014", "22"


@contextmanager
def told_apart() -> Iterator[None]:
    """Turns what the store cannot do into our own errors; a mistake in a statement stays what it is."""
    try:
        yield
    except (OSError, PoolTimeout, DBAPIError, OverflowError, UnicodeEncodeError) as error:
        said = in_our_words(error)
        if said is None:
            raise
        if said.code == StoreError.code:
            log.warning("store", said=str(said), because=repr(_of_driver(error)))
        raise said from error


def in_our_words(error: BaseException) -> SwitchboardError | None:
    """Our error for one of a driver or the pool; None where it is neither the store's fault nor a value's."""
    cause = _of_driver(error)
    if isinstance(cause, PoolTimeout):
        return StoreError(CROWDED)
    if isinstance(cause, TimeoutError):
        return StoreError(SILENT)
    if isinstance(cause, OSError):
        return StoreError(UNREACHABLE)
    if isinstance(cause, ValueError | OverflowError):  # what a driver finds by itself before it sends anything
        return RefusedError(f"the store cannot keep it: {cause}")
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    if isinstance(cause, PostgresError):
        return _of_postgresql(cause)
    return StoreError(BROKEN) if isinstance(error, DBAPIError) and error.connection_invalidated else None


def is_broken(error: BaseException) -> bool:
    """Whether a connection is of no more use after an error of its driver."""
    cause = _of_driver(error)
    if isinstance(cause, PostgresError):
        return (cause.sqlstate or "").startswith(("08", "57P"))
    return isinstance(cause, OSError)


def _of_driver(error: BaseException) -> BaseException:
    """What the driver itself raised, under the wrappings of SQLAlchemy."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "driver_exception", None) or cause or error


def _of_sqlite(error: sqlite3.Error) -> SwitchboardError | None:
    said = str(error)
    if isinstance(error, sqlite3.DataError):
        return RefusedError(f"the store cannot keep it: {said}")
    if "no such table" in said:
        return StoreError(NO_TABLES)
    words = _BY_CODE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return StoreError(words.format(said=said)) if words else None


def _of_postgresql(error: PostgresError) -> SwitchboardError | None:
    state = error.sqlstate or ""
    if state == _CANCELED:
        return StatementTimeoutError(
            "The store worked on this for too long. Ask for less: a shorter period, fewer rows."
        )
    if state.startswith(_REFUSED):
        return RefusedError(f"the store cannot keep it: {error}")
    return next((StoreError(words) for prefix, words in _BY_STATE.items() if state.startswith(prefix)), None)
