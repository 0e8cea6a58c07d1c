"""Instants: aware datetimes here, epoch milliseconds in the store, and vendors' local texts read in a named zone."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.errors import InputError, RecordError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

# The date orders that the five vendors use: 2024-05-09 11:52:14 and 09-05-2024 11:52:14, with a zone or without.
_LOCAL = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})-(?P<m2>\d{1,2})-(?P<y2>\d{4}))"
    r"(?:[ T](?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,6})\d*)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Za-z]{2,5})?"
)


def to_ms(instant: datetime) -> int:
    """Epoch milliseconds of an aware datetime; exact, and right across DST, because both sides are UTC."""
    return (instant.astimezone(UTC) - EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC datetime of epoch milliseconds."""
    return EPOCH + milliseconds * MILLISECOND


def from_seconds(seconds: float) -> datetime:
    """The aware UTC datetime of epoch seconds, to the millisecond. Raises RecordError where no such time exists."""
    try:
        return from_ms(round(seconds * 1000))
    except (OverflowError, ValueError) as error:
        raise RecordError(f"{seconds!r} is not a time since 1970 in seconds") from error


def rfc3339(milliseconds: int) -> str:
    """The graph's text of an instant, always UTC: `2024-05-09T06:22:14Z`, with a fraction only where there is one."""
    text = (
        from_ms(milliseconds)
        .replace(tzinfo=None)
        .isoformat(timespec="seconds" if milliseconds % 1000 == 0 else "milliseconds")
    )
    return text + "Z"


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises InputError for a name that does not exist."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(f"{name!r} is not a time zone. Use an IANA name such as 'Asia/Kolkata' or 'UTC'.") from error


def read_local(text: str, zone: ZoneInfo) -> datetime:
    """A vendor's time as an aware datetime in UTC.

    An offset in the text wins. A zone word ("IST") has to be what `zone` is called at that moment: three letters name
    several zones, so another word is refused rather than guessed. A time said twice (the hour that a DST change
    repeats) is the first of the two, unless the word is what the zone is called at the second. Raises RecordError.
    """
    found = _LOCAL.fullmatch(text.strip())
    if not found:
        raise RecordError(f"{text!r} is not a date and time")
    part = found.groupdict()
    try:
        naive = datetime(  # noqa: DTZ001 - the zone is what this function is about to find
            int(part["y"] or part["y2"]), int(part["m"] or part["m2"]), int(part["d"] or part["d2"]),
            int(part["H"] or 0), int(part["M"] or 0), int(part["S"] or 0), int((part["f"] or "0").ljust(6, "0")),
        )  # fmt: skip
        return _in_zone(naive, part["zone"], zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, RecordError) else RecordError(f"{text!r} is not a date and time") from error


def _in_zone(naive: datetime, word: str | None, zone: ZoneInfo) -> datetime:
    if not word:
        return naive.replace(tzinfo=zone)
    if word in ("Z", "UTC", "GMT"):
        return naive.replace(tzinfo=UTC)
    if word[0] in "+-":
        hours, minutes = int(word[1:3]), int(word[-2:])
        return naive.replace(tzinfo=timezone((1 if word[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)))
    for fold in (0, 1):
        local = naive.replace(tzinfo=zone, fold=fold)
        if word.upper() == (local.tzname() or "").upper():
            return local
    raise RecordError(f"the time is said in {word!r}, but the source's time zone is {zone.key}; set the source's zone")


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC; where midnight does not exist, the first moment that does."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    first, before = int(midnight.timestamp()), int(midnight.replace(fold=1).timestamp())
    # Only in a gap is fold 1 the earlier one: then the clock jumped over midnight somewhere between the two.
    while first - before > 1:
        between = (first + before) // 2
        if datetime.fromtimestamp(between, zone).date() < day:
            before = between
        else:
            first = between
    return from_ms(first * 1000)
