"""Instants: vendors' local texts, the zones' odd hours and days, and the three forms an instant has."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InputError, RecordError
from app.domain.times import from_ms, from_seconds, read_local, rfc3339, start_of_day, to_ms, zone_named

KOLKATA, KATHMANDU, NEW_YORK = ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = [
    *(KOLKATA, KATHMANDU, NEW_YORK, LORD_HOWE),
    *map(ZoneInfo, ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia", "America/St_Johns")),
    *map(ZoneInfo, ("America/Toronto", "Africa/Casablanca", "America/Havana", "Asia/Tehran")),
]
# The years in which every zone above has whole-minute offsets and the store's instants lie.
NAIVE = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1))  # noqa: DTZ001 - local texts have no zone


def read(text: str, zone: ZoneInfo) -> str:
    return rfc3339(to_ms(read_local(text, zone)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-09 11:52:14", "2024-05-09T06:22:14Z"),
        ("09-05-2024 11:52:14", "2024-05-09T06:22:14Z"),
        ("2024-05-09T11:52:14", "2024-05-09T06:22:14Z"),
        (" 2024-05-09 11:52 ", "2024-05-09T06:22:00Z"),
        ("2024-5-9 1:52:14", "2024-05-08T20:22:14Z"),
        ("2024-05-09", "2024-05-08T18:30:00Z"),
        ("2024-05-09 11:52:14.5", "2024-05-09T06:22:14.500Z"),
        ("2024-05-09 11:52:14.123456789", "2024-05-09T06:22:14.123Z"),
        ("2024-05-09 11:52:14 IST", "2024-05-09T06:22:14Z"),
        ("2024-05-09 11:52:14 ist", "2024-05-09T06:22:14Z"),
    ],
)
def test_local_text_is_read_in_the_sources_zone(text: str, expected: str) -> None:
    assert read(text, KOLKATA) == expected


def test_kathmandu_is_five_hours_and_three_quarters_ahead() -> None:
    assert read("2024-05-09 11:52:14", KATHMANDU) == "2024-05-09T06:07:14Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-09T11:52:14Z", "2024-05-09T11:52:14Z"),
        ("2024-05-09 11:52:14 UTC", "2024-05-09T11:52:14Z"),
        ("2024-05-09 11:52:14 GMT", "2024-05-09T11:52:14Z"),
        ("2024-05-09T11:52:14+05:45", "2024-05-09T06:07:14Z"),
        ("2024-05-09 11:52:14 +0545", "2024-05-09T06:07:14Z"),
        ("2024-05-09T11:52:14-03:30", "2024-05-09T15:22:14Z"),
        ("2024-05-09T11:52:14-00:30", "2024-05-09T12:22:14Z"),
    ],
)
def test_offset_in_the_text_wins_over_the_sources_zone(text: str, expected: str) -> None:
    assert read(text, KOLKATA) == expected


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2024-05-09 11:52:14 IST", KATHMANDU),
        ("2024-05-09 11:52:14 EST", KOLKATA),
        ("2024-05-09 11:52:14 EST", NEW_YORK),  # in May New York is EDT
        ("2024-05-09 11:52:14 GST", KATHMANDU),  # custom has another word for it
        ("2024-05-09 11:52:14 IST", ZoneInfo("Asia/Dubai")),
        ("2024-05-09 11:52:14 XYZ", ZoneInfo("Asia/Dubai")),
        ("2024-05-09 11:52:14 BST", ZoneInfo("Asia/Dubai")),
        ("2024-01-09 11:52:14 BST", ZoneInfo("Europe/London")),  # the zone data has a word: GMT
        ("2024-05-09 11:52:14 AST", ZoneInfo("Europe/Moscow")),  # Arabia's offset, but Moscow has a word
        ("1985-05-09 11:52:14 NPT", KATHMANDU),  # it was +05:30 then
    ],
)
def test_zone_word_that_does_not_fit_is_refused_rather_than_guessed(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(RecordError, match="set the source's zone"):
        read_local(text, zone)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2023-09-13 17:50:00 GST", "Asia/Dubai", "2023-09-13T13:50:00Z"),
        ("2023-09-13 17:50:00 gst", "Asia/Dubai", "2023-09-13T13:50:00Z"),
        ("2024-05-09 11:52:14 NPT", "Asia/Kathmandu", "2024-05-09T06:07:14Z"),
        ("2024-05-09 11:52:14 BST", "Asia/Dhaka", "2024-05-09T05:52:14Z"),
        ("2024-05-09 11:52:14 BRT", "America/Sao_Paulo", "2024-05-09T14:52:14Z"),
        ("2024-05-09 11:52:14 PKT", "Asia/Karachi", "2024-05-09T06:52:14Z"),  # the zone data has this one
    ],
)
def test_customary_zone_word_is_taken_where_the_zone_data_has_none(text: str, zone: str, expected: str) -> None:
    assert read(text, ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2024-13-01 00:00:00", "2024-02-30", "2024-05-09 24:00:00", "2024-05-09 11:60:00"),
        *("2024-05-09 11:52:14 +99:99", "0000-00-00 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59 -1200"),
        *("05/09/2024", "2024-05-09 11:52:14 PM", "1715234534", "2024-05-09 11"),
    ],
)
def test_text_that_is_no_time_is_refused_with_the_text(text: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_local(text, KOLKATA)
    assert repr(text) in str(refused.value) or "set the source's zone" in str(refused.value)


def test_time_that_a_dst_change_skips_is_the_same_distance_after_it() -> None:
    assert read("2024-03-10 02:30:00", NEW_YORK) == "2024-03-10T07:30:00Z"  # 03:30 EDT


def test_time_that_a_dst_change_repeats_is_the_first_of_the_two() -> None:
    assert read("2024-11-03 01:30:00", NEW_YORK) == "2024-11-03T05:30:00Z"  # EDT


def test_zone_word_tells_which_of_a_repeated_time_is_meant() -> None:
    assert read("2024-11-03 01:30:00 EDT", NEW_YORK) == "2024-11-03T05:30:00Z"
    assert read("2024-11-03 01:30:00 EST", NEW_YORK) == "2024-11-03T06:30:00Z"


def test_lord_howe_changes_by_half_an_hour() -> None:
    assert read("2024-04-07 01:59:59", LORD_HOWE) == "2024-04-06T14:59:59Z"  # the first time round, at +11:00
    assert read("2024-04-07 02:00:00", LORD_HOWE) == "2024-04-06T15:30:00Z"  # at +10:30
    assert read("2024-10-06 02:15:00", LORD_HOWE) == "2024-10-05T15:45:00Z"  # skipped: 02:45 at +11:00


@given(NAIVE, st.sampled_from(ZONES))
def test_local_text_round_trips_unless_the_clock_skipped_it(naive: datetime, zone: ZoneInfo) -> None:
    naive = naive.replace(microsecond=0)
    back = read_local(naive.isoformat(" "), zone).astimezone(zone).replace(tzinfo=None)
    skipped = naive.replace(tzinfo=zone).utcoffset() < naive.replace(tzinfo=zone, fold=1).utcoffset()  # type: ignore[operator]
    assert (back > naive) if skipped else (back == naive)


@given(
    st.text() | st.from_regex(r"\d{1,4}-\d{1,2}-\d{1,4}( \d{1,2}:\d{2}(:\d{2})?)?( [A-Z+\-0-9]{1,5})?", fullmatch=True)
)
def test_any_text_is_an_instant_in_utc_or_a_reason(text: str) -> None:
    try:
        found = read_local(text, NEW_YORK)
    except RecordError:
        return
    assert found.tzinfo is UTC


@given(st.integers(-(10**13), 10**14))
def test_milliseconds_round_trip_through_datetime_and_rfc3339(milliseconds: int) -> None:
    instant = from_ms(milliseconds)
    assert to_ms(instant) == milliseconds
    assert to_ms(datetime.fromisoformat(rfc3339(milliseconds))) == milliseconds
    assert to_ms(instant.astimezone(NEW_YORK)) == milliseconds


@given(NAIVE, st.sampled_from(ZONES), st.sampled_from([0, 1]))
def test_milliseconds_of_a_repeated_hour_tell_its_two_passes_apart(naive: datetime, zone: ZoneInfo, fold: int) -> None:
    local = naive.replace(microsecond=0, tzinfo=zone, fold=fold)
    assert from_ms(to_ms(local)) == local.astimezone(UTC)


def test_milliseconds_are_cut_off_below_never_rounded_up() -> None:
    assert to_ms(datetime(2024, 5, 9, 6, 22, 14, 999_999, tzinfo=UTC)) % 1000 == 999


def test_rfc3339_has_a_fraction_only_where_there_is_one() -> None:
    assert rfc3339(1_715_235_734_000) == "2024-05-09T06:22:14Z"
    assert rfc3339(1_715_235_734_050) == "2024-05-09T06:22:14.050Z"
    assert rfc3339(-1) == "1969-12-31T23:59:59.999Z"


def test_epoch_seconds_may_have_a_fraction() -> None:
    assert from_seconds(1_715_235_734.25) == datetime(2024, 5, 9, 6, 22, 14, 250_000, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [1e300, float("inf"), float("nan"), -1e15, 10**15])
def test_epoch_beyond_the_calendar_is_refused(seconds: float) -> None:
    with pytest.raises(RecordError, match="not a time"):
        from_seconds(seconds)


def test_zone_is_had_by_its_iana_name() -> None:
    assert zone_named("Asia/Kathmandu") is KATHMANDU


@pytest.mark.parametrize(
    "name", ["", "Nepal/Pokhara", "IST5", "/etc/passwd", "../UTC", "Asia", "\0", "localtime", "posixrules", "right/UTC"]
)
def test_zone_that_does_not_exist_is_refused_with_advice(name: str) -> None:
    with pytest.raises(InputError, match="IANA name"):
        zone_named(name)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2024-05-09", "Asia/Kathmandu", "2024-05-08T18:15:00Z"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"),  # begins at 01:00
        ("2023-04-28", "Africa/Cairo", "2023-04-27T22:00:00Z"),  # begins at 01:00
        ("2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00Z"),  # 23:00 came twice the evening before
        ("2024-11-03", "America/Havana", "2024-11-03T04:00:00Z"),  # midnight comes twice: the first
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"),  # a day that never was: the start of the next
        ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00Z"),  # 23:30 jumped to 00:30
    ],
)
def test_day_starts_at_its_first_moment_even_where_midnight_is_missing(day: str, zone: str, expected: str) -> None:
    assert rfc3339(to_ms(start_of_day(date.fromisoformat(day), ZoneInfo(zone)))) == expected


@given(st.dates(date(1915, 1, 1), date(2100, 1, 1)), st.sampled_from(ZONES))
def test_moment_before_the_start_of_a_day_belongs_to_another_day(day: date, zone: ZoneInfo) -> None:
    start = start_of_day(day, zone)
    assert (start - timedelta(milliseconds=1)).astimezone(zone).date() < day <= start.astimezone(zone).date()


@given(st.dates(date(1915, 1, 1), date(2100, 1, 1)), st.sampled_from(ZONES))
def test_days_follow_each_other_and_have_about_24_hours(day: date, zone: ZoneInfo) -> None:
    length = start_of_day(day + timedelta(days=1), zone) - start_of_day(day, zone)
    assert length == timedelta() or timedelta(hours=22) <= length <= timedelta(hours=26)


@given(NAIVE, st.sampled_from(ZONES), st.sampled_from([" ", "T"]))
def test_usual_form_of_a_time_is_read_as_any_other_of_the_same_moment(
    local: datetime, zone: ZoneInfo, between: str
) -> None:
    usual = f"{local:%Y-%m-%d}{between}{local:%H:%M:%S}"
    assert read_local(usual, zone) == read_local(f"{local:%d-%m-%Y %H:%M:%S}", zone) == read_local(usual + ".0", zone)


@pytest.mark.parametrize(
    "text", ["2024-W01-1T10:10:10", "2024-02-30 10:10:10", "2024-02-01 24:10:10", "2024-02-01x10:10:10"]
)
def test_what_is_as_long_as_a_usual_time_and_is_none_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        read_local(text, KOLKATA)
