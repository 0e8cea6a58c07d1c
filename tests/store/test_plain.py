"""Domain values as the JSON of a details column."""

from datetime import UTC, datetime
from enum import Enum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls import CallDirection
from app.domain.contacts import Lead
from app.domain.details import CallDetails, Hangup, Summary, WrapUp
from app.domain.labels import Label, LabelKind
from app.domain.numbers import parse
from app.domain.times import to_ms
from app.store.plain import plain
from tests.graphql.rows import complete

AT = datetime(2024, 5, 9, 6, 22, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", ""),
        (0, 0),
        (False, False),
        (1.5, 1.5),
        (AT, 1_715_235_734_000),
        (CallDirection.INBOUND, "INBOUND"),
        ((), []),
        ((AT, None, "x"), [1_715_235_734_000, None, "x"]),
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        (WrapUp(), {}),
        (WrapUp(name="Sold"), {"name": "Sold"}),
        (Hangup(cause="", cause_code=0), {"cause": "", "cause_code": 0}),
        (Lead(tags=(), assigned_to_all=False, reminder_at=AT), {"assigned_to_all": False, "reminder_at": to_ms(AT)}),
        (Label(LabelKind.QUEUE, "Sales"), {"kind": "QUEUE", "name": "Sales"}),
        (parse("*98", "IN"), {"raw": "*98", "digits": "98", "kind": "SHORT"}),
        (CallDetails(), {}),
        (CallDetails(wrap_up=WrapUp(note="x")), {"wrap_up": {"note": "x"}}),
    ],
)
def test_value_is_written_without_what_it_does_not_say(value: Any, expected: Any) -> None:
    assert plain(value) == expected


def test_complete_details_lose_nothing() -> None:
    found = plain(complete(CallDetails))
    assert found.keys() == set(CallDetails.__dataclass_fields__)
    assert msgspec.json.decode(msgspec.json.encode(found)) == found


@given(text=st.text() | st.none(), at=st.datetimes(datetime(1, 1, 2), datetime(9999, 1, 1)))  # noqa: DTZ001
def test_what_is_written_is_json_that_reads_the_same(text: str | None, at: datetime) -> None:
    found = plain(CallDetails(description=text, reminder_at=at.replace(tzinfo=UTC), summaries=(Summary(text=text),)))
    assert msgspec.json.decode(msgspec.json.encode(found)) == found
    assert found.get("description") == text


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", Enum, 1j])
def test_what_has_no_form_in_json_is_a_mistake_of_ours(value: Any) -> None:
    with pytest.raises(TypeError, match="has no place in a details column"):
        plain(value)
