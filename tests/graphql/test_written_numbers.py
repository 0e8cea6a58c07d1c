"""What erasing, masking and the log each take for a number is the same, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.privacy import mask_of
from app.domain.scope import Right, Scope
from app.graphql.masking import shown_text
from app.web.logs import redacted

NUMBER = "+9779810000078"
MASK = mask_of([NUMBER])
HIDING = Scope("main", rights=frozenset({Right.CALLS_READ}))
WAYS = [
    "981\u2011000\u20110078",
    "981_000_0078",
    "981 - 000 - 0078",
    "9810-000\u200b078",
    "981%20000%200078",
    "981%2D000%2D0078",
    "981%E2%80%91000%E2%80%910078",
    "98100000%78",
    "९८१०००००७८",
    "\u0669\u0668\u0661-\u0660\u0660\u0660-\u0660\u0660\u0667\u0668",
    "981\u2212000\u22120078",
    "\u2068981\u2069 000 0078",
    "981,000,0078",
    "981:000:0078",
    "9810:000,078",
    "981•000•0078",
    "981*000*0078",
    "981\\000\\0078",
    "981\u00ad000\n0078",
    "9\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e30000078",
    "+977+9810000078",
    "(00977) 981.000/0078",
]
OTHERS = [
    "at 10:20:30",
    "from 14:00 to 16:30",
    "14:00-16:30",
    "1,234,567",
    "12,34,567",
    "Flat 12, 110001",
    "127.0.0.1:8000",
]


def hidden_by_erasing(text: str) -> bool:
    return MASK.finds(text) and not MASK.finds(MASK.text(text))


def hidden_by_masking(text: str) -> bool:
    shown = str(shown_text(HIDING, text))
    return sum(map(str.isdecimal, shown)) == 3


def hidden_by_the_log(text: str) -> bool:
    return "[redacted]" in redacted(text) and not any(one.isdecimal() for one in redacted(text))


@pytest.mark.parametrize("text", WAYS)
def test_a_number_is_known_by_all_three_however_it_is_written(text: str) -> None:
    assert [hidden_by_erasing(text), hidden_by_masking(text), hidden_by_the_log(text)] == [True, True, True]


@pytest.mark.parametrize("text", OTHERS)
def test_a_time_an_amount_or_an_address_is_no_number(text: str) -> None:
    assert (shown_text(HIDING, text), redacted(text)) == (text, text)


SIGNS = [" ", "-", ".", "(", ")", "/", "_", "%20", "%2D", "\u2011", "\u200b", "•", "*", ",", ":", "+"]
NONE = ["x", "    ", ", ", ";"]


def spelt(zero: str, gaps: list[str]) -> str:
    """The number in digits of a script, with what stands between them."""
    digits = [chr(ord(zero) + int(one)) for one in "9810000078"]
    return digits[0] + "".join(gap + digit for gap, digit in zip(gaps, digits[1:], strict=True))


def gaps_of(*signs: str) -> st.SearchStrategy[list[str]]:
    """Nine gaps of up to four signs, most of them empty or of one."""
    many = st.lists(st.sampled_from(signs), max_size=4).map("".join)
    return st.lists(st.one_of(st.just(""), st.sampled_from(signs), many), min_size=9, max_size=9)


ZEROS = st.sampled_from(["0", "\u0966", "\u0660", "\U0001d7ce"])


NO_DIGITS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=3)
ANY_GAPS = st.lists(NO_DIGITS, min_size=9, max_size=9)


@given(gaps=gaps_of(*SIGNS, *NONE, "%") | ANY_GAPS, zero=ZEROS)
def test_whatever_erasing_finds_masking_and_the_log_hide(gaps: list[str], zero: str) -> None:
    text = spelt(zero, gaps)
    if MASK.finds(text):
        assert hidden_by_masking(text)
        assert hidden_by_the_log(text)


@given(gaps=gaps_of(*SIGNS) | gaps_of(*SIGNS, *NONE), zero=ZEROS)
def test_whatever_masking_or_the_log_hides_whole_erasing_finds(gaps: list[str], zero: str) -> None:
    text = spelt(zero, gaps)
    assert (redacted(text) == "[redacted]") == hidden_by_masking(text) == MASK.finds(text)
