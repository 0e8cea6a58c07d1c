"""What no JSON text or database can hold is replaced, and everything else stays what it is."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.clean import cleaned

SOUND = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | SOUND,
    lambda inner: st.lists(inner) | st.dictionaries(SOUND, inner),
    max_leaves=20,
)
ODD = st.sampled_from(["\0", "\ud800", "a\udfffb", 10**30, -(10**30), math.inf, -math.inf, math.nan])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ODD,
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["\0", "\ud800"]), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_what_can_be_stored_is_the_value_itself(value: Any) -> None:
    assert cleaned(value) is value


@given(ANY)
def test_anything_is_storable_afterwards_and_cleaning_again_changes_nothing(value: Any) -> None:
    once = cleaned(value)
    text = msgspec.json.encode(once)
    assert b"\\u0000" not in text
    assert msgspec.json.decode(text) == once
    assert cleaned(once) == once


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a?b"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        ({"key\0": [1, math.nan, None]}, {"key\ufffd": [1, "nan", None]}),
        ({"\ud800": None}, {"?": None}),
    ],
)
def test_odd_value_is_replaced_where_it_stands(value: Any, kept: Any) -> None:
    assert cleaned(value) == kept


@pytest.mark.parametrize("beside", ["plain", "\0"])
def test_whole_number_of_any_size_keeps_its_digits(beside: str) -> None:
    assert str(cleaned({"big": 10**30, "beside": beside})["big"]) == str(10**30)


@pytest.mark.parametrize("depth", [200, 100_000])
def test_deepest_levels_are_cut_off_and_the_rest_stays(depth: int) -> None:
    deep: Any = "bottom"
    for _ in range(depth):
        deep = {"in": deep}
    found = cleaned({"deep": deep, "beside": "kept\0"})
    assert found["beside"] == "kept\ufffd"
    assert 80 < msgspec.json.encode(found).count(b'"in"') < 200
