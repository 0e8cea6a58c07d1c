"""Asterisk's lines and bodies as rows, and rows folded into calls, whatever comes."""

import random
from contextlib import suppress
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calls import CallRecord
from app.domain.errors import RecordError
from app.domain.sources import Locale
from app.providers.asterisk.rows import COLUMNS
from app.providers.asterisk.wire import SPEC
from app.providers.contract import Unreadable
from tests.providers.asterisk.samples import (
    AMERICA,
    DEFAULT,
    LINES,
    MERGE,
    PAYLOADS,
    Payload,
    call,
    calls_of,
    lines_of,
    refusal,
    row,
    written,
)

# Lines


def test_every_row_is_a_payload() -> None:
    assert len(lines_of("smallcdr.csv")) == 45
    assert all(len(payload["rows"][0]) == 18 for payload in lines_of("smallcdr.csv"))


def test_header_byte_order_mark_and_blank_lines_are_no_rows() -> None:
    found = lines_of("exchange.csv")
    assert (PAYLOADS / "exchange.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert next(payload["rows"][0][16] for payload in found if isinstance(payload, dict)) == "1715235734.100"
    assert len(found) == 7


def test_line_that_is_no_row_comes_out_as_its_text_with_what_it_lacks() -> None:
    found = lines_of("exchange.csv")[-1]
    assert found.text == '"a line that was cut off","1001'
    assert found.reason == "it has 2 columns, not the 18 of Asterisk's Master.csv"


@pytest.mark.parametrize("columns", [16, 17])
def test_row_without_the_last_columns_says_which_setting_of_asterisk_writes_them(columns: int) -> None:
    (found,) = LINES([",".join("x" * columns)])
    assert found.reason.startswith(f"it has {columns} columns, not the 18")
    assert "loguniqueid=yes" in found.reason


def test_quote_that_is_never_closed_spoils_only_its_line() -> None:
    line = written()
    assert [type(found) for found in LINES([line, '"oops,1,2\n', line])] == [dict, Unreadable, dict]


def test_quotes_within_a_value_are_doubled() -> None:
    assert lines_of("smallcdr.csv")[0]["rows"][0][4] == '"Leanna Cuphus" <609-326-2780>'


def test_field_of_any_length_breaks_nothing() -> None:
    assert [type(found) for found in LINES([written(userfield="x" * 200_000), written()])] == [Unreadable, dict]


# Refusals


def test_rows_of_several_calls_are_refused() -> None:
    assert "several values of uniqueid" in refusal(row(), row(uniqueid="2"))


def test_row_of_another_width_is_refused() -> None:
    assert refusal(["a", "b"]) == "a row has 2 columns, not 18"


@pytest.mark.parametrize("payload", [{}, {"rows": None}, {"rows": []}])
def test_call_of_no_rows_is_refused(payload: Payload) -> None:
    with pytest.raises(RecordError, match="no rows"):
        SPEC.records(payload, DEFAULT)


@pytest.mark.parametrize(
    ("column", "value"),
    [("uniqueid", ""), ("start", ""), ("start", "N/A"), ("start", "soon"), ("duration", "long"), ("billsec", "-1")],
)
def test_row_whose_id_start_or_lengths_cannot_be_read_is_refused(column: str, value: str) -> None:
    assert refusal(row(**{column: value}))


# Bodies


def test_rows_come_as_json_too() -> None:
    payload = {"rows": [row()]}
    for body in (payload, [payload], row(), [row()]):
        assert list(SPEC.items(body)) == [payload]


def test_what_is_no_object_comes_out_as_it_is() -> None:
    assert list(SPEC.items(["odd", 1, None])) == ["odd", 1, None]


# Merging

CELLS = st.sampled_from(["", "1", "2024-05-09 06:22:14", "2024-05-09 06:22:20", "ANSWERED"])
ROWS = st.lists(CELLS, min_size=18, max_size=18)
CALLS = st.builds(lambda rows: {"rows": rows}, st.lists(ROWS, max_size=4))


@given(CALLS, CALLS)
def test_merging_is_the_same_either_way_round(left: Payload, right: Payload) -> None:
    assert MERGE(left, right) == MERGE(right, left)


@given(CALLS, CALLS, CALLS)
def test_merging_is_the_same_however_it_is_grouped(first: Payload, second: Payload, third: Payload) -> None:
    assert MERGE(MERGE(first, second), third) == MERGE(first, MERGE(second, third))


@given(CALLS, CALLS)
def test_merging_again_changes_nothing(left: Payload, right: Payload) -> None:
    merged = MERGE(left, right)
    assert MERGE(merged, left) == MERGE(merged, merged) == merged


@given(st.randoms(use_true_random=False))
def test_real_call_is_the_same_in_whatever_order_its_rows_arrive(order: random.Random) -> None:
    payloads = [payload for payload in lines_of("smallcdr.csv") if payload["rows"][0][16] == "1498559927.9"] * 2
    order.shuffle(payloads)
    assert call(*reduce(MERGE, payloads)["rows"]) == calls_of("smallcdr.csv")["1498559927.9"]


# Totality

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NASTY = st.sampled_from(
    ["s", "Local/@-0000", "SIP/-", "9999-12-31 23:59:59", "9" * 18, "1e400", '"<>', "9x-80907xxxxx"]
)


def changed() -> st.SearchStrategy[list[Any]]:
    with_values = st.dictionaries(st.sampled_from(COLUMNS), JSON | NASTY, min_size=1, max_size=5)
    return st.lists(st.builds(lambda changes: row(**changes), with_values), min_size=1, max_size=3)


@settings(max_examples=300, deadline=None)
@given(changed(), st.sampled_from([DEFAULT, AMERICA]))
def test_any_change_of_rows_is_read_or_refused(rows: list[Any], locale: Locale) -> None:
    with suppress(RecordError):
        (found,) = SPEC.records({"rows": rows}, locale)
        assert isinstance(found, CallRecord)
        assert found.duration_seconds is None or found.duration_seconds >= 0


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["rows", "odd"]), JSON))
def test_any_object_is_read_or_refused(payload: Payload) -> None:
    with suppress(RecordError):
        assert len(SPEC.records(payload, DEFAULT)) == 1


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_body_falls_apart_into_items(body: Any) -> None:
    assert not any(isinstance(item, list) for item in SPEC.items(body))


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_is_a_row_or_comes_out_as_its_text(source: list[str]) -> None:
    for found in LINES(source):
        assert isinstance(found, Unreadable) or len(found["rows"][0]) == 18
