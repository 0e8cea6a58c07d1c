"""What a viewer without the right to numbers sees of one, wherever it stands: its last three digits."""

import re
from functools import lru_cache
from typing import Any

from app.domain.numbers import digits_of
from app.domain.scope import Right, Scope
from app.domain.written_numbers import WRITTEN

SHOWN = 3
HIDDEN = "•"
_DIGIT = re.compile(r"\d")
# Seven digits or more, however they are written. The vendors' random ids are no numbers, but a hash may be of one: who
# knows the rest of what was hashed could try all numbers out.
_TOLD = re.compile(
    r"(?P<id>\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{24})\b)"
    r"|(?P<hash>\b(?=\d*[a-f])[0-9a-f]{32,}\b)"
    rf"|{WRITTEN}",
    re.IGNORECASE,
)


def masked(number: str | None) -> str | None:
    """A number with all but its last three characters hidden; of a short one, all."""
    if number is None:
        return None
    return HIDDEN * (len(number) - SHOWN) + number[-SHOWN:] if len(number) > SHOWN else HIDDEN * len(number)


def shown(scope: Scope, number: str | None) -> str | None:
    """A number as the viewer may see it."""
    return number if scope.may(Right.NUMBERS_READ) else masked(number)


def shown_text(scope: Scope, said: Any) -> Any:
    """A text as the viewer may see it, or whatever JSON holds of texts and figures: in any of it may stand a number."""
    return said if scope.may(Right.NUMBERS_READ) else _without_numbers(said)


def shown_name(scope: Scope, name: str | None) -> str | None:
    """A name as the viewer may see it: some people and trunks are called by their number, however short."""
    if name is None or scope.may(Right.NUMBERS_READ):
        return name
    return _name_known(name) if len(name) <= _SHORT else _name(name)


def _name(name: str) -> str:
    is_number = len(digits_of(name)) > SHOWN and not any(c.isalpha() for c in name)
    return str(masked(name)) if is_number else _hidden_in(name)


def _without_numbers(said: Any) -> Any:
    if isinstance(said, str):
        return _without_numbers_in(said)
    if isinstance(said, dict):
        return {_without_numbers_in(key): _without_numbers(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_without_numbers(item) for item in said]
    if isinstance(said, int | float) and not isinstance(said, bool) and float(said).is_integer():
        hidden = _without_numbers_in(text := str(int(said)))
        return said if hidden == text else hidden
    return said


def _without_numbers_in(text: str) -> str:
    return _text_known(text) if len(text) <= _SHORT else _hidden_in(text)


def _hidden_in(text: str) -> str:
    return _TOLD.sub(_hidden, text)


# Names and other short texts come with every page again; to look for numbers in them took a third of its time.
_SHORT = 100
_name_known = lru_cache(maxsize=20_000)(_name)
_text_known = lru_cache(maxsize=20_000)(_hidden_in)


def _hidden(found: re.Match[str]) -> str:
    text = found.group()
    if found.lastgroup == "id":
        return text
    if found.lastgroup == "hash":
        return str(masked(text))
    return _DIGIT.sub(HIDDEN, text, count=len(_DIGIT.findall(text)) - SHOWN)
