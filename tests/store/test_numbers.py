"""Phone numbers are found whole, in any form that means them, and in part, by any run of their digits."""

import random
from collections.abc import Callable

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.errors import InputError
from app.domain.filters import CallFilter, NumberMatch, TypedNumber
from app.domain.numbers import digits_of, parse
from app.domain.scope import Scope
from app.store.filters import predicate_of
from app.store.numbers import MIN_SUFFIX, keys_of, matches, suffixes_of
from app.store.tables import calls
from app.store.way import ALONG, ANY, FAR_ALONG, GATHERED
from tests.builders import a_call, a_number, save
from tests.conftest import SCOPE, House
from tests.store.both import names
from tests.store.people import rows

INDIA = Scope("main", regions=("IN",))


async def found(house: House, **match: str | tuple[str, ...]) -> set[str]:
    return await names(house, CallFilter(caller_number=NumberMatch(**match)))


async def some_calls(house: House) -> None:
    """Calls from numbers of three countries, one without a country code, an extension, a name, and nobody."""
    for key in ("+13168325555", "+9779810000078", "+919810000078", "204", "1234567890123456", "Reception", "anonymous"):
        await save(house, a_call(key, caller_number=a_number(key, None)))
    await save(house, a_call("nobody", caller_number=None))


async def test_number_equals_every_form_that_means_it(house: House) -> None:
    await some_calls(house)
    for typed in ("+13168325555", "316-832-5555", "(316) 832 5555", "1 316 832 5555", "0013168325555", "1-3168325555"):
        assert await found(house, equals=typed) == {"+13168325555"}, typed
    assert await found(house, equals="204") == {"204"}
    assert await found(house, equals="RECEPTION") == {"Reception"}
    assert await found(house, equals="1234-5678-9012-3456") == {"1234567890123456"}


@given(st.from_regex(r"\+[0-9][0-9 ()-]{2,16}", fullmatch=True), st.lists(st.sampled_from(["IN", "IT", "RU", "US"])))
def test_number_with_a_plus_is_the_same_in_every_region(typed: str, regions: list[str]) -> None:
    everywhere = {number.key for region in (None, *regions) if (number := parse(typed, region)) and number.key}
    assert set(keys_of(Scope("main", regions=tuple(regions)), [typed])) == everywhere


def test_number_with_a_plus_is_parsed_once_for_all_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    real = phonenumbers.parse
    monkeypatch.setattr(phonenumbers, "parse", lambda text, region: parsed.append(text) or real(text, region))
    typed = "+9779810000999"  # by no other test: what was parsed is remembered
    assert keys_of(Scope("main", regions=("IN", "NP", "US")), [typed]) == [typed]
    assert parsed == [typed]


async def test_number_without_country_code_is_that_of_every_region_of_the_sources(house: House) -> None:
    await some_calls(house)
    assert await found(house, equals="98100-00078") == {"+9779810000078", "+919810000078"}
    assert await found(house, in_=("98100-00078", "204", "+1555")) == {"+9779810000078", "+919810000078", "204"}
    house.scope = INDIA
    assert await found(house, equals="98100-00078") == {"+919810000078"}
    assert await found(house, equals="+9779810000078") == {"+9779810000078"}


async def test_withheld_number_equals_nothing_and_has_no_parts(house: House) -> None:
    await some_calls(house)
    for typed in ("anonymous", "204xxxx", "98xxx10000078"):
        assert await found(house, equals=typed) == set(), typed
    everyone = {"+13168325555", "+9779810000078", "+919810000078", "204", "1234567890123456", "Reception"}
    assert await found(house) == everyone


@pytest.mark.parametrize("part", ["316-832", "316832", "(316) 832", "832-55", "+1 316", "1316", "55", "13168325555"])
async def test_number_contains_any_run_of_its_digits_however_it_is_written(house: House, part: str) -> None:
    await some_calls(house)
    assert await found(house, contains=part) == {"+13168325555"}


