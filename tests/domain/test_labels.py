"""Labels: when there is one, and what a filter has to say to find it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.labels import Label, LabelKind, fold, label, rows_of


def found_by(one: Label) -> dict[str, str | None]:
    """What finds a label, and what it is shown as."""
    return {key: shown for _, key, shown in rows_of([one])}


@pytest.mark.parametrize(
    ("name", "id", "expected"),
    [
        ("Sales", 12, Label(LabelKind.QUEUE, "Sales", "12")),
        (" Sales ", None, Label(LabelKind.QUEUE, "Sales", None)),
        (None, "q-1", Label(LabelKind.QUEUE, None, "q-1")),
        ("", 0, Label(LabelKind.QUEUE, None, "0")),
        (7, "", Label(LabelKind.QUEUE, "7", None)),
    ],
)
def test_label_is_what_the_vendor_gives_of_name_and_id(name: Any, id: Any, expected: Label) -> None:
    assert label(LabelKind.QUEUE, name=name, id=id) == (expected,)


@pytest.mark.parametrize("nothing", [None, "", "   ", True, False, {}, {"name": "Sales"}, [], ["Sales"]])
def test_value_that_names_nothing_makes_no_label(nothing: Any) -> None:
    assert label(LabelKind.QUEUE, name=nothing, id=nothing) == ()


def test_labels_add_up() -> None:
    found = label(LabelKind.QUEUE, name="Sales") + label(LabelKind.TRUNK) + label(LabelKind.TRUNK, id=3)
    assert found == (Label(LabelKind.QUEUE, "Sales"), Label(LabelKind.TRUNK, id="3"))


def test_filter_may_say_the_name_or_the_id_in_any_case() -> None:
    assert found_by(Label(LabelKind.QUEUE, "Sales  Team", "Q1")) == {"sales team": "Sales  Team", "q1": None}
    assert found_by(Label(LabelKind.QUEUE, None, "Q1")) == {"q1": "Q1"}


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Sales", "sales"), ("  SALES \t team\n", "sales team"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("", "")],
)
def test_case_and_blanks_never_tell_texts_apart(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()))
def test_label_of_any_value_has_a_key_or_does_not_exist(value: Any) -> None:
    assert all(found_by(found) for found in label(LabelKind.QUEUE, name=value))
