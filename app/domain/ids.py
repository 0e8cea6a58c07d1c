"""Our own ids: UUIDv7 as 32 hex digits, so that ids of calls sort by when the calls began."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from app.domain.times import to_ms

# The digit whose upper two bits are 10, its lower two those of another.
_VARIANTS = {f"{digit:x}": f"{8 | digit & 3:x}" for digit in range(16)}


def new_id(at: datetime) -> str:
    """A new id whose first 48 bits are `at` in epoch milliseconds (a time before 1970 counts as 1970).

    Text rather than a database's own UUID type, because it is then the same value in SQLite, in PostgreSQL, in a
    cursor and in a node id.
    """
    return new_ids([to_ms(at)])[0]


def new_ids(moments: Iterable[int]) -> list[str]:
    """A new id for each of some moments in epoch milliseconds; the system is asked for all of their chance at once."""
    times = [min(max(moment, 0), (1 << 48) - 1) for moment in moments]
    chance = secrets.token_hex(10 * len(times))
    return [
        f"{at:012x}7{chance[place : place + 3]}{_VARIANTS[chance[place + 3]]}{chance[place + 4 : place + 19]}"
        for at, place in zip(times, range(0, len(chance), 20), strict=True)
    ]