async def test_part_of_fewer_than_three_digits_is_found_too(house: House) -> None:
    await some_calls(house)
    assert await found(house, contains="8") == await found(house, contains="78") | {"+13168325555"}
    assert await found(house, contains="78") == {"+9779810000078", "+919810000078", "1234567890123456"}
    assert await found(house, contains="4") == {"204", "1234567890123456"}
    assert await found(house, ends_with="78") == {"+9779810000078", "+919810000078"}
    assert await found(house, ends_with="4") == {"204"}
    assert await found(house, starts_with="2") == {"204"}


async def test_digits_are_found_whichever_way_calls_are_come_by(house: House) -> None:
    """By all numbers that have them, or by each call's own."""
    dice = random.Random(8)
    keys = ["1", "12", "115", "+977", *("".join(dice.choices("0123456789", k=n)) for n in (2, 3, 4, 6, 9, 11) * 6)]
    await save(house, *[a_call(f"{n} {key}", caller_number=a_number(key, None)) for n, key in enumerate(keys)])
    stored = {str(row["provider_call_id"]): row["caller_number"] or "" for row in await rows(house, "calls")}
    tests: dict[str, Callable[[str, str], bool]] = {
        "contains": lambda number, digits: digits in number,
        "ends_with": lambda number, digits: number.endswith(digits),
        "starts_with": lambda number, digits: number.removeprefix("+").startswith(digits),
    }
    for name, test in tests.items():
        for digits in ("1", "7", "0", "15", "77", "97", "05", "115", "977", *[key[:4] for key in keys[6:12]]):
            filter = CallFilter(caller_number=NumberMatch(**{name: digits}))
            wanted = {key for key, number in stored.items() if test(number, digits)}
            async with house.database.read() as connection:
                for way in (ANY, ALONG, FAR_ALONG, GATHERED):
                    its = select(calls.c.provider_call_id).where(predicate_of(house.scope, filter, way))
                    assert set((await connection.execute(its)).scalars()) == wanted, (name, digits, way)


async def test_number_with_too_many_digits_is_found_by_its_last_ones_whichever_way(house: House) -> None:
    await save(house, a_call("long", caller_number=a_number("7" * 5 + "5" + "1" * 33, None)))
    for digits, wanted in (
        ("7", set()),
        ("77", set()),
        ("5", {"long"}),
        ("51", {"long"}),
        ("777", set()),
        ("511", {"long"}),
    ):
        filter = CallFilter(caller_number=NumberMatch(contains=TypedNumber(digits)))
        async with house.database.read() as connection:
            for way in (ANY, ALONG, FAR_ALONG, GATHERED):
                its = select(calls.c.provider_call_id).where(predicate_of(house.scope, filter, way))
                assert set((await connection.execute(its)).scalars()) == wanted, (digits, way)


async def test_number_ends_with_its_last_digits_only(house: House) -> None:
    await some_calls(house)
    assert await found(house, ends_with="00-078") == {"+9779810000078", "+919810000078"}
    assert await found(house, ends_with="8967") == set()
    assert await found(house, ends_with="+1 316 832 5555") == {"+13168325555"}
    assert await found(house, ends_with="204") == {"204"}


async def test_number_starts_with_its_country_code_where_it_has_one(house: House) -> None:
    await some_calls(house)
    for prefix in ("+977", "977", "+977 98", "97798100"):
        assert await found(house, starts_with=prefix) == {"+9779810000078"}, prefix
    assert await found(house, starts_with="9811") == set()
    assert await found(house, starts_with="1234-5") == {"1234567890123456"}
    assert await found(house, starts_with="1") == {"+13168325555", "1234567890123456"}
    assert await found(house, starts_with="20") == {"204"}


