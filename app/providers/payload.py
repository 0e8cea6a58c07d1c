"""Reads single values out of vendor payloads, where a number may come as text and a blank may mean nothing."""

from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.errors import RecordError
from app.domain.times import from_seconds, read_local

Object = Mapping[str, Any]
TRUE_WORDS = {"true", "yes", "y", "1"}
FALSE_WORDS = {"false", "no", "n", "0"}
_ABSENT = {"", "n.a.", "n/a", "null", "none"}
_LARGEST = 2**62  # beyond what the store's numbers hold, a value is nonsense rather than a figure
_LARGEST_INTEGER = 2**31 - 1  # the graph's Int; no duration or count of a call comes near it


def text(value: Any) -> str | None:
    """A value as text; None where it is missing or blank. Numbers become text: vendors send ids both ways."""
    if type(value) is str:  # nearly always, and this runs a hundred times a record
        return value.strip() or None
    if value is None or isinstance(value, (dict, list)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() or None


@lru_cache(maxsize=1024)  # the words of a vendor are few
def letters(word: str) -> str:
    """The letters of a word alone: "NO ANSWER" and "NOANSWER" are one word."""
    return "".join(filter(str.isalpha, word))


def given(entry: Object, without: Container[str] = ()) -> dict[str, str]:
    """The fields of an object that have a text, as texts: for objects of many possible fields and few given ones."""
    return {
        key: found
        for key, value in entry.items()
        if value is not None
        and (found := value.strip() if type(value) is str else text(value))  # text's own way, without calling it
        and key not in without
    }


def integer(value: Any) -> int | None:
    """A whole number, sent as number or text; None where missing or not a number ("N.A."). Fractions are cut off."""
    found = number(value)
    return None if found is None or abs(found) > _LARGEST_INTEGER else int(found)


def number(value: Any) -> float | None:
    """A number, sent as number or text; None where missing, not finite, or no number at all."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if type(value) is str and value[:1].isalpha():  # no finite number begins so, and to try takes longer
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if -_LARGEST < found < _LARGEST else None


def seconds(value: Any, field: str) -> int | None:
    """A duration in seconds, not negative. What is there but is no number is an error: it would be counted as 0."""
    if type(value) is int and 0 <= value <= _LARGEST_INTEGER:
        return value  # nearly always
    if value is None or (isinstance(value, str) and value.strip().casefold() in _ABSENT):
        return None
    found = integer(value)
    if found is None or found < 0:
        raise RecordError(f"{field} is {value!r}, not a number of seconds")
    return found


def boolean(value: Any) -> bool | None:
    """True or false, also from the words "Yes", "no", "false", "1"; None for anything else."""
    if value is None or value is True or value is False:
        return value
    word = (text(value) or "").casefold()
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None


def mapping(value: Any) -> Object:
    """An object; an empty one where it is missing or something else."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """A list; an empty one where it is missing or something else."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> Iterator[Object]:
    """The objects of a list; what else stands in it is passed over (it stays in the raw record)."""
    return (item for item in sequence(value) if isinstance(item, dict))


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list, blanks left out; a single text counts as a list of one."""
    values = value if isinstance(value, list) else [value]
    return tuple(found for item in values if (found := text(item)))


def required(value: str | None, field: str) -> str:
    """The value, or the RecordError that it is missing."""
    if value is None:
        raise RecordError(f"{field} is missing")
    return value


def instant(value: Any, zone: ZoneInfo) -> datetime | None:
    """A time as text in the source's zone (see `read_local`); None where it is missing, or a database's zero date."""
    found = text(value)
    if found is None or found.startswith("0000-00-00") or (not found[0].isdigit() and found.casefold() in _ABSENT):
        return None
    return read_local(found, zone)


def epoch(value: Any) -> datetime | None:
    """A time as epoch seconds, sent as int, float or text; None where it is missing or no positive number."""
    found = number(value) if value is not None else None
    return from_seconds(found) if found is not None and found > 0 else None


def present(record: Any) -> Any:
    """The dataclass value itself, or None where every field of it is empty: an empty object says nothing."""
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if value is not None and value != () and value != {}:
            return record
    return None
