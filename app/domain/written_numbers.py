"""What a number looks like where somebody wrote it into a text: one definition for erasing, for masking and for the log.

Between two digits may stand up to three signs: blanks, brackets, dots, strokes of any kind, what has no width, bullets and
stars, or any of it as an address says it (`%20`). A comma or a colon stands between digits only alone and after three of
them, which a time (10:20:30) and most amounts (1,234,567; 12,34,567) have not: to hide those would spoil notes, and hardly
anybody parts a number in pairs that way. Where doubt is left a text loses an amount rather than a person their secret.
"""

import re
import sys
from collections.abc import Iterable
from functools import cache

SHORTEST = 7  # digits; who hides fewer hides years, prices and extensions
GONE = "[redacted]"
_SIGNS = (
    r"\s()./\\+_*\-"
    r"\u00ad\u00b7\u200b-\u2015\u2022\u202a-\u202e\u2043\u2060\u2066-\u2069\u2212\u30fb\ufeff"
    r"\ufe0f\u20e3"  # what makes a digit a key of a telephone
    r"\ufe58\ufe63\uff08\uff09\uff0b\uff0d\uff0e\uff0f"
)
_ESCAPED = "%[0-9A-Fa-f]{2}"
# Possessive, and what is rare last: a text is read by this for every viewer who may not see numbers.
_NEXT = (
    rf"[{_SIGNS}]{{0,3}}+"
    rf"(?:\d|[,:](?<=\d\d\d[,:])\d|%(?:[0-9A-Fa-f]{{2}})?(?:{_ESCAPED}|[{_SIGNS}%]){{0,2}}+\d)"
)
WRITTEN = rf"\d(?:{_NEXT}){{{SHORTEST - 1},}}+"
_NUMBER = re.compile(WRITTEN)
_ESCAPE = re.compile(_ESCAPED)
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def with_ascii_digits(text: str) -> str:
    """The text with every digit, of whatever script, as 0 to 9; as long as it was."""
    return text if text.isascii() else _FOREIGN_DIGIT.sub(lambda found: str(int(found[0])), text)


def without_numbers(text: str) -> str:
    """The text with a word in the place of each number."""
    return _NUMBER.sub(GONE, text)


def readings(run: str) -> tuple[str, ...]:
    """How a written number may be read: `981%20000` is 981 000 in an address, and 98120000 elsewhere."""
    unescaped = _ESCAPE.sub("   ", run) if "%" in run else run
    return (run,) if unescaped == run else (run, unescaped)


def hint_of(spellings: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these digits in a text `with_ascii_digits`, and more: in few texts, quickly. Not for what has a `%`."""
    return re.compile("|".join("[^0-9A-Za-z]{0,3}+".join(digits) for digits in sorted(spellings)) or r"(?!)")


def may_be_spelt(spellings: Iterable[str]) -> str:
    """The same for stores: an expression of Python and PostgreSQL, for digits of any script and JSON with its `\\n`."""
    digits_of_all = [f"[{''.join(chr(zero + digit) for zero in _zeros())}]" for digit in range(10)]
    between = "[^0-9AC-Zac-eg-mo-qsu-z]{0,6}"
    return "|".join(between.join(digits_of_all[int(digit)] for digit in digits) for digits in sorted(spellings))


@cache
def _zeros() -> tuple[int, ...]:
    """The zeros of all scripts; the other digits follow each."""
    decimals = (code for code in range(sys.maxunicode + 1) if chr(code).isdecimal())
    return tuple(code for code in decimals if int(chr(code)) == 0)
