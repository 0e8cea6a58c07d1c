"""Instants: aware datetimes here, epoch milliseconds in the store, and vendors' local texts read in a named zone."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.errors import InputError, RecordError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

# What a machine's zone files have beside zones: its own zone, and copies with other rules.
_NOT_IANA = ("localtime", "posix", "right/")
# What people call the time of zones for which the zone data has a number and no word, in minutes east of Greenwich.
_CUSTOMARY = {
    "GST": 240, "AZT": 240, "GET": 240, "AMT": 240, "SAMT": 240, "MUT": 240, "NPT": 345, "AFT": 270, "IRST": 210,
    "BST": 360, "BTT": 360, "MMT": 390, "SLST": 330, "UZT": 300, "TMT": 300, "TJT": 300, "MVT": 300, "ICT": 420,
    "SGT": 480, "MYT": 480, "BNT": 480, "TRT": 180, "AST": 180, "FJT": 720, "ART": -180, "BRT": -180, "UYT": -180,
    "BOT": -240, "VET": -240, "GYT": -240, "COT": -300, "PET": -300, "ECT": -300,
}  # fmt: skip
# The date orders that the five vendors use: 2024-05-09 11:52:14 and 09-05-2024 11:52:14, with a zone or without.
_LOCAL = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})-(\d{1,2})-(\d{4}))"
    r"(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Za-z]{2,5})?"
)


def to_ms(instant: datetime) -> int:
    """Epoch milliseconds of an aware datetime; exact, and right across DST, because both sides are UTC."""
    since = (instant if instant.tzinfo is UTC else instant.astimezone(UTC)) - EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC datetime of epoch milliseconds."""
    return EPOCH + milliseconds * MILLISECOND


@lru_cache(maxsize=4096)  # the steps of a call share few moments
def from_seconds(seconds: float) -> datetime:
    """The aware UTC datetime of epoch seconds, to the millisecond. Raises RecordError where no such time exists."""
    try:
        return from_ms(round(seconds * 1000))
    except (OverflowError, ValueError) as error:
        raise RecordError(f"{seconds!r} is not a time since 1970 in seconds") from error


class _Hours(dict[int, str]):
    """The text of an hour since 1970, to which the rest is appended: calls are listed by the day, so few are needed."""

    def __missing__(self, hour: int) -> str:
        if len(self) >= _MOST_HOURS:
            self.clear()
        text = self[hour] = from_ms(hour * HOUR_MS).strftime("%Y-%m-%dT%H:").rjust(14, "0")
        return text


class _Rests(dict[int, str]):
    """The text of what is left of an hour, in milliseconds; whole seconds are kept, as vendors give no more."""

    def __missing__(self, rest: int) -> str:
        minute, milliseconds = divmod(rest, 60_000)
        second, fraction = divmod(milliseconds, 1000)
        if fraction:
            return f"{minute:02}:{second:02}.{fraction:03}Z"
        text = self[rest] = f"{minute:02}:{second:02}Z"
        return text


HOUR_MS = 3_600_000
_MOST_HOURS = 20_000
# Instants are the costliest part of an answer: who writes very many puts the two parts together without calling anything.
HOURS, RESTS = _Hours(), _Rests()


def rfc3339(milliseconds: int) -> str:
    """The graph's text of an instant, always UTC: `2024-05-09T06:22:14Z`, with a fraction only where there is one."""
    return HOURS[milliseconds // HOUR_MS] + RESTS[milliseconds % HOUR_MS]


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises InputError for a name that does not exist."""
    try:
        if name.startswith(_NOT_IANA):
            raise ValueError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(f"{name!r} is not a time zone. Use an IANA name such as 'Asia/Kolkata' or 'UTC'.") from error


@lru_cache(maxsize=4096)  # a record tells some moments twice
def read_local(text: str, zone: ZoneInfo) -> datetime:
    """A vendor's time as an aware datetime in UTC.

    An offset in the text wins. A zone word ("IST") has to be what `zone` is called at that moment, by the zone data or,
    where that has no word, by custom ("GST" in Dubai): three letters name several zones, so another word is refused
    rather than guessed. A time said twice (the hour that a DST change
    repeats) is the first of the two, unless the word is what the zone is called at the second. Raises RecordError.
    """
    return _usual(text, zone) or _read(text, zone)


def _usual(text: str, zone: ZoneInfo) -> datetime | None:
    """The time in the form that nearly all are in, `2024-05-09 11:52:14`; None for any other, or one that is no time."""
    if len(text) != 19 or not (text[4] == text[7] == "-" and text[10] in " T" and text[13] == text[16] == ":"):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _read(text: str, zone: ZoneInfo) -> datetime:
    found = _LOCAL.fullmatch(text.strip())
    if not found:
        raise RecordError(f"{text!r} is not a date and time")
    y, m, d, d2, m2, y2, hour, minute, second, fraction, word = found.groups()
    try:
        local = datetime(
            int(y or y2), int(m or m2), int(d or d2), int(hour or 0), int(minute or 0), int(second or 0),
            int(fraction.ljust(6, "0")) if fraction else 0, zone,
        )  # fmt: skip
        return (_in_zone(local, word, zone) if word else local).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, RecordError) else RecordError(f"{text!r} is not a date and time") from error


def _in_zone(said: datetime, word: str, zone: ZoneInfo) -> datetime:
    if word in ("Z", "UTC", "GMT"):
        return said.replace(tzinfo=UTC)
    if word[0] in "+-":
        hours, minutes = int(word[1:3]), int(word[-2:])
        return said.replace(tzinfo=timezone((1 if word[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)))
    for fold in (0, 1):
        local = said.replace(fold=fold)
        if _is_called(local, word.upper()):
            return local
    raise RecordError(f"the time is said in {word!r}, but the source's time zone is {zone.key}; set the source's zone")


def _is_called(local: datetime, word: str) -> bool:
    name, minutes = local.tzname() or "", _CUSTOMARY.get(word)
    if name.isalpha() or minutes is None:
        return word == name.upper()
    return local.utcoffset() == timedelta(minutes=minutes)


@lru_cache(maxsize=4096)  # the days of a dashboard are asked for again and again
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
