"""The custom scalars: how instants, numbers, zones and times of day are written and read, and what is refused."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InputError
from app.domain.filters import END_OF_DAY
from app.domain.times import from_ms, to_ms
from app.graphql.scalars import read_instant, read_number, read_time, read_zone, write_instant, write_zone
from tests.conftest import House
from tests.graphql.rows import MORNING, fill, row

# Every millisecond from the year 1 to 9999.
MILLISECONDS = st.integers(to_ms(datetime(1, 1, 2, tzinfo=UTC)), to_ms(datetime(9999, 12, 29, tzinfo=UTC)))
OFFSETS = st.timedeltas(timedelta(hours=-23, minutes=-59), timedelta(hours=23, minutes=59))


@given(MILLISECONDS)
def test_instant_is_read_as_it_was_written(milliseconds: int) -> None:
    assert read_instant(write_instant(milliseconds)) == from_ms(milliseconds)


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_715_235_734_000, "2024-05-09T06:22:14Z"),
        (-62_135_510_400_000, "0001-01-02T00:00:00Z"),
    ],
)
def test_instant_is_written_in_utc_with_a_fraction_only_where_there_is_one(milliseconds: int, written: str) -> None:
    assert write_instant(milliseconds) == write_instant(from_ms(milliseconds)) == written


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-09T06:22:14Z",
        "2024-05-09T12:07:14+05:45",
        "2024-05-09T00:52:14.000-05:30",
        "2024-05-09 06:22:14+00:00",
    ],
)
def test_offset_of_an_instant_may_be_any(text: str) -> None:
    assert read_instant(text) == datetime(2024, 5, 9, 6, 22, 14, tzinfo=UTC)


@given(at=st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), offset=OFFSETS)  # noqa: DTZ001
def test_same_instant_in_any_offset_is_the_same(at: datetime, offset: timedelta) -> None:
    whole = timedelta(minutes=offset // timedelta(minutes=1))
    minutes = abs(whole) // timedelta(minutes=1)
    local = f"{(at + whole).isoformat()}{'-' if whole < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"
    assert read_instant(local) == at.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["2024-05-09T06:22:14", "2024-05-09", "2024-05-09 06:22"])
def test_time_without_a_zone_is_refused_rather_than_guessed(text: str) -> None:
    with pytest.raises(InputError, match=r"says no time zone\. End it with Z or an offset such as \+05:45\.$"):
        read_instant(text)


@pytest.mark.parametrize("value", ["", "yesterday", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "24:00Z", 0, 1.5, True, None, [], {}])  # fmt: skip
def test_what_is_no_instant_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match=r"is no DateTime\. Write it as 2024-05-09T06:22:14Z\.$"):
        read_instant(value)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T12:00:00Z"])
def test_instant_at_the_very_edge_of_time_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is outside the years 1 to 9999"):
        read_instant(text)


@pytest.mark.parametrize("text", ["+9779810000078", "981-000 0078", "555", "(316) 832-5555", "anna", "५५५", "x" * 64])
def test_number_is_kept_as_it_was_typed(text: str) -> None:
    assert read_number(text) == text


@pytest.mark.parametrize("value", ["", " ", "---", "+", "()", "x" * 65, "555\0", 5551234, 1.5, True, None, []])
def test_what_has_nothing_to_compare_is_no_number(value: Any) -> None:
    with pytest.raises(InputError, match=r"is no PhoneNumber\. Write it as \+9779810000078, or as it is dialled\.$"):
        read_number(value)


@pytest.mark.parametrize("name", ["Asia/Kathmandu", "UTC", "America/Argentina/Buenos_Aires"])
def test_zone_is_read_and_written_by_its_name(name: str) -> None:
    assert write_zone(read_zone(name)) == name
    assert write_zone(name) == name


@pytest.mark.parametrize("value", ["", "Mars/Olympus", "Asia", "+05:45", "../../etc/passwd", "/etc/passwd", "a\0b", "\ud800", "x" * 5000, 5, None, True])  # fmt: skip
def test_what_is_no_zone_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match=r"is not a time zone\. Use an IANA name such as 'Asia/Kolkata' or 'UTC'\.$"):
        read_zone(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("09:30", time(9, 30)), ("00:00", time()), ("23:59:59", time(23, 59, 59)), ("24:00", END_OF_DAY)],
)
def test_time_of_day_is_read(text: str, expected: time) -> None:
    assert read_time(text) == expected


@pytest.mark.parametrize("value", ["", "24:01", "9:30", "09:60", "noon", 930, 9.5, None, True, []])
def test_what_is_no_time_of_day_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match=r"is no TimeOfDay\. Write it as 09:30\.$"):
        read_time(value)


@pytest.mark.parametrize("text", ["09:30Z", "09:30+05:45"])
def test_time_of_day_has_no_zone_of_its_own(text: str) -> None:
    with pytest.raises(InputError, match=r"says a zone\. A time of day is read in the filter's time zone\.$"):
        read_time(text)


RANGE = "query Q($at: DateTime) { calls(filter: { startedAt: { from: $at } }) { nodes { startedAt } } }"


async def test_instants_go_in_by_variable_and_by_literal_and_come_out_in_utc(house: House) -> None:
    await fill(house, [row("a", minute=0), row("b", minute=-1)])
    expected = {"calls": {"nodes": [{"startedAt": "2024-05-20T08:00:00Z"}]}}
    assert MORNING.isoformat() == "2024-05-20T08:00:00+00:00"
    assert await house.ask(RANGE, at="2024-05-20T13:45:00+05:45") == expected
    literal = '{ calls(filter: { startedAt: { from: "2024-05-20T13:45:00+05:45" } }) { nodes { startedAt } } }'
    assert await house.ask(literal) == expected


BAD_LITERALS = {
    'startedAt: { from: "2024-05-09T06:22:14" }': "says no time zone",
    "startedAt: { from: 2024 }": "is no DateTime",
    'phoneNumbers: ["-"]': "is no PhoneNumber",
    "phoneNumbers: [9811]": "is no PhoneNumber",
    'timezone: "Mars/Olympus"': "is not a time zone",
    'timeOfDay: { from: "9", to: "10:00" }': "is no TimeOfDay",
}


async def test_bad_scalar_in_a_document_is_named_in_our_words(house: House) -> None:
    for literal, said in BAD_LITERALS.items():
        found = await house.answer(f"{{ calls(filter: {{ {literal} }}) {{ totalCount }} }}")
        (error,) = found["errors"]
        assert found["data"] is None
        assert said in error["message"], error
        assert error["extensions"] == {"code": "BAD_USER_INPUT"}
        assert error["locations"]


async def test_bad_scalar_in_a_variable_is_named_in_our_words(house: House) -> None:
    found = await house.answer(RANGE, at="2024-05-09T06:22:14")
    (error,) = found["errors"]
    assert found["data"] is None
    assert "says no time zone" in error["message"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_zones_and_numbers_come_out_as_text(house: House) -> None:
    await fill(house, [row("a", caller="(981) 000-0078")])
    found = await house.ask("{ calls { nodes { phoneNumber } } sources { timezone } }")
    assert found == {"calls": {"nodes": [{"phoneNumber": "9810000078"}]}, "sources": [{"timezone": "UTC"}]}
