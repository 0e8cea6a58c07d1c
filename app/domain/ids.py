"""Our own ids: UUIDv7 as 32 hex digits, so that ids of calls sort by when the calls began."""

import secrets
from datetime import datetime

from app.domain.times import to_ms


def new_id(at: datetime) -> str:
    """A new id whose first 48 bits are `at` in epoch milliseconds (a time before 1970 counts as 1970).

    Text rather than a database's own UUID type, because it is then the same value in SQLite, in PostgreSQL, in a
    cursor and in a node id.
    """
    milliseconds = min(max(to_ms(at), 0), (1 << 48) - 1)
    random = int.from_bytes(secrets.token_bytes(10))
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return f"{value:032x}"
