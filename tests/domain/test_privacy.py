"""A number is known again however it is written, and not where only some of its digits stand."""

from string import digits as all_digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.nobody import without_recording
from app.domain.numbers import NumberKind, PhoneNumber, parse
from app.domain.privacy import Seal, Tombstones, mask_of, said_forms, stored_forms

RAVI = "+919650000255"
MASK = mask_of([RAVI])


@pytest.mark.parametrize(
    "text",
    [
        "+919650000255",
        "00919650000255",
        "91-9650000255",
        "09650000255",
        "96500 00255",
        "(965) 000-0255",
        "+91 (0) 96500 00255",
        "96.50.00.02.55",
        "9650000255-20240506",
        "20240506-9650000255.wav",
        "out_9650000255_2003",
        "tel:9650000255;ext",
    ],
)
def test_a_number_is_known_however_it_is_written(text: str) -> None:
    assert MASK.finds(text)
    hidden = MASK.text(text)
    assert not MASK.finds(hidden)
    assert len(hidden) == len(text)


@pytest.mark.parametrize("text", ["+9779650000255", "196500002551", "9650000256", "965000025", "1715235734.438", ""])
def test_other_digits_are_left_alone(text: str) -> None:
    assert MASK.text(text) == text


def test_only_the_number_becomes_stars() -> None:
    assert MASK.text("call +91 96500-00255 or 9650000999") == "call +** *****-***** or 9650000999"


def test_the_number_is_hidden_in_every_place_of_a_value() -> None:
    value = {"a": [9650000255, 9650000255.0, {"9650000255": "x 9650000255"}], "b": None, "c": True, "d": 12}
    assert MASK.value(value) == {"a": ["**********", "**********.0", {"**********": "x **********"}]} | {
        "b": None,
        "c": True,
        "d": 12,
    }


def test_an_erased_number_in_a_record_is_a_withheld_one() -> None:
    number = parse("9650000255", "IN")
    assert MASK.value(number) == PhoneNumber("**********", None, "", NumberKind.WITHHELD)
    assert MASK.value(parse("9650000255", "NP")) == PhoneNumber("**********", None, "", NumberKind.WITHHELD)
    assert MASK.value(parse("9650000256", "IN")) == parse("9650000256", "IN")


def test_what_is_said_of_others_with_the_same_digits_stays() -> None:
    assert mask_of([RAVI], but=["+9779650000255"]).text("9650000255, 919650000255") == "9650000255, ************"


@given(
    national=st.text(all_digits, min_size=10, max_size=10).map(lambda text: "9" + text[1:]),
    separators=st.lists(st.sampled_from(["", " ", "-", ".", ") ", " ("]), min_size=9, max_size=9),
    before=st.sampled_from(["", "call ", "+91", "+91 ", "0", "0091", "x"]),
    after=st.sampled_from(["", " now", ".wav", "_1", ", 12"]),
)
def test_any_way_to_group_the_digits_is_found(national: str, separators: list[str], before: str, after: str) -> None:
    text = before + national[0] + "".join(map(str.__add__, separators, national[1:])) + after
    mask = mask_of([f"+91{national}"])
    assert mask.finds(text)
    assert not mask.finds(mask.text(text))


@given(st.text(all_digits + " -().x", max_size=60))
def test_hiding_twice_is_hiding_once_and_keeps_the_length(text: str) -> None:
    once = MASK.text(text)
    assert MASK.text(once) == once
    assert len(once) == len(text)


def test_a_number_is_said_with_its_country_code_and_without() -> None:
    assert said_forms(RAVI) == {"919650000255", "9650000255"}
    assert said_forms("0441234567") == {"441234567"}
    assert stored_forms(RAVI) == (RAVI, "919650000255")


def test_a_tombstone_is_found_by_its_number_alone() -> None:
    seal = Seal("main", b"secret")
    stones = Tombstones([seal], {seal.of_number(RAVI): True, seal.of_text("9650000255"): True})
    found = stones.of_number(RAVI)
    assert found is not None
    assert found.whole_calls
    assert stones.said("9650000255")
    assert stones.of_number("9650000255") is None
    assert stones.of_number(None) is None
    assert not stones.said("9650000256")


def test_another_key_or_workspace_makes_other_tombstones() -> None:
    made = {Seal("main", b"a").of_number(RAVI), Seal("main", b"b").of_number(RAVI), Seal("other", b"a").of_number(RAVI)}
    assert len(made) == 3


def test_a_key_does_not_show_itself() -> None:
    assert "secret" not in repr(Seal("main", b"secret")) + Seal("main", b"secret").id


def test_a_recordings_link_is_taken_out_of_a_raw_record_with_scheme_or_without() -> None:
    payload = {"link": "pbx.example/a.wav", "same": "https://pbx.example/a.wav", "rows": [["aws-7", "x"]], "n": 1}
    recording = {"url": "https://pbx.example/a.wav", "provider_recording_id": "aws-7"}
    assert without_recording(payload, recording) == {"link": None, "same": None, "rows": [[None, "x"]], "n": 1}
