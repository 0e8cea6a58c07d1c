"""Erased persons: how a number is known again in any text, and the keyed tombstone that remembers it without telling it."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

import phonenumbers

from app.domain.numbers import NumberKind, PhoneNumber, digits_of
from app.domain.written_numbers import SHORTEST, WRITTEN, hint_of, readings, with_ascii_digits

_LONGEST = 20  # digits of a number, its country code and what is dialled before it included
_RUN = re.compile(WRITTEN)
_GROUP = re.compile(r"[0-9]+")


def spoken(text: str) -> Iterator[tuple[int, int, str]]:
    """Everything in a text that may be a number: where it stands, and its digits without leading zeros.

    Any neighbouring groups of digits may be one: "(316) 832-5555", and "9810000078" in "9810000078-20240601".
    """
    for run in _RUN.finditer(with_ascii_digits(text)):
        for start, end, digits in _spoken_in(run.group()):
            yield run.start() + start, run.start() + end, digits


@lru_cache(maxsize=20_000)
def _spoken_in(run: str) -> tuple[tuple[int, int, str], ...]:
    """Cached: days, hours and the company's own numbers stand in every record."""
    found: list[tuple[int, int, str]] = []
    for reading in readings(run):
        groups = [group.span() for group in _GROUP.finditer(reading)]
        for first, (start, _) in enumerate(groups):
            digits = ""
            for begin, end in groups[first:]:
                digits += reading[begin:end]
                if len(digits) > _LONGEST:
                    break
                if len(digits) >= SHORTEST:
                    found.append((start, end, digits.lstrip("0")))
    return tuple(found)


@lru_cache(maxsize=100_000)
def said_forms(key: str) -> frozenset[str]:
    """The digits by which a text may say a number: with its country code, and without."""
    digits = digits_of(key).lstrip("0")
    if not key.startswith("+"):
        return frozenset({digits})
    national = phonenumbers.national_significant_number(phonenumbers.parse(key)).lstrip("0")
    return frozenset({digits, national} if len(national) >= SHORTEST else {digits})


def stored_forms(key: str) -> tuple[str, ...]:
    """The keys a number may be stored under: a source without a region keeps it without the plus."""
    return (key, key[1:]) if key.startswith("+") else (key,)


@dataclass(frozen=True, slots=True)
class Mask:
    """Puts stars for the digits of the numbers that `erased` knows, wherever they are said."""

    erased: Callable[[str], bool]
    # What a text has to hold to be looked at closely, where it is known (see `hint_of`).
    hint: re.Pattern[str] | None = None

    def _may_say(self, text: str) -> bool:
        return self.hint is None or "%" in text or self.hint.search(with_ascii_digits(text)) is not None

    def finds(self, text: str) -> bool:
        """Whether a text says such a number."""
        return self._may_say(text) and any(self.erased(digits) for _, _, digits in spoken(text))

    def text(self, text: str) -> str:
        """The text, with stars."""
        if not self._may_say(text):
            return text
        for start, end, digits in spoken(text):
            if self.erased(digits):
                text = text[:start] + re.sub(r"\d", "*", text[start:end]) + text[end:]
        return text

    def value(self, value: Any) -> Any:
        """JSON or a domain value, with stars in its texts, its keys and its numbers."""
        match value:
            case str():
                return self.text(value)
            case bool() | None:
                return value
            case int() | float():
                return self.text(str(value)) if self.finds(str(value)) else value
            case dict():
                return {self.value(key): self.value(item) for key, item in value.items()}
            case list() | tuple():
                return type(value)(self.value(item) for item in value)
            case PhoneNumber() if self.finds(value.raw) or self.finds(value.e164 or ""):
                return PhoneNumber(self.text(value.raw), None, "", NumberKind.WITHHELD)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: self.value(getattr(value, f.name)) for f in fields(value)})
        return value


def mask_of(numbers: Iterable[str], but: Iterable[str] = ()) -> Mask:
    """A mask of numbers by their keys; what others' numbers are said by stays: two countries share national digits."""
    forms = frozenset[str]().union(*map(said_forms, numbers)) - frozenset[str]().union(*map(said_forms, but))
    return Mask(forms.__contains__, hint_of(forms))


@dataclass(frozen=True, slots=True)
class Seal:
    """A key of tombstones: who has not got it cannot find out, by trying all numbers, whom a tombstone means."""

    workspace_id: str
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """What tells keys apart without telling a key."""
        return self._digest("key", "")[:16]

    def of_number(self, key: str) -> str:
        """The tombstone of a number that stands in a field of its own."""
        return self._digest("number", key)

    def of_text(self, digits: str) -> str:
        """The tombstone of a number that a text says."""
        return self._digest("text", digits)

    def of_call(self, source_id: str, provider_call_id: str) -> str:
        """What stands for the vendor's id of a nobody's call: that id leads back to the person, at times by itself."""
        return "erased:" + self._digest(f"call {source_id}", provider_call_id)[:32]

    def _digest(self, kind: str, text: str) -> str:
        message = f"{self.workspace_id}\0{kind}\0{text}".encode("utf-8", "replace")
        return hmac.digest(self.secret, message, hashlib.sha256).hex()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a number was erased: with which key, and whether its calls are not to be kept at all."""

    seal: Seal
    whole_calls: bool


class Tombstones:
    """All tombstones of a workspace, asked by numbers. Made anew for every batch that is taken in."""

    def __init__(self, seals: Iterable[Seal], digests: Mapping[str, bool]) -> None:
        self.seals = tuple(seals)
        self._digests = digests
        self._said: dict[str, bool] = {}

    def of_number(self, key: str | None) -> Tombstone | None:
        """The tombstone of a number by its key."""
        for seal in self.seals if key else ():
            if (whole_calls := self._digests.get(seal.of_number(key or ""))) is not None:
                return Tombstone(seal, whole_calls)
        return None

    def said(self, digits: str) -> bool:
        """Whether an erased number is said by these digits."""
        if (known := self._said.get(digits)) is None:
            known = self._said[digits] = any(seal.of_text(digits) in self._digests for seal in self.seals)
        return known
