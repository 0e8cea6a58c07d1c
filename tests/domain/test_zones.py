"""Zones as spans: they cover a range without gaps, and say what the zone itself says at every moment of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import from_ms, to_ms
from app.domain.zones import EARLIEST, LATEST, OffsetSpan, offset_spans

ZONES = tuple(
    map(
        ZoneInfo,
        (
            *("UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "US/Central", "Australia/Lord_Howe"),
            *("Europe/Dublin", "Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "America/Recife"),
            *("America/Argentina/Tucuman", "Asia/Tehran", "Antarctica/Troll", "Africa/Cairo", "Asia/Pyongyang"),
        ),
    )
)
NEW_YORK, LORD_HOWE, KATHMANDU = (
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Kathmandu"),
)
HOUR, DAY = 3_600_000, 86_400_000
MOMENTS = st.integers(EARLIEST, LATEST)


def ms(*parts: int) -> int:
    return to_ms(datetime(*parts, tzinfo=UTC))


def offset(zone: ZoneInfo, moment: int) -> int:
    found = from_ms(moment).astimezone(zone).utcoffset()
    assert found is not None
    return found // timedelta(milliseconds=1)


def test_year_of_new_york_is_three_spans() -> None:
    assert offset_spans(NEW_YORK, ms(2024, 1, 1), ms(2025, 1, 1)) == (
        OffsetSpan(ms(2024, 1, 1), ms(2024, 3, 10, 7), -5 * HOUR),
        OffsetSpan(ms(2024, 3, 10, 7), ms(2024, 11, 3, 6), -4 * HOUR),
        OffsetSpan(ms(2024, 11, 3, 6), ms(2025, 1, 1), -5 * HOUR),
    )


def test_lord_howe_changes_by_half_an_hour() -> None:
    assert offset_spans(LORD_HOWE, ms(2024, 4, 1), ms(2024, 4, 10)) == (
        OffsetSpan(ms(2024, 4, 1), ms(2024, 4, 6, 15), 11 * HOUR),
        OffsetSpan(ms(2024, 4, 6, 15), ms(2024, 4, 10), 10 * HOUR + HOUR // 2),
    )


def test_zone_without_changes_is_one_span() -> None:
    assert offset_spans(KATHMANDU, ms(2000, 1, 1), ms(2030, 1, 1)) == (
        OffsetSpan(ms(2000, 1, 1), ms(2030, 1, 1), 5 * HOUR + 45 * 60_000),
    )


@pytest.mark.parametrize("day", range(1, 8))
def test_change_that_was_taken_back_within_a_week_is_seen_wherever_the_range_begins(day: int) -> None:
    """Recife began summer time on 8 October 2000 and ended it on the 15th."""
    found = offset_spans(ZoneInfo("America/Recife"), ms(2000, 10, day), ms(2000, 11, 1))
    assert [(span.start, span.offset) for span in found] == [
        (ms(2000, 10, day), -3 * HOUR),
        (ms(2000, 10, 8, 3), -2 * HOUR),
        (ms(2000, 10, 15, 2), -3 * HOUR),
    ]


def test_day_that_was_skipped_is_one_change() -> None:
    """Apia went from UTC-10 to UTC+14 at the end of 29 December 2011."""
    found = offset_spans(ZoneInfo("Pacific/Apia"), ms(2011, 12, 1), ms(2012, 1, 31))
    assert [(span.start, span.offset) for span in found] == [
        (ms(2011, 12, 1), -10 * HOUR),
        (ms(2011, 12, 30, 10), 14 * HOUR),
    ]


@pytest.mark.parametrize("end", [ms(2024, 1, 1), ms(2023, 1, 1)])
def test_empty_range_has_no_spans(end: int) -> None:
    assert offset_spans(NEW_YORK, ms(2024, 1, 1), end) == ()


def test_range_that_ends_at_a_change_ends_with_the_offset_before_it() -> None:
    change = ms(2024, 3, 10, 7)
    assert offset_spans(NEW_YORK, change - 1, change) == (OffsetSpan(change - 1, change, -5 * HOUR),)
    assert offset_spans(NEW_YORK, change, change + 1) == (OffsetSpan(change, change + 1, -4 * HOUR),)


@given(st.sampled_from(ZONES), MOMENTS, st.integers(1, 4000 * DAY), st.data())
def test_spans_say_what_the_zone_says_at_every_moment(
    zone: ZoneInfo, start: int, length: int, data: st.DataObject
) -> None:
    end = start + length
    spans = offset_spans(zone, start, end)
    assert (spans[0].start, spans[-1].end) == (start, end)
    for before, after in pairwise(spans):
        assert before.end == after.start
        assert before.offset != after.offset
    for span in spans:
        within = data.draw(st.integers(span.start, span.end - 1))
        assert {offset(zone, at) for at in (span.start, within, span.end - 1)} == {span.offset}
