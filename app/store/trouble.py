"""The store's troubles in our own words: what to do about them, and nothing of where the store is but for its operator."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.domain.errors import InputError, StoreError, SwitchboardError

# What the messages say that the store waited for, in seconds; see database.
POOL_WAIT_SECONDS, STATEMENT_SECONDS, SQLITE_BUSY_SECONDS = 2, 8, 5
# SQLSTATEs, and classes of them: https://www.postgresql.org/docs/current/errcodes-appendix.html
_UNDEFINED_TABLE, _QUERY_CANCELED = "42P01", "57014"
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
# Connection lost, wrong password, no such database, too many connections, shutting down.
_NOT_SERVED = ("08", "28", "3D", "53", "57P")
_NO_TABLES = "The store has no tables yet. Run: switchboard migrate"


class RefusedError(StoreError):
    """The store does not take a value for what it is: too long a number, a text that is no text."""

    code = "VALUE_REFUSED"


class TooSlowError(StoreError):
    """The store gave up on a statement that took too long."""

    code = "STORE_TOO_SLOW"


class BusyError(StoreError):
    """Others use the store just now; the same request may do in a moment."""

    code = "STORE_BUSY"


@asynccontextmanager
async def told_apart(url: URL, reads: bool = False) -> AsyncIterator[None]:
    """Turns what the store itself says into our own errors; a mistake in a statement stays what it is.

    What is too large or no value of its kind is the question's fault where one only reads, else the record's.
    """
    try:
        yield
    except PoolTimeout as error:
        raise BusyError(f"The store is busy for more than {POOL_WAIT_SECONDS} seconds. Try again.") from error
    except OSError as error:
        raise _not_reached(url) from error
    except (DataError, OverflowError, UnicodeEncodeError) as error:
        raise _refused(error, reads) from error
    except DBAPIError as error:
        if (meant := _meant(error, url, reads)) is None:
            raise
        raise meant from error


def _meant(error: DBAPIError, url: URL, reads: bool) -> SwitchboardError | None:
    said = _said(error)
    if any(words in said for words in _TOO_LARGE):
        return _too_large(said) if reads else _refused(error, reads)
    if isinstance(error, InterfaceError):
        return _not_reached(url)
    return _of_sqlite(said, url) if url.get_backend_name() == "sqlite" else _of_postgresql(error, url, reads)


def _not_reached(url: URL) -> StoreError:
    return StoreError("The store cannot be reached.", f"The store at {_shown(url)} cannot be reached.")


def _too_large(said: str) -> InputError:
    return InputError(f"The filter is too large: {said}. Ask for less, or in several queries.", "FILTER_TOO_LARGE")


def _refused(error: Exception, reads: bool) -> RefusedError:
    return RefusedError(f"{'No record can have such a value' if reads else 'the store cannot keep it'}: {_said(error)}")


def _of_sqlite(said: str, url: URL) -> StoreError | None:
    if "no such table" in said:
        return StoreError(_NO_TABLES)
    if "locked" in said:
        return BusyError(
            f"The store is busy with another writer for more than {SQLITE_BUSY_SECONDS} seconds. Try again."
        )
    if any(words in said for words in ("unable to open", "readonly", "full", "not a database", "malformed")):
        detail = f"The store at {url.database} cannot be used: {said}. Check the path, its rights and the free space."
        return StoreError("The store cannot be used.", detail)
    return None


def _of_postgresql(error: DBAPIError, url: URL, reads: bool) -> SwitchboardError | None:
    """By the error's SQLSTATE: asyncpg's errors come in hardly any classes of SQLAlchemy's own."""
    said, state = _said(error), getattr(error.orig, "sqlstate", None) or ""
    if state == _UNDEFINED_TABLE:
        return StoreError(_NO_TABLES)
    if state == _QUERY_CANCELED:
        return TooSlowError(f"The store took more than {STATEMENT_SECONDS} seconds. Ask for less, or a shorter range.")
    if reads and state.startswith(_BEYOND_LIMIT):
        return _too_large(said)
    if state.startswith((_WRONG_VALUE, _BEYOND_LIMIT)):
        return _refused(error, reads)
    if error.connection_invalidated:
        return StoreError("The connection to the store broke. Try again.")
    if state.startswith(_NOT_SERVED):
        return StoreError("The store cannot be used.", f"The store at {_shown(url)} cannot be used: {said}.")
    return None


def _said(error: Exception) -> str:
    """What the driver said, without the class that SQLAlchemy puts before it."""
    return re.sub(r"^<class '.*?'>: ", "", str(getattr(error, "orig", error)))


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
