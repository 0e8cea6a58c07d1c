"""Phone numbers: what is a number, what is none, and what only looks like one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.numbers import NumberKind, PhoneNumber, country_of, digits_of, extension, parse

REGIONS = st.sampled_from(["IN", "NP", "US", "GB", "IT", "BR", "AR", "MX", "RU", None])


def e164(text: str, region: str | None, country_code: str = "") -> str | None:
    found = parse(text, region, country_code)
    assert found is not None
    return found.e164


def kind(text: str, region: str | None = "IN") -> NumberKind:
    found = parse(text, region)
    assert found is not None
    return found.kind


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("9810000078", "NP", "+9779810000078"),
        ("9810000078", "IN", "+919810000078"),
        ("09810000078", "IN", "+919810000078"),
        ("+977 981-0000078", "IN", "+9779810000078"),
        ("00977 9810000078", "IN", "+9779810000078"),
        ("(336) 287-2456", "US", "+13362872456"),
        ("+9779810000078", None, "+9779810000078"),
        ("  9810000078 ", "IN", "+919810000078"),
        ("٩٨١٠٠٠٠٠٧٨", "IN", "+919810000078"),
    ],
)
def test_national_number_belongs_to_the_region_of_its_source(text: str, region: str | None, expected: str) -> None:
    assert e164(text, region) == expected


def test_national_number_without_a_region_has_no_e164_but_keeps_its_digits() -> None:
    assert parse("98100-00078", None) == PhoneNumber("98100-00078", None, "9810000078", NumberKind.EXTERNAL)


@pytest.mark.parametrize("region", ["IN", None])
def test_country_code_kept_apart_wins_over_the_region(region: str | None) -> None:
    assert e164("9810000078", region, "977") == "+9779810000078"
    assert e164("9810000078", region, "+977") == "+9779810000078"


def test_plus_in_the_number_wins_over_a_country_code_kept_apart() -> None:
    assert e164("+9779810000078", "IN", "91") == "+9779810000078"


@pytest.mark.parametrize("text", ["948000048", "3000000033", "1234567890"])
def test_possible_but_invalid_number_is_kept(text: str) -> None:
    assert e164(text, "IN") == f"+91{text}"


@pytest.mark.parametrize("text", ["+1", "12345678901234567890", "+999123", "0000000"])
def test_impossible_number_has_no_e164_but_keeps_text_and_digits(text: str) -> None:
    assert parse(text, "IN") == PhoneNumber(text, None, text.lstrip("+"), NumberKind.EXTERNAL)


def test_digits_are_those_of_the_e164_form_where_there_is_one() -> None:
    found = parse("098100-00078", "IN")
    assert found == PhoneNumber("098100-00078", "+919810000078", "919810000078", NumberKind.EXTERNAL)


def test_extension_word_before_digits_is_no_indian_number() -> None:
    assert parse("Extension-06040000219", "IN") == PhoneNumber(
        "Extension-06040000219", None, "06040000219", NumberKind.INTERNAL
    )


@pytest.mark.parametrize("text", ["ext 5", "SIP/100", "PJSIP/200", "agent:007", "DAHDI-12", "local.9810000078"])
def test_channel_and_extension_prefixes_are_internal(text: str) -> None:
    assert (kind(text), e164(text, "IN")) == (NumberKind.INTERNAL, None)


@pytest.mark.parametrize("text", ["reception", "1800-FLOWERS", "sip:100@host", "+", "9810000078;ext=5", "1234567²"])
def test_letters_make_an_internal_name_rather_than_a_vanity_number(text: str) -> None:
    assert (kind(text, "US"), e164(text, "US")) == (NumberKind.INTERNAL, None)


@pytest.mark.parametrize(
    "text", ["9x-80907xxxxx", "98765xxxxx", "XXXXXXXXXX", "+91 98•••••210", "98******10", "***1234"]
)
def test_masked_number_is_withheld_and_has_no_digits(text: str) -> None:
    assert parse(text, "IN") == PhoneNumber(text, None, "", NumberKind.WITHHELD)


@pytest.mark.parametrize("text", ["anonymous", "Anonymous", "PRIVATE", "Restricted", "unavailable", "No Caller ID"])
def test_words_for_a_hidden_caller_are_withheld(text: str) -> None:
    assert kind(text) is NumberKind.WITHHELD


@pytest.mark.parametrize("text", ["", "  ", "N.A.", "n/a", "NA", "nf", "-", "null", "None"])
def test_words_for_no_number_are_no_number(text: str) -> None:
    assert parse(text, "IN") is None
    assert extension(text) is None


@pytest.mark.parametrize("text", ["100", "123456", "911", "*98", "**200", "#21"])
def test_short_code_is_short_and_never_national(text: str) -> None:
    found = parse(text, "IN", "91")
    assert found == PhoneNumber(text, None, text.strip("*#"), NumberKind.SHORT)


def test_seven_digits_are_no_short_code() -> None:
    assert kind("1234567") is NumberKind.EXTERNAL


def test_few_digits_are_an_extension_where_the_place_says_so() -> None:
    found = parse("204", "IN", "", NumberKind.INTERNAL)
    assert found == PhoneNumber("204", None, "204", NumberKind.INTERNAL)


@pytest.mark.parametrize("text", ["204", "06040000219", "Extension-06040000219", "+919810000078"])
def test_field_of_an_extension_is_internal_however_long(text: str) -> None:
    assert extension(text) == PhoneNumber(text, None, digits_of(text), NumberKind.INTERNAL)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("09810000078", "+919810000078"),
        ("100", "100"),
        ("1234567890123456", "1234567890123456"),
        ("Reception", "reception"),
        ("anonymous", None),
        ("98765xxxxx", None),
    ],
)
def test_key_is_what_equal_numbers_share_and_a_withheld_one_equals_nothing(text: str, key: str | None) -> None:
    found = parse(text, "IN")
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("number", "country"), [("+9779810000078", "NP"), ("+919810000078", "IN"), ("+80012345678", "001"), ("+99", None)]
)
def test_country_of_a_number_is_that_of_its_code(number: str, country: str | None) -> None:
    assert country_of(number) == country


@pytest.mark.parametrize("nonsense", ["", "abc", "+"])
def test_country_of_no_number_is_none(nonsense: str) -> None:
    assert country_of(nonsense) is None


@given(
    st.text() | st.from_regex(r"[+*]?[0-9xX ().\-]{0,20}", fullmatch=True),
    REGIONS,
    st.sampled_from(["", "91", "977", "9x", "-"]),
)
def test_any_text_is_parsed_without_an_error(text: str, region: str | None, country_code: str) -> None:
    found = parse(text, region, country_code)
    if found is not None:
        assert found.raw == text.strip()
        assert found.digits == "" or (found.digits.isascii() and found.digits.isdecimal())
        assert found.e164 is None or found.digits == found.e164[1:]
        assert (found.key is None) == (found.kind is NumberKind.WITHHELD)


@given(st.from_regex(r"\+?[0-9]{7,16}", fullmatch=True), REGIONS, st.sampled_from(["", "91", "39", "54"]), REGIONS)
@example("+3100970393", "RU", "", "IN")  # the trunk zeros of "+31 00" went one at a time
@example("000057167592", "IN", "91", "US")
def test_e164_means_itself_when_it_is_read_again_anywhere(
    text: str, region: str | None, country_code: str, other: str | None
) -> None:
    found = e164(text, region, country_code)
    if found is not None:
        assert e164(found, other) == found
