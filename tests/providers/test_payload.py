"""Single values of payloads: the quick ways of reading many say the same as the plain way of reading each."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.providers import payload

NUMBERS = (
    st.integers().map(str)
    | st.floats().map(str)
    | st.sampled_from(["Infinity", "nan", "-inf", "1_0", " 7 ", "٣", "½", "e5"])
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | NUMBERS | st.lists(st.text(max_size=2))


@given(st.dictionaries(st.text(max_size=2), VALUES), st.sets(st.text(max_size=2)))
def test_texts_of_an_object_are_those_of_its_values(entry: dict[str, Any], without: set[str]) -> None:
    plainly = {key: payload.text(value) for key, value in entry.items() if key not in without}
    assert payload.given(entry, without) == {key: found for key, found in plainly.items() if found}


@given(NUMBERS | st.text())
def test_text_is_the_number_that_python_reads_in_it_where_that_is_one(text: str) -> None:
    try:
        read = float(text)
    except ValueError:
        read = math.nan
    assert payload.number(text) == (read if abs(read) < 2**62 else None)
