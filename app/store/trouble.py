"""The store's troubles in our own words: what to do about them, and nothing of where the store is but for its operator."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from asyncpg import PostgresError
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.domain.errors import InputError, StoreError, SwitchboardError

# What the messages say that the store waited for, in seconds; see database.
POOL_WAIT_SECONDS, STATEMENT_SECONDS, SQLITE_BUSY_SECONDS = 2, 8, 5


class RefusedError(StoreError):
    """The store does not take a value for what it is: too long a number, a text that is no text."""

    code = "VALUE_REFUSED"


class TooSlowError(StoreError):
    """The store gave up on a statement that took too long. The store is well: it is the question that asks too much."""

    code = "STORE_TOO_SLOW"


class BusyError(StoreError):
    """Others use the store just now; the same request may do in a moment."""

    code = "STORE_BUSY"


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What anyone is told, and what the operator is: `{where}` the store is and what it `{said}`."""

    message: str
    detail: str | None = None
    kind: type[StoreError] = StoreError

    def error(self, url: URL, said: str) -> StoreError:
        """The error to raise."""
        return self.kind(self.message, self.detail and self.detail.format(where=_shown(url), said=said))


def _unusable(advice: str) -> _Trouble:
    return _Trouble("The store cannot be used.", f"The store at {{where}} cannot be used: {{said}}. {advice}")


_NOT_REACHED = _Trouble("The store cannot be reached.", "The store at {where} cannot be reached.")
_SILENT = _Trouble(
    "The store did not answer in time. Try again.",
    "The store at {where} did not answer in time. See whether it is well.",
)
_BROKEN = _Trouble("The connection to the store broke. Try again.")
_CROWDED = _Trouble(
    f"The store is busy for more than {POOL_WAIT_SECONDS} seconds. Try again.",
    f"Every connection to the store was in use for more than {POOL_WAIT_SECONDS} seconds. Raise SWITCHBOARD_DATABASE_POOL.",
    BusyError,
)
_LOCKED = _Trouble(
    f"The store is busy with another writer for more than {SQLITE_BUSY_SECONDS} seconds. Try again.", kind=BusyError
)
_CONFLICT = _Trouble("The store is busy with another writer. Nothing was changed. Try again.", kind=BusyError)
_TOO_SLOW = _Trouble(
    f"The store took more than {STATEMENT_SECONDS} seconds. Ask for less, or a shorter range.", kind=TooSlowError
)
_NO_TABLES = _Trouble("The store has no tables yet. Run: switchboard migrate")
_FULL = _Trouble("The store's disk is full. Nothing of this was kept, everything before it is. Free some space.")
_READ_ONLY = _Trouble(
    "The store takes no changes: it is a standby, or read-only.",
    "The store at {where} takes no changes: {said}. Set SWITCHBOARD_DATABASE to the primary.",
)
_PLACE = _unusable("Check the path, its rights and the free space.")

# By SQLSTATE, or a class of them, the longest first: https://www.postgresql.org/docs/current/errcodes-appendix.html
_BY_STATE = {
    "57014": _TOO_SLOW,
    "57P03": _Trouble("The store is starting or stopping. Try again."),
    "57P": _BROKEN,
    "08": _BROKEN,
    "3D": _unusable("Create it, or check SWITCHBOARD_DATABASE."),
    "28": _unusable("Check the name and the password in SWITCHBOARD_DATABASE."),
    "42P01": _NO_TABLES,
    "42501": _unusable("Give the user of SWITCHBOARD_DATABASE its rights on the tables."),
    "25006": _READ_ONLY,
    "53100": _FULL,
    "53300": _unusable("Lower SWITCHBOARD_DATABASE_POOL, or raise the server's limit."),
    "53": _unusable("It is short of memory or other means. Try again later."),
    "58": _unusable("It cannot read or write its files. See its log."),
    "40": _CONFLICT,
    "55P03": _CONFLICT,
}
# By SQLite's primary result code.
_BY_CODE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _unusable("The file is damaged: put a backup in its place."),
    **dict.fromkeys((sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR), _PLACE),
    **dict.fromkeys((sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOTADB), _PLACE),
}
# A value of the wrong kind; something beyond a limit: a text too long for an index, a statement too complex.
_WRONG_VALUE, _BEYOND_LIMIT = "22", "54"
# Beyond a limit of SQLite, or of the driver of PostgreSQL, which sends no more values than that.
_TOO_LARGE = (
    "too many SQL variables",
    "Expression tree is too large",
    "too many terms in compound SELECT",
    "parser stack overflow",
    "memory exhausted",
    "number of query arguments",
)


@contextmanager
def told_apart(url: URL, reads: bool = False) -> Iterator[None]:
    """Turns what the store itself says into our own errors; a mistake in a statement stays what it is.

    What is too large or no value of its kind is the question's fault where one only reads, else the record's.
    """
    try:
        yield
    except (OSError, PoolTimeout, DBAPIError, OverflowError, UnicodeEncodeError) as error:
        if (meant := in_our_words(error, url, reads)) is None:
            raise
        raise meant from error


def in_our_words(error: BaseException, url: URL, reads: bool) -> SwitchboardError | None:
    """Our error for one of a driver or the pool; None where it is neither the store's fault nor a value's."""
    cause = _of_driver(error)
    said = _said(cause)
    if isinstance(cause, PoolTimeout):
        return _CROWDED.error(url, said)
    if isinstance(cause, OSError):
        return (_SILENT if isinstance(cause, TimeoutError) else _NOT_REACHED).error(url, said)
    if any(words in said for words in _TOO_LARGE):
        return _beyond(said, reads)
    if isinstance(cause, ValueError | OverflowError | sqlite3.DataError):  # which drivers find before they send it
        return _refused(said, reads)
    if isinstance(cause, PostgresError) and (state := cause.sqlstate or "").startswith((_WRONG_VALUE, _BEYOND_LIMIT)):
        return _beyond(said, reads) if state.startswith(_BEYOND_LIMIT) else _refused(said, reads)
    found = _of_store(cause, said)
    if found is None and isinstance(error, DBAPIError):
        found = _BROKEN if error.connection_invalidated else _NOT_REACHED if isinstance(error, InterfaceError) else None
    return found.error(url, said) if found else None


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


def _of_store(cause: BaseException, said: str) -> _Trouble | None:
    if isinstance(cause, PostgresError):
        state = cause.sqlstate or ""
        return next((found for prefix, found in _BY_STATE.items() if state.startswith(prefix)), None)
    if isinstance(cause, sqlite3.Error):
        if "no such table" in said:
            return _NO_TABLES
        return _BY_CODE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    return None


def _beyond(said: str, reads: bool) -> SwitchboardError:
    if not reads:
        return _refused(said, reads)
    return InputError(f"The filter is too large: {said}. Ask for less, or in several queries.", "FILTER_TOO_LARGE")


def _refused(said: str, reads: bool) -> RefusedError:
    return RefusedError(f"{'No record can have such a value' if reads else 'the store cannot keep it'}: {said}")


def _said(error: BaseException) -> str:
    """What the driver said, without the class that SQLAlchemy puts before it."""
    return re.sub(r"^<class '.*?'>: ", "", str(error))


def _shown(url: URL) -> str:
    return (url.database or "") if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