async def test_all_that_a_match_says_holds(house: House) -> None:
    await some_calls(house)
    assert await found(house, starts_with="+97", ends_with="078", contains="100") == {"+9779810000078"}
    assert await found(house, equals="98100-00078", starts_with="91") == {"+919810000078"}


@pytest.mark.parametrize("name", ["starts_with", "ends_with", "contains"])
def test_part_without_digits_is_refused_rather_than_taken_for_any_number(name: str) -> None:
    with pytest.raises(InputError, match="'reception', which has no digits"):
        matches(SCOPE, calls.c.caller_number, NumberMatch(**{name: "reception"}))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("91-9000000107", "+919000000107"),
        ("44-7911123456", "+447911123456"),
        ("971-501234567", "+971501234567"),
        ("977-9810000078", "+9779810000078"),
    ],
)
def test_country_code_may_stand_before_a_hyphen(typed: str, key: str) -> None:
    assert key in keys_of(INDIA, [typed])


@pytest.mark.parametrize("typed", ["316-8325555", "020-71234567", "447911123456", "4-47911123456", "44-791-1123456"])
def test_area_code_before_a_hyphen_is_no_country_code(typed: str) -> None:
    assert {key for key in keys_of(INDIA, [typed]) if key.startswith("+")} <= {f"+91{digits_of(typed).lstrip('0')}"}


def test_number_of_digits_alone_is_looked_for_as_it_stands_too() -> None:
    assert keys_of(Scope("main"), ["98100-00078"]) == ["9810000078"]
    assert keys_of(Scope("main"), ["+977 98100 00078"]) == ["+9779810000078"]
    assert keys_of(Scope("main"), ["IAX2/204"]) == ["204"]
    assert keys_of(Scope("main"), []) == []


@given(st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True), st.data())
def test_every_run_of_three_digits_or_more_begins_an_ending(number: str, data: st.DataObject) -> None:
    digits = digits_of(number)
    first = data.draw(st.integers(0, max(0, len(digits) - MIN_SUFFIX)))
    last = data.draw(st.integers(min(first + MIN_SUFFIX, len(digits)), len(digits)))
    assert any(ending.startswith(digits[first:last]) for ending in suffixes_of(number))
    assert all(digits.endswith(ending) for ending in suffixes_of(number))


def test_what_has_no_digits_has_no_endings() -> None:
    assert suffixes_of("reception") == []


@pytest.mark.parametrize("signs", ["0123456789", "abcdefghij"])
async def test_numbers_of_any_length_are_kept_and_equal_by_their_last_signs(house: House, signs: str) -> None:
    chance = random.Random(3)
    texts = ["".join(chance.choices(signs, k=2_000)) for _ in range(4)]
    kept = dict(zip(("phone_number", "caller_number", "dialed_number", "destination_number"), texts, strict=True))
    await save(house, a_call("long", **{name: a_number(text, None) for name, text in kept.items()}))
    (row,) = await rows(house, "calls")
    for name, text in kept.items():
        assert (row[name], row[f"{name}_raw"]) == (text[-128:], text)
        async with house.database.read() as connection:
            its = predicate_of(house.scope, CallFilter(**{name: NumberMatch(equals=TypedNumber(text))}))
            assert (await connection.execute(select(calls.c.id).where(its))).scalar_one() == row["id"]


async def test_more_digits_than_a_number_is_findable_by_are_found_in_none(house: House) -> None:
    await save(house, a_call("long", caller_number=a_number("7" * 60, None)))
    for many in ("7" * 35, "7" * 60_000):  # SQLite refuses patterns of 50,000 bytes
        for name in ("contains", "ends_with"):
            async with house.database.read() as connection:
                for way in (ANY, ALONG, FAR_ALONG, GATHERED):
                    filter = CallFilter(caller_number=NumberMatch(**{name: TypedNumber(many)}))
                    its = select(calls.c.provider_call_id).where(predicate_of(house.scope, filter, way))
                    assert list((await connection.execute(its)).scalars()) == [], (name, len(many), way)
