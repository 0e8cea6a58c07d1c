"""What is left of a text for who may not see numbers: all of it but the numbers, of which three digits are shown."""

import time
from typing import Any

import pytest

from app.domain.scope import Right, Scope
from app.graphql.masking import masked, shown, shown_name, shown_text

HIDING = Scope("main", rights=frozenset({Right.CALLS_READ}))
SEEING = Scope("main", rights=frozenset({Right.NUMBERS_READ}))

TEXTS = {
    "+9779811000178": "+••••••••••178",
    "ring +977 981-1000178, please": "ring +••• •••-••••178, please",
    "(981) 100.0178": "(•••) •••.•178",
    "316\u2011832\u200b\u20115555": "•••\u2011•••\u200b\u2011•555",  # with hyphens that do not break, and a blank of no width
    "९८११०००१७८": "•••••••१७८",
    "https://calls.example.com/rec_9811000178_4.mp3": "https://calls.example.com/rec_••••••••78_4.mp3",
    "https://calls.example.com/?to=%2B977%209811000178": "https://calls.example.com/?to=%2B•••%•••••••••178",
    "two: 9811000178 and 9811000179": "two: •••••••178 and •••••••179",
    "1715235734.12345": "••••••••••.••345",
    # No numbers
    "": "",
    "Support, extension 2003": "Support, extension 2003",
    "Flat 12, 110001 Delhi": "Flat 12, 110001 Delhi",
    "018f9503-b800-734c-8b50-123456789012": "018f9503-b800-734c-8b50-123456789012",
    "663b4b1e0123456789abcdef": "663b4b1e0123456789abcdef",
    # A hash may be of a number, and is as good as one to who tries all out.
    "00b9f1c3a2d4e5f60718293a4b5c6d7e": "•" * 29 + "d7e",
    # No number for all its digits, but written as one.
    "663b4b1e01234567": "663b4b1e•••••567",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_shown_without_the_numbers_in_it(text: str) -> None:
    assert shown_text(HIDING, text) == TEXTS[text]
    assert shown_text(SEEING, text) == text


def test_numbers_are_hidden_wherever_they_stand_in_json() -> None:
    said: Any = {"phone 9811000178": ["9811000178", 9811000178, 9811000178.0, 12, 0.12345678, True, None, {"x": ()}]}
    assert shown_text(HIDING, said) == {
        "phone •••••••178": ["•••••••178", "•••••••178", "•••••••178", 12, 0.12345678, True, None, {"x": []}]
    }


def test_a_name_that_is_a_number_is_hidden_however_short_it_is() -> None:
    shown = {
        "2003": "•003",
        "981": "981",
        "98 1 0": "•••1 0",
        "Desk 2003": "Desk 2003",
        "Asha 9811000178": "Asha •••••••178",
    }
    assert {name: shown_name(HIDING, name) for name in shown} == shown
    assert shown_name(HIDING, None) is None
    assert shown_name(SEEING, "2003") == "2003"


def test_a_number_shows_its_last_three_and_a_short_one_nothing() -> None:
    assert [masked(number) for number in ("+9779811000178", "2003", "101", "7", None)] == [
        "•••••••••••178",
        "•003",
        "•••",
        "•",
        None,
    ]


@pytest.mark.parametrize(
    "text", ["9" * 100_000, "9 " * 50_000, "9    " * 20_000, "a9" * 50_000, ("0" * 30 + " ") * 3_000]
)
def test_the_longest_texts_are_masked_in_time_linear_in_them(text: str) -> None:
    begun = time.perf_counter()
    shown_text(HIDING, text)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("number", ["+9779811000178", "2003", "101", "7", "", "9" * 63, "9" * 64, "9" * 100, None])
def test_what_is_written_out_for_columns_hides_what_the_mask_does(number: str | None) -> None:
    for mask in (shown, shown_text, shown_name):
        known: dict[str, object] = {}

        def name(prefix: str, value: object, known: dict[str, object] = known) -> str:
            known[prefix] = value
            return prefix

        source = mask.hidden.inline("cell", name)
        assert eval(source, known | {"cell": number}) == mask(HIDING, number)
        assert mask(SEEING, number) == number
