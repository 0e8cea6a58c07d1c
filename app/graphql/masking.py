"""What a viewer without the right to numbers sees of one, wherever it stands: its last three digits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.domain.numbers import digits_of
from app.domain.scope import Right, Scope
from app.domain.written_numbers import WRITTEN

SHOWN = 3
HIDDEN = "•"
_DOTS = [HIDDEN * max(0, length - SHOWN) for length in range(64)]
# What became of so many texts of at most so many letters is kept.
_MOST_KNOWN, _LONGEST_KNOWN = 20_000, 100
_SHORTEST_ID = 24
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


class _HidingNumber:
    """Hides a number; of a column's numbers without a call for each, as the engine's builders have it."""

    def __call__(self, number: str | None) -> str | None:
        """What is left of a number."""
        return masked(number)

    def inline(self, cell: str, name: Callable[[str, object], str]) -> str:
        """The source of the same."""
        usual = f"{name('dots', _DOTS)}[n] + {cell}[-{SHOWN}:] if {SHOWN} < (n := len({cell})) < {len(_DOTS)}"
        return f"({cell} if {cell} is None else {usual} else {name('masked', masked)}({cell}))"


class _Known(dict[Any, Any]):
    """What becomes of texts: names come again with every page, and to look into them takes its time."""

    def __init__(self, hide: Callable[[Any], Any]) -> None:
        self._hide = hide

    def __missing__(self, said: Any) -> Any:
        hidden = self._hide(said)
        if said is None or (isinstance(said, str) and len(said) <= _LONGEST_KNOWN):
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[said] = hidden
        return hidden


class _Hiding:
    """Hides the numbers in values, which looks up what became of a column's text before."""

    def __init__(self, hide: Callable[[Any], Any]) -> None:
        self._hide = hide
        self._known = _Known(hide)

    def __call__(self, value: Any) -> Any:
        """What is left of a value."""
        return self._known[value] if isinstance(value, str) else self._hide(value)

    def inline(self, cell: str, name: Callable[[str, object], str]) -> str:
        """The source of the same for a text or None."""
        return f"{name('known', self._known)}[{cell}]"


@dataclass(frozen=True, slots=True)
class Masking:
    """A mask: values are shown as they are to who may see numbers, to others without the numbers."""

    hidden: Callable[[Any], Any]

    def __call__(self, scope: Scope, value: Any) -> Any:
        """A value as the viewer may see it."""
        return value if scope.may(Right.NUMBERS_READ) else self.hidden(value)


def _name(name: str | None) -> str | None:
    if name is None:
        return None
    is_number = len(digits_of(name)) > SHOWN and not any(c.isalpha() for c in name)
    return masked(name) if is_number else _hidden_in(name)


def _without_numbers(said: Any) -> Any:
    if isinstance(said, str):
        return _hidden_in(said)
    if isinstance(said, dict):
        return {shown_text.hidden(key): shown_text.hidden(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [shown_text.hidden(item) for item in said]
    if isinstance(said, int | float) and not isinstance(said, bool) and float(said).is_integer():
        hidden = _hidden_in(text := str(int(said)))
        return said if hidden == text else hidden
    return said


def _hidden_in(text: str) -> str:
    # Most names have no digit at all; of what is as long as an id, letters alone may be a hash.
    return text if len(text) < _SHORTEST_ID and not _DIGIT.search(text) else _TOLD.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    text = found.group()
    if found.lastgroup == "id":
        return text
    if found.lastgroup == "hash":
        return str(masked(text))
    return _DIGIT.sub(HIDDEN, text, count=len(_DIGIT.findall(text)) - SHOWN)


# A number.
shown = Masking(_HidingNumber())
# A text, or whatever JSON holds of texts and figures: in any of it may stand a number.
shown_text = Masking(_Hiding(_without_numbers))
# A name: some people and trunks are called by their number, however short.
shown_name = Masking(_Hiding(_name))
