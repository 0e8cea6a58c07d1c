"""The custom scalars: how instants, phone numbers, zones and times of day are written and read."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import strawberry
from strawberry.types.scalar import ScalarDefinition

from app.domain.errors import InputError
from app.domain.filters import END_OF_DAY, TypedNumber
from app.domain.times import rfc3339, to_ms, zone_named

_EARLIEST, _LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_LONGEST_NUMBER = 64


def write_instant(value: Any) -> str:
    """Epoch milliseconds, as the store has them, or an aware datetime, as RFC 3339 in UTC."""
    return rfc3339(value if isinstance(value, int) else to_ms(value))


def read_instant(value: Any) -> datetime:
    """RFC 3339 text with an offset. Raises InputError."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"{value!r} is no DateTime. Write it as 2024-05-09T06:22:14Z.") from error
    if found.tzinfo is None:
        raise InputError(f"{value!r} says no time zone. End it with Z or an offset such as +05:45.")
    if not 1 < found.year < 9999 and not _EARLIEST <= found.replace(tzinfo=UTC) <= _LATEST:
        raise InputError(f"{value!r} is outside the years 1 to 9999.")
    return found if found.tzinfo is UTC else found.astimezone(UTC)


def read_number(value: Any) -> TypedNumber:
    """A phone number as somebody types it. Raises InputError for what has nothing to compare."""
    readable = isinstance(value, str) and len(value) <= _LONGEST_NUMBER and "\0" not in value
    if not readable or not (value[-1:].isalnum() or any(c.isalnum() for c in value)):
        raise InputError(f"{str(value)[:80]!r} is no PhoneNumber. Write it as +9779810000078, or as it is dialled.")
    return TypedNumber(value)


def read_zone(value: Any) -> ZoneInfo:
    """An IANA time zone by its name. Raises InputError."""
    return zone_named(value if isinstance(value, str) else str(value))


def read_time(value: Any) -> time:
    """A time of day, `HH:MM` or `HH:MM:SS`; 24:00 is the midnight at the end. Raises InputError."""
    if value in ("24:00", "24:00:00"):
        return END_OF_DAY
    try:
        found = time.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"{value!r} is no TimeOfDay. Write it as 09:30.") from error
    if found.tzinfo is not None:
        raise InputError(f"{value!r} says a zone. A time of day is read in the filter's time zone.")
    return found


def write_zone(value: Any) -> str:
    """The zone's IANA name."""
    return value.key if isinstance(value, ZoneInfo) else str(value)


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant as RFC 3339 text: `2024-05-09T06:22:14Z`. Answers are always in UTC; questions may use any "
        "offset, but must say one.",
        serialize=write_instant,
        parse_value=read_instant,
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339",
    ),
    TypedNumber: strawberry.scalar(
        name="PhoneNumber",
        description="A phone number. Answers are E.164 (`+9779810000078`) where the number is a possible one, else its "
        "digits, else the text itself. Questions may be formatted in any way; without a country code they mean the "
        "number in any dialling region of the workspace's sources.",
        serialize=str,
        parse_value=read_number,
    ),
    ZoneInfo: strawberry.scalar(
        name="TimeZone",
        description="An IANA time zone: `Asia/Kathmandu`, `UTC`.",
        serialize=write_zone,
        parse_value=read_zone,
    ),
    time: strawberry.scalar(
        name="TimeOfDay",
        description="A time of day, `HH:MM` or `HH:MM:SS`, 24 hours; `24:00` is the midnight that ends a day.",
        serialize=str,
        parse_value=read_time,
    ),
}
